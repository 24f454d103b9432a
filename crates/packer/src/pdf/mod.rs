//! PDF (ISO 32000): metadata, pages, outline, fonts and how it is encrypted, through a reader of our own that reads only
//! what it is asked for. Why not a library: `docs/decisions/0013-own-readers-of-formats.md`.

mod cover;
mod cross_reference;
mod encryption;
mod file;
mod filter;
mod lexer;
mod metadata;
mod object;
mod outline;
mod pages;
mod rebuild;
mod rules;
mod text;
mod xmp;

pub use rules::CODES;

use crate::{
    checks::Run,
    format::Format,
    inspect::{Chapter, Cover, DrmScheme, InspectError, Inspection, Protection, Source},
    limits::Limits,
    metadata::BookMetadata,
    watch::Watch,
};
use encryption::Encryption;
use file::{Oddities, PdfFile, Stop};
use object::Object;
use pages::Pages;

/// A document as its rules see it.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own that a rule looks at")]
struct Document {
    oddities: Oddities,
    encryption: Option<Encryption>,
    /// True when its catalogue was found.
    has_root: bool,
    pages: Pages,
    is_tagged: bool,
    /// True when its XMP is there and is no XML.
    has_broken_metadata: bool,
    /// True when opening it runs a script or starts something.
    runs_by_itself: bool,
    /// True when the budget was used up before everything was read.
    is_cut: bool,
    metadata: BookMetadata,
    chapters: Vec<Chapter>,
    cover: Option<Cover>,
}

impl Document {
    /// True when its texts are encrypted by more than permissions.
    fn is_secret(&self) -> bool {
        matches!(self.encryption, Some(Encryption::Password | Encryption::Handler(_)))
    }

    fn protection(&self) -> Protection {
        match &self.encryption {
            None | Some(Encryption::Permissions) => Protection::None,
            Some(Encryption::Password) => Protection::Drm(DrmScheme::Password),
            Some(Encryption::Handler(name)) => match name.as_str() {
                "EBX_HANDLER" => Protection::Drm(DrmScheme::Adept),
                name if name.starts_with("FOPN_") => Protection::Drm(DrmScheme::FileOpen),
                "Adobe.PubSec" => Protection::Drm(DrmScheme::Certificate),
                _ => Protection::Unknown,
            },
        }
    }
}

/// Reads and checks a document.
pub(crate) fn inspect(source: &mut dyn Source, limits: &Limits, watch: &dyn Watch) -> Result<Inspection, InspectError> {
    let mut document = Document::default();
    match read(source, limits, watch, &mut document) {
        Ok(()) => {}
        Err(Stop::Budget) => document.is_cut = true,
        Err(Stop::Io(error)) => return Err(error.into()),
        Err(Stop::Cancelled) => return Err(InspectError::Cancelled),
    }
    let protection = document.protection();
    let mut run = Run::new(limits, watch);
    run.protection(&protection);
    rules::run(&document, &mut run);
    if watch.is_cancelled() {
        return Err(InspectError::Cancelled);
    }
    Ok(Inspection {
        format: Format::Pdf,
        metadata: document.metadata,
        cover: document.cover,
        chapters: document.chapters,
        protection,
        findings: run.finish(),
    })
}

/// Reads into a document, so that what was read before a stop stays.
fn read(source: &mut dyn Source, limits: &Limits, watch: &dyn Watch, document: &mut Document) -> Result<(), Stop> {
    let Some(mut file) = PdfFile::open(source, limits, watch)? else { return Ok(()) };
    document.oddities = file.oddities;
    document.metadata.format_version.clone_from(&file.version);
    document.encryption = encryption::read(&mut file)?;
    let Some(root) = file.root()? else { return Ok(()) };
    document.has_root = true;
    watch.progress(1, 4);
    if document.is_secret() {
        return Ok(());
    }
    if let Some(version) = root.get("Version").and_then(Object::name) {
        document.metadata.format_version = Some(String::from_utf8_lossy(version).into_owned());
    }
    // What is encrypted is not decrypted, not even where everybody may read it: only its structure is told.
    if document.encryption.is_none() {
        document.has_broken_metadata = metadata::read(&mut file, &root, limits, &mut document.metadata)?;
        outline::read(&mut file, &root, limits, &mut document.chapters)?;
    }
    watch.progress(2, 4);
    document.is_tagged = file.table(&root, "MarkInfo")?.get("Marked") == Some(&Object::Boolean(true));
    document.runs_by_itself = runs_by_itself(&mut file, &root)?;
    let pages = pages::read(&mut file, &root, limits, &mut document.pages);
    document.metadata.spine = document.pages.counted.or(Some(document.pages.found)).filter(|count| *count > 0);
    pages?;
    watch.progress(3, 4);
    if document.encryption.is_none() {
        document.cover = cover::read(&mut file, &document.pages, limits)?;
    }
    watch.progress(4, 4);
    Ok(())
}

/// A script, or a program or file to be opened, when the document is.
fn runs_by_itself(file: &mut PdfFile<'_>, root: &object::Dictionary) -> Result<bool, Stop> {
    let action = file.table(root, "OpenAction")?;
    let names = file.table(root, "Names")?;
    let is_active = ["JavaScript", "Launch", "ImportData", "SubmitForm"].iter().any(|kind| action.is("S", kind));
    Ok(is_active || names.get("JavaScript").is_some())
}

#[cfg(test)]
mod tests;
