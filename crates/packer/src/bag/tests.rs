use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    verify::{Outcome, Verification, VerifyLimits, verify},
    watch::Unwatched,
};

fn judged(bag: &Path) -> Verification {
    verify(bag, &VerifyLimits::default(), &Unwatched).unwrap()
}

/// The conformance suite, where it is: in `CORPUS_DIR`, else beside the project.
fn suite() -> Vec<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("CORPUS_DIR").map_or_else(|| PathBuf::from(beside), PathBuf::from).join("bagit");
    let mut bags = Vec::new();
    for version in ["v0.97", "v1.0"] {
        let Ok(kinds) = fs::read_dir(root.join(version)) else {
            eprintln!("skipped: corpus absent");
            return Vec::new();
        };
        for kind in kinds {
            let entries = fs::read_dir(kind.unwrap().path()).unwrap().map(|entry| entry.unwrap().path());
            bags.extend(entries.filter(|path| path.is_dir()));
        }
    }
    bags.sort();
    bags
}

#[test]
fn every_bag_of_the_conformance_suite_is_judged_as_its_authors_do() {
    for path in suite() {
        let kind = path.parent().unwrap().file_name().unwrap().to_str().unwrap();
        let found = judged(&path);
        let report = found.bag.as_ref().unwrap();
        let is_valid = matches!(kind, "valid" | "warning");
        assert_eq!(found.is_good(), is_valid, "{}: {found:#?}", path.display());
        let has_warning = report.problems.iter().any(|problem| !problem.is_error);
        assert!(kind != "warning" || has_warning, "{}: {report:#?}", path.display());
    }
}

/// A bag of one file, under the RFC.
struct Bag(tempfile::TempDir);

impl Bag {
    fn new() -> Self {
        let bag = Self(tempfile::tempdir().unwrap());
        bag.put("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        bag.put("data/a", "hello\n");
        bag.put("manifest-md5.txt", "b1946ac92492d2347c6235b4d2611184  data/a\n");
        bag
    }

    fn put(&self, path: &str, content: &str) -> &Self {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    fn judged(&self) -> Verification {
        judged(self.0.path())
    }

    /// What is said of it, a sentence each.
    fn faults(&self) -> Vec<String> {
        let problems = self.judged().bag.unwrap().problems;
        problems.iter().map(|problem| problem.fault.to_string()).collect()
    }
}

#[test]
fn a_bag_of_our_own_is_good_and_says_its_version() {
    let found = Bag::new().judged();
    assert!(found.is_good());
    assert_eq!(found.bag.unwrap().version.as_deref(), Some("1.0"));
    assert_eq!(found.files.len(), 1);
}

#[test]
fn every_fault_has_its_sentence() {
    let sum = "b1946ac92492d2347c6235b4d2611184";
    for (path, content, fault) in [
        ("bagit.txt", "BagIt-Version: 7.1\nTag-File-Character-Encoding: UTF-8\n", "version 7.1 is none"),
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: EBCDIC\n", "`EBCDIC` is none"),
        ("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\nMore: 1\n", "has 3 lines"),
        ("manifest-md5.txt", "nonsense\n", "line 1: it cannot be understood"),
        ("manifest-crc.txt", "00000000  data/a\n", "kind that is not known"),
        ("tagmanifest-md5.txt", &format!("{sum}  data/a\n"), "`data/a` is out of bounds"),
        ("manifest-sha1.txt", "", "`manifest-sha1.txt` does not list `data/a`"),
        ("bag-info.txt", "payload-oxum: 7.1\n", "`bag-info.txt` says 7.1"),
        ("bag-info.txt", "Payload-Oxum: many\n", "`bag-info.txt` says many"),
        ("fetch.txt", "http://localhost/b 5 data/a\n", "`data/a` has 6 bytes"),
        ("fetch.txt", "http://localhost/b - data/b\n", "`data/b`, which no manifest lists"),
        ("fetch.txt", "nonsense\n", "`fetch.txt`, line 1"),
    ] {
        let bag = Bag::new();
        let faults = bag.put(path, content).faults();
        assert!(faults.iter().any(|found| found.contains(fault)), "{path}: {fault}: {faults:?}");
        assert!(!bag.judged().is_good(), "{path}: {fault}");
    }
}

#[test]
fn what_a_bag_lists_and_has_not_is_missing_and_what_it_has_and_does_not_list_is_extra() {
    let bag = Bag::new();
    bag.put("manifest-md5.txt", "b1946ac92492d2347c6235b4d2611184  data/b%0Ac%25d\n");
    let outcomes: Vec<_> = bag.judged().files.into_iter().map(|file| (file.path, file.outcome)).collect();
    assert_eq!(outcomes, [("data/a".into(), Outcome::Extra), ("data/b\nc%d".into(), Outcome::Missing)]);
}

#[test]
fn a_link_out_of_the_bag_is_not_followed() {
    let (bag, outside) = (Bag::new(), tempfile::NamedTempFile::new().unwrap());
    fs::write(outside.path(), "hello\n").unwrap();
    fs::remove_file(bag.0.path().join("data/a")).unwrap();
    std::os::unix::fs::symlink(outside.path(), bag.0.path().join("data/a")).unwrap();
    assert_eq!(bag.judged().files[0].outcome, Outcome::Refused);
}
