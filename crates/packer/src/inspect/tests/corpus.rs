use std::{fs, path::PathBuf};

use crate::{
    finding::Severity,
    inspect::{Protection, inspect},
    limits::Limits,
    watch::Unwatched,
};

/// `CORPUS_DIR`, else the directory `shared/corpus` beside the project.
fn books() -> Vec<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus");
    let root = std::env::var_os("CORPUS_DIR").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    let Ok(entries) = fs::read_dir(root.join("epub")) else {
        eprintln!("skipped: corpus absent");
        return Vec::new();
    };
    let mut books: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    books.sort();
    books
}

#[test]
fn every_book_of_the_corpus_is_read_without_a_rule_that_fails_and_has_a_title_and_words() {
    for path in books() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let mut file = fs::File::open(&path).unwrap();
        let read = inspect(&mut file, &name, &Limits::default(), &Unwatched).unwrap();
        assert!(read.metadata.title.is_some(), "{name}");
        assert!(read.metadata.words.is_some(), "{name}");
        assert!(!read.protection.is_refused(), "{name}");
        assert!(read.findings.iter().all(|finding| finding.code.as_str() != "ESP-198"), "{name}");
    }
}

#[test]
fn the_time_machine_is_what_it_is() {
    let Some(path) = books().into_iter().find(|path| path.to_string_lossy().contains("time-machine")) else { return };
    let mut file = fs::File::open(path).unwrap();
    let read = inspect(&mut file, "the-time-machine.epub", &Limits::default(), &Unwatched).unwrap();
    assert_eq!(read.metadata.title.unwrap().value, "The Time Machine");
    assert_eq!(read.metadata.creators[0].name.value, "H. G. Wells");
    assert_eq!(read.metadata.languages, ["en-GB"]);
    assert_eq!(read.metadata.accessibility.hazards, ["none"]);
    assert_eq!(read.protection, Protection::None);
    assert!((30_000..36_000).contains(&read.metadata.words.unwrap()));
    assert!(read.cover.is_some());
    assert!(read.chapters.len() > 12);
    let faults: Vec<_> = read.findings.iter().filter(|finding| finding.severity <= Severity::Warning).collect();
    assert!(faults.is_empty(), "{faults:?}");
}
