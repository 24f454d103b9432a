//! The style: raw values in one file only, colours that can be read, and one file for each part.

#![expect(clippy::unwrap_used, reason = "a file that cannot be read fails the test")]

use std::{collections::BTreeMap, fs, path::PathBuf};

/// Values that a query of the medium or of a container must spell out, because it cannot read a custom property.
const BREAKS: [&str; 5] = ["38rem", "48rem", "56rem", "64rem", "75rem"];
const UNITS: [&str; 9] = ["px", "rem", "em", "ms", "s", "ch", "vh", "vw", "deg"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../style")
}

fn files() -> Vec<(String, String)> {
    let mut files: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "css"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// The text without its comments.
fn bare(css: &str) -> String {
    let mut bare = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    bare + rest
}

/// Numbers with a unit, and colours in hexadecimal.
fn raw_values(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in line.split(|character: char| !(character.is_ascii_alphanumeric() || "#.%-_".contains(character))) {
        let number = word.trim_start_matches('-');
        let digits = number.trim_end_matches(|character: char| character.is_ascii_alphabetic() || character == '%');
        let unit = &number[digits.len()..];
        let is_number =
            !digits.is_empty() && digits.chars().all(|character| character.is_ascii_digit() || character == '.');
        if is_number && UNITS.contains(&unit) {
            found.push(word.to_owned());
        }
        if word.starts_with('#') && word.len() > 3 && word[1..].chars().all(|character| character.is_ascii_hexdigit()) {
            found.push(word.to_owned());
        }
    }
    found
}

#[test]
fn only_tokens_hold_raw_values() {
    for (name, css) in files() {
        if name == "tokens.css" {
            continue;
        }
        for line in bare(&css).lines() {
            let found = raw_values(line);
            if line.trim_start().starts_with("@media") || line.trim_start().starts_with("@container") {
                assert!(found.iter().all(|value| BREAKS.contains(&value.as_str())), "{name}: {line}");
            } else {
                assert!(found.is_empty(), "{name}: {line}: {found:?}");
            }
        }
    }
}

#[test]
fn every_value_that_is_used_is_a_token_and_every_token_is_used() {
    let files = files();
    let tokens = bare(&files.iter().find(|(name, _)| name == "tokens.css").unwrap().1);
    let declared: Vec<&str> = tokens
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.split_once(':').map(|(name, _)| name))
        .collect();
    let all: String = files.iter().map(|(_, css)| bare(css)).collect();
    for used in all.split("var(--").skip(1) {
        let name = used.split([')', ',']).next().unwrap().trim();
        assert!(declared.contains(&name), "{name} is no token");
    }
    for name in declared {
        assert!(all.contains(&format!("var(--{name})")), "{name} is used nowhere");
    }
}

#[test]
fn every_file_is_imported_once() {
    let files = files();
    let main = &files.iter().find(|(name, _)| name == "main.css").unwrap().1;
    for (name, _) in files.iter().filter(|(name, _)| name != "main.css") {
        assert_eq!(main.matches(&format!("@import \"{name}\";")).count(), 1, "{name}");
    }
}

/// Both sides of every `light-dark()` colour.
fn colours() -> BTreeMap<String, [[f64; 3]; 2]> {
    let tokens = bare(&fs::read_to_string(folder().join("tokens.css")).unwrap());
    tokens
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
            let (light, dark) = value.trim_end_matches(");").split_once(", ")?;
            Some((name.to_owned(), [colour(light)?, colour(dark)?]))
        })
        .collect()
}

/// An opaque colour; one with transparency is a line or a shadow, never a text.
fn colour(text: &str) -> Option<[f64; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok().map(|value| f64::from(value) / 255.0);
    Some([part(0)?, part(2)?, part(4)?])
}

/// Contrast as WCAG 2.2 defines it.
fn contrast(left: [f64; 3], right: [f64; 3]) -> f64 {
    let luminance = |colour: [f64; 3]| {
        let [red, green, blue] =
            colour.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    };
    let (left, right) = (luminance(left), luminance(right));
    (left.max(right) + 0.05) / (left.min(right) + 0.05)
}

#[test]
fn every_text_can_be_read_on_every_surface_it_stands_on() {
    let colours = colours();
    let surfaces = ["paper", "sheet", "well", "hover"];
    let inks = ["ink", "ink-soft", "accent", "accent-strong", "good", "notice", "wrong", "refused"];
    let mut pairs: Vec<(&str, &str, f64)> =
        surfaces.iter().flat_map(|surface| inks.iter().map(move |ink| (*ink, *surface, 4.5))).collect();
    for state in ["good", "notice", "wrong", "refused", "accent"] {
        let wash: &'static str = match state {
            "good" => "good-wash",
            "notice" => "notice-wash",
            "wrong" => "wrong-wash",
            "refused" => "refused-wash",
            _ => "accent-wash",
        };
        pairs.extend([(state, wash, 4.5), ("ink", wash, 4.5)]);
    }
    pairs.extend([("on-accent", "accent", 4.5), ("on-accent", "accent-strong", 4.5)]);
    // The edge of a field says where it is: 3:1.
    pairs.extend([("rule-strong", "paper", 3.0), ("rule-strong", "sheet", 3.0)]);
    for (ink, surface, least) in pairs {
        for (theme, (ink_colour, surface_colour)) in colours[ink].into_iter().zip(colours[surface]).enumerate() {
            let found = contrast(ink_colour, surface_colour);
            assert!(found >= least, "{ink} on {surface}, theme {theme}: {found:.2}");
        }
    }
}

#[test]
fn the_measure_of_contrast_is_the_known_one() {
    assert!((contrast([0.0; 3], [1.0; 3]) - 21.0).abs() < 1e-9);
    assert!((contrast(colour("#767676").unwrap(), [1.0; 3]) - 4.54).abs() < 0.01);
}
