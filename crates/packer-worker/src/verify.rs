//! Packages that are dropped on a page.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use js_sys::Function;
use packer::{
    inspect::Source,
    report::VerificationReport,
    signing::TrustedKey,
    verify::{
        Archive, ArchivedFiles, Files, OpenError, SignatureError, Verification, VerifyError, VerifyLimits,
        verify_files as verify_all, verify_files_signed,
    },
    watch::Watch,
};
use serde::Serialize;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::Blob;

use crate::{blob::BlobSource, progress::Progress, refusal::refusal};

/// What is said of a package and, where a key was given, of its signature.
#[derive(Debug, Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    files: VerificationReport<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<SignatureReport>,
}

/// Whether the manifest is signed by the key that is trusted.
#[derive(Debug, Serialize)]
struct SignatureReport {
    /// True when it is.
    good: bool,
    /// The key that is trusted.
    key: String,
    /// What the signer wrote under the signature; only of a good one.
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<String>,
    /// Why it is not accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
}

impl SignatureReport {
    fn new(key: &TrustedKey, signature: Result<String, SignatureError>) -> Self {
        let (comment, code) = match signature {
            Ok(comment) => (Some(comment), None),
            Err(error) => (None, Some(error.code())),
        };
        Self { good: code.is_none(), key: key.id().to_string(), comment, code }
    }
}

/// Verifies a package or a bag in one ZIP or tar: an object with `good`, `release`, `lists` and `files`.
///
/// With `key`, a public key of minisign, the package must be signed by it, and `signature` says whether it is.
/// `progress` is called with the bytes that are done and those that there are. An error has a code and a sentence.
#[wasm_bindgen]
pub fn verify_archive(archive: &Blob, key: Option<String>, progress: Function) -> Result<String, JsValue> {
    let (limits, watch) = (VerifyLimits::default(), Progress::new(progress));
    let archive = Dropped(archive);
    let files = ArchivedFiles::open(&archive, &limits, &watch).map_err(|error| refusal(error.code(), &error))?;
    match files {
        Some(files) => verified(&files, key, &watch),
        None => Err(refusal(VerifyError::UnknownList.code(), &VerifyError::UnknownList)),
    }
}

/// The same of the files of a folder. `paths` and `files` are of the same length.
#[wasm_bindgen]
pub fn verify_files(
    paths: Vec<String>,
    files: Vec<Blob>,
    key: Option<String>,
    progress: Function,
) -> Result<String, JsValue> {
    let files = DroppedFiles(paths.into_iter().zip(files).collect());
    verified(&files, key, &Progress::new(progress))
}

fn verified(files: &dyn Files, key: Option<String>, watch: &dyn Watch) -> Result<String, JsValue> {
    let limits = VerifyLimits::default();
    let key = key.map(|text| TrustedKey::read(&text)).transpose().map_err(|error| refusal(error.code(), &error))?;
    let verified: Result<(Verification, Option<SignatureReport>), VerifyError> = match &key {
        Some(key) => verify_files_signed(files, None, key, &limits, watch)
            .map(|(files, signature)| (files, Some(SignatureReport::new(key, signature)))),
        None => verify_all(files, None, &limits, watch).map(|files| (files, None)),
    };
    let (verification, signature) = verified.map_err(|error| refusal(error.code(), &error))?;
    let report = Report { files: VerificationReport::from(&verification), signature };
    serde_json::to_string(&report).map_err(|error| refusal("internal", &error))
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
