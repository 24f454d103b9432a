//! Packages that are dropped on a page.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use js_sys::Function;
use packer::{
    inspect::Source,
    report::VerificationReport,
    verify::{
        Archive, ArchivedFiles, Files, OpenError, Verification, VerifyError, VerifyLimits, verify_files as verify_all,
    },
};
use wasm_bindgen::{JsError, prelude::wasm_bindgen};
use web_sys::Blob;

use crate::{blob::BlobSource, progress::Progress};

/// Verifies a package or a bag in one ZIP or tar: an object with `good`, `release`, `lists` and `files`.
///
/// `progress` is called with the bytes that are done and those that there are. An error has a sentence for a person.
#[wasm_bindgen]
pub fn verify_archive(archive: &Blob, progress: Function) -> Result<String, JsError> {
    let (limits, watch) = (VerifyLimits::default(), Progress::new(progress));
    let archive = Dropped(archive);
    match ArchivedFiles::open(&archive, &limits, &watch)? {
        Some(files) => told(verify_all(&files, None, &limits, &watch)),
        None => Err(VerifyError::UnknownList.into()),
    }
}

/// The same of the files of a folder. `paths` and `files` are of the same length.
#[wasm_bindgen]
pub fn verify_files(paths: Vec<String>, files: Vec<Blob>, progress: Function) -> Result<String, JsError> {
    let files = DroppedFiles(paths.into_iter().zip(files).collect());
    told(verify_all(&files, None, &VerifyLimits::default(), &Progress::new(progress)))
}

fn told(verification: Result<Verification, VerifyError>) -> Result<String, JsError> {
    Ok(serde_json::to_string(&VerificationReport::from(&verification?))?)
}

/// One file that was dropped.
struct Dropped<'a>(&'a Blob);

impl Archive for Dropped<'_> {
    fn open(&self) -> io::Result<Box<dyn Source + '_>> {
        Ok(Box::new(BlobSource::new(self.0.clone())))
    }
}

/// The files of a folder that was dropped.
struct DroppedFiles(BTreeMap<String, Blob>);

impl DroppedFiles {
    fn source(&self, path: &str) -> Result<BlobSource, OpenError> {
        self.0.get(path).map(|blob| BlobSource::new(blob.clone())).ok_or(OpenError::Missing)
    }
}

impl Files for DroppedFiles {
    fn list(&self, limits: &VerifyLimits) -> Result<Vec<String>, VerifyError> {
        if self.0.len() > limits.files {
            return Err(VerifyError::TooManyFiles(limits.files));
        }
        Ok(self.0.keys().cloned().collect())
    }

    fn size(&self, path: &str) -> Option<u64> {
        self.source(path).ok().map(|source| source.size())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Source + '_>, OpenError> {
        Ok(Box::new(self.source(path)?))
    }

    fn read(&self, path: &str) -> Result<Box<dyn Read + '_>, OpenError> {
        Ok(Box::new(self.source(path)?))
    }
}
