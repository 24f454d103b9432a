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
