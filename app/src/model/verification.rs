//! What the packer in the browser says of a package. No browser in it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

/// Rows that are shown of one package: enough for every package, and few enough to be drawn at once. Files that are
/// not as they should be come first.
pub const MOST_ROWS: usize = 2000;

/// Everything that verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Report {
    /// True when every file is what it should be. The signature is told apart.
    pub good: bool,
    /// The release name, where there is a manifest.
    pub release: Option<String>,
    /// The SHA-256 of the manifest, where there is one.
    #[serde(default)]
    pub manifest_sha256: Option<String>,
    /// The lists that were read.
    pub lists: Vec<String>,
    /// Every file, sorted by path.
    pub files: Vec<FileReport>,
    /// Why the book inside the volumes is not that of the manifest.
    pub book: Option<String>,
    /// The bag as a whole, where it is one.
    pub bag: Option<Bag>,
    /// The signature, where a key was given.
    pub signature: Option<Signature>,
}

/// One file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FileReport {
    /// The path inside the package.
    pub path: String,
    /// `ok`, `missing`, `extra`, `size`, `checksum`, `refused` or `unreadable`.
    pub outcome: String,
    /// What goes with the outcome, such as the two checksums.
    #[serde(flatten)]
    pub data: BTreeMap<String, Value>,
}

/// A bag as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Bag {
    /// What is not as it should be.
    pub problems: Vec<BagProblem>,
}

/// A fault of a bag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct BagProblem {
    /// Which, as a word.
    pub fault: String,
    /// True when the bag is invalid for it.
    pub is_error: bool,
    /// What goes with it, such as the file.
    #[serde(flatten)]
    pub data: BTreeMap<String, Value>,
}

/// Whether the manifest is signed by the key that was given.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Signature {
    /// True when it is.
    pub good: bool,
    /// The id of the key that was given.
    pub key: String,
    /// What the signer wrote under it.
    pub comment: Option<String>,
    /// Why it is not accepted.
    pub code: Option<String>,
}

/// What is to be said first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every file is what it should be, and so is the signature where one was asked for.
    Good,
    /// Some files are not.
    Files,
    /// The files are, the signature is not accepted.
    Signature,
    /// The lists name no file: nothing is proved.
    Nothing,
    /// It is whole, and it is not the package that was to be compared with.
    Another,
}

impl Verdict {
    /// The word that texts, styles and tests know it by.
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Files => "files",
            Self::Signature => "signature",
            Self::Nothing => "nothing",
            Self::Another => "another",
        }
    }
}

impl Report {
    /// What is to be said first. With `expected`, the SHA-256 of a manifest, a package with another one is not that package,
    /// however well its files agree with each other.
    pub fn verdict(&self, expected: Option<&str>) -> Verdict {
        if self.good && expected.is_some_and(|expected| self.manifest_sha256.as_deref() != Some(expected)) {
            return Verdict::Another;
        }
        let signed = self.signature.as_ref().is_none_or(|signature| signature.good);
        match (self.good, signed) {
            (true, true) => Verdict::Good,
            (true, false) => Verdict::Signature,
            (false, _) if self.files.iter().all(|file| file.outcome == "extra") && self.bag.is_none() => {
                Verdict::Nothing
            }
            (false, _) => Verdict::Files,
        }
    }

    /// Files that are what they should be.
    pub fn good_files(&self) -> usize {
        self.files.iter().filter(|file| file.outcome == "ok").count()
    }

    /// The files that are shown: what is not as it should be first, each part in the order of paths.
    pub fn shown(&self) -> impl Iterator<Item = &FileReport> {
        let wrong = self.files.iter().filter(|file| file.outcome != "ok");
        wrong.chain(self.files.iter().filter(|file| file.outcome == "ok")).take(MOST_ROWS)
    }

    /// Files that are not shown.
    pub fn left_out(&self) -> usize {
        self.files.len().saturating_sub(MOST_ROWS)
    }
}

/// A text with the values of `data` in its places `{name}`.
pub fn fill(text: &str, data: &BTreeMap<String, Value>) -> String {
    let mut filled = text.to_owned();
    for (name, value) in data {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        filled = filled.replace(&format!("{{{name}}}"), &value);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORGED: &str = r#"{"good":false,"release":"A.B-GRP","lists":["SHA256SUMS","manifest.json"],"files":[
        {"path":"a.zip","outcome":"ok"},
        {"path":"b.nfo","outcome":"size","expected":10,"found":6},
        {"path":"c.nfo","outcome":"checksum","algorithm":"sha256","expected":"aa","found":"bb"}]}"#;

    #[test]
    fn what_is_wrong_comes_first_and_says_what_it_is() {
        let report: Report = serde_json::from_str(FORGED).unwrap();
        assert_eq!(report.verdict(None), Verdict::Files);
        assert_eq!(report.good_files(), 1);
        assert_eq!(report.shown().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["b.nfo", "c.nfo", "a.zip"]);
        let sizes = report.shown().next().unwrap();
        assert_eq!(fill("{found} bytes instead of {expected}", &sizes.data), "6 bytes instead of 10");
        assert_eq!(report.left_out(), 0);
    }

    #[test]
    fn a_good_package_under_a_wrong_signature_is_not_good() {
        let mut report: Report = serde_json::from_str(FORGED).unwrap();
        report.good = true;
        assert_eq!(report.verdict(None), Verdict::Good);
        report.signature =
            Some(Signature { good: false, key: "K".into(), comment: None, code: Some("signature-missing".into()) });
        assert_eq!(report.verdict(None), Verdict::Signature);
    }

    #[test]
    fn a_whole_package_with_another_manifest_is_another_package() {
        let mut report: Report = serde_json::from_str(FORGED).unwrap();
        assert_eq!(report.verdict(Some("ab")), report.verdict(None));
        report.good = true;
        assert_eq!(report.verdict(Some("ab")), Verdict::Another);
        report.manifest_sha256 = Some("ab".to_owned());
        assert_eq!((report.verdict(Some("ab")), report.verdict(Some("cd"))), (Verdict::Good, Verdict::Another));
    }

    #[test]
    fn lists_that_name_nothing_prove_nothing() {
        let text = r#"{"good":false,"release":null,"lists":["x.sfv"],"files":[{"path":"a","outcome":"extra"}]}"#;
        let report: Report = serde_json::from_str(text).unwrap();
        assert_eq!(report.verdict(None), Verdict::Nothing);
    }
}
