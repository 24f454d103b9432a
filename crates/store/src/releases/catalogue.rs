//! The list of releases: filtered, searched, sorted, and read page by page from where the last one ended.

use packer::{format::Format, group::GroupTag, kind::Kind};
use serde::Serialize;

use super::{
    Listing, Releases, Status,
    cursor::{ReleaseCursor, SortKey},
    route::{self, Route, Test},
    visibility::VisibleTo,
};
use crate::{
    BookId, GroupId, ReleaseId, StoreError, Timestamp, UserId,
    books::FindingCounts,
    cell::Value,
    connection::{Reads, list, number},
    fold::clip,
    placeholders::placeholders,
    row::{CellError, Record, Row},
    statement::{Statement, composed},
    terms::{TERM_CHARACTERS, WORDS_OF_A_SEARCH, terms},
    word::words,
};

words! {
    /// What the list is sorted by. Equal ones follow each other by their ids, so that every page has its place.
    ReleaseSort, "sort order" {
        /// The last change.
        Updated = "updated",
        /// When it was made.
        Created = "created",
        /// The title, in the form to sort by.
        Title = "title",
        /// The release name; those without come first.
        Name = "name",
    }
}

impl ReleaseSort {
    fn column(self) -> &'static str {
        match self {
            Self::Updated => "r.updated_at",
            Self::Created => "r.created_at",
            Self::Title => "r.sort_title",
            Self::Name => "r.sort_name",
        }
    }
}

/// So many releases are counted, and of more it is only said that there are more: counting costs some 5 µs each, and
/// nobody goes through so many pages.
pub const COUNTED: u64 = 5_000;

/// Which releases the list has. The empty filter has them all.
#[derive(Debug, Clone, Default)]
pub struct ReleaseFilter {
    /// Only these; empty means any at all.
    pub ids: Vec<ReleaseId>,
    /// Words of title, authors, ISBN or name; all must be there, the last one may be a beginning. Without any letter or
    /// digit it filters nothing. Words beyond [`WORDS_OF_A_SEARCH`] do not count.
    pub search: Option<String>,
    /// Any of these; empty means any at all.
    pub status: Vec<Status>,
    /// Published by this group.
    pub group: Option<GroupId>,
    /// Of this format.
    pub format: Option<Format>,
    /// With this BCP 47 tag, exactly.
    pub language: Option<String>,
    /// Of this year.
    pub year: Option<u16>,
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With this rights basis: its word, or an SPDX id.
    pub rights: Option<String>,
    /// Made by this user.
    pub created_by: Option<UserId>,
    /// Only those that are withdrawn.
    pub withdrawn: bool,
    /// Only what somebody sees; absent means everything.
    pub visible_to: Option<VisibleTo>,
}

/// One line of the list: the release with what it shows of its book and its group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseSummary {
    /// Which.
    pub id: ReleaseId,
    /// Of which book.
    pub book_id: BookId,
    /// The name its book came with.
    pub file_name: String,
    /// The bytes of its book.
    pub book_size: u64,
    /// True when its book has a cover.
    pub has_cover: bool,
    /// How many findings its book has, before a profile has had its say.
    pub findings: FindingCounts,
    /// Who publishes it.
    pub group_id: Option<GroupId>,
    /// The group's tag.
    pub group_tag: Option<GroupTag>,
    /// The profile's name.
    pub profile: String,
    /// The word of its rights basis.
    pub rights_basis: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Why it was refused or failed: a code.
    pub refusal: Option<String>,
    /// The revision, counted from 1.
    pub revision: u32,
    /// Raised by each change.
    pub version: i64,
    /// Its name, from an accepted pack on.
    pub name: Option<String>,
    /// Title, authors and the rest.
    pub listing: Listing,
    /// Who made it.
    pub created_by: UserId,
    /// Their name for others to see.
    pub created_by_name: String,
    /// When.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When its package was made.
    pub packed_at: Option<Timestamp>,
    /// When it was withdrawn, where it is.
    pub withdrawn_at: Option<Timestamp>,
    sort_name: String,
}

impl ReleaseSummary {
    fn cursor(&self, sort: ReleaseSort) -> ReleaseCursor {
        let key = match sort {
            ReleaseSort::Updated => SortKey::Time(self.updated_at),
            ReleaseSort::Created => SortKey::Time(self.created_at),
            ReleaseSort::Title => SortKey::Text(self.listing.sort_title.clone()),
            ReleaseSort::Name => SortKey::Text(self.sort_name.clone()),
        };
        ReleaseCursor { key, id: self.id }
    }
}

impl Record for ReleaseSummary {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            book_id: row.get("book_id")?,
            file_name: row.get("file_name")?,
            book_size: row.get("book_size")?,
            has_cover: row.optional::<String>("cover_sha256")?.is_some(),
            findings: FindingCounts::new(),
            group_id: row.optional("group_id")?,
            group_tag: row.optional("group_tag")?,
            profile: row.get("profile")?,
            rights_basis: row.optional("rights_basis")?,
            status: row.get("status")?,
            refusal: row.optional("refusal")?,
            revision: row.get("revision")?,
            version: row.get("version")?,
            name: row.optional("name")?,
            listing: Listing::read(row)?,
            created_by: row.get("created_by")?,
            created_by_name: row.get("created_by_name")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            packed_at: row.optional("packed_at")?,
            withdrawn_at: row.optional("withdrawn_at")?,
            sort_name: row.get("sort_name")?,
        })
    }
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleasePage {
    /// In the order that was asked for.
    pub items: Vec<ReleaseSummary>,
    /// Where the next page begins; absent on the last one.
    pub next: Option<ReleaseCursor>,
}

impl<C: Reads> Releases<C> {
    /// A page of at most `limit` releases, from where the last one ended. A cursor of another order begins anew: see
    /// [`ReleaseCursor::fits`]. Two statements, whatever the limit, and two at most for each thing that is filtered by.
    pub async fn list(
        mut self,
        filter: &ReleaseFilter,
        sort: ReleaseSort,
        descending: bool,
        after: Option<&ReleaseCursor>,
        limit: u32,
    ) -> Result<ReleasePage, StoreError> {
        let tests = tests(filter);
        let route = route::choose(&mut self.0, &tests, sort == ReleaseSort::Updated).await?;
        let page = read_page(&mut self.0, &tests, route, (sort, descending), after, limit).await?;
        self.with_findings(page).await
    }

    /// The first page with how many releases there are, as [`list`](Self::list) and [`count`](Self::count) say them: how
    /// to read is decided once for both.
    pub async fn first_page(
        mut self,
        filter: &ReleaseFilter,
        sort: ReleaseSort,
        descending: bool,
        limit: u32,
    ) -> Result<(ReleasePage, Option<u64>), StoreError> {
        let tests = tests(filter);
        let route = route::choose(&mut self.0, &tests, sort == ReleaseSort::Updated).await?;
        let page = read_page(&mut self.0, &tests, route, (sort, descending), None, limit).await?;
        // Who sees all that there are sees how many.
        let total = match &page.next {
            None => u64::try_from(page.items.len()).ok(),
            Some(_) => count_by(&mut self.0, &tests, route).await?,
        };
        Ok((self.with_findings(page).await?, total))
    }

    /// How many releases a filter has, counted up to [`COUNTED`]: a number above it says that there are more. Nothing
    /// where many fulfil each part of the filter and nobody can say quickly how many fulfil all.
    pub async fn count(mut self, filter: &ReleaseFilter) -> Result<Option<u64>, StoreError> {
        let tests = tests(filter);
        // Of several that many fulfil none is counted, whatever their order.
        let route = route::choose(&mut self.0, &tests, tests.len() == 1).await?;
        count_by(&mut self.0, &tests, route).await
    }

    async fn with_findings(self, mut page: ReleasePage) -> Result<ReleasePage, StoreError> {
        let books: Vec<BookId> = page.items.iter().map(|item| item.book_id).collect();
        let counts = crate::books::Books(self.0).count_findings(&books).await?;
        for item in &mut page.items {
            item.findings = counts.get(&item.book_id).cloned().unwrap_or_default();
        }
        Ok(page)
    }
}

/// A page whose findings are not counted yet.
async fn read_page(
    source: &mut impl Reads,
    tests: &[Test],
    route: Route,
    (sort, descending): (ReleaseSort, bool),
    after: Option<&ReleaseCursor>,
    limit: u32,
) -> Result<ReleasePage, StoreError> {
    let query = page(tests, route, (sort, descending), after, limit);
    let mut items = list::<ReleaseSummary>(source, query).await?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = items.last().filter(|_| more).map(|last| last.cursor(sort));
    Ok(ReleasePage { items, next })
}

async fn count_by(source: &mut impl Reads, tests: &[Test], route: Route) -> Result<Option<u64>, StoreError> {
    match (tests, route) {
        ([_], Route::Through(_, found)) => Ok(Some(found)),
        _ => match counting(tests, route) {
            Some(statement) => number(source, statement).await.map(Some),
            None => Ok(None),
        },
    }
}

/// The statement that counts, up to [`COUNTED`] at least; none where it would go through more than it may.
pub(super) fn counting(tests: &[Test], route: Route) -> Option<Statement> {
    match (tests, route) {
        ([], _) => Some(composed(format!(
            "SELECT COUNT(*) AS number FROM (SELECT id FROM releases LIMIT {}) AS some",
            COUNTED + 1
        ))),
        ([test], _) => Some(route::counting_up_to(test, COUNTED)),
        (_, Route::Through(index, _)) => {
            let (from, conditions, values) = through(tests, index);
            let query = format!("SELECT COUNT(*) AS number FROM {from}{}", wherever(&conditions));
            Some(composed(query).bind_all(values))
        }
        (_, Route::Along | Route::Ordered(_)) => None,
    }
}

/// The statement of a page: one more than the limit, to know whether there is a next one.
pub(super) fn page(
    tests: &[Test],
    route: Route,
    (sort, descending): (ReleaseSort, bool),
    after: Option<&ReleaseCursor>,
    limit: u32,
) -> Statement {
    let column = sort.column();
    let (from, mut conditions, mut values) = match route {
        Route::Through(index, _) => through(tests, index),
        Route::Along => along(tests, None),
        Route::Ordered(index) => along(tests, Some(index)),
    };
    // No engine goes along an index for what it must work out first.
    let hidden = match sort {
        ReleaseSort::Updated | ReleaseSort::Created => format!("({column} + 0)"),
        ReleaseSort::Title | ReleaseSort::Name => format!("({column} || '')"),
    };
    let order = match route {
        // The few are sorted; the engine must not go along the order instead.
        Route::Through(..) => hidden.as_str(),
        Route::Along | Route::Ordered(_) => column,
    };
    let (beyond, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some(cursor) = after.filter(|cursor| cursor.fits(sort)) {
        // `(column, id) < (?, ?)` written out: no engine but one uses an index for the short form. The first half alone
        // gives the range of the index, the second one takes off what the last page had: hidden, or MariaDB collects what
        // either side of the `OR` has.
        conditions.push(format!("{order} {beyond}= ? AND ({hidden} {beyond} ? OR (r.id || '') {beyond} ?)"));
        let key = match &cursor.key {
            SortKey::Time(time) => Value::from(*time),
            SortKey::Text(text) => Value::from(text),
        };
        values.extend([key.clone(), key, Value::from(cursor.id)]);
    }
    // Which ones, first: what is shown of them is looked up for those of the page alone.
    let page = format!(
        "SELECT r.id FROM {from}{} ORDER BY {order} {direction}, r.id {direction} LIMIT ?",
        wherever(&conditions)
    );
    let query = composed(format!(
        "SELECT r.id, r.book_id, b.file_name, b.size AS book_size, b.cover_sha256, r.group_id, g.tag AS group_tag, \
         r.profile, r.rights_basis, r.status, r.refusal, r.revision, r.version, r.name, r.sort_name, r.title, \
         r.sort_title, r.authors, r.language, r.format, r.kind, r.source, r.year, r.isbn, r.created_by, \
         u.display_name AS created_by_name, r.created_at, r.updated_at, r.packed_at, w.withdrawn_at FROM ({page}) AS page \
         CROSS JOIN releases r ON r.id = page.id CROSS JOIN books b ON b.id = r.book_id \
         CROSS JOIN users u ON u.id = r.created_by LEFT JOIN release_groups g ON g.id = r.group_id \
         LEFT JOIN withdrawals w ON w.release_id = r.id \
         ORDER BY {column} {direction}, r.id {direction}"
    ));
    query.bind_all(values).bind(i64::from(limit) + 1)
}

/// The few who fulfil one test, and the conditions that the others are.
fn through(tests: &[Test], index: usize) -> (String, Vec<String>, Vec<Value>) {
    // The limit keeps an engine from taking the two apart; it is beyond what was counted, for those who came since.
    let few = tests[index].found(2 * route::FEW);
    let from = format!("({few}) AS few CROSS JOIN releases r ON r.id = few.release_id");
    let others = || tests.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, test)| test);
    let conditions = others().map(|test| test.condition.clone()).collect();
    let values = tests[index].values.iter().cloned().chain(others().flat_map(|test| test.values.clone())).collect();
    (from, conditions, values)
}

/// All there are, the conditions, and their values; the index of one test may be gone along.
fn along(tests: &[Test], open: Option<usize>) -> (String, Vec<String>, Vec<Value>) {
    let condition = |(index, test): (usize, &Test)| {
        if open == Some(index) { test.open_condition() } else { test.condition.clone() }
    };
    ("releases r".to_owned(), tests.iter().enumerate().map(condition).collect(), of(tests))
}

fn of(tests: &[Test]) -> Vec<Value> {
    tests.iter().flat_map(|test| test.values.clone()).collect()
}

fn wherever(conditions: &[String]) -> String {
    if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) }
}

/// The conditions of a filter, constants all of them, and the values of their placeholders in order.
pub(super) fn tests(filter: &ReleaseFilter) -> Vec<Test> {
    let mut tests = Vec::new();
    if !filter.ids.is_empty() {
        let places = placeholders(filter.ids.len());
        tests.push(Test {
            condition: format!("(r.id || '') IN ({places})"),
            ids: vec![format!("SELECT id AS release_id FROM releases WHERE id IN ({places})")],
            values: filter.ids.iter().map(|id| Value::from(*id)).collect(),
            is_ordered: false,
            is_collected: false,
        });
    }
    match filter.status.as_slice() {
        [] => {}
        [status] => tests.push(Test::text("status", Value::from(status))),
        several => {
            let places = placeholders(several.len());
            tests.push(Test {
                condition: format!("(r.status || '') IN ({places})"),
                ids: vec![format!("SELECT id AS release_id FROM releases WHERE status IN ({places})")],
                values: several.iter().map(Value::from).collect(),
                is_ordered: false,
                is_collected: false,
            });
        }
    }
    let equal = [
        ("group_id", filter.group.map(Value::from)),
        ("format", filter.format.map(Value::from)),
        ("language", filter.language.as_ref().map(Value::from)),
        ("kind", filter.kind.map(Value::from)),
        ("rights_basis", filter.rights.as_ref().map(Value::from)),
        ("created_by", filter.created_by.map(Value::from)),
    ];
    tests.extend(equal.into_iter().filter_map(|(column, value)| Some(Test::text(column, value?))));
    tests.extend(filter.withdrawn.then(Test::withdrawn));
    tests.extend(filter.year.map(|year| Test::number("year", Value::from(year))));
    tests.extend(filter.visible_to.as_ref().map(VisibleTo::test));
    let words: Vec<String> =
        filter.search.as_deref().map(|search| terms(search).take(WORDS_OF_A_SEARCH).collect()).unwrap_or_default();
    if let Some((last, whole)) = words.split_last() {
        tests.extend(whole.iter().map(|word| found_by("term = ?", vec![Value::from(word)])));
        // Terms are of letters and digits, so everything that begins so lies before `{`.
        let last = clip(last, TERM_CHARACTERS);
        let range = vec![Value::from(last), Value::Text(format!("{last}{{"))];
        tests.push(found_by("term >= ? AND term < ?", range));
    }
    tests
}

/// Releases of which a term fulfils a condition; several terms of one release may, where it is a range.
fn found_by(condition: &str, values: Vec<Value>) -> Test {
    let is_range = values.len() > 1;
    let each = if is_range { "DISTINCT " } else { "" };
    let ids = format!("SELECT {each}release_id FROM release_terms WHERE {condition}");
    Test {
        condition: format!(
            "EXISTS (SELECT 1 FROM release_terms t WHERE t.release_id = r.id AND t.{})",
            condition.replace(" AND term", " AND t.term")
        ),
        ids: vec![ids],
        values,
        is_ordered: false,
        is_collected: is_range,
    }
}

/// The conditions of a filter, for statements that go through everything anyway, and the values of their placeholders.
pub(super) fn conditions(filter: &ReleaseFilter) -> (Vec<String>, Vec<Value>) {
    let tests = tests(filter);
    (tests.iter().map(|test| test.condition.clone()).collect(), of(&tests))
}
