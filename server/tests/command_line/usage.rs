//! A wrong command line: exit code 2, a sentence, and nothing written.

use crate::{binary::Place, sample_book::epub};

#[test]
fn a_wrong_option_of_pack_is_a_usage_error_and_nothing_is_written() {
    let place = Place::new();
    place.write("a.epub", &epub("A"));
    place.write("b.epub", &epub("B"));
    let good = ["--group", "GRP", "--rights", "CC0-1.0"];
    let wrong: [(&[&str], &str); 15] = [
        (&["a.epub", "--rights", "CC0-1.0"], "--group"),
        (&["a.epub", "--group", "GRP"], "--rights"),
        (&["--group", "GRP", "--rights", "CC0-1.0"], "FILE"),
        (&["a.epub", "--group", "G", "--rights", "CC0-1.0"], "group tag"),
        (&["a.epub", "--group", "GRP", "--rights", "mine"], "mine"),
        (&["a.epub", "--group", "GRP", "--rights", "permission"], "note"),
        (&["a.epub", "--group", "GRP", "--rights", "own-work", "--rights-note", " "], "note"),
        (&[good.as_slice(), &["a.epub", "b.epub", "--volume-id", "abc123"]].concat(), "--volume-id"),
        (&[good.as_slice(), &["a.epub", "--volume-id", "ABC"]].concat(), "--volume-id"),
        (&[good.as_slice(), &["a.epub", "--profile", "plain", "--volume-id", "abc123"]].concat(), "--volume-id"),
        (&[good.as_slice(), &["a.epub", "--profile", "none"]].concat(), "scene-ebook"),
        (&[good.as_slice(), &["a.epub", "--set", "colour=red"]].concat(), "colour"),
        (&[good.as_slice(), &["a.epub", "--set", "year=soon"]].concat(), "year"),
        (&[good.as_slice(), &["a.epub", "--date", "2026-02-30"]].concat(), "2026-02-30"),
        (&[good.as_slice(), &["a.epub", "--date", "1979-12-31"]].concat(), "1979-12-31"),
    ];
    for (arguments, word) in wrong {
        let run = place.run(&[&["pack"], arguments].concat()).ends_with(2);
        assert!(run.messages.contains(word), "{arguments:?}: {}", run.messages);
        assert_eq!(run.results, "", "{arguments:?}");
        assert_eq!(place.names(""), ["a.epub", "b.epub"], "{arguments:?}");
    }
}

#[test]
fn a_flag_that_is_not_built_yet_is_a_usage_error_and_never_ignored() {
    let place = Place::new();
    place.write("a.epub", &epub("A"));
    let pack = ["pack", "a.epub", "--group", "GRP", "--rights", "CC0-1.0", "--sign", "key"];
    let others: [&[&str]; 5] = [
        &["check", "a.epub", "--epubcheck-profile", "dict"],
        &["verify", "a.epub", "--key", "PUB"],
        &["profiles", "validate", "a.toml"],
        &["keys", "list"],
        &["publish"],
    ];
    for arguments in others.into_iter().chain([pack.as_slice()]) {
        place.run(arguments).ends_with(2);
    }
    assert_eq!(place.names(""), ["a.epub"]);
}

#[test]
fn help_and_version_are_results_and_good() {
    let place = Place::new();
    for arguments in [&["--help"][..], &["pack", "--help"], &["--version"]] {
        let run = place.run(arguments).ends_with(0);
        assert!(!run.results.is_empty() && run.messages.is_empty(), "{arguments:?}: {run:?}");
    }
    place.run(&[]).ends_with(2);
}

#[test]
fn profiles_are_listed_and_shown_as_they_can_be_read_again() {
    let place = Place::new();
    let listed = place.run(&["profiles"]).ends_with(0).results;
    assert_eq!(listed, place.run(&["profiles", "list"]).ends_with(0).results);
    for name in ["scene-ebook", "plain"] {
        assert!(listed.contains(name), "{listed}");
        let shown = place.run(&["profiles", "show", name]).ends_with(0).results;
        let read = packer::profile::Profile::parse(&shown, name).unwrap();
        assert_eq!(Some(&read), packer::profile::Profile::built_in(name));
    }
    let run = place.run(&["profiles", "show", "none"]).ends_with(2);
    assert!(run.messages.contains("scene-ebook, plain"), "{}", run.messages);
}
