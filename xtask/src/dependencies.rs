//! What we stand on: licences, sources, known faults, and what must not reach the browser.

use std::collections::BTreeSet;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run, succeeds};
use crate::terminal::warn;

/// The browser gets the interface and the names and types of the packer; nothing that serves, stores or reads books.
const NOT_IN_THE_BROWSER: &[&str] = &[
    "any_ascii",
    "axum",
    "cache",
    "flate2",
    "fred",
    "hyper",
    "leptos_axum",
    "mio",
    "minijinja",
    "opendal",
    "rawzip",
    "roxmltree",
    "server",
    "service",
    "sqlx",
    "store",
    "tokio",
    "tower-http",
    "zip",
];

pub(crate) fn licences_bans_sources(place: &Place) -> Outcome {
    run(place.program("cargo-deny").args(["--log-level", "warn", "check", "licenses", "bans", "sources"]))
}

/// Known faults of our dependencies. Their list is a git repository that not every network lets one read: then this
/// cannot be checked, and says so where nobody can overlook it.
pub(crate) fn advisories(place: &Place) -> Outcome {
    if succeeds(place.program("cargo-deny").args(["fetch", "db"])) {
        return run(place.program("cargo-deny").args([
            "--log-level",
            "warn",
            "check",
            "--disable-fetch",
            "advisories",
        ]));
    }
    warn(
        "NOT CHECKED: known faults of dependencies. The advisory database cannot be fetched from here;\n    run `cargo deny check advisories` where it can.",
    );
    Ok(())
}

pub(crate) fn browser_gate(place: &Place) -> Outcome {
    let tree = read(place.cargo().args([
        "tree",
        "--locked",
        "-p",
        "frontend-wasm",
        "--target",
        "wasm32-unknown-unknown",
        "--edges",
        "normal,no-proc-macro",
        "--prefix",
        "none",
    ]))?;
    let intruders = intruders(&tree);
    if intruders.is_empty() {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "the browser's half now pulls {}; `cargo tree -p frontend-wasm --target wasm32-unknown-unknown -i NAME` says why",
            intruders.into_iter().collect::<Vec<_>>().join(", ")
        )))
    }
}

fn intruders(tree: &str) -> BTreeSet<&str> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| NOT_IN_THE_BROWSER.contains(name) || name.starts_with("sqlx-"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crate_of_the_server_in_the_browser_is_found() {
        let tree = "frontend-wasm v0.1.0 (path)\napp v0.1.0\nserver_fn v0.8.0\nsqlx-core v0.9.0\ntokio v1.54.0 (*)\n";
        assert_eq!(intruders(tree).into_iter().collect::<Vec<_>>(), ["sqlx-core", "tokio"]);
    }
}
