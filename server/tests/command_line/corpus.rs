//! Real books, where there are some: `CORPUS_DIR`, or `../shared/corpus` beside the repository.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::binary::Place;

fn books(folder: &str) -> Option<Vec<PathBuf>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
    let corpus = std::env::var_os("CORPUS_DIR").map_or(beside, PathBuf::from);
    let entries = fs::read_dir(corpus.join(folder)).ok()?;
    let mut books: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    books.retain(|path| path.extension().is_some_and(|extension| extension != "md"));
    books.sort();
    Some(books)
}

#[test]
fn every_epub_of_the_corpus_packs_verifies_and_opens_in_foreign_tools() {
    let Some(books) = books("epub") else {
        assert!(std::env::var_os("CORPUS_DIR").is_none(), "CORPUS_DIR has no folder `epub`");
        eprintln!("no corpus beside the repository and no CORPUS_DIR: only made books were packed");
        return;
    };
    assert!(!books.is_empty());
    let place = Place::new();
    let mut ids = BTreeSet::new();
    for (number, book) in books.iter().enumerate() {
        // Two of them are the same release in different files.
        let out = format!("out/{number}");
        let report = place.pack(&[book.to_str().unwrap(), "--json", "--out", &out]).ends_with(0).json();
        let target = report["target"].as_str().unwrap();
        let name = report["release"].as_str().unwrap();
        place.run(&["verify", target]).ends_with(0);
        place.foreign(target, "sha256sum", &["--quiet", "--check", "--strict", "SHA256SUMS"]);
        place.foreign(target, "cksfv", &["-q", "-f", &format!("{name}.sfv")]);
        place.foreign(target, "rhash", &["--skip-ok", "--check", &format!("{name}.sfv")]);
        let id = report["volume_id"].as_str().unwrap();
        let unzipped = format!("unzipped/{number}");
        fs::create_dir_all(place.path().join(&unzipped)).unwrap();
        for zip in place.names(target).iter().filter(|name| name.starts_with(id)) {
            place.foreign(target, "unzip", &["-tqq", zip]);
            place.foreign(target, "unzip", &["-qq", "-o", "-d", &format!("../../../{unzipped}"), zip]);
        }
        place.foreign(&unzipped, "unar", &["-quiet", "-no-directory", &format!("{id}.rar")]);
        let inside = place.path().join(&unzipped).join(format!("{name}.epub"));
        assert!(fs::read(inside).unwrap() == fs::read(book).unwrap(), "{} has other bytes", book.display());
        ids.insert((name.to_owned(), id.to_owned()));
    }
    let distinct: BTreeSet<_> = ids.iter().map(|(_, id)| id).collect();
    assert_eq!(distinct.len(), ids.len(), "two release names share a volume id: {ids:?}");
}

#[test]
fn every_book_of_another_format_packs_verifies_and_comes_out_as_it_was() {
    let place = Place::new();
    for folder in ["kindle", "cbz", "pdf"] {
        for (number, book) in books(folder).unwrap_or_default().iter().enumerate() {
            let path = book.to_str().unwrap();
            for profile in ["plain", "scene-ebook"] {
                let out = format!("{folder}/{number}/{profile}");
                let options =
                    ["--profile", profile, "--set", "year=2017", "--set", "title=A Book", "--set", "language=en"];
                let report = place.pack(&[&[path, "--json", "--out", &out], &options[..]].concat()).ends_with(0).json();
                let target = report["target"].as_str().unwrap();
                let name = report["release"].as_str().unwrap();
                place.run(&["verify", target]).ends_with(0);
                place.foreign(target, "sha256sum", &["--quiet", "--check", "--strict", "SHA256SUMS"]);
                if profile == "plain" {
                    let extension = book.extension().unwrap().to_str().unwrap();
                    let inside = place.path().join(target).join(format!("{name}.{extension}"));
                    assert!(fs::read(&inside).unwrap() == fs::read(book).unwrap(), "{}", inside.display());
                }
            }
        }
    }
}
