//! Books on their way in: resumable, a part at a time, each durable before it is acknowledged.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use store::{
    Timestamp,
    id::{GroupId, ReleaseId, UploadId},
};

use crate::{actor::Actor, failure::Failure, services::Services};

/// The most bytes of one part: what one request holds in memory.
pub const PART_BYTES: usize = 8 << 20;

/// What a person wants to upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUpload {
    /// The file's own name, without folders.
    pub file_name: String,
    /// Its size in bytes. 0 is allowed: an empty file is a broken book, and the check says so.
    pub size: u64,
    /// The group that the release will be of.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Whatever lets the browser know the file again after a reload. At most 200 characters.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// Where an upload stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UploadState {
    /// Bytes are awaited.
    Open,
    /// All bytes are here; they are being put together.
    Completing,
    /// There is a release.
    Complete,
    /// It was refused.
    Refused,
}

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// The file's own name.
    pub file_name: String,
    /// Bytes in all.
    pub size: u64,
    /// Bytes that are here, durable: the offset at which to go on.
    pub received: u64,
    /// The group that the release will be of.
    pub group: Option<GroupId>,
    /// What the browser knows the file by.
    pub fingerprint: Option<String>,
    /// Where it stands.
    pub state: UploadState,
    /// The release, once complete.
    pub release: Option<ReleaseId>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When the last part came.
    pub updated_at: Timestamp,
    /// When it is thrown away if nothing more comes.
    pub expires_at: Timestamp,
}

/// The use cases of uploads.
#[derive(Debug, Clone, Copy)]
pub struct Uploads<'a> {
    pub(crate) services: &'a Services,
}

impl Uploads<'_> {
    /// Begins an upload.
    ///
    /// # Errors
    /// `TooLarge`; `Invalid` on `file_name`, `group` or `fingerprint`.
    pub async fn begin(&self, actor: &Actor, new: NewUpload) -> Result<Upload, Failure> {
        unavailable!(self, actor, new)
    }

    /// One's own upload.
    pub async fn lookup(&self, actor: &Actor, id: UploadId) -> Result<Upload, Failure> {
        unavailable!(self, actor, id)
    }

    /// Adds a part of at most [`PART_BYTES`] at `offset` and returns the new offset, once the part is durable.
    ///
    /// # Errors
    /// `Conflict` `offset-mismatch` with `received`; `Conflict` `upload-closed` once complete; `TooLarge` for a part
    /// beyond the announced size or [`PART_BYTES`].
    pub async fn append(&self, actor: &Actor, id: UploadId, offset: u64, part: Bytes) -> Result<u64, Failure> {
        unavailable!(self, actor, id, offset, part)
    }

    /// Puts the parts together and makes the release. Called again it gives the same release.
    ///
    /// # Errors
    /// `Conflict` `upload-incomplete` with `received` and `size`.
    pub async fn complete(&self, actor: &Actor, id: UploadId) -> Result<ReleaseId, Failure> {
        unavailable!(self, actor, id)
    }

    /// Throws an upload away: nothing remains.
    pub async fn terminate(&self, actor: &Actor, id: UploadId) -> Result<(), Failure> {
        unavailable!(self, actor, id)
    }

    /// One's own uploads that are not complete, the newest first.
    pub async fn open(&self, actor: &Actor) -> Result<Vec<Upload>, Failure> {
        unavailable!(self, actor)
    }

    /// Throws away what nobody went on with. Returns how many.
    pub async fn collect_abandoned(&self) -> Result<u64, Failure> {
        unavailable!(self)
    }
}
