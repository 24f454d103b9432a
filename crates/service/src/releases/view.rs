//! Releases as they are shown.

use std::collections::BTreeMap;

use packer::{
    date::ReleaseDate,
    finding::Finding,
    format::Format,
    hash::{Crc32, Sha256},
    inspect::{Chapter, Protection},
    kind::{Kind, Source},
    metadata::{BookMetadata, Fields, Overrides},
    plan::PlannedFile,
    rights::Rights,
    volume_id::VolumeId,
};
use serde::{Deserialize, Serialize};
use store::{
    Timestamp,
    id::{BookId, PackageId, ReleaseId, UserId},
};

use crate::{
    blobs::ByteStream,
    groups::Group,
    jobs::{Job, words},
    packages::PackageSummary,
};

words! {
    /// Where a release stands.
    Status {
        /// Its book is being read.
        Inspecting = "inspecting",
        /// It can be changed and packed.
        Draft = "draft",
        /// Its book is refused.
        Refused = "refused",
        /// It is being packed.
        Packing = "packing",
        /// There is a package.
        Packed = "packed",
        /// Reading its book did not succeed, through no fault of the book.
        Failed = "failed",
    }
}

/// Why a book was refused. Its bytes are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// `protected`, `unknown-format`, `unsupported-format` or `licence-ticket`.
    pub code: String,
    /// The facts for the sentence, such as `scheme`.
    pub data: BTreeMap<String, String>,
}

/// A release in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseSummary {
    /// Its id.
    pub id: ReleaseId,
    /// The title; the file's name while nothing better is known.
    pub title: String,
    /// The authors in one text; empty when nobody is known.
    pub authors: String,
    /// A BCP 47 tag; empty when it is not known.
    pub language: String,
    /// The format, once known.
    pub format: Option<Format>,
    /// The kind, once known.
    pub kind: Option<Kind>,
    /// The source, once known.
    pub source: Option<Source>,
    /// The year, where one is known.
    pub year: Option<u16>,
    /// The ISBN, where one is known.
    pub isbn: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Why it was refused.
    pub refusal: Option<Refusal>,
    /// The release name as it would be or is; nothing while the book is not read.
    pub name: Option<String>,
    /// The group.
    pub group: Option<Group>,
    /// The profile, by name.
    pub profile: String,
    /// The rights basis.
    pub rights: Option<Rights>,
    /// The book's own file name.
    pub file_name: String,
    /// The book's size in bytes.
    pub size: u64,
    /// True when the book has a cover.
    pub has_cover: bool,
    /// The revision, from 1.
    pub revision: u32,
    /// Raised with each change; for [`Edit::expected_version`](super::Edit::expected_version).
    pub version: i64,
    /// Who made it.
    pub created_by: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was packed.
    pub packed_at: Option<Timestamp>,
    /// The package of the latest revision.
    pub package: Option<PackageId>,
}

/// A cover, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookCover {
    /// Its media type.
    pub media_type: String,
    /// Its checksum: a good `ETag`.
    pub sha256: Sha256,
}

/// A book and what was read from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// Its id.
    pub id: BookId,
    /// Its own file name.
    pub file_name: String,
    /// Bytes.
    pub size: u64,
    /// Its SHA-256.
    pub sha256: Sha256,
    /// Its CRC-32.
    pub crc32: Crc32,
    /// The format, once read.
    pub format: Option<Format>,
    /// What it says of itself, once read.
    pub metadata: Option<BookMetadata>,
    /// Its table of contents.
    pub chapters: Vec<Chapter>,
    /// How it is protected, once read.
    pub protection: Option<Protection>,
    /// What is wrong with it, before a profile has its say.
    pub findings: Vec<Finding>,
    /// Its cover.
    pub cover: Option<BookCover>,
    /// When it was read.
    pub inspected_at: Option<Timestamp>,
}

/// Everything about one release.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Release {
    /// What a list shows of it.
    #[serde(flatten)]
    pub summary: ReleaseSummary,
    /// Its book.
    pub book: Book,
    /// What a person set.
    pub overrides: Overrides,
    /// The values it goes by, with their origins; nothing while the book is not read.
    pub fields: Option<Fields>,
    /// The release date.
    pub release_date: ReleaseDate,
    /// The volume id it was packed with.
    pub volume_id: Option<String>,
    /// Its jobs, the newest first; at most 20.
    pub jobs: Vec<Job>,
    /// Its packages, the newest first.
    pub packages: Vec<PackageSummary>,
    /// True when a person may change it now.
    pub editable: bool,
}

/// Something that keeps a release from being packed, besides findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field or part it is about: a field's word, `group`, `rights`, `profile`, `book`, `nfo`, `diz`, `name`.
    pub part: String,
    /// A stable code: `required`, `invalid`, `protected`, `format-not-accepted`, `too-large`, `template`,
    /// `name-taken`, `not-inspected`.
    pub code: String,
    /// The facts for the sentence.
    pub data: BTreeMap<String, String>,
}

/// A package as it would be.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// The stored version of the release that it was made from.
    pub version: i64,
    /// The release name; with `GROUP` at its end while no group is chosen. Nothing when there can be no plan.
    pub name: Option<String>,
    /// The values it goes by.
    pub fields: Option<Fields>,
    /// The NFO as text.
    pub nfo_text: String,
    /// The DIZ of the first volume as text; empty where the layout has none.
    pub diz_text: String,
    /// The files to come, in order.
    pub files: Vec<PlannedFile>,
    /// The base of the volume names.
    pub volume_id: Option<VolumeId>,
    /// The number of volumes.
    pub volumes: Option<u32>,
    /// Bytes of each volume but the last.
    pub volume_size: Option<u64>,
    /// Findings, with the profile's severities.
    pub findings: Vec<Finding>,
    /// The findings, by index, that keep it from being packed.
    pub blocking: Vec<usize>,
    /// What else keeps it from being packed.
    pub problems: Vec<Problem>,
    /// True when nothing keeps it from being packed.
    pub ready: bool,
}

/// A cover on its way out.
pub struct Cover {
    /// Its media type.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// Its checksum: a good `ETag`.
    pub sha256: Sha256,
    /// Its bytes.
    pub body: ByteStream,
}

impl std::fmt::Debug for Cover {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Cover")
            .field("media_type", &self.media_type)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
