//! How the engines read the catalogue: never through all there is. What SQLite does is kept word for word.

use std::{collections::BTreeMap, fmt::Write as _};

use packer::{format::Format, kind::Kind};
use store::{
    Engine, GroupId, ReleaseId, Timestamp, UserId,
    releases::{ReleaseCursor, ReleaseFilter, ReleaseSort, SortKey, Status, VisibleTo},
};

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    the_catalogue_is_read_along_indexes,
}

/// Ten thousand: an engine goes through a few rows whatever index there is.
const NUMBERS: &str = "WITH digits AS (SELECT 0 AS n UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 \
    UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9), \
    numbers AS (SELECT a.n + 10 * b.n + 100 * c.n + 1000 * d.n AS n FROM digits a, digits b, digits c, digits d)";

/// Releases of one user, most of them alike, as catalogues are; their words are `word` and a number.
async fn fill(world: &World, user: UserId, groups: &[GroupId; 2]) {
    let [large, small] = groups;
    let id = "SUBSTR('00000000000000000000000000' || n, -26)";
    for (columns, values) in [
        (
            "users (id, username, username_folded, display_name, password_hash, created_at, updated_at)",
            format!("{id}, 'user' || n, 'user' || n, 'User', 'none', 0, 0"),
        ),
        (
            "release_groups (id, tag, tag_folded, created_by, created_at)",
            format!("{id}, 'G' || n, 'g' || n, '{user}', 0"),
        ),
        (
            "books (id, sha256, crc32, size, file_name, created_by, created_at)",
            format!("{id}, {id}, '00000000', 1, 'book.epub', '{user}', 0"),
        ),
    ] {
        world.execute(&format!("INSERT INTO {columns} {NUMBERS} SELECT {values} FROM numbers")).await;
    }
    let one_in =
        |rare: &str, often: &str, part: u32| format!("CASE WHEN n % {part} = 0 THEN '{rare}' ELSE '{often}' END");
    let (group, status) = (one_in(&small.to_string(), &large.to_string(), 1_000), one_in("refused", "packed", 500));
    let (format, language) = (one_in("mobi", "epub", 50), one_in("is", "en", 400));
    let (kind, rights) = (one_in("newspaper", "book", 1_000), one_in("CC0-1.0", "public-domain", 200));
    world
        .execute(&format!(
            "INSERT INTO releases (id, book_id, group_id, profile, overrides, rights_basis, release_date, status, \
             revision, version, title, authors, language, format, kind, source, year, sort_title, sort_name, \
             created_by, created_at, updated_at) {NUMBERS} SELECT {id}, {id}, {group}, 'scene-ebook', '{{}}', \
             {rights}, '2024-05-06', {status}, 1, 1, 'Title ' || n, 'Ada Autor', {language}, {format}, {kind}, \
             'retail', 1950 + n % 77, 'title ' || (n % 7000), 'name ' || (n % 9000), '{user}', n * 1000, n * 1000 \
             FROM numbers"
        ))
        .await;
    let withdrawals = "withdrawals (release_id, reason, withdrawn_by, withdrawn_at)";
    world.execute(&format!("INSERT INTO {withdrawals} {NUMBERS} SELECT {id}, 'why', '{user}', 0 FROM numbers")).await;
    for word in ["'word'", "'word' || n"] {
        let terms = format!("INSERT INTO release_terms (term, release_id) {NUMBERS} SELECT {word}, {id} FROM numbers");
        world.execute(&terms).await;
    }
}

fn filters(user: UserId, [large, small]: [GroupId; 2]) -> Vec<(&'static str, ReleaseFilter)> {
    let none = ReleaseFilter::default;
    let search = |text: &str| ReleaseFilter { search: Some(text.to_owned()), ..none() };
    let visible_to = |user, groups| ReleaseFilter { visible_to: Some(VisibleTo { user, groups }), ..none() };
    let stranger = UserId::new(at(9), 9);
    vec![
        ("everything", none()),
        ("a status", ReleaseFilter { status: vec![Status::Packed], ..none() }),
        ("a rare status", ReleaseFilter { status: vec![Status::Refused], ..none() }),
        ("two statuses", ReleaseFilter { status: vec![Status::Packed, Status::Refused], ..none() }),
        ("a group", ReleaseFilter { group: Some(large), ..none() }),
        ("a small group", ReleaseFilter { group: Some(small), ..none() }),
        ("a format", ReleaseFilter { format: Some(Format::Epub), ..none() }),
        ("a rare format", ReleaseFilter { format: Some(Format::Mobi), ..none() }),
        ("a language", ReleaseFilter { language: Some("en".to_owned()), ..none() }),
        ("a rare language", ReleaseFilter { language: Some("is".to_owned()), ..none() }),
        ("a year", ReleaseFilter { year: Some(1999), ..none() }),
        ("a kind", ReleaseFilter { kind: Some(Kind::Book), ..none() }),
        ("a rare kind", ReleaseFilter { kind: Some(Kind::Newspaper), ..none() }),
        ("a right", ReleaseFilter { rights: Some("public-domain".to_owned()), ..none() }),
        ("a rare right", ReleaseFilter { rights: Some("CC0-1.0".to_owned()), ..none() }),
        ("one's own", ReleaseFilter { created_by: Some(user), ..none() }),
        (
            "some by their ids",
            ReleaseFilter { ids: vec![ReleaseId::new(at(1), 1), ReleaseId::new(at(9), 9)], ..none() },
        ),
        (
            "language, kind and year",
            ReleaseFilter { language: Some("en".to_owned()), kind: Some(Kind::Book), year: Some(1999), ..none() },
        ),
        ("what a maker sees", visible_to(user, vec![large])),
        ("what somebody without a group sees", visible_to(user, vec![])),
        ("what somebody else of two groups sees", visible_to(stranger, vec![large, small])),
        ("a frequent word", search("word")),
        ("a rare word", search("word77 word")),
        ("two words", search("word wor")),
        ("a word of a small group", ReleaseFilter { group: Some(small), ..search("word") }),
    ]
}

async fn the_catalogue_is_read_along_indexes(world: World) {
    let user = world.user("ada").await;
    let groups = [world.group("LARGE", user).await, world.group("SMALL", user).await];
    fill(&world, user, &groups).await;
    let filters = filters(user, groups);
    match world.store.engine() {
        Engine::Sqlite => {
            // What it does while nobody has counted for it.
            plans(&world, &filters).await;
            world.execute("ANALYZE").await;
            insta::assert_snapshot!("sqlite", plans(&world, &filters).await);
        }
        Engine::MySql => {
            // Every page is looked at, not some by chance.
            for table in ["releases", "release_terms", "books", "withdrawals"] {
                world.execute(&format!("ALTER TABLE {table} STATS_SAMPLE_PAGES = 65535")).await;
            }
            world.execute("ANALYZE TABLE releases, release_terms, books, users, release_groups, withdrawals").await;
            // Between two good indexes it chooses anew each time, so that only the rule is kept, and no words.
            plans(&world, &filters).await;
        }
    }
}

/// Every plan, with what is read so.
async fn plans(world: &World, filters: &[(&str, ReleaseFilter)]) -> String {
    let mut plans: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, filter) in filters {
        let counting = world.store.releases().explain_count(filter).await.unwrap();
        keep(&mut plans, &counting, format!("counting {name}"));
        for &sort in ReleaseSort::ALL {
            let key = match sort {
                ReleaseSort::Updated | ReleaseSort::Created => SortKey::Time(Timestamp(5_000_000)),
                ReleaseSort::Title | ReleaseSort::Name => SortKey::Text("title 5000".to_owned()),
            };
            let cursor = ReleaseCursor { key, id: ReleaseId::new(at(0), 5_000) };
            for (page, after) in [("first", None), ("next", Some(&cursor))] {
                for many in [false, true] {
                    let explain =
                        |descending| world.store.releases().explain_list(filter, sort, descending, after, many);
                    let (up, down) = (explain(false).await.unwrap(), explain(true).await.unwrap());
                    let however = if many { "of many " } else { "" };
                    keep(&mut plans, &down, format!("{page} page {however}by {sort}: {name}"));
                    assert_eq!(up.len(), down.len(), "{name}, {sort}: {up:#?} {down:#?}");
                    assert_is_narrow(&up, name);
                }
            }
        }
    }
    plans.into_iter().fold(String::new(), |mut text, (plan, mut questions)| {
        questions.dedup();
        let _ = writeln!(text, "{plan}\n    {}\n", questions.join("\n    "));
        text
    })
}

fn keep(plans: &mut BTreeMap<String, Vec<String>>, plan: &[String], question: String) {
    assert_is_narrow(plan, &question);
    plans.entry(plan.join("\n")).or_default().push(question);
}

/// No step goes through a table from end to end, or sorts more than the few that were found and the lines of a page.
fn assert_is_narrow(plan: &[String], question: &str) {
    const BOUNDED: [&str; 4] = ["SCAN few", "SCAN page", "SCAN part", "SCAN some"];
    for step in plan {
        let of_sqlite = step.starts_with("SCAN") && !step.contains("INDEX") && !BOUNDED.contains(&step.as_str());
        // What is in angle brackets was put together before, each part with its limit.
        let of_mysql = (step.contains(" ALL ") || step.contains("Using filesort")) && !step.starts_with('<');
        assert!(!of_sqlite && !of_mysql, "{question}: {plan:#?}");
    }
    let sorts = plan.iter().filter(|step| step.contains("TEMP B-TREE") && step.contains("ORDER BY")).count();
    let bounded = plan.iter().filter(|step| ["SCAN few", "SCAN page"].contains(&step.as_str())).count();
    assert!(sorts <= bounded, "{question}: {plan:#?}");
}
