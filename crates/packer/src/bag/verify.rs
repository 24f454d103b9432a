//! Judging a bag: complete, and every file as its manifests say.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{self, Read},
};

use sha2::digest::DynDigest;
use unicode_normalization::UnicodeNormalization;

use super::{
    Algorithm, BagFault, BagReport, DECLARATION, FETCH, INFO, PAYLOAD,
    declaration::{self, Declaration, RFC},
    encoding::Encoding,
    info,
    listing::{self, Listed},
};
use crate::{
    hash::hexadecimal,
    sums::BUFFER_SIZE,
    verify::{Files, OpenError, Outcome, VerifiedFile, VerifyError, VerifyLimits, is_inside},
};

/// Told how many bytes were read; fails when the work shall stop.
type Advance<'a> = &'a mut dyn FnMut(usize) -> Result<(), VerifyError>;

/// What is known of a bag once it was judged.
pub(crate) struct Judged {
    pub(crate) report: BagReport,
    /// The manifests.
    pub(crate) lists: BTreeSet<String>,
    /// Every file of the manifests, and of the payload, sorted by path.
    pub(crate) files: Vec<VerifiedFile>,
}

/// True when the files are a bag, or were meant to be one.
pub(crate) fn is_bag(present: &[String]) -> bool {
    present.iter().any(|path| path == DECLARATION)
        || present.iter().any(|path| manifest_of(path).is_some())
            && present.iter().any(|path| path.starts_with(PAYLOAD))
}

/// Judges the bag that these files are.
pub(crate) fn verify(
    files: &dyn Files,
    present: &[String],
    limits: &VerifyLimits,
    advance: Advance<'_>,
) -> Result<Judged, VerifyError> {
    let mut bag = Bag::new(files, present, limits);
    bag.read_declaration();
    bag.read_manifests()?;
    bag.complete();
    bag.read_fetch();
    bag.weigh();
    let verified = bag.sum(advance)?;
    Ok(Judged { report: bag.report, lists: bag.lists, files: verified })
}

/// `manifest-sha256.txt` or `tagmanifest-sha256.txt`: true for the payload's, and the name of the algorithm.
fn manifest_of(path: &str) -> Option<(bool, &str)> {
    let name = path.strip_suffix(".txt").filter(|name| !name.contains('/'))?;
    let payload = name.strip_prefix("manifest-").map(|algorithm| (true, algorithm));
    payload.or_else(|| name.strip_prefix("tagmanifest-").map(|algorithm| (false, algorithm)))
}

/// What the manifests want of one file.
type Wanted = Vec<(Algorithm, String)>;

struct Bag<'a> {
    files: &'a dyn Files,
    present: &'a [String],
    limits: &'a VerifyLimits,
    /// Paths as they are there, by how systems that do not tell case and accents apart know them.
    spellings: HashMap<String, &'a str>,
    declaration: Declaration,
    report: BagReport,
    lists: BTreeSet<String>,
    wanted: BTreeMap<String, Wanted>,
    /// What each manifest of the payload lists, by the names under which the files are there.
    payload_lists: BTreeMap<String, BTreeSet<String>>,
}

impl<'a> Bag<'a> {
    fn new(files: &'a dyn Files, present: &'a [String], limits: &'a VerifyLimits) -> Self {
        Self {
            files,
            present,
            limits,
            spellings: present.iter().map(|path| (folded(path), path.as_str())).collect(),
            declaration: Declaration { version: RFC, encoding: Encoding::Utf8 },
            report: BagReport::default(),
            lists: BTreeSet::new(),
            wanted: BTreeMap::new(),
            payload_lists: BTreeMap::new(),
        }
    }

    fn is_rfc(&self) -> bool {
        self.declaration.version >= RFC
    }

    fn has(&self, path: &str) -> bool {
        self.present.binary_search_by(|known| known.as_str().cmp(path)).is_ok()
    }

    fn read_declaration(&mut self) {
        if !self.has(DECLARATION) {
            self.report.error(BagFault::NoDeclaration);
            return;
        }
        let read = self.bytes(DECLARATION).and_then(|bytes| declaration::parse(&bytes));
        match read {
            Ok(declaration) => {
                self.declaration = declaration;
                self.report.version = Some(format!("{}.{}", declaration.version.0, declaration.version.1));
            }
            Err(reason) => self.report.error(BagFault::Declaration { reason }),
        }
    }

    /// Within the limit for lists.
    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let source = self.files.read(path).map_err(|error| error.to_string())?;
        let mut bytes = Vec::new();
        let most = self.limits.list_bytes;
        source.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        if bytes.len() as u64 > most { Err(format!("it has more than {most} bytes")) } else { Ok(bytes) }
    }

    /// A tag file as text; when it cannot be read the report says so.
    fn text(&mut self, file: &str) -> Option<String> {
        let decoded = self.bytes(file).and_then(|bytes| {
            self.declaration.encoding.decode(&bytes).ok_or_else(|| "it is not in the encoding of the bag".to_owned())
        });
        decoded.map_err(|reason| self.report.error(BagFault::TagFile { file: file.to_owned(), reason })).ok()
    }

    fn read_manifests(&mut self) -> Result<(), VerifyError> {
        for file in self.present {
            let Some((is_payload, name)) = manifest_of(file) else { continue };
            self.lists.insert(file.clone());
            if is_payload {
                self.payload_lists.insert(file.clone(), BTreeSet::new());
            }
            let Some(algorithm) = Algorithm::of_name(name) else {
                self.report.error(BagFault::Algorithm { file: file.clone() });
                continue;
            };
            let Some(text) = self.text(file) else { continue };
            let (listed, wrong) = listing::manifest(&text, algorithm, self.is_rfc());
            for line in wrong {
                self.report.error(BagFault::Line { file: file.clone(), line });
            }
            self.take(file, is_payload, algorithm, listed);
            if self.wanted.len() > self.limits.files {
                return Err(VerifyError::TooManyFiles(self.limits.files));
            }
        }
        if self.payload_lists.is_empty() {
            self.report.error(BagFault::NoManifest);
        }
        Ok(())
    }

    fn take(&mut self, file: &str, is_payload: bool, algorithm: Algorithm, listed: Vec<Listed>) {
        let mut seen: HashMap<String, String> = HashMap::new();
        for Listed { line, checksum, path, has_star, has_dot } in listed {
            if has_star {
                self.report.warn(BagFault::Star { file: file.to_owned() });
            }
            if has_dot {
                self.report.warn(BagFault::Dot { file: file.to_owned() });
            }
            if !is_inside(&path) || is_payload != path.starts_with(PAYLOAD) {
                self.report.error(BagFault::OutOfBounds { file: file.to_owned(), line, path });
                continue;
            }
            if let Some(before) = seen.insert(path.clone(), checksum.clone()) {
                let is_same = before == checksum;
                // The drafts do not forbid to say the same twice.
                let is_error = self.is_rfc() || !is_same;
                self.report.add(BagFault::Twice { file: file.to_owned(), path: path.clone(), is_same }, is_error);
            }
            let path = self.as_present(path);
            if let Some(list) = self.payload_lists.get_mut(file) {
                list.insert(path.clone());
            }
            self.wanted.entry(path).or_default().push((algorithm, checksum));
        }
    }

    /// The path under which a listed file is there.
    fn as_present(&mut self, path: String) -> String {
        match self.spellings.get(&folded(&path)) {
            Some(present) if *present != path && !self.has(&path) => {
                let present = (*present).to_owned();
                self.report.warn(BagFault::SpelledOtherwise { path, present: present.clone() });
                present
            }
            _ => path,
        }
    }

    /// Every file of the payload stands in the manifests, and every file of the manifests is there.
    fn complete(&mut self) {
        let payload = self.present.iter().filter(|path| path.starts_with(PAYLOAD)).cloned();
        let known: BTreeSet<String> = payload.chain(self.payload_lists.values().flatten().cloned()).collect();
        for path in known {
            let without: Vec<String> = self
                .payload_lists
                .iter()
                .filter(|(_, listed)| !listed.contains(&path))
                .map(|(file, _)| file.clone())
                .collect();
            let is_listed_nowhere = without.len() == self.payload_lists.len();
            if (is_listed_nowhere || !self.has(&path)) && is_of_a_system(&path) {
                self.wanted.remove(&path);
                self.report.warn(BagFault::SystemFile { path });
            } else if !is_listed_nowhere && self.is_rfc() {
                for file in without {
                    self.report.error(BagFault::NotInManifest { file, path: path.clone() });
                }
            }
        }
    }

    /// A bag with holes is whole once all that could be fetched is there.
    fn read_fetch(&mut self) {
        if !self.has(FETCH) {
            return;
        }
        let Some(text) = self.text(FETCH) else { return };
        let (fetched, wrong) = listing::fetch(&text, self.is_rfc());
        for line in wrong {
            self.report.error(BagFault::Line { file: FETCH.to_owned(), line });
        }
        for entry in fetched {
            let path = entry.path;
            if !is_inside(&path) || !path.starts_with(PAYLOAD) {
                self.report.error(BagFault::OutOfBounds { file: FETCH.to_owned(), line: entry.line, path });
            } else if !self.wanted.contains_key(&path) {
                self.report.error(BagFault::FetchUnlisted { path });
            } else if let Some((expected, found)) = entry.length.zip(self.files.size(&path))
                && expected != found
            {
                self.report.error(BagFault::FetchLength { path, expected, found });
            }
        }
    }

    /// Compares the payload with the sizes of `bag-info.txt`.
    fn weigh(&mut self) {
        if !self.has(INFO) {
            return;
        }
        let Some(text) = self.text(INFO) else { return };
        let payload = self.present.iter().filter(|path| path.starts_with(PAYLOAD));
        let sizes: Vec<u64> = payload.filter_map(|path| self.files.size(path)).collect();
        let (octets, streams) = (sizes.iter().sum(), sizes.len() as u64);
        let expected = match info::oxums(&text) {
            Ok(oxums) => oxums
                .into_iter()
                .find(|oxum| (oxum.octets, oxum.streams) != (octets, streams))
                .map(|oxum| format!("{}.{}", oxum.octets, oxum.streams)),
            Err(written) => Some(written),
        };
        if let Some(expected) = expected {
            // It counts files of systems too, which come and go.
            let is_error = !self.report.problems.iter().any(|known| matches!(known.fault, BagFault::SystemFile { .. }));
            self.report.add(BagFault::Oxum { expected, octets, streams }, is_error);
        }
    }

    /// Reads every file once for all of its checksums.
    fn sum(&mut self, advance: Advance<'_>) -> Result<Vec<VerifiedFile>, VerifyError> {
        let mut verified = Vec::new();
        for (path, wanted) in &self.wanted {
            let outcome = match self.files.read(path) {
                Ok(mut source) => compare(source.as_mut(), wanted, advance)?,
                Err(OpenError::Missing) => Outcome::Missing,
                Err(OpenError::Refused) => Outcome::Refused,
                Err(OpenError::Io(error)) => Outcome::Unreadable { reason: error.to_string() },
            };
            verified.push(VerifiedFile { path: path.clone(), outcome });
        }
        for path in self.present.iter().filter(|path| path.starts_with(PAYLOAD)) {
            if !self.wanted.contains_key(path) && !is_of_a_system(path) {
                verified.push(VerifiedFile { path: path.clone(), outcome: Outcome::Extra });
            }
        }
        verified.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(verified)
    }
}

fn compare(source: &mut dyn Read, wanted: &Wanted, advance: Advance<'_>) -> Result<Outcome, VerifyError> {
    let mut hashers: BTreeMap<Algorithm, Box<dyn DynDigest>> =
        wanted.iter().map(|(algorithm, _)| (*algorithm, algorithm.hasher())).collect();
    let mut buffer = vec![0; BUFFER_SIZE];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                for hasher in hashers.values_mut() {
                    hasher.update(&buffer[..count]);
                }
                advance(count)?;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(Outcome::Unreadable { reason: error.to_string() }),
        }
    }
    let found: BTreeMap<Algorithm, String> =
        hashers.into_iter().map(|(algorithm, hasher)| (algorithm, hexadecimal(&hasher.finalize()))).collect();
    let differs = wanted.iter().find(|(algorithm, expected)| found.get(algorithm) != Some(expected));
    Ok(differs.map_or(Outcome::Ok, |(algorithm, expected)| Outcome::Checksum {
        algorithm: algorithm.name(),
        expected: expected.clone(),
        found: found.get(algorithm).cloned().unwrap_or_default(),
    }))
}

/// As a system sees a path that tells neither case nor forms of accents apart.
fn folded(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}

/// What systems put into directories behind people's backs.
fn is_of_a_system(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("._")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].iter().any(|known| known.eq_ignore_ascii_case(name))
}
