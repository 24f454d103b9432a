//! A release with everything that decides its package.

use std::sync::Arc;

use packer::{
    group::GroupTag,
    inspect::{Inspection, Protection},
    metadata::{Field, Origin},
    name::NameError,
    plan::{Plan, PlanError, Request},
    prepare::prepare,
    profile::Profile,
    resolve::{Resolution, resolve_mended},
    rights::{Rights, RightsBasis},
    volume_id::VolumeId,
};
use store::{
    ReleaseId, Timestamp,
    books::Book,
    groups::Group,
    releases::{Listing, Release},
};

use super::inspections;
use crate::{actor::Actor, failure::Failure, inbox, profiles, services::Services};

/// The tag that stands in a preview while no group is chosen.
pub(super) const NO_GROUP: &str = "GROUP";

/// A release with its book, what was read from it, and its group.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) release: Release,
    pub(crate) book: Book,
    pub(crate) inspection: Option<Arc<Inspection>>,
    pub(crate) group: Option<Group>,
    /// The profile as it is now; nothing when there is none of its name any more.
    pub(crate) profile: Option<Arc<Profile>>,
}

impl Stored {
    pub(crate) async fn load(services: &Services, id: ReleaseId) -> Result<Self, Failure> {
        let release = services.store().releases().lookup(id).await?.ok_or_else(|| Failure::not_found("release"))?;
        Self::of(services, release).await
    }

    /// The same of a release that the person sees. One that they do not see is none.
    pub(crate) async fn seen_by(services: &Services, actor: &Actor, id: ReleaseId) -> Result<Self, Failure> {
        let release = actor.seen(services.store().releases().lookup(id).await?)?;
        Self::of(services, release).await
    }

    /// The same for somebody who looks and changes nothing.
    pub(super) async fn read_by(services: &Services, actor: &Actor, id: ReleaseId) -> Result<Self, Failure> {
        Self::of(services, inbox::readable(services, actor, id).await?).await
    }

    async fn of(services: &Services, release: Release) -> Result<Self, Failure> {
        let store = services.store();
        let book = store.books().lookup(release.book_id).await?.ok_or_else(|| Failure::not_found("book"))?;
        let inspection = inspections::of_book(services, &book).await?;
        let group = match release.group_id {
            Some(group) => store.groups().lookup(group).await?,
            None => None,
        };
        let profile = profiles::find(services, &release.profile).await?;
        Ok(Self { release, book, inspection, group, profile })
    }

    pub(crate) fn rights(&self) -> Option<Rights> {
        let basis = self.release.rights_basis.clone()?;
        Some(Rights { basis, note: self.release.rights_note.clone() })
    }

    pub(crate) fn profile(&self) -> Result<&Profile, Failure> {
        self.profile.as_deref().ok_or_else(|| Failure::invalid("profile", "unknown"))
    }

    /// The package as it would be. Without a group `GROUP` stands in its place.
    pub(crate) fn plan(
        &self,
        inspection: &Inspection,
        profile: &Profile,
        volume_id: Option<&VolumeId>,
    ) -> Result<Plan, PlanError> {
        let group = match &self.group {
            Some(group) => group.tag.clone(),
            None => no_group()?,
        };
        let mut plan = prepare(&Request {
            book: inspection,
            file_name: &self.book.file_name,
            book_size: self.book.size,
            overrides: &self.release.overrides,
            group: &group,
            rights: self.rights().as_ref(),
            profile,
            nfo_template: None,
            diz_template: None,
            date: self.release.release_date,
            volume_id,
        })?;
        plan.book_sha256 = Some(self.book.sha256);
        Ok(plan)
    }

    pub(crate) fn resolution(&self, inspection: &Inspection) -> Resolution {
        // Without its profile a release has nothing mended; planning says what is the matter.
        let fixes = self.profile().map_or(&[][..], |profile| &profile.fixes);
        resolve_mended(
            &inspection.metadata,
            inspection.format,
            &self.book.file_name,
            &self.release.overrides,
            self.release.release_date,
            fixes,
        )
    }

    /// What the catalogue shows of it.
    pub(crate) fn listing(&self, inspection: &Inspection) -> Listing {
        let fields = self.resolution(inspection).fields;
        // How the book sorts its own title; of another that a person wrote it says nothing.
        let is_books = matches!(fields.origins.get(&Field::Title), Some(Origin::Book | Origin::Mended));
        let given = inspection.metadata.title.as_ref().filter(|title| is_books || title.value == fields.title);
        let file_as = given.and_then(|title| title.file_as.clone());
        Listing {
            sort_title: file_as.unwrap_or_else(|| without_article(&fields.title, fields.language.as_deref())),
            title: fields.title,
            authors: fields.authors.join(", "),
            language: fields.language,
            format: Some(inspection.format),
            kind: fields.kind,
            source: fields.source,
            year: Some(fields.year),
            isbn: fields.isbn,
        }
    }
}

pub(super) fn no_group() -> Result<GroupTag, PlanError> {
    NO_GROUP.parse().map_err(|_| PlanError::Field { field: "group", fault: NameError::NoGroup.into() })
}

/// The name of the scheme that a book is under, when it is refused for it.
pub(crate) fn scheme(protection: &Protection) -> Option<&'static str> {
    match protection {
        Protection::None | Protection::ObfuscatedFonts => None,
        Protection::Drm(scheme) => Some(scheme.name()),
        Protection::Unknown => Some("an unknown scheme"),
    }
}

/// The day of an instant in UTC, for a new release.
pub(crate) fn today(now: Timestamp) -> Result<packer::date::ReleaseDate, Failure> {
    let wrong = || Failure::internal(std::io::Error::other("the clock is not between 1980 and 2107"));
    packer::date::ReleaseDate::from_unix_seconds(now.0.div_euclid(1_000)).ok_or_else(wrong)
}

/// The rights basis as it is stored, from a form that was checked.
pub(super) fn stored_rights(rights: Option<Rights>) -> (Option<RightsBasis>, Option<String>) {
    rights.map_or((None, None), |rights| (Some(rights.basis), rights.note))
}

/// A title as catalogues sort it. Only English and French titles: elsewhere `file-as` says it.
fn without_article(title: &str, language: Option<&str>) -> String {
    let articles: &[&str] = match language.and_then(|tag| tag.split('-').next()) {
        Some("en") => &["the ", "a ", "an "],
        Some("fr") => &["le ", "la ", "les ", "l’", "l'", "un ", "une ", "des "],
        _ => &[],
    };
    let starts = |article: &&&str| title.get(..article.len()).is_some_and(|start| start.to_lowercase() == **article);
    match articles.iter().find(starts) {
        Some(article) if title.len() > article.len() => title[article.len()..].to_owned(),
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_sorted_without_the_article_of_their_language() {
        for (title, language, sorted) in [
            ("The Time Machine", Some("en-GB"), "Time Machine"),
            ("L’Étranger", Some("fr"), "Étranger"),
            ("The", Some("en"), "The"),
            ("Les", Some("fr"), "Les"),
            ("The Time Machine", Some("de"), "The Time Machine"),
            ("Éa", Some("en"), "Éa"),
            ("The Time Machine", None, "The Time Machine"),
        ] {
            assert_eq!(without_article(title, language), sorted);
        }
    }
}
