//! `check`.

use std::fs;

use crate::{
    binary::Place,
    sample_book::{epub, protected},
};

#[test]
fn a_sound_book_is_good_and_a_broken_one_is_a_finding_and_not_an_unreadable_file() {
    let place = Place::new();
    let book = epub("Été à Paris");
    place.write("good.epub", &book);
    place.write("cut.epub", &book[..book.len() / 2]);
    place.write("empty.epub", b"");
    place.write("byte.epub", b"P");
    place.run(&["check", "good.epub"]).ends_with(0);
    for broken in ["cut.epub", "empty.epub", "byte.epub"] {
        let run = place.run(&["check", broken]).ends_with(1);
        assert!(run.results.contains("PKG-") && run.messages.contains(broken), "{run:?}");
    }
    place.write("text.txt", b"no book at all");
    place.run(&["check", "text.txt"]).ends_with(3);
    place.run(&["check", "none.epub"]).ends_with(3);
    place.run(&["check", "good.epub", "cut.epub", "none.epub"]).ends_with(3);
    place.run(&["check", "good.epub", "--profile", "none"]).ends_with(2);
}

#[test]
fn a_book_is_judged_by_the_profile_of_epub_that_is_asked_for() {
    let place = Place::new();
    place.write("good.epub", &epub("Été à Paris"));
    place.run(&["check", "good.epub", "--epubcheck-profile", "default"]).ends_with(0);
    for (profile, word) in [("dict", "dictionary"), ("edupub", "edupub"), ("idx", "index"), ("preview", "preview")] {
        let run = place.run(&["check", "good.epub", "--epubcheck-profile", profile]).ends_with(1);
        assert!(run.results.contains(&format!("There is no `dc:type` of “{word}”")), "{run:?}");
    }
}

#[test]
fn json_has_the_members_that_are_documented_and_no_others() {
    let place = Place::new();
    let book = epub("Été à Paris");
    place.write("good.epub", &book);
    place.write("cut.epub", &book[..book.len() / 2]);
    let run = place.run(&["check", "good.epub", "cut.epub", "none.epub", "--json"]).ends_with(3);
    let reports = run.json();
    let members = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&reports[0]), ["findings", "format", "metadata", "path"]);
    assert_eq!((&reports[0]["path"], &reports[0]["format"]), (&"good.epub".into(), &"epub".into()));
    assert_eq!(reports[0]["metadata"]["title"]["value"], "Été à Paris");
    let finding = &reports[1]["findings"][0];
    assert_eq!(members(finding), ["code", "column", "file", "hint", "line", "message", "severity"]);
    assert_eq!(finding["severity"], "fatal");
    for text in ["message", "hint"] {
        assert!(finding[text].as_str().unwrap().len() > 10, "{finding}");
    }
    assert_eq!(reports[2]["error"]["code"], "read-failed");
    assert!(place.run(&["check", "good.epub", "--json"]).ends_with(0).json().is_object());
}

#[test]
fn the_json_of_a_book_that_is_cut_off_is_as_it_was() {
    let place = Place::new();
    let book = epub("Été à Paris");
    place.write("cut.epub", &book[..book.len() / 2]);
    insta::assert_json_snapshot!(place.run(&["check", "cut.epub", "--json"]).ends_with(1).json());
}

#[test]
fn an_unzipped_book_is_checked_too() {
    let place = Place::new();
    place.write("good.epub", &epub("Été à Paris"));
    place.foreign("", "unzip", &["-qq", "-d", "unzipped", "good.epub"]);
    let report = place.run(&["check", "unzipped", "--json"]).ends_with(0).json();
    assert_eq!(report["metadata"]["title"]["value"], "Été à Paris");
    fs::remove_file(place.path().join("unzipped/text.xhtml")).unwrap();
    place.run(&["check", "unzipped"]).ends_with(1);
}

#[test]
fn protection_is_reported_and_refuses_nothing() {
    let place = Place::new();
    place.write("a.epub", &protected("Été à Paris"));
    let run = place.run(&["check", "a.epub", "--json"]);
    let findings = run.json()["findings"].as_array().unwrap().clone();
    let codes: Vec<_> = findings.iter().map(|finding| finding["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"RSC-004") && codes.iter().any(|code| code.starts_with("ESP-")), "{codes:?}");
    assert_ne!(run.code, 4, "only pack refuses");
}

/// A package document that is sound but for its version.
fn package(version: &str) -> String {
    format!(
        "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"{version}\" unique-identifier=\"id\">\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:identifier id=\"id\">x</dc:identifier>\
         <dc:title>T</dc:title><dc:language>en</dc:language>\
         <meta property=\"dcterms:modified\">2020-01-01T00:00:00Z</meta></metadata>\
         <manifest><item id=\"n\" href=\"n.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/></manifest>\
         <spine><itemref idref=\"n\"/></spine></package>"
    )
}

#[test]
fn a_document_is_checked_alone_by_its_name_or_by_its_mode() {
    let place = Place::new();
    place.write("package.opf", package("3.0").as_bytes());
    place.write("package.xml", package("3.0").as_bytes());
    place.write("broken.opf", package("3.0").replace("<dc:title>T</dc:title>", "").as_bytes());
    place.run(&["check", "package.opf"]).ends_with(0);
    place.run(&["check", "package.xml", "--mode", "opf"]).ends_with(0);
    place.run(&["check", "package.xml"]).ends_with(3);
    let run = place.run(&["check", "broken.opf"]).ends_with(1);
    assert!(run.results.contains("RSC-005"), "{run:?}");
    place.run(&["check", "package.opf", "--mode", "tale"]).ends_with(2);
}

#[test]
fn the_version_decides_by_whose_rules_a_document_is_judged() {
    let place = Place::new();
    let html = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>t</title></head>\
                <body><section><p>a</p></section></body></html>";
    place.write("chapter.xhtml", html.as_bytes());
    place.run(&["check", "chapter.xhtml"]).ends_with(0);
    let run = place.run(&["check", "chapter.xhtml", "--epub-version", "2.0.1"]).ends_with(1);
    assert!(run.results.contains("section"), "{run:?}");
    place.run(&["check", "chapter.xhtml", "--epub-version", "4"]).ends_with(2);
    let run = place.run(&["check", "chapter.xhtml", "--mode", "nav"]).ends_with(1);
    assert!(run.results.contains("toc"), "{run:?}");
}
