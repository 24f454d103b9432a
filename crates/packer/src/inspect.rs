//! Reading a book: what it is, what it says of itself, what is wrong with it.

use std::{
    io::{Read, Seek},
    path::Path,
};

use serde::{Deserialize, Serialize};

use crate::{
    cbz, checks,
    directory::{Directory, DirectoryError},
    epub::{self, Demands, Document, DocumentKind, EpubProfile},
    finding::Finding,
    format::Format,
    identify::identify,
    limits::Limits,
    metadata::BookMetadata,
    mobi, pdf,
    watch::Watch,
    zip::{Zip, ZipError},
};

/// What a book is read from: a file, bytes in memory, or a browser's `Blob` read by ranges.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// Reads and checks one book.
///
/// `file_name` decides only where the content says nothing. A fault of the book, even one that leaves nothing to
/// read, is a finding; errors are for what is no book of a format that is known, and for a source that fails.
pub fn inspect(
    source: &mut dyn Source,
    file_name: &str,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    inspect_as(source, file_name, EpubProfile::Default, limits, watch)
}

/// The same, an EPUB judged by one of EPUB's own profiles.
pub fn inspect_as(
    source: &mut dyn Source,
    file_name: &str,
    profile: EpubProfile,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    read(source, file_name, Depth::Whole(profile), limits, watch)
}

/// Reads what a book says of itself, and whether it is protected by a scheme that is known. Of an EPUB no document is
/// read but the package: there are no words, no cover, no chapters and no findings.
pub fn inspect_metadata(
    source: &mut dyn Source,
    file_name: &str,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    read(source, file_name, Depth::Metadata, limits, watch)
}

/// How much of a book is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Depth {
    /// All of it, an EPUB by a profile of its own.
    Whole(EpubProfile),
    /// What it says of itself.
    Metadata,
}

fn read(
    source: &mut dyn Source,
    file_name: &str,
    depth: Depth,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    match identify(source, file_name, limits, watch)? {
        Format::Epub => inspect_epub(source, file_name, depth, limits, watch),
        Format::Cbz => inspect_cbz(source, file_name, limits, watch),
        format @ (Format::Mobi | Format::Azw | Format::Kf8 | Format::Prc) => {
            mobi::inspect(source, format, limits, watch)
        }
        Format::Pdf => pdf::inspect(source, limits, watch),
    }
}

fn inspect_epub(
    source: &mut dyn Source,
    file_name: &str,
    depth: Depth,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    let start = checks::start::Start::read(source)?;
    let opened = match depth {
        Depth::Whole(_) => Zip::open(source, limits, watch),
        // What its local headers say is for the rules alone.
        Depth::Metadata => Zip::directory(source, limits, watch),
    };
    match opened {
        Ok(zip) => {
            let mut inspection = epub::inspect(&zip, file_name, depth, limits, watch)?;
            start.check(file_name, true, &mut inspection.findings);
            checks::order(&mut inspection.findings);
            Ok(inspection)
        }
        Err(ZipError::Io(error)) => Err(error.into()),
        Err(ZipError::Cancelled) => Err(InspectError::Cancelled),
        Err(fault) => Ok(Inspection::of_unreadable_zip(file_name, &start, &fault)),
    }
}

fn inspect_cbz(
    source: &mut dyn Source,
    file_name: &str,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    match Zip::open(source, limits, watch) {
        Ok(zip) => cbz::inspect(&zip, limits, watch),
        Err(ZipError::Io(error)) => Err(error.into()),
        Err(ZipError::Cancelled) => Err(InspectError::Cancelled),
        Err(fault) => Ok(Inspection::of_nothing_but(Format::Cbz, vec![checks::start::unreadable(file_name, &fault)])),
    }
}

/// Reads and checks an unzipped EPUB in a directory. What only a ZIP has is not checked.
pub fn inspect_directory(
    path: &Path,
    profile: EpubProfile,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match Directory::open(path, limits) {
        Ok(directory) => epub::inspect(&directory, &name, Depth::Whole(profile), limits, watch),
        Err(DirectoryError::Entries(limit)) => Ok(Inspection::of_too_many_files(&name, limit)),
        Err(DirectoryError::Io(error)) => Err(error.into()),
    }
}

/// Checks one document of an EPUB alone: a package, content or overlay document, of at most `limits.document_bytes`.
/// What it refers to is not looked for.
pub fn inspect_document(
    source: &mut dyn Source,
    file_name: &str,
    kind: DocumentKind,
    demands: Demands,
    limits: &Limits,
    watch: &dyn Watch,
) -> Result<Inspection, InspectError> {
    let mut bytes = Vec::new();
    source.take(limits.document_bytes.saturating_add(1)).read_to_end(&mut bytes)?;
    epub::inspect_single(&Document::new(file_name, bytes), kind, demands, limits, watch)
}

/// How a book's protection looks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// Nothing is encrypted.
    None,
    /// Only fonts are obfuscated, by one of the two algorithms that EPUB allows. Not DRM.
    ObfuscatedFonts,
    /// Content is encrypted under a scheme that was recognised. Refused.
    Drm(DrmScheme),
    /// Content is encrypted and nothing says by what. Refused.
    Unknown,
}

impl Protection {
    /// True when a release of the book is refused.
    pub fn is_refused(&self) -> bool {
        matches!(self, Self::Drm(_) | Self::Unknown)
    }
}

/// A scheme of digital rights management.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DrmScheme {
    /// Adobe ADEPT.
    Adept,
    /// Readium LCP.
    Lcp,
    /// Apple FairPlay.
    FairPlay,
    /// Kobo.
    Kobo,
    /// Amazon Kindle and Mobipocket.
    Kindle,
    /// FileOpen.
    FileOpen,
    /// A certificate, for whose holders alone a PDF opens.
    Certificate,
    /// A password, of a ZIP or a PDF.
    Password,
}

impl DrmScheme {
    /// The name of the scheme, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adept => "Adobe ADEPT",
            Self::Lcp => "Readium LCP",
            Self::FairPlay => "Apple FairPlay",
            Self::Kobo => "Kobo",
            Self::Kindle => "Amazon Kindle",
            Self::FileOpen => "FileOpen",
            Self::Certificate => "certificate",
            Self::Password => "password",
        }
    }
}

/// The cover as it stands in the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cover {
    /// The path inside the book.
    pub path: String,
    /// `image/jpeg`, `image/png`, `image/svg+xml`, `image/gif` or `image/webp`.
    pub media_type: String,
    /// The bytes, never more than [`Limits::cover_bytes`](crate::limits::Limits::cover_bytes).
    pub bytes: Vec<u8>,
    /// Width and height in pixels, where the image has them.
    pub pixels: Option<(u32, u32)>,
}

/// One entry of the book's own table of contents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chapter {
    /// The label.
    pub label: String,
    /// How deep it stands, 0 at the top.
    pub depth: u16,
}

/// Everything that reading a book gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspection {
    /// The format, told by content first.
    pub format: Format,
    /// What the book says of itself.
    pub metadata: BookMetadata,
    /// The cover, when there is one that can be used.
    pub cover: Option<Cover>,
    /// The table of contents, in order.
    pub chapters: Vec<Chapter>,
    /// Whether it may be packed at all.
    pub protection: Protection,
    /// What is wrong, in a stable order: by file as they are read, then line, then code.
    pub findings: Vec<Finding>,
}

/// Why a file could not be read as a book. Exit code 3 of the command line; a fault of the book is a finding instead.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// Neither the content nor the name says a format that is known.
    #[error("no format that is known: it is none of EPUB, PDF, MOBI or CBZ")]
    UnknownFormat,
    /// A format that is recognised and cannot be read yet.
    #[error("{0} cannot be read by this version")]
    Unsupported(Format),
    /// A licence ticket (`.acsm`), which is no book.
    #[error("this is a licence ticket, not a book")]
    Ticket,
    /// The source failed.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl InspectError {
    /// The stable code of the fact, for machines and for the catalogue of texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownFormat => "unknown-format",
            Self::Unsupported(_) => "unsupported-format",
            Self::Ticket => "licence-ticket",
            Self::Io(_) => "read-failed",
            Self::Cancelled => "cancelled",
        }
    }
}

#[cfg(test)]
mod tests;
