//! How the catalogue is read: along the order that is asked for, or through a condition that few releases fulfil.
//!
//! Neither engine chooses well by itself. For a rare word along the order it would walk a million releases to find three;
//! for a frequent one through the words it would sort half a million to show fifty. What it lacks is how many there are,
//! and that is asked first: whether there is one behind [`FEW`], and only else how many.

use crate::{
    StoreError,
    cell::Value,
    connection::{Reads, number},
    statement::{Statement, composed},
};

/// About where both ways cost the same for a page of fifty among a million: through the condition, so many rows are looked
/// up and sorted, at some 10 µs each; along the order, fifty times a million by so many entries are passed until there are
/// fifty, in far less each, but for words, which are looked for in another index.
pub(super) const FEW: u64 = 2_000;

/// Of a test that no more than so many fulfil, going along its own index in the order of the last change is quicker than
/// along that of all releases, where these are many: looking up a row costs about as much as passing ten entries without
/// one. Where they are not many, and hardly any fulfils the other tests, it is slower by so many rows: that was not measured.
const SOME: u64 = 6_000;

/// What a release must fulfil, in two forms.
#[derive(Debug, Clone)]
pub(super) struct Test {
    /// The condition on `r`, written so that no engine goes through its index.
    pub(super) condition: String,
    /// Statements that together give the ids of those who fulfil it, as `release_id`, each along its index.
    pub(super) ids: Vec<String>,
    /// The values of either.
    pub(super) values: Vec<Value>,
    /// Whether an index gives those who fulfil it in the order of their last change: then one statement gives their ids.
    pub(super) is_ordered: bool,
    /// Whether an index gives them only more than once, so that they are collected before any can be passed over.
    pub(super) is_collected: bool,
}

impl Test {
    /// A column of text that equals a value.
    pub(super) fn text(column: &str, value: Value) -> Self {
        Self::equal(column, &format!("(r.{column} || '')"), value)
    }

    /// A column of numbers that equals a value.
    pub(super) fn number(column: &str, value: Value) -> Self {
        Self::equal(column, &format!("(r.{column} + 0)"), value)
    }

    /// Releases that are withdrawn. Asked of each by its id: of an `EXISTS` an engine may collect all there are first.
    pub(super) fn withdrawn() -> Self {
        Self {
            condition: "(SELECT v.withdrawn_at FROM withdrawals v WHERE v.release_id = r.id) IS NOT NULL".to_owned(),
            ids: vec!["SELECT release_id FROM withdrawals".to_owned()],
            values: Vec::new(),
            is_ordered: false,
            is_collected: false,
        }
    }

    fn equal(column: &str, hidden: &str, value: Value) -> Self {
        Self {
            condition: format!("{hidden} = ?"),
            ids: vec![format!("SELECT id AS release_id FROM releases WHERE {column} = ?")],
            values: vec![value],
            is_ordered: true,
            is_collected: false,
        }
    }

    /// A statement that gives the ids of at most so many who fulfil it, each once.
    pub(super) fn found(&self, most: u64) -> String {
        if let [ids] = self.ids.as_slice() {
            return format!("{ids} LIMIT {most}");
        }
        // Each by itself and only so far: of an `OR` an engine collects all that fulfil either before it counts.
        format!("{} LIMIT {most}", self.parts(&format!("LIMIT {most}"), " UNION "))
    }

    /// Every statement of ids with a limit of its own, joined.
    fn parts(&self, limit: &str, joined: &str) -> String {
        let parts = self.ids.iter().map(|ids| format!("SELECT release_id FROM ({ids} {limit}) AS part"));
        parts.collect::<Vec<_>>().join(joined)
    }

    /// The same, where the engine may go through the index.
    pub(super) fn open_condition(&self) -> String {
        self.condition.replace(" || ''", "").replace(" + 0", "")
    }
}

/// How a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// From release to release in the order that is asked for, until there are enough.
    Along,
    /// All who fulfil the test with this number, which are few, so many; then they are sorted.
    Through(usize, u64),
    /// Along the index of the test with this number, which has the order: the only one there is, or one that not too many
    /// fulfil.
    Ordered(usize),
}

/// Decides, with two statements a test at most; with none where the only test has an index with the order.
pub(super) async fn choose(source: &mut impl Reads, tests: &[Test], by_last_change: bool) -> Result<Route, StoreError> {
    if let ([test], true) = (tests, by_last_change)
        && test.is_ordered
    {
        return Ok(Route::Ordered(0));
    }
    let mut fewest = None;
    for (index, test) in tests.iter().enumerate() {
        // What must be collected costs the same either way.
        if !test.is_collected && is_fulfilled_by_more_than(source, test, FEW).await? {
            continue;
        }
        let found = count_up_to(source, test, FEW).await?;
        if found <= FEW && fewest.is_none_or(|(least, _)| found < least) {
            fewest = Some((found, index));
        }
    }
    if let Some((found, index)) = fewest {
        return Ok(Route::Through(index, found));
    }
    if by_last_change {
        for (index, test) in tests.iter().enumerate().filter(|(_, test)| test.is_ordered) {
            if !is_fulfilled_by_more_than(source, test, SOME).await? {
                return Ok(Route::Ordered(index));
            }
        }
    }
    Ok(Route::Along)
}

/// Passes over entries of indexes, which is far less than what a count with a limit puts together.
async fn is_fulfilled_by_more_than(source: &mut impl Reads, test: &Test, most: u64) -> Result<bool, StoreError> {
    Ok(!source.rows(probing(test, most)).await?.is_empty())
}

/// The statement that gives a row when one part of a test alone is fulfilled by more than so many.
pub(super) fn probing(test: &Test, most: u64) -> Statement {
    let parts = test.parts(&format!("LIMIT 1 OFFSET {most}"), " UNION ALL ");
    composed(parts).bind_all(test.values.iter().cloned())
}

/// How many fulfil a test; a number above `most` when there are more.
async fn count_up_to(source: &mut impl Reads, test: &Test, most: u64) -> Result<u64, StoreError> {
    number(source, counting_up_to(test, most)).await
}

/// The statement that counts so.
pub(super) fn counting_up_to(test: &Test, most: u64) -> Statement {
    let query = composed(format!("SELECT COUNT(*) AS number FROM ({}) AS some", test.found(most + 1)));
    query.bind_all(test.values.iter().cloned())
}
