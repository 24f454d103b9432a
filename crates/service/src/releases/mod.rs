//! Releases: from a book to a package.

mod query;
mod view;

use packer::{date::ReleaseDate, metadata::Field};
use serde::{Deserialize, Deserializer, Serialize};
use store::id::{GroupId, JobId, ReleaseId};

pub use self::{
    query::{ReleaseQuery, Sort},
    view::{Book, BookCover, Cover, Preview, Problem, Refusal, Release, ReleaseSummary, Status},
};
use crate::{actor::Actor, failure::Failure, page::Page, services::Services};

/// One field with new values. None at all: take it from the book again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Which field.
    pub field: Field,
    /// The values; only a plural field takes several. Empty texts are left out.
    pub values: Vec<String>,
}

/// The rights basis as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RightsInput {
    /// `own-work`, `permission`, `public-domain` or an SPDX id; an empty text takes it back.
    pub basis: String,
    /// The note.
    #[serde(default)]
    pub note: Option<String>,
}

/// Values that are not saved yet, for the live preview. What is absent stays as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// Changed fields.
    pub changes: Vec<FieldChange>,
    /// Another group, or none.
    #[serde(deserialize_with = "present")]
    pub group: Option<Option<GroupId>>,
    /// Another profile, by name.
    pub profile: Option<String>,
    /// Another rights basis.
    pub rights: Option<RightsInput>,
    /// Another release date.
    pub release_date: Option<ReleaseDate>,
}

/// A change to a release. What is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edit {
    /// The version that the person saw; when it is no longer the stored one, nothing is changed.
    pub expected_version: Option<i64>,
    /// Changed fields.
    pub changes: Vec<FieldChange>,
    /// Another group, or none.
    #[serde(deserialize_with = "present")]
    pub group: Option<Option<GroupId>>,
    /// Another profile, by name.
    pub profile: Option<String>,
    /// Another rights basis.
    pub rights: Option<RightsInput>,
    /// Another release date.
    pub release_date: Option<ReleaseDate>,
}

impl From<Draft> for Edit {
    fn from(draft: Draft) -> Self {
        let Draft { changes, group, profile, rights, release_date } = draft;
        Self { expected_version: None, changes, group, profile, rights, release_date }
    }
}

/// JSON's `null` says "none"; only an absent member says "unchanged".
#[expect(clippy::option_option, reason = "unchanged, none and some are three things")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<GroupId>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// The use cases of releases.
#[derive(Debug, Clone, Copy)]
pub struct Releases<'a> {
    pub(crate) services: &'a Services,
}

impl Releases<'_> {
    /// Releases, page by page.
    ///
    /// # Errors
    /// `Invalid` on `after`.
    pub async fn list(&self, actor: &Actor, query: &ReleaseQuery) -> Result<Page<ReleaseSummary>, Failure> {
        unavailable!(self, actor, query)
    }

    /// Everything about one release.
    pub async fn lookup(&self, actor: &Actor, id: ReleaseId) -> Result<Release, Failure> {
        unavailable!(self, actor, id)
    }

    /// The package as it would be now. Missing data is said in it, never an error.
    pub async fn preview(&self, actor: &Actor, id: ReleaseId) -> Result<Preview, Failure> {
        unavailable!(self, actor, id)
    }

    /// The package as it would be with values that are not saved.
    pub async fn preview_with(&self, actor: &Actor, id: ReleaseId, draft: &Draft) -> Result<Preview, Failure> {
        unavailable!(self, actor, id, draft)
    }

    /// Changes a release.
    ///
    /// # Errors
    /// `Invalid` field by field; `Conflict` `changed-meanwhile` with `version`; `Conflict` `not-editable` with
    /// `status` while it is inspected or packed, and once it is packed or refused.
    pub async fn edit(&self, actor: &Actor, id: ReleaseId, edit: Edit) -> Result<Release, Failure> {
        unavailable!(self, actor, id, edit)
    }

    /// Has it packed. The name and the volume id are taken from here on.
    ///
    /// # Errors
    /// `Conflict` `name-taken` with `name` and `release`; `Conflict` `blocked` with `findings`; `Conflict`
    /// `not-packable` with `status`; `Invalid` on `group` or `rights` (`required`), or on a field; `Refused` `protected`.
    pub async fn pack(&self, actor: &Actor, id: ReleaseId) -> Result<JobId, Failure> {
        unavailable!(self, actor, id)
    }

    /// Has each of them packed that can be; what cannot be is said one by one. At most 200.
    pub async fn pack_ready(
        &self,
        actor: &Actor,
        ids: Vec<ReleaseId>,
    ) -> Result<Vec<(ReleaseId, Result<JobId, Failure>)>, Failure> {
        unavailable!(self, actor, ids)
    }

    /// Has the latest package read again and compared with its checksums.
    ///
    /// # Errors
    /// `Conflict` `not-packed`.
    pub async fn verify(&self, actor: &Actor, id: ReleaseId) -> Result<JobId, Failure> {
        unavailable!(self, actor, id)
    }

    /// Deletes a release with its packages and, when no other release has it, its book.
    ///
    /// # Errors
    /// `Forbidden` for a packed one without an administrator; `Conflict` `job-running`.
    pub async fn delete(&self, actor: &Actor, id: ReleaseId) -> Result<(), Failure> {
        unavailable!(self, actor, id)
    }

    /// The cover in the book, when there is one.
    pub async fn cover(&self, actor: &Actor, id: ReleaseId) -> Result<Option<Cover>, Failure> {
        unavailable!(self, actor, id)
    }
}
