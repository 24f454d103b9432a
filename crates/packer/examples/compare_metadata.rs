//! Compares what a book says of itself, as we read it, with what calibre's `ebook-meta` reads.
//!
//! `compare_metadata BOOK…` prints a row of a Markdown table for each field that differs, and how many are equal.
//! Languages are equal when they are the same language; dates when they are the same day; texts without their blanks.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is its answer")]

use std::{
    collections::BTreeSet,
    env, fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use packer::{
    epub::{Demands, DocumentKind, Version},
    inspect::{inspect_document, inspect_metadata},
    language,
    limits::Limits,
    metadata::BookMetadata,
    watch::Unwatched,
};

type Failure = Box<dyn std::error::Error>;
/// What both are asked for.
const FIELDS: [&str; 9] =
    ["title", "creators", "publisher", "language", "date", "isbn", "subjects", "series", "description"];

fn main() -> ExitCode {
    let books: Vec<PathBuf> = env::args().skip(1).map(PathBuf::from).collect();
    println!("| book | field | here | ebook-meta |\n| --- | --- | --- | --- |");
    let (mut equal, mut all) = (0, 0);
    for book in &books {
        match compare(book) {
            Ok(count) => (equal, all) = (equal + count, all + FIELDS.len()),
            Err(error) => {
                eprintln!("{}: {error}", book.display());
                return ExitCode::FAILURE;
            }
        }
    }
    println!("\n{equal} of {all} fields of {} books are equal.", books.len());
    ExitCode::SUCCESS
}

/// Prints what differs; gives how many fields are equal.
fn compare(book: &Path) -> Result<usize, Failure> {
    let name = book.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let limits = Limits::default();
    let ours = inspect_metadata(&mut fs::File::open(book)?, &name, &limits, &Unwatched)?.metadata;
    let opf = env::temp_dir().join(format!("compare-metadata-{}.opf", std::process::id()));
    let mut ebook_meta = Command::new("ebook-meta");
    let status = ebook_meta.arg(book).arg(format!("--to-opf={}", opf.display())).stdout(Stdio::null()).status()?;
    if !status.success() {
        return Err(format!("ebook-meta ended with {status}").into());
    }
    let mut written = Cursor::new(fs::read(&opf)?);
    fs::remove_file(&opf)?;
    let demands = Demands { version: Version::Two, ..Demands::default() };
    let theirs = inspect_document(&mut written, "a.opf", DocumentKind::Package, demands, &limits, &Unwatched)?.metadata;
    let mut equal = 0;
    for field in FIELDS {
        let (here, there) = (value(&ours, field), value(&theirs, field));
        if here == there {
            equal += 1;
        } else {
            println!("| {name} | {field} | {} | {} |", shown(&here), shown(&there));
        }
    }
    Ok(equal)
}

fn value(book: &BookMetadata, field: &str) -> String {
    let text = |text: Option<&str>| text.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
    match field {
        "title" => text(book.title.as_ref().map(|title| title.value.as_str())),
        "creators" => {
            book.creators.iter().map(|creator| text(Some(&creator.name.value))).collect::<Vec<_>>().join("; ")
        }
        "publisher" => text(book.publisher.as_ref().map(|publisher| publisher.value.as_str())),
        "language" => {
            let tag = book.languages.first().map(String::as_str).unwrap_or_default();
            let tag = language::canonical(tag).unwrap_or_default();
            language::primary(&tag).to_owned()
        }
        "date" => book.date.as_deref().unwrap_or_default().chars().take(10).collect(),
        "isbn" => book.isbn.clone().unwrap_or_default(),
        "subjects" => book
            .subjects
            .iter()
            .map(|subject| text(Some(subject)))
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect::<Vec<_>>()
            .join("; "),
        "series" => book.series.as_ref().map(|(name, _)| text(Some(name))).unwrap_or_default(),
        _ => text(book.description.as_deref()),
    }
}

/// A cell of a table: short, and without what ends a cell.
fn shown(value: &str) -> String {
    let short: String = value.chars().take(60).collect();
    let more = if short.len() < value.len() { "…" } else { "" };
    if value.is_empty() { "—".to_owned() } else { format!("{}{more}", short.replace('|', "\\|")) }
}
