//! A wrong command line: exit code 2, a sentence, and nothing written.

use packer::metadata::Field;

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
    let others: [&[&str]; 3] = [&["check", "a.epub", "--epubcheck-profile", "novel"], &["keys", "list"], &["publish"]];
    for arguments in others {
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
fn the_help_names_every_field_that_can_be_set() {
    let place = Place::new();
    for command in ["pack", "name"] {
        let help = place.run(&[command, "--help"]).ends_with(0).results;
        let said = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let fields = Field::ALL.map(Field::word).join(", ");
        assert!(said.contains(&format!("FIELD is one of {fields}")), "{help}");
    }
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

#[test]
fn a_profile_of_ones_own_is_validated_and_followed() {
    let place = Place::new();
    place.write("a.epub", &epub("A"));
    let plain = place.run(&["profiles", "show", "plain"]).ends_with(0).results;
    place.write("own.toml", plain.replace("name = \"plain\"", "name = \"own\"").as_bytes());
    let run = place.run(&["profiles", "validate", "own.toml"]).ends_with(0);
    assert!(run.results.contains("`own`"), "{run:?}");
    let report = place.pack(&["a.epub", "--profile", "own.toml", "--json"]).ends_with(0).json();
    let manifest = std::fs::read_to_string(place.path().join(report["target"].as_str().unwrap()).join("manifest.json"));
    assert!(manifest.unwrap().contains("\"own\""));
    place.run(&["name", "a.epub", "--profile", "own.toml"]).ends_with(0);
    place.run(&["check", "a.epub", "--profile", "own.toml"]).ends_with(0);

    let broken = plain.replace("layout = \"plain\"", "layout = \"bag\"");
    let line = broken.lines().position(|line| line.starts_with("layout")).unwrap() + 1;
    place.write("broken.toml", broken.as_bytes());
    let run = place.run(&["profiles", "validate", "own.toml", "broken.toml"]).ends_with(1);
    assert!(run.messages.contains(&format!("broken.toml, line {line}, column")), "{run:?}");
    let run = place.pack(&["a.epub", "--profile", "broken.toml"]).ends_with(2);
    assert!(run.messages.contains(&format!("line {line}")), "{run:?}");
    place.run(&["profiles", "validate", "none.toml"]).ends_with(3);
}
