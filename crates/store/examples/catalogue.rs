//! How long the catalogue takes to answer one client: `catalogue URL [PART]`, on a database that `seed` has filled; of the
//! lists only those with PART in their name. Fails when an answer takes longer than it may, or an engine goes through a
//! whole table for it.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::{
    error::Error,
    time::{Duration, Instant},
};

use packer::{format::Format, kind::Kind};
use store::{
    GroupId, Store, Timestamp, UserId,
    releases::{ReleaseCursor, ReleaseFilter, ReleaseSort, Status, VisibleTo},
};

/// What 99 of 100 answers may take.
const LIMIT: Duration = Duration::from_millis(50);
/// Answers of each kind.
const ANSWERS: usize = 200;
/// Pages before the one far down.
const PAGES: u32 = 9_999;
/// Releases of a page.
const PAGE: u32 = 50;

/// 2024-01-01, as `seed` has it.
const BEGINNING: i64 = 1_704_067_200_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let url = std::env::args().nth(1).ok_or("catalogue URL")?;
    let part = std::env::args().nth(2).unwrap_or_default();
    let store = Store::open(&url.parse()?).await?;
    let mut slow = Vec::new();
    println!("{:<44} {:>9} {:>9} {:>9}", "what", "p50 ms", "p99 ms", "counting");
    for (name, filter, sort, after) in cases(&store).await? {
        if !name.contains(&part) {
            continue;
        }
        for many in [false, true] {
            let plan = store.releases().explain_list(&filter, sort, true, after.as_ref(), many).await?;
            if plan.iter().any(|step| goes_through_a_whole_table(step)) {
                println!("{name}: {plan:#?}");
                slow.push(format!("{name} goes through a whole table"));
            }
        }
        let (middle, most) =
            measure(async || store.releases().list(&filter, sort, true, after.as_ref(), PAGE).await.map(drop)).await?;
        let (_, counting) = measure(async || store.releases().count(&filter).await.map(drop)).await?;
        let shown = [middle, most, counting].map(|time| format!("{:.1}", time.as_secs_f64() * 1_000.0));
        println!("{name:<44} {:>9} {:>9} {:>9}", shown[0], shown[1], shown[2]);
        if most > LIMIT || counting > LIMIT {
            slow.push(name);
        }
    }
    if slow.is_empty() { Ok(()) } else { Err(format!("too slow: {}", slow.join(", ")).into()) }
}

/// The median, and what 99 of 100 take at most.
async fn measure(
    mut ask: impl AsyncFnMut() -> Result<(), store::StoreError>,
) -> Result<(Duration, Duration), store::StoreError> {
    let mut times = Vec::with_capacity(ANSWERS);
    for _ in 0..ANSWERS {
        let start = Instant::now();
        ask().await?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok((times[ANSWERS / 2], times[ANSWERS * 99 / 100]))
}

fn goes_through_a_whole_table(step: &str) -> bool {
    const BOUNDED: [&str; 3] = ["SCAN few", "SCAN page", "SCAN part"];
    let of_sqlite = step.starts_with("SCAN") && !step.contains("INDEX") && !BOUNDED.contains(&step);
    // What is in angle brackets was put together before, each part with its limit.
    let of_mysql = (step.contains(" ALL ") || step.contains("Using filesort")) && !step.starts_with('<');
    of_sqlite || of_mysql
}

type Case = (String, ReleaseFilter, ReleaseSort, Option<ReleaseCursor>);

async fn cases(store: &Store) -> Result<Vec<Case>, Box<dyn Error>> {
    let none = ReleaseFilter::default;
    let search = |text: &str| ReleaseFilter { search: Some(text.to_owned()), ..none() };
    let group = |number: u32| GroupId::new(Timestamp(BEGINNING), u128::from(number));
    let user = |number: u32| UserId::new(Timestamp(BEGINNING), u128::from(number));
    let visible_to = |user, groups| ReleaseFilter { visible_to: Some(VisibleTo { user, groups }), ..none() };
    let mut filters = vec![
        ("status packed", ReleaseFilter { status: vec![Status::Packed], ..none() }),
        ("status refused", ReleaseFilter { status: vec![Status::Refused], ..none() }),
        ("status draft or failed", ReleaseFilter { status: vec![Status::Draft, Status::Failed], ..none() }),
        ("a large group", ReleaseFilter { group: Some(group(0)), ..none() }),
        ("a small group", ReleaseFilter { group: Some(group(199)), ..none() }),
        ("format EPUB", ReleaseFilter { format: Some(Format::Epub), ..none() }),
        ("format MOBI", ReleaseFilter { format: Some(Format::Mobi), ..none() }),
        ("language English", ReleaseFilter { language: Some("en".to_owned()), ..none() }),
        ("language Icelandic", ReleaseFilter { language: Some("is".to_owned()), ..none() }),
        ("language of nobody", ReleaseFilter { language: Some("eo".to_owned()), ..none() }),
        ("a year", ReleaseFilter { year: Some(1999), ..none() }),
        ("kind book", ReleaseFilter { kind: Some(Kind::Book), ..none() }),
        ("kind newspaper", ReleaseFilter { kind: Some(Kind::Newspaper), ..none() }),
        ("rights public domain", ReleaseFilter { rights: Some("public-domain".to_owned()), ..none() }),
        ("rights CC0", ReleaseFilter { rights: Some("CC0-1.0".to_owned()), ..none() }),
        ("one's own", ReleaseFilter { created_by: Some(user(3)), ..none() }),
        ("what a maker sees", visible_to(user(3), vec![group(0), group(150)])),
        ("what somebody of a small group sees", visible_to(user(77), vec![group(199)])),
        (
            "CC0 that a maker sees",
            ReleaseFilter { rights: Some("CC0-1.0".to_owned()), ..visible_to(user(3), vec![group(0)]) },
        ),
        (
            "English books of a year",
            ReleaseFilter { language: Some("en".to_owned()), kind: Some(Kind::Book), year: Some(1999), ..none() },
        ),
        ("a frequent word", search("bade")),
        ("the beginning of many words", search("b")),
        ("a rare word", search("chastebri")),
        ("two words", search("bade dede")),
        ("a word that nobody has", search("xylophone")),
        ("a number", search("9780000000001")),
    ];
    filters.push(("everything", none()));
    let mut cases = Vec::new();
    for &sort in ReleaseSort::ALL {
        for (name, filter) in &filters {
            cases.push((format!("{name}, by {sort}"), filter.clone(), sort, None));
        }
        let far = far_down(store, sort).await?;
        cases.push((format!("everything after {PAGES} pages, by {sort}"), none(), sort, far));
    }
    Ok(cases)
}

/// Where the page before the ten-thousandth ends: read as a person would, page by page, from cursor to cursor.
async fn far_down(store: &Store, sort: ReleaseSort) -> Result<Option<ReleaseCursor>, Box<dyn Error>> {
    let filter = ReleaseFilter::default();
    let mut after = None;
    for page in 1..=PAGES {
        after = store.releases().list(&filter, sort, true, after.as_ref(), PAGE).await?.next;
        if after.is_none() {
            return Err(
                format!("the list by {sort} ends with page {page}, before the {PAGES} that are asked for").into()
            );
        }
    }
    Ok(after)
}
