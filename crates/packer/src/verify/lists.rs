//! What the lists of a package want of its files.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::Read,
};

use crate::{
    hash::Sha256,
    manifest::{self, ManifestRead},
    sums::{Digest, ListedFile, sfv, sha256sums},
    verify::{Files, OpenError, Outcome, VerifiedFile, VerifyError, VerifyLimits},
};

/// The list that is written after the manifest, and names it.
const SHA256SUMS: &str = "SHA256SUMS";

/// What all lists together want of one file.
#[derive(Debug, Default)]
pub(super) struct Wanted(Vec<ListedFile>);

impl Wanted {
    /// Compares with what was found; the first difference counts: the size, then the stronger checksum.
    pub(super) fn compare(&self, found: &Digest) -> Outcome {
        for expected in self.0.iter().filter_map(|listed| listed.size) {
            if expected != found.size {
                return Outcome::Size { expected, found: found.size };
            }
        }
        let checksum = |algorithm, expected: String, found: String| Outcome::Checksum { algorithm, expected, found };
        for expected in self.0.iter().filter_map(|listed| listed.sha256) {
            if expected != found.sha256 {
                return checksum("sha256", expected.to_string(), found.sha256.to_string());
            }
        }
        for expected in self.0.iter().filter_map(|listed| listed.crc32) {
            if expected != found.crc32 {
                return checksum("crc32", expected.to_string(), found.crc32.to_string());
            }
        }
        Outcome::Ok
    }
}

/// The kinds of lists, told by the name.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Manifest,
    Sha256Sums,
    Sfv,
}

impl Kind {
    fn of(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        match lower.as_str() {
            manifest::FILE_NAME => Some(Self::Manifest),
            "sha256sums" | "sha256sums.txt" => Some(Self::Sha256Sums),
            _ => match lower.rsplit_once('.')?.1 {
                "sfv" => Some(Self::Sfv),
                "sha256" => Some(Self::Sha256Sums),
                _ => None,
            },
        }
    }
}

/// All lists, read.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// The lists that were found.
    pub(super) names: BTreeSet<String>,
    /// What they want, by path.
    pub(super) wanted: BTreeMap<String, Wanted>,
    /// The manifest, when there is one that can be read.
    pub(super) manifest: Option<ManifestRead>,
    /// The SHA-256 of the manifest: no other package has it.
    pub(super) manifest_sha256: Option<Sha256>,
    /// The files that the manifest names.
    named: Option<BTreeSet<String>>,
    /// Lists that cannot be read.
    pub(super) broken: Vec<VerifiedFile>,
}

impl Lists {
    /// Reads one list, or every list that stands directly in the place.
    pub(super) fn read(
        files: &dyn Files,
        list: Option<&str>,
        present: Option<&[String]>,
        limits: &VerifyLimits,
    ) -> Result<Self, VerifyError> {
        let mut lists = Self::default();
        if let Some(name) = list {
            let kind = Kind::of(name).ok_or(VerifyError::UnknownList)?;
            lists.add(files, name, kind, limits)?;
        }
        for name in present.into_iter().flatten().filter(|path| !path.contains('/')) {
            if let Some(kind) = Kind::of(name) {
                lists.add(files, name, kind, limits)?;
            }
        }
        if lists.names.is_empty() { Err(VerifyError::NoList) } else { Ok(lists) }
    }

    /// True for what the manifest names, and for the two lists that it cannot name; for everything where there is none.
    pub(super) fn is_of_package(&self, path: &str) -> bool {
        let Some(named) = &self.named else { return true };
        named.contains(path) || matches!(path, manifest::FILE_NAME | SHA256SUMS)
    }

    fn add(&mut self, files: &dyn Files, name: &str, kind: Kind, limits: &VerifyLimits) -> Result<(), VerifyError> {
        self.names.insert(name.to_owned());
        let listed = read(files, name, limits).and_then(|bytes| match kind {
            Kind::Sfv => sfv::parse(&bytes).map_err(|error| error.to_string()),
            Kind::Sha256Sums => sha256sums::parse(&bytes).map_err(|error| error.to_string()),
            Kind::Manifest => {
                let manifest = manifest::parse(&bytes).map_err(|error| error.to_string())?;
                let listed = manifest.files.iter().map(listed).collect();
                self.named = Some(manifest.files.iter().map(|file| file.path.clone()).collect());
                self.manifest = Some(manifest);
                self.manifest_sha256 = Some(Digest::of(&bytes).sha256);
                Ok(listed)
            }
        });
        match listed {
            Ok(listed) => {
                for mut file in listed {
                    // `sha256sum ./*` writes names so.
                    if let Some(path) = file.path.strip_prefix("./") {
                        file.path = path.to_string();
                    }
                    self.wanted.entry(file.path.clone()).or_default().0.push(file);
                }
                if self.wanted.len() > limits.files { Err(VerifyError::TooManyFiles(limits.files)) } else { Ok(()) }
            }
            Err(reason) => {
                self.broken.push(VerifiedFile { path: name.to_owned(), outcome: Outcome::Unreadable { reason } });
                Ok(())
            }
        }
    }
}

fn listed(file: &manifest::ManifestFile) -> ListedFile {
    let digest = file.digest;
    ListedFile {
        path: file.path.clone(),
        size: Some(digest.size),
        crc32: Some(digest.crc32),
        sha256: Some(digest.sha256),
    }
}

fn read(files: &dyn Files, name: &str, limits: &VerifyLimits) -> Result<Vec<u8>, String> {
    let source = files.read(name).map_err(|error: OpenError| error.to_string())?;
    let mut bytes = Vec::new();
    source.take(limits.list_bytes + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > limits.list_bytes {
        return Err(format!("it has more than {} bytes", limits.list_bytes));
    }
    Ok(bytes)
}
