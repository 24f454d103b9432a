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
    name::NameComponent,
    plan::PlannedFile,
    rights::{Rights, RightsBasis},
    volume_id::VolumeId,
};
use serde::{Deserialize, Serialize};
pub use store::releases::Status;
use store::{BookId, ReleaseId, Timestamp, UserId, books::FindingCounts};

use crate::{blobs::ByteStream, groups::Group, jobs::Job, packages::PackageSummary, withdrawals::Withdrawal};

/// Why a release was refused, and then the bytes of its book are gone, or why work on it failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// `protected`, `unknown-format`, `unsupported-format` or `licence-ticket`; for a failed release its job's code.
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
    /// A BCP 47 tag, where it is known.
    pub language: Option<String>,
    /// The format, once known.
    pub format: Option<Format>,
    /// The kind.
    pub kind: Kind,
    /// The source.
    pub source: Source,
    /// The year, where one is known.
    pub year: Option<u16>,
    /// The ISBN, where one is known.
    pub isbn: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Why it was refused or failed. Its facts are there when the release is looked up.
    pub refusal: Option<Refusal>,
    /// The release name, once it is taken: from an accepted pack on. Before it the preview says it.
    pub name: Option<String>,
    /// The group.
    pub group: Option<Group>,
    /// The profile, by name.
    pub profile: String,
    /// The rights basis, without its note.
    pub rights_basis: Option<RightsBasis>,
    /// How many findings the book has of each severity, before a profile has its say.
    pub findings: FindingCounts,
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
    /// Their name to show.
    pub created_by_name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it was packed.
    pub packed_at: Option<Timestamp>,
    /// When it was withdrawn, where it is: then its package is not offered.
    pub withdrawn_at: Option<Timestamp>,
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
    /// When its bytes were thrown away, where the house keeps sources for so long only: nothing can be packed from it again.
    pub source_removed_at: Option<Timestamp>,
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
    /// The rights basis with its note.
    pub rights: Option<Rights>,
    /// The release date.
    pub release_date: ReleaseDate,
    /// The volume id it was packed with.
    pub volume_id: Option<String>,
    /// Its jobs, the newest first; at most 20.
    pub jobs: Vec<Job>,
    /// Its packages, the newest first.
    pub packages: Vec<PackageSummary>,
    /// Why its package is not offered, where it is withdrawn.
    pub withdrawal: Option<Withdrawal>,
    /// True while its book waits in the inbox for an editor.
    pub waits_in_inbox: bool,
    /// True when a person may change it now.
    pub editable: bool,
}

/// Something that keeps a release from being packed, besides findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The field or part it is about: a field's word, `group`, `rights`, `profile`, `book`, `nfo`, `diz`, `name`.
    pub part: String,
    /// A stable code: of a field that of what is wrong with it, such as `required` or `no-year`; else `protected`,
    /// `format-not-accepted`, `too-large`, `template`, `name-taken`, `given-twice`, `not-inspected` or `source-removed`.
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
    /// The parts of the name, each with the field that decides it.
    pub components: Vec<NameComponent>,
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

/// How much of a cover somebody wants to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CoverSize {
    /// As it stands in the book.
    Whole,
    /// The thumbnail, for a list.
    Small,
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

/// A cover that was asked for.
#[derive(Debug)]
pub enum CoverFound {
    /// Whoever asks has it.
    Known {
        /// Its media type.
        media_type: String,
        /// Its checksum.
        sha256: Sha256,
    },
    /// It goes out.
    Open(Cover),
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

impl From<store::releases::ReleaseSummary> for ReleaseSummary {
    fn from(summary: store::releases::ReleaseSummary) -> Self {
        let group = summary.group_id.zip(summary.group_tag).map(|(id, tag)| Group { id, tag });
        let listing = summary.listing;
        Self {
            id: summary.id,
            title: listing.title,
            authors: listing.authors,
            language: listing.language,
            format: listing.format,
            kind: listing.kind,
            source: listing.source,
            year: listing.year,
            isbn: listing.isbn,
            status: summary.status,
            refusal: summary.refusal.map(|code| Refusal { code, data: BTreeMap::new() }),
            name: summary.name,
            group,
            profile: summary.profile,
            rights_basis: summary.rights_basis.map(RightsBasis::from),
            findings: summary.findings,
            file_name: summary.file_name,
            size: summary.book_size,
            has_cover: summary.has_cover,
            revision: summary.revision,
            version: summary.version,
            created_by: summary.created_by,
            created_by_name: summary.created_by_name,
            created_at: summary.created_at,
            updated_at: summary.updated_at,
            packed_at: summary.packed_at,
            withdrawn_at: summary.withdrawn_at,
        }
    }
}
