//! The first bytes of an EPUB's file: they must show what it is without unzipping it (OCF, section 4.3).

use std::io::{Read, SeekFrom};

use crate::{
    finding::{Finding, FindingCode, Place, Severity},
    format::Format,
    inspect::{Inspection, Protection, Source},
    metadata::BookMetadata,
    zip::ZipError,
};

/// The file is too short to be a book.
pub const SHORT: FindingCode = FindingCode::new("PKG-003");
/// It does not begin as a ZIP does.
pub const HEADER: FindingCode = FindingCode::new("PKG-004");
/// The `mimetype` entry has an extra field.
pub const EXTRA: FindingCode = FindingCode::new("PKG-005");
/// `mimetype` is not the first entry.
pub const FIRST: FindingCode = FindingCode::new("PKG-006");
/// `mimetype` is compressed, or says something else.
pub const CONTENT: FindingCode = FindingCode::new("PKG-007");
/// The ZIP cannot be read.
pub const UNREADABLE: FindingCode = FindingCode::new("PKG-008");
/// A limit of the ZIP's directory is passed.
pub const LIMIT: FindingCode = FindingCode::new("ESP-115");

/// A local header, the name `mimetype` and what it holds when it is stored.
const LENGTH: usize = 58;
const NAME: &[u8] = b"mimetype";
const TYPE: &[u8] = b"application/epub+zip";

/// The first bytes of a file.
#[derive(Debug)]
pub struct Start {
    bytes: Vec<u8>,
}

impl Start {
    /// Reads them.
    pub fn read(source: &mut dyn Source) -> std::io::Result<Self> {
        source.seek(SeekFrom::Start(0))?;
        let mut bytes = Vec::new();
        Read::take(source, LENGTH as u64).read_to_end(&mut bytes)?;
        Ok(Self { bytes })
    }

    /// Tells what is wrong with them; the first fault hides the others, as each makes the next unreadable.
    pub fn check(&self, file_name: &str, is_readable: bool, findings: &mut Vec<Finding>) {
        let add = |code: FindingCode, severity| Finding::new(code, severity).at(Place::file(file_name));
        let number = |offset: usize| {
            let pair = self.bytes.get(offset..offset + 2).unwrap_or(&[0, 0]);
            usize::from(u16::from_le_bytes([pair[0], pair[1]]))
        };
        let part = |offset: usize, length: usize| self.bytes.get(offset..offset + length).unwrap_or_default();
        let fault = if self.bytes.len() < LENGTH {
            Some(add(SHORT, Severity::Error))
        } else if !self.bytes.starts_with(b"PK") {
            Some(add(HEADER, Severity::Fatal))
        } else if number(26) != NAME.len() || part(30, NAME.len()) != NAME {
            Some(add(FIRST, Severity::Error))
        } else if number(28) != 0 {
            Some(add(EXTRA, Severity::Error).with("length", number(28).to_string()))
        } else if part(38, TYPE.len()) != TYPE {
            Some(add(CONTENT, Severity::Error))
        } else {
            None
        };
        // Of a file that is cut, only what is wrong at the beginning itself is told beside PKG-008.
        findings.extend(fault.filter(|finding| is_readable || finding.code == SHORT || finding.code == HEADER));
    }
}

impl Inspection {
    /// A book whose ZIP cannot be opened: nothing is known of it but that.
    pub(crate) fn of_unreadable_zip(file_name: &str, start: &Start, fault: &ZipError) -> Self {
        let mut findings = Vec::new();
        start.check(file_name, false, &mut findings);
        findings.push(unreadable(file_name, fault));
        Self::of_nothing_but(Format::Epub, findings)
    }

    /// A directory with more files than are listed: nothing is known of the book in it but that.
    pub(crate) fn of_too_many_files(name: &str, limit: u64) -> Self {
        Self::of_nothing_but(Format::Epub, vec![too_many(name, limit)])
    }

    /// A book of which nothing can be said but what is wrong with it.
    pub(crate) fn of_nothing_but(format: Format, findings: Vec<Finding>) -> Self {
        Self {
            format,
            metadata: BookMetadata::default(),
            cover: None,
            chapters: Vec::new(),
            protection: Protection::None,
            findings,
        }
    }
}

/// Why a ZIP cannot be opened.
pub(crate) fn unreadable(file_name: &str, fault: &ZipError) -> Finding {
    match fault {
        ZipError::Entries(limit) | ZipError::Directory(limit) => too_many(file_name, *limit),
        _ => Finding::new(UNREADABLE, Severity::Fatal).at(Place::file(file_name)).with("name", file_name),
    }
}

fn too_many(name: &str, limit: u64) -> Finding {
    Finding::new(LIMIT, Severity::Fatal).at(Place::file(name)).with("limit", limit.to_string())
}
