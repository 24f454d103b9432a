//! Compares what is wrong with a book, as it is found here, with what EPUBCheck finds.
//!
//! `compare_verdicts EPUBCHECK_JAR BOOK…` prints a row of a Markdown table for each book: whether each calls it valid, and
//! the ids of errors and warnings that both have and that only one of them has.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is its answer")]

use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use packer::{finding::Severity, inspect::inspect, limits::Limits, watch::Unwatched};

type Failure = Box<dyn std::error::Error>;

/// Errors and warnings: a letter of the severity, and the id.
type Found = BTreeSet<(char, String)>;

fn main() -> ExitCode {
    let arguments: Vec<PathBuf> = env::args().skip(1).map(PathBuf::from).collect();
    let Some((jar, books)) = arguments.split_first() else {
        eprintln!("compare_verdicts EPUBCHECK_JAR BOOK…");
        return ExitCode::FAILURE;
    };
    println!("| book | here | EPUBCheck | both | only here | only EPUBCheck |\n| --- | --- | --- | --- | --- | --- |");
    let (mut verdicts, mut exact) = (0, 0);
    for book in books {
        match compare(jar, book) {
            Ok((verdict, all)) => (verdicts, exact) = (verdicts + usize::from(verdict), exact + usize::from(all)),
            Err(error) => {
                eprintln!("{}: {error}", book.display());
                return ExitCode::FAILURE;
            }
        }
    }
    println!("\nOf {} books {verdicts} have the same verdict, and {exact} the same ids.", books.len());
    ExitCode::SUCCESS
}

/// Prints the row of a book; gives whether the verdict is the same, and whether all ids are.
fn compare(jar: &Path, book: &Path) -> Result<(bool, bool), Failure> {
    let name = book.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let here = here(book, &name)?;
    let there = there(jar, book)?;
    let ids = [listed(here.intersection(&there)), listed(here.difference(&there)), listed(there.difference(&here))];
    let row = [verdict(&here), verdict(&there), &ids[0], &ids[1], &ids[2]];
    println!("| {name} | {} |", row.join(" | "));
    Ok((is_valid(&here) == is_valid(&there), here == there))
}

fn here(book: &Path, name: &str) -> Result<Found, Failure> {
    let inspection = inspect(&mut fs::File::open(book)?, name, &Limits::default(), &Unwatched)?;
    let letter = |severity| match severity {
        Severity::Fatal => Some('F'),
        Severity::Error => Some('E'),
        Severity::Warning => Some('W'),
        Severity::Info | Severity::Usage => None,
    };
    let findings = inspection.findings.iter();
    Ok(findings.filter_map(|finding| Some((letter(finding.severity)?, finding.code.to_string()))).collect())
}

/// Reads lines such as `ERROR(RSC-005): book.epub/EPUB/a.xhtml(3,7): …`.
fn there(jar: &Path, book: &Path) -> Result<Found, Failure> {
    let output = Command::new("java").arg("-jar").arg(jar).arg(book).output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    if !said.contains("Validating") && !said.contains("EPUBCheck v") {
        return Err(format!("EPUBCheck did not run: {said}").into());
    }
    let mut found = Found::new();
    for line in said.lines() {
        for (word, letter) in [("FATAL(", 'F'), ("ERROR(", 'E'), ("WARNING(", 'W')] {
            if let Some((id, _)) = line.strip_prefix(word).and_then(|rest| rest.split_once(')')) {
                found.insert((letter, id.to_owned()));
            }
        }
    }
    Ok(found)
}

fn is_valid(found: &Found) -> bool {
    found.iter().all(|(letter, _)| *letter == 'W')
}

fn verdict(found: &Found) -> &'static str {
    match (is_valid(found), found.is_empty()) {
        (true, true) => "valid",
        (true, false) => "valid, with warnings",
        (false, _) => "not valid",
    }
}

fn listed<'a>(found: impl Iterator<Item = &'a (char, String)>) -> String {
    found.map(|(letter, id)| format!("{id} ({letter})")).collect::<Vec<_>>().join(", ")
}
