//! What a package will be, before a byte of it is written: the same value feeds the preview and the packing.

use serde::{Deserialize, Serialize};

use crate::{
    date::ReleaseDate,
    finding::Finding,
    format::Format,
    group::GroupTag,
    info::TemplateError,
    inspect::{Cover, Inspection},
    metadata::{Fields, Overrides},
    name::Tag,
    overrides::ValueFault,
    profile::{Layout, Profile, Serialization},
    rights::Rights,
    volume_id::VolumeId,
};

/// Everything that decides the bytes of a package, besides the book itself.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What was read from the book.
    pub book: &'a Inspection,
    /// The book's own file name, a last resort for its title.
    pub file_name: &'a str,
    /// The book's size in bytes.
    pub book_size: u64,
    /// What the person set.
    pub overrides: &'a Overrides,
    /// Who publishes.
    pub group: &'a GroupTag,
    /// On what ground; absent while nobody has said it, and then nothing can be packed.
    pub rights: Option<&'a Rights>,
    /// Under which rules.
    pub profile: &'a Profile,
    /// The NFO's template; the profile's own when absent.
    pub nfo_template: Option<&'a str>,
    /// The DIZ's template; the profile's own when absent.
    pub diz_template: Option<&'a str>,
    /// The release date: every timestamp in the package comes from it.
    pub date: ReleaseDate,
    /// The volume id; derived from the release name when absent.
    pub volume_id: Option<&'a VolumeId>,
}

/// One file of a package to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedFile {
    /// The path inside the package.
    pub path: String,
    /// The exact size in bytes where it is known before packing.
    pub size: Option<u64>,
    /// What it holds, for archives.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contains: Vec<PlannedFile>,
}

/// A package to come. Made by [`crate::prepare::prepare`], shown by the review, written by [`crate::pack::pack`].
#[derive(Debug, Clone)]
pub struct Plan {
    /// The release name.
    pub name: crate::name::ReleaseName,
    /// The parts of the name, each with the field it came from; their texts make the name.
    pub components: Vec<crate::name::NameComponent>,
    /// The values it goes by.
    pub fields: Fields,
    /// The group.
    pub group: GroupTag,
    /// The rights basis.
    pub rights: Option<Rights>,
    /// The release date.
    pub date: ReleaseDate,
    /// The format of the book.
    pub format: Format,
    /// The book's size in bytes.
    pub book_size: u64,
    /// The book's SHA-256 where it is known, to be set by whoever knows it: then no other bytes are packed.
    pub book_sha256: Option<crate::hash::Sha256>,
    /// The name of the book inside the package.
    pub book_file_name: String,
    /// The profile's name and version, for the manifest.
    pub profile: (String, u32),
    /// The layout.
    pub layout: Layout,
    /// Layout `scene-ebook`: the base of the volume names. Absent elsewhere.
    pub volume_id: Option<VolumeId>,
    /// Layout `scene-ebook`: bytes of each RAR volume but the last. Absent elsewhere.
    pub volume_size: Option<u64>,
    /// Layout `scene-ebook`: the number of volumes, 1 to 99. Absent elsewhere.
    pub volumes: Option<u32>,
    /// Layout `bagit`: what the bag becomes. Absent elsewhere, and where the release has no book.
    pub bag: Option<Serialization>,
    /// The NFO as text, for the viewer.
    pub nfo_text: String,
    /// The NFO as bytes, in the profile's encoding.
    pub nfo: Vec<u8>,
    /// The DIZ of each volume, in order; empty where the layout has none.
    pub diz: Vec<Vec<u8>>,
    /// The cover as it goes into the package, where the layout has one.
    pub cover: Option<Cover>,
    /// The book's own metadata, for the manifest.
    pub metadata: crate::metadata::BookMetadata,
    /// The files to come.
    pub files: Vec<PlannedFile>,
    /// Findings of the book and of the release, with the profile's severities.
    pub findings: Vec<Finding>,
    /// The findings, by index into `findings`, that keep the release from being packed.
    pub blocking: Vec<usize>,
}

/// How much of a package a release is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contents {
    /// The book and everything beside it.
    Whole,
    /// An NFO for a release that had a wrong one: no book, no volumes, no cover.
    NfoFix,
    /// The right directory of a release: its NFO and the manifest alone.
    DirFix,
}

impl Contents {
    /// What a release with these tags holds. A corrected directory holds least, and wins.
    pub fn of_tags(tags: &[String]) -> Self {
        let has = |tag: Tag| tags.iter().any(|word| word == tag.word());
        match (has(Tag::DirFix), has(Tag::NfoFix)) {
            (true, _) => Self::DirFix,
            (false, true) => Self::NfoFix,
            (false, false) => Self::Whole,
        }
    }
}

impl Plan {
    /// How much of a package the release is.
    pub fn contents(&self) -> Contents {
        Contents::of_tags(&self.fields.tags)
    }
}

/// Why there can be no plan at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The book is under DRM.
    #[error("the book is protected by {0}: it is refused")]
    Protected(String),
    /// The profile does not accept the format.
    #[error("the profile `{profile}` does not accept {format}")]
    Format {
        /// The profile's name.
        profile: String,
        /// The book's format.
        format: Format,
    },
    /// The book is larger than the layout can hold.
    #[error("the book has {size} bytes; the layout holds at most {limit}")]
    TooLarge {
        /// The book's size.
        size: u64,
        /// The layout's limit, in bytes.
        limit: u64,
    },
    /// A template does not work.
    #[error("{template} template, {error}")]
    Template {
        /// `NFO` or `DIZ`.
        template: &'static str,
        /// The mistake.
        error: TemplateError,
    },
    /// What was typed is not allowed there.
    #[error("{field}: {fault}")]
    Field {
        /// The field's word.
        field: &'static str,
        /// What is wrong.
        fault: ValueFault,
    },
}
