//! Fills an empty database with a catalogue that looks like one: `seed URL RELEASES`. Titles are of invented words, a few
//! of them in every tenth title and most of them rare, as in a language.
//!
//! It writes past the store's functions, many rows a statement, the terms last and in the order of their index, and makes
//! the other indexes when all rows are there: a million releases are a matter of minutes. `unlogged` keeps them from the
//! replicas and spares the server a copy of every row.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

mod writer;

use std::{collections::HashMap, error::Error, fmt::Write as _, time::Instant};

use packer::metadata::{BookMetadata, Contributor, Text};
use store::{BookId, DatabaseLocation, GroupId, ReleaseId, Store, Timestamp, UserId, terms::terms};

use crate::writer::{Table, Writer};

/// Different words.
const WORDS: u64 = 60_000;
/// Different authors.
const AUTHORS: u64 = 80_000;
/// Groups.
const GROUPS: u64 = 200;
/// 2024-01-01; one release comes every minute.
const BEGINNING: i64 = 1_704_067_200_000;

const SYLLABLES: [&str; 24] = [
    "ba", "de", "fi", "go", "hu", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "va", "we", "yi", "zo", "cha",
    "ste", "bri", "qua", "dro", "ple",
];

/// A source of numbers that gives the same ones every time (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Small numbers often, large ones rarely: the n-th word about as often as 1/n, as Zipf found.
    fn rank_below(&mut self, end: u64) -> u64 {
        let bits = u64::BITS - end.leading_zeros();
        let scale = self.below(u64::from(bits));
        self.below(1 << (scale + 1)).min(end - 1)
    }

    fn one_of<'a>(&mut self, choices: &[(&'a str, u64)]) -> &'a str {
        let total = choices.iter().map(|(_, weight)| weight).sum();
        let mut at = self.below(total);
        for (choice, weight) in choices {
            match at.checked_sub(*weight) {
                Some(rest) => at = rest,
                None => return choice,
            }
        }
        choices[0].0
    }
}

fn word(mut number: u64) -> String {
    let mut word = String::new();
    number += 24;
    while number > 0 {
        word.push_str(SYLLABLES[usize::try_from(number % 24).unwrap_or_default()]);
        number /= 24;
    }
    word
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (url, count, is_logged) = match arguments.as_slice() {
        [url, count] => (url, count, true),
        [url, count, unlogged] if unlogged == "unlogged" => (url, count, false),
        _ => return Err("seed URL RELEASES [unlogged]".into()),
    };
    let (location, count): (DatabaseLocation, u32) = (url.parse()?, count.parse()?);
    let start = Instant::now();
    let store = Store::open(&location).await?;
    store.migrate().await?;
    if store.releases().count(&store::releases::ReleaseFilter::default()).await? != Some(0) {
        return Err("there is a catalogue already".into());
    }
    store.close().await;
    let mut writer = Writer::open(&location).await?;
    if !is_logged && matches!(writer, Writer::MySql(_)) {
        writer.run("SET SESSION sql_log_bin = 0").await?;
    }
    let indexes = writer.take_indexes().await?;
    writer.run("BEGIN").await?;
    people(&mut writer).await?;
    let found_by = releases(&mut writer, count).await?;
    println!("{count} releases after {} s", start.elapsed().as_secs());
    write_terms(&mut writer, found_by).await?;
    writer.run("COMMIT").await?;
    println!("all rows after {} s", start.elapsed().as_secs());
    for index in &indexes {
        writer.run(index).await?;
    }
    let analyse = match &writer {
        Writer::Sqlite(_) => "ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)",
        Writer::MySql(_) => "ANALYZE TABLE releases, release_terms, books",
    };
    writer.run(analyse).await?;
    println!("done after {} s", start.elapsed().as_secs());
    Ok(())
}

fn user(number: u64) -> UserId {
    UserId::new(Timestamp(BEGINNING), u128::from(number))
}

fn group(number: u64) -> GroupId {
    GroupId::new(Timestamp(BEGINNING), u128::from(number))
}

async fn people(writer: &mut Writer) -> Result<(), sqlx::Error> {
    for number in 0..10 {
        let id = user(number);
        writer
            .run(&format!(
                "INSERT INTO users (id, username, username_folded, display_name, password_hash, created_at, updated_at) \
                 VALUES ('{id}', 'editor{number}', 'editor{number}', 'Editor {number}', 'none', {BEGINNING}, {BEGINNING})"
            ))
            .await?;
    }
    for number in 0..GROUPS {
        let (id, by) = (group(number), user(0));
        writer
            .run(&format!(
                "INSERT INTO release_groups (id, tag, tag_folded, created_by, created_at) \
                 VALUES ('{id}', 'GRP{number}', 'grp{number}', '{by}', {BEGINNING})"
            ))
            .await?;
    }
    Ok(())
}

/// What terms find which releases.
struct FoundBy {
    terms: Vec<String>,
    pairs: Vec<(u32, u32)>,
}

fn release(number: u32) -> ReleaseId {
    ReleaseId::new(Timestamp(BEGINNING + i64::from(number) * 60_000), u128::from(number))
}

/// What the book says of itself, as an inspection leaves it.
fn metadata(title: &str, author: &str, language: &str) -> Result<String, Box<dyn Error>> {
    let text = |value: &str| Text { value: value.to_owned(), ..Text::default() };
    let metadata = BookMetadata {
        title: Some(text(title)),
        creators: vec![Contributor { name: text(author), ..Contributor::default() }],
        languages: vec![language.to_owned()],
        ..BookMetadata::default()
    };
    Ok(serde_json::to_string(&metadata)?)
}

async fn releases(writer: &mut Writer, count: u32) -> Result<FoundBy, Box<dyn Error>> {
    let mut books = Table::new(
        "books (id, sha256, crc32, size, file_name, format, metadata, chapters, protection, inspector_version, \
         created_by, created_at)",
    );
    let mut rows = Table::new(
        "releases (id, book_id, group_id, profile, overrides, rights_basis, release_date, status, revision, version, \
         name, claimed_name_folded, title, authors, language, format, kind, source, year, isbn, sort_title, sort_name, \
         created_by, created_at, updated_at)",
    );
    let (mut numbers, mut known) = (Numbers(1), HashMap::new());
    let mut found_by = FoundBy { terms: Vec::new(), pairs: Vec::new() };
    for number in 0..count {
        let words = 2 + numbers.below(4);
        let title: Vec<String> = (0..words).map(|_| capital(&word(numbers.rank_below(WORDS)))).collect();
        let title = title.join(" ");
        let author = numbers.rank_below(AUTHORS);
        let author = format!("{} {}", capital(&word(author / 7)), capital(&word(author + 5_000)));
        let language = numbers.one_of(&[("en", 600), ("fr", 200), ("de", 100), ("es", 60), ("ja", 30), ("is", 1)]);
        let format = numbers.one_of(&[("epub", 700), ("pdf", 200), ("cbz", 50), ("kf8", 30), ("mobi", 20)]);
        let kind =
            numbers.one_of(&[("book", 850), ("textbook", 60), ("magazine", 50), ("comic", 30), ("newspaper", 1)]);
        let rights = numbers.one_of(&[("public-domain", 400), ("CC-BY-4.0", 300), ("own-work", 200), ("CC0-1.0", 5)]);
        let status = numbers.one_of(&[("packed", 950), ("draft", 30), ("failed", 5), ("refused", 1)]);
        let (year, isbn) = (1950 + numbers.below(77), format!("978{:010}", numbers.below(10_000_000_000)));
        let (group, by) = (group(numbers.rank_below(GROUPS)), user(numbers.below(10)));
        let (id, at) = (release(number), BEGINNING + i64::from(number) * 60_000);
        let book = BookId::new(Timestamp(at), u128::from(number));
        let name = format!("{}.{number}.{year}-GRP", format!("{author} {title}").replace(' ', "."));
        let (sort_title, sort_name) = (title.to_lowercase(), name.to_lowercase());
        let metadata = metadata(&title, &author, language)?;
        books
            .add(
                writer,
                &format!(
                    "('{book}', '{number:064x}', '00000000', 1000, 'book.{format}', '{format}', '{metadata}', '[]', \
                     '\"none\"', 'seed', '{by}', {at})"
                ),
            )
            .await?;
        rows.add(
            writer,
            &format!(
                "('{id}', '{book}', '{group}', 'scene-ebook', '{{}}', '{rights}', '2024-01-01', '{status}', 1, 1, \
                 '{name}', '{sort_name}', '{title}', '{author}', '{language}', '{format}', '{kind}', 'RETAiL', {year}, \
                 '{isbn}', '{sort_title}', '{sort_name}', '{by}', {at}, {at})"
            ),
        )
        .await?;
        let mut text = title;
        let _ = write!(text, " {author} {isbn} {name}");
        let mut of_release: Vec<u32> = terms(&text)
            .map(|term| {
                let next = u32::try_from(found_by.terms.len()).unwrap_or(u32::MAX);
                *known.entry(term).or_insert_with_key(|term| {
                    found_by.terms.push(term.clone());
                    next
                })
            })
            .collect();
        of_release.sort_unstable();
        of_release.dedup();
        found_by.pairs.extend(of_release.into_iter().map(|term| (term, number)));
    }
    books.flush(writer).await?;
    rows.flush(writer).await?;
    Ok(found_by)
}

async fn write_terms(writer: &mut Writer, mut found_by: FoundBy) -> Result<(), sqlx::Error> {
    let mut order: Vec<u32> = (0..u32::try_from(found_by.terms.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by(|one, other| found_by.terms[*one as usize].cmp(&found_by.terms[*other as usize]));
    let mut place = vec![0_u32; order.len()];
    for (position, term) in (0..).zip(&order) {
        place[*term as usize] = position;
    }
    found_by.pairs.sort_unstable_by_key(|(term, number)| (place[*term as usize], *number));
    let mut table = Table::new("release_terms (term, release_id)");
    for (term, number) in &found_by.pairs {
        table.add(writer, &format!("('{}', '{}')", found_by.terms[*term as usize], release(*number))).await?;
    }
    println!("{} terms, {} pairs", found_by.terms.len(), found_by.pairs.len());
    table.flush(writer).await
}
