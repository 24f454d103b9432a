//! Verifying: is every file of a package, or of a list of checksums, there and what it should be?
//!
//! Reads `manifest.json`, SHA256SUMS and SFV, our own and foreign ones, and bags. Every file is read once for all lists
//! together; where the manifest says that the book stands in volumes, it is put together again and summed. Nothing is
//! written, no link is followed and nothing outside the directory is read.

mod archived;
mod book;
mod lists;
mod outcome;
mod sources;
mod unpacked;

use std::{io::Read, path::Path};

pub(crate) use sources::is_inside;

pub use self::{
    archived::{Archive, ArchivedFiles},
    book::VolumesError,
    outcome::{Outcome, Verification, VerifiedFile},
    sources::{Files, OpenError},
};
use self::{
    lists::{Lists, Wanted},
    sources::DirectoryFiles,
};
use crate::{
    bag, manifest,
    signing::{KeyId, MOST_BYTES, SigningError, TrustedKey, signer},
    sums::{BUFFER_SIZE, Digest, Digester},
    watch::Watch,
};

/// What verifying may ask of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VerifyLimits {
    /// Bytes of one list: it is read into memory.
    pub list_bytes: u64,
    /// Files in the directory or in the lists together: more would fill the memory with names.
    pub files: usize,
    /// Directories inside each other: deeper ones are a trap.
    pub depth: usize,
    /// Bytes of the headers of a tar: a name has a header of its own, as long as it likes, and is read into memory.
    pub header_bytes: u64,
    /// Bytes that the files of an archive may have together once unpacked: more are a bomb.
    pub unpacked_bytes: u64,
}

impl Default for VerifyLimits {
    fn default() -> Self {
        Self { list_bytes: 32 << 20, files: 100_000, depth: 32, header_bytes: 64 << 20, unpacked_bytes: 64 << 30 }
    }
}

/// Why nothing could be verified. Files that are not what they should be are outcomes, not errors.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// There is nothing to compare with.
    #[error("there is no manifest.json, SHA256SUMS or SFV in it, and it is no bag")]
    NoList,
    /// A file that is none of the lists that are known.
    #[error("it is none of manifest.json, SHA256SUMS or SFV")]
    UnknownList,
    /// A ZIP or tar whose directory cannot be read.
    #[error("the archive is damaged")]
    Archive,
    /// More files than the limit.
    #[error("more than {0} files")]
    TooManyFiles(usize),
    /// A tar whose headers are longer than the limit.
    #[error("its headers take more than {0} bytes")]
    Headers(u64),
    /// An archive whose files unpack to more than the limit.
    #[error("it unpacks to more than {0} bytes")]
    TooLarge(u64),
    /// The directory cannot be read.
    #[error("reading failed: {0}")]
    Io(#[from] std::io::Error),
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
}

impl VerifyError {
    /// The stable code of the fact, for machines and for the catalogue of texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoList => "verify-no-list",
            Self::UnknownList => "verify-unknown-list",
            Self::Archive => "verify-archive-damaged",
            Self::TooManyFiles(_) => "verify-too-many-files",
            Self::Headers(_) => "verify-headers-too-large",
            Self::TooLarge(_) => "verify-too-large",
            Self::Io(_) => "verify-read-failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Verifies a directory or an archive by every list in it, or the files beside a list by that list.
pub fn verify(path: &Path, limits: &VerifyLimits, watch: &dyn Watch) -> Result<Verification, VerifyError> {
    with_files(path, limits, watch, |files, list| verify_files(files, list, limits, watch))
}

/// The same, and the key that a signature beside the manifest names as its own: it was not checked, and proves nothing.
/// `None` without one, and where other lists were verified than the manifest, which alone is ever signed.
pub fn verify_and_name_signer(
    path: &Path,
    limits: &VerifyLimits,
    watch: &dyn Watch,
) -> Result<(Verification, Signer), VerifyError> {
    with_files(path, limits, watch, |files, list| {
        let verification = verify_files(files, list, limits, watch)?;
        let named = if verification.is_by_manifest() { named_signer(files) } else { None };
        Ok((verification, named))
    })
}

/// The key that a signature names, or why it cannot be read; `None` when there is no signature.
pub type Signer = Option<Result<KeyId, SignatureError>>;

/// The same as [`verify`], and the signature over the manifest, whose trusted comment is given. The signature vouches for a file only
/// when the file was compared with the manifest: nothing else that was verified is signed.
pub fn verify_signed(
    path: &Path,
    key: &TrustedKey,
    limits: &VerifyLimits,
    watch: &dyn Watch,
) -> Result<(Verification, Result<String, SignatureError>), VerifyError> {
    with_files(path, limits, watch, |files, list| verify_files_signed(files, list, key, limits, watch))
}

/// The same of files wherever they are.
pub fn verify_files_signed(
    files: &dyn Files,
    list: Option<&str>,
    key: &TrustedKey,
    limits: &VerifyLimits,
    watch: &dyn Watch,
) -> Result<(Verification, Result<String, SignatureError>), VerifyError> {
    let verification = verify_files(files, list, limits, watch)?;
    let signature =
        if verification.is_by_manifest() { signature(files, key, limits) } else { Err(SignatureError::NotByManifest) };
    Ok((verification, signature))
}

/// Opens what stands at a path: the files, and the list, where the path is one.
fn with_files<T>(
    path: &Path,
    limits: &VerifyLimits,
    watch: &dyn Watch,
    work: impl FnOnce(&dyn Files, Option<&str>) -> Result<T, VerifyError>,
) -> Result<T, VerifyError> {
    if path.is_dir() {
        return work(&DirectoryFiles::new(path), None);
    }
    // A list that is missing is an I/O error, not a list that is unknown.
    std::fs::metadata(path)?;
    if let Some(archived) = ArchivedFiles::open(&path, limits, watch)? {
        return work(&archived, None);
    }
    let name = path.file_name().and_then(|name| name.to_str()).ok_or(VerifyError::UnknownList)?;
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    work(&DirectoryFiles::new(parent), Some(name))
}

/// Verifies files wherever they are: by one list, or by every list among them, and then files that stand in no list
/// are extra. Progress is in bytes.
pub fn verify_files(
    files: &dyn Files,
    list: Option<&str>,
    limits: &VerifyLimits,
    watch: &dyn Watch,
) -> Result<Verification, VerifyError> {
    let present = match list {
        Some(_) => None,
        None => Some(files.list(limits)?),
    };
    if let Some(present) = present.as_deref().filter(|present| bag::is_bag(present)) {
        return verify_bag(files, present, limits, watch);
    }
    let mut lists = Lists::read(files, list, present.as_deref(), limits)?;
    let mut reading = Reading { files, watch, done: 0, total: total_bytes(files, &lists) };
    let mut verified: Vec<_> = std::mem::take(&mut lists.broken);
    for (path, wanted) in &lists.wanted {
        // What the manifest does not name is no part of the package, whatever other lists say of it.
        let outcome = if lists.is_of_package(path) { reading.outcome(path, wanted)? } else { Outcome::Extra };
        verified.push(VerifiedFile { path: path.clone(), outcome });
    }
    for path in present.into_iter().flatten().filter(|path| !lists.wanted.contains_key(path)) {
        let is_known = lists.names.contains(&path) && lists.is_of_package(&path) || path == manifest::SIGNATURE;
        if !is_known {
            verified.push(VerifiedFile { path, outcome: Outcome::Extra });
        }
    }
    verified.sort_by(|one, other| one.path.cmp(&other.path));
    let book = match &lists.manifest {
        Some(manifest) => book::verify(manifest, files, &mut |count| reading.advance(count))?,
        None => None,
    };
    Ok(Verification {
        release: lists.manifest.map(|manifest| manifest.release.name),
        manifest_sha256: lists.manifest_sha256,
        lists: lists.names,
        files: verified,
        book,
        bag: None,
    })
}

/// Why the signature of a package is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("there is no `{0}`")]
    Missing(&'static str),
    /// One of the two cannot be read.
    #[error("`{name}` cannot be read: {reason}")]
    Unreadable {
        /// Which.
        name: &'static str,
        /// Why.
        reason: String,
    },
    /// It is not a signature of this manifest by this key.
    #[error(transparent)]
    Refused(#[from] SigningError),
    /// The files were not compared with the manifest, which alone is signed.
    #[error("it was verified without its `manifest.json`, and only that is signed")]
    NotByManifest,
}

impl SignatureError {
    /// The stable code of the fact, for machines and for the catalogue of texts.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Missing(_) => "signature-missing",
            Self::Unreadable { .. } => "signature-unreadable",
            Self::Refused(error) => error.code(),
            Self::NotByManifest => "signature-not-of-files",
        }
    }
}

fn signature(files: &dyn Files, key: &TrustedKey, limits: &VerifyLimits) -> Result<String, SignatureError> {
    let signature = signature_text(files)?;
    let manifest = content(files, manifest::FILE_NAME, limits.list_bytes)?;
    Ok(key.verify(&manifest, &signature)?)
}

fn named_signer(files: &dyn Files) -> Signer {
    match signature_text(files) {
        Err(SignatureError::Missing(_)) => None,
        text => Some(text.and_then(|text| Ok(signer(&text)?))),
    }
}

fn signature_text(files: &dyn Files) -> Result<String, SignatureError> {
    let signature = content(files, manifest::SIGNATURE, MOST_BYTES as u64)?;
    Ok(String::from_utf8(signature).map_err(|_| SigningError::NoSignature)?)
}

fn content(files: &dyn Files, name: &'static str, most: u64) -> Result<Vec<u8>, SignatureError> {
    let unreadable = |reason: String| SignatureError::Unreadable { name, reason };
    let source = files.read(name).map_err(|error| match error {
        OpenError::Missing => SignatureError::Missing(name),
        error => unreadable(error.to_string()),
    })?;
    let mut bytes = Vec::new();
    source.take(most + 1).read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > most { Err(unreadable(format!("it has more than {most} bytes"))) } else { Ok(bytes) }
}

fn verify_bag(
    files: &dyn Files,
    present: &[String],
    limits: &VerifyLimits,
    watch: &dyn Watch,
) -> Result<Verification, VerifyError> {
    let total = present.iter().filter_map(|path| files.size(path)).sum();
    let mut reading = Reading { files, watch, done: 0, total };
    let judged = bag::verify(files, present, limits, &mut |count| reading.advance(count))?;
    Ok(Verification {
        release: None,
        manifest_sha256: None,
        lists: judged.lists,
        files: judged.files,
        book: None,
        bag: Some(judged.report),
    })
}

fn total_bytes(files: &dyn Files, lists: &Lists) -> u64 {
    let listed: u64 = lists.wanted.keys().filter_map(|path| files.size(path)).sum();
    let volumes = lists.manifest.as_ref().filter(|manifest| manifest.volumes.is_some());
    listed + volumes.map_or(0, |manifest| manifest.book.digest.size)
}

/// Reads files and tells the watch.
struct Reading<'a> {
    files: &'a dyn Files,
    watch: &'a dyn Watch,
    done: u64,
    total: u64,
}

impl Reading<'_> {
    fn outcome(&mut self, path: &str, wanted: &Wanted) -> Result<Outcome, VerifyError> {
        let mut source = match self.files.read(path) {
            Ok(source) => source,
            Err(OpenError::Missing) => return Ok(Outcome::Missing),
            Err(OpenError::Refused) => return Ok(Outcome::Refused),
            Err(OpenError::Io(error)) => return Ok(Outcome::Unreadable { reason: error.to_string() }),
        };
        match self.digest(source.as_mut())? {
            Ok(digest) => Ok(wanted.compare(&digest)),
            Err(error) => Ok(Outcome::Unreadable { reason: error.to_string() }),
        }
    }

    fn digest(&mut self, source: &mut dyn Read) -> Result<std::io::Result<Digest>, VerifyError> {
        let mut digester = Digester::default();
        let mut buffer = vec![0; BUFFER_SIZE];
        loop {
            match source.read(&mut buffer) {
                Ok(0) => return Ok(Ok(digester.finish())),
                Ok(count) => {
                    digester.update(&buffer[..count]);
                    self.advance(count)?;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(Err(error)),
            }
        }
    }

    fn advance(&mut self, count: usize) -> Result<(), VerifyError> {
        if self.watch.is_cancelled() {
            return Err(VerifyError::Cancelled);
        }
        self.done += count as u64;
        self.watch.progress(self.done.min(self.total), self.total);
        Ok(())
    }
}
