//! How the engines read the catalogue: never through all there is. What SQLite and MariaDB do is kept word for word.

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
    let format = "CASE WHEN n % 50 = 0 THEN 'mobi' WHEN n % 3 = 0 THEN 'pdf' ELSE 'epub' END";
    let language = one_in("is", "en", 400);
    let (kind, rights) = (one_in("newspaper", "book", 1_000), one_in("CC0-1.0", "public-domain", 200));
    world
        .execute(&format!(
            "INSERT INTO releases (id, book_id, group_id, profile, overrides, rights_basis, release_date, status, \
             revision, version, title, authors, language, format, kind, source, year, sort_title, sort_name, \
             created_by, created_at, updated_at) {NUMBERS} SELECT {id}, {id}, {group}, 'scene-ebook', '{{}}', \
             {rights}, '2024-05-06', {status}, 1, 1, 'Title ' || n, 'Ada Autor', {language}, {format}, {kind}, \
             'RETAiL', 1950 + n % 77, 'title ' || (n % 7000), 'name ' || (n % 9000), '{user}', n * 1000, n * 1000 \
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

/// What more than few fulfil, and less than many.
const SOME_OF_MANY: &str = "a format of which there are some, that a maker sees";

/// The releases of [`SOME_OF_MANY`], as [`fill`] makes them.
fn some_of_many() -> impl Iterator<Item = u32> {
    (0..10_000).filter(|n| n % 3 == 0 && n % 50 != 0)
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
        (SOME_OF_MANY, ReleaseFilter { format: Some(Format::Pdf), ..visible_to(user, vec![large]) }),
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
        ("a rare beginning", search("word777")),
        ("two words", search("word wor")),
        ("a word of a small group", ReleaseFilter { group: Some(small), ..search("word") }),
    ]
}

async fn the_catalogue_is_read_along_indexes(world: World) {
    let user = world.user("ada").await;
    let groups = [world.group("LARGE", user).await, world.group("SMALL", user).await];
    fill(&world, user, &groups).await;
    let filters = filters(user, groups);
    let some = filters.iter().find(|(name, _)| *name == SOME_OF_MANY).unwrap();
    pages_are_whole(&world, &some.1).await;
    // Each is asked of by its id: of how that is read only the rule is kept, and no words.
    let withdrawn = ReleaseFilter { withdrawn: true, ..ReleaseFilter::default() };
    let of_a_status = ReleaseFilter { status: vec![Status::Packed], ..withdrawn.clone() };
    let withdrawn = [("what is withdrawn", withdrawn), ("what is withdrawn of a status", of_a_status)];
    match world.store.engine() {
        Engine::Sqlite => {
            // What it does while nobody has counted for it.
            plans(&world, &filters).await;
            world.execute("ANALYZE").await;
            plans(&world, &withdrawn).await;
            insta::assert_snapshot!("sqlite", plans(&world, &filters).await);
        }
        Engine::MySql => {
            for table in TABLES {
                // Every page is looked at, not some by chance; and what was counted stays as it is.
                let options = "STATS_PERSISTENT = 1, STATS_AUTO_RECALC = 0, STATS_SAMPLE_PAGES = 65535";
                world.execute(&format!("ALTER TABLE {table} {options}")).await;
            }
            world.execute(&format!("ANALYZE TABLE {}", TABLES.join(", "))).await;
            plans(&world, &withdrawn).await;
            let plans = plans(&world, &filters).await;
            // Others choose otherwise between two good indexes: of them only the rule is kept, and no words.
            if world.texts("SELECT VERSION()").await[0].starts_with(SNAPSHOT_OF) {
                insta::assert_snapshot!("mariadb", plans);
            }
        }
    }
}

/// Page by page there is each release once, in its place: along the index of a filter, and along that of an order.
async fn pages_are_whole(world: &World, filter: &ReleaseFilter) {
    let id = |n: u32| format!("{n:0>26}").parse::<ReleaseId>().unwrap();
    for sort in [ReleaseSort::Updated, ReleaseSort::Title] {
        let mut expected: Vec<u32> = some_of_many().collect();
        if sort == ReleaseSort::Title {
            expected.sort_by_key(|n| (format!("title {}", n % 7_000), *n));
        }
        for descending in [false, true] {
            let (mut read, mut after) = (Vec::new(), None);
            loop {
                let page = world.store.releases().list(filter, sort, descending, after.as_ref(), 500).await.unwrap();
                read.extend(page.items.into_iter().map(|item| item.id));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            let mut expected: Vec<_> = expected.iter().copied().map(id).collect();
            if descending {
                expected.reverse();
            }
            assert_eq!(read, expected, "{sort}");
        }
    }
}

/// All that a list of releases is read from.
const TABLES: [&str; 6] = ["releases", "release_terms", "books", "users", "release_groups", "withdrawals"];

/// The version whose plans are kept: Debian's.
const SNAPSHOT_OF: &str = "10.11.";

/// Every plan, with what is read so.
async fn plans(world: &World, filters: &[(&str, ReleaseFilter)]) -> String {
    let mut kept = Kept { engine: world.store.engine(), plans: BTreeMap::new() };
    for (name, filter) in filters {
        let counting = world.store.releases().explain_count(filter).await.unwrap();
        kept.keep(&counting, format!("counting {name}"), counted_along(name, filter));
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
                    if *name == SOME_OF_MANY && sort == ReleaseSort::Updated && !many {
                        let own = |plan: &[String]| plan.iter().any(|step| step.contains("releases_format_updated"));
                        assert!(own(&up) && own(&down), "{name}: {up:#?} {down:#?}");
                    }
                    // The next page begins where the first one ended, not at the beginning.
                    let along = after.is_none().then(|| Along::of("r", index_of(sort)));
                    kept.keep(&down, format!("{page} page {however}by {sort}: {name}"), along);
                    assert_eq!(up.len(), down.len(), "{name}, {sort}: {up:#?} {down:#?}");
                    kept.assert_is_narrow(&up, name, along);
                }
            }
        }
    }
    kept.plans.into_iter().fold(String::new(), |mut text, (plan, mut questions)| {
        questions.dedup();
        let _ = writeln!(text, "{plan}\n    {}\n", questions.join("\n    "));
        text
    })
}

/// An index that is read from its beginning, as far as the limit of the statement.
#[derive(Clone, Copy)]
struct Along {
    table: &'static str,
    /// Any, when it is empty.
    index: &'static str,
    /// The table has nothing but what is asked for, and may be read without an index.
    holds_no_other: bool,
}

impl Along {
    fn of(table: &'static str, index: &'static str) -> Self {
        Self { table, index, holds_no_other: false }
    }
}

fn index_of(sort: ReleaseSort) -> &'static str {
    match sort {
        ReleaseSort::Updated => "releases_updated",
        ReleaseSort::Created => "releases_created",
        ReleaseSort::Title => "releases_sort_title",
        ReleaseSort::Name => "releases_sort_name",
    }
}

/// Where all there is counts, or nearly all.
fn counted_along(name: &str, filter: &ReleaseFilter) -> Option<Along> {
    // Whoever asks for what is withdrawn has a table of no others.
    if filter.withdrawn {
        return Some(Along { holds_no_other: true, ..Along::of("withdrawals", "") });
    }
    let table = match filter.search.as_deref() {
        None => (name == "everything").then_some("releases"),
        Some(search) => (search.ends_with("wor") || search.ends_with("word")).then_some("release_terms"),
    };
    table.map(|table| Along::of(table, ""))
}

/// Plans, each with what is read so.
struct Kept {
    engine: Engine,
    plans: BTreeMap<String, Vec<String>>,
}

impl Kept {
    fn keep(&mut self, plan: &[String], question: String, along: Option<Along>) {
        self.assert_is_narrow(plan, &question, along);
        self.plans.entry(plan.join("\n")).or_default().push(question);
    }

    /// No step goes through a table or an index from end to end, but along one as far as a limit, or sorts more than the few
    /// that were found and the lines of a page.
    fn assert_is_narrow(&self, plan: &[String], question: &str, along: Option<Along>) {
        let wide = plan.iter().find(|step| self.is_wide(step, along));
        assert!(wide.is_none(), "{question}: {wide:?} of {plan:#?}");
        let sorts = |step: &&String| match self.engine {
            Engine::Sqlite => step.contains("TEMP B-TREE") && step.contains("ORDER BY"),
            Engine::MySql => step.contains("filesort"),
        };
        let bounded = |step: &&String| match self.engine {
            Engine::Sqlite => ["SCAN few", "SCAN page"].contains(&step.as_str()),
            Engine::MySql => step.starts_with("<derived"),
        };
        let (sorts, bounded) = (plan.iter().filter(sorts).count(), plan.iter().filter(bounded).count());
        assert!(sorts <= bounded, "{question}: {plan:#?}");
    }

    fn is_wide(&self, step: &str, along: Option<Along>) -> bool {
        const BOUNDED: [&str; 4] = ["few", "page", "part", "some"];
        let words: Vec<&str> = step.split([' ', ';']).collect();
        let (table, is_indexed) = match (self.engine, words.as_slice()) {
            (Engine::Sqlite, ["SCAN", table, ..]) if !BOUNDED.contains(table) => (table, step.contains("INDEX")),
            // What is in angle brackets was put together before, each part with its limit.
            (Engine::MySql, [table, ..]) if table.starts_with('<') => return false,
            // Of what was not put together before all is sorted.
            (Engine::MySql, _) if step.contains("filesort") => return true,
            (Engine::MySql, [table, kind @ ("ALL" | "index"), ..]) => (table, *kind == "index"),
            _ => return false,
        };
        !along.is_some_and(|along| {
            (is_indexed || along.holds_no_other) && along.table == *table && step.contains(along.index)
        })
    }
}
