//! The list of what the product is built from, with licences: `docs/reference/third-party.md`.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use crate::commands::flags;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::read;
use crate::terminal::say;

pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [only_check] = flags(arguments, ["--check"])?;
    if only_check {
        return check(place);
    }
    let path = path(place);
    let list = list(place)?;
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
    }
    fs::write(&path, list).map_err(Failure::while_doing(path.display()))?;
    say(format_args!("Wrote {}.", path.display()));
    Ok(())
}

/// Fails when the list is not that of the lock file.
pub(crate) fn check(place: &Place) -> Outcome {
    if fs::read_to_string(path(place)).is_ok_and(|text| list(place).is_ok_and(|list| list == text)) {
        Ok(())
    } else {
        Err(Failure::new(
            "docs/reference/third-party.md is not that of Cargo.lock: `cargo xtask third-party` writes it",
        ))
    }
}

fn path(place: &Place) -> PathBuf {
    place.root.join("docs/reference/third-party.md")
}

fn list(place: &Place) -> Outcome<String> {
    let mut crates = BTreeSet::new();
    for (package, target) in [("server", "x86_64-unknown-linux-gnu"), ("frontend-wasm", "wasm32-unknown-unknown")] {
        let tree = read(place.cargo().args([
            "tree",
            "--locked",
            "--edges",
            "normal",
            "--prefix",
            "none",
            "--format",
            "{p}|{l}|{r}",
            "-p",
            package,
            "--target",
            target,
        ]))?;
        crates.extend(tree.lines().filter_map(row));
    }
    let mut text = String::from(
        "# What it is built from\n\nThe libraries inside the program and inside the pages it serves, each with its licence.\nWritten by `cargo xtask third-party` from `Cargo.lock`.\n\n| library | version | licence |\n| --- | --- | --- |\n",
    );
    for row in crates {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{row}");
    }
    Ok(text)
}

/// A line of `cargo tree` as a line of the table; our own crates are none.
fn row(line: &str) -> Option<String> {
    let mut parts = line.split('|');
    let package = parts.next()?;
    let licence = parts.next()?;
    let source = parts.next()?.trim_end_matches("(*)").trim();
    if package.contains("(/") {
        return None;
    }
    let mut words = package.split_whitespace();
    let name = words.next()?;
    let version = words.next()?.trim_start_matches('v');
    let name = if source.is_empty() { name.to_owned() } else { format!("[{name}]({source})") };
    Some(format!("| {name} | {version} | {licence} |"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_becomes_a_row_and_our_own_crates_do_not() {
        assert_eq!(
            row("bytes v1.10.0|MIT|https://example.org/bytes (*)").unwrap(),
            "| [bytes](https://example.org/bytes) | 1.10.0 | MIT |"
        );
        assert_eq!(
            row("serde_derive v1.0.0 (proc-macro)|MIT OR Apache-2.0|").unwrap(),
            "| serde_derive | 1.0.0 | MIT OR Apache-2.0 |"
        );
        assert_eq!(row("packer v0.1.0 (/somewhere/crates/packer)|MIT|"), None);
    }
}
