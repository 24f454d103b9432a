//! The tests in a browser: the real server, a real book, Debian's Chromium.

use std::path::PathBuf;

use crate::databases::Engine;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{run as run_program, run_and_keep};
use crate::services::Services;
use crate::{debian, setup, site};

/// What `command` needs beyond the build.
pub(crate) const PACKAGES: &[&str] =
    &["chromium-headless-shell", "fonts-dejavu-core", "fonts-noto-cjk", "unar", "unzip"];

/// Long enough at packing for a test to kill the server there.
const LARGE_BOOK_BYTES: &str = "360000000";
/// Long enough at reading for the same.
const LONG_BOOK_CHAPTERS: &str = "1500";
/// As many as one drop may bring.
const MANY_BOOKS: &str = "200";

/// `end-to-end [--release] [--cluster]`: builds, then runs the tests, on the embedded default or on MariaDB and Redis; what
/// is not ours goes to Playwright.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let (mut release, mut on_cluster, mut rest) = (false, false, arguments);
    while let Some((first, others)) = rest.split_first() {
        match first.as_str() {
            "--release" => release = true,
            "--cluster" => on_cluster = true,
            _ => break,
        }
        rest = others;
    }
    setup::for_building(place)?;
    debian::install(place, PACKAGES)?;
    site::build(place, release)?;
    if on_cluster {
        setup::for_services(place)?;
        let services = Services::start(place, &Engine::MariaDb)?;
        return run(place, release, Some(&services), rest).1;
    }
    run(place, release, None, rest).1
}

/// Runs the tests against what is built, and keeps Playwright's last words. With services every server of the tests
/// stands on them.
///
/// Not through `cargo leptos end-to-end`: that ends well when the build fails, and starts one server on a fixed port,
/// where these tests start their own on free ones.
pub(crate) fn run(
    place: &Place,
    release: bool,
    services: Option<&Services>,
    arguments: &[String],
) -> (Vec<String>, Outcome) {
    let server = place.server(release);
    if !server.is_file() {
        return (Vec::new(), Err(Failure::new(format!("there is no server at {}: build first", server.display()))));
    }
    let books = match types_and_books(place) {
        Ok(books) => books,
        Err(failure) => return (Vec::new(), Err(failure)),
    };
    let mut tests = place.program("playwright");
    tests.arg("test").args(arguments).current_dir(place.root.join("end2end"));
    // The project of the figures is there only for who asks for it.
    if arguments.iter().any(|argument| argument == "--project=figures") {
        tests.env("ESP_FIGURES", "1");
    }
    tests.env("ESP_SERVER", server).env("ESP_BOOKS", books).env("LEPTOS_SITE_ROOT", place.site());
    if let Some(services) = services {
        services.tell(tests.env("TEST_BACKING", "mysql"));
    }
    if let Some(corpus) = place.corpus() {
        tests.env("CORPUS_DIR", corpus);
    }
    run_and_keep(&mut tests, is_closing_line)
}

/// Checks the types of the tests and makes the books that they drop.
fn types_and_books(place: &Place) -> Outcome<PathBuf> {
    run_program(place.program("tsc").args(["--project", "end2end"]))?;
    let books = place.target.join("books");
    let make = |more: &[&str]| {
        let mut make = place.cargo();
        make.args(["run", "--quiet", "-p", "packer", "--features", "builder", "--example", "make_books", "--"]);
        run_program(make.arg(&books).args(more))
    };
    make(&[])?;
    make(&["--large", LARGE_BOOK_BYTES])?;
    make(&["--long", LONG_BOOK_CHAPTERS])?;
    make(&["--many", MANY_BOOKS])?;
    Ok(books)
}

/// `12 passed (30.1s)` and its sisters.
fn is_closing_line(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let count = words.next().is_some_and(|word| word.chars().all(|character| character.is_ascii_digit()));
    count && words.next().is_some_and(|word| matches!(word, "passed" | "failed" | "flaky" | "skipped" | "interrupted"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closing_lines_of_playwright_are_known() {
        assert!(is_closing_line("  12 passed (30.1s)\n"));
        assert!(is_closing_line("  1 failed"));
        assert!(!is_closing_line("  ✓  1 [chromium] › packs.spec.ts:3:1 › a book passed (1s)"));
        assert!(!is_closing_line("passed"));
    }
}
