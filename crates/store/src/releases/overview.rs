//! What all releases of a filter come to: counts and sums for a page that shows them together.

use serde::Serialize;

use super::{
    Releases, Status,
    catalogue::{ReleaseFilter, conditions},
};
use crate::{
    StoreError, Timestamp,
    connection::{Reads, list, number},
    row::{CellError, Record, Row},
    statement::{Statement, composed},
};

/// Milliseconds of a week.
pub const WEEK: i64 = 7 * 24 * 60 * 60 * 1000;
/// The first Monday of 1970, in milliseconds: weeks begin on Mondays.
const FIRST_MONDAY: i64 = 4 * 24 * 60 * 60 * 1000;

/// A word and how many there are of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The word, as it is stored.
    pub word: String,
    /// How many.
    pub number: u64,
}

impl Record for Tally {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { word: row.get("word")?, number: row.get("number")? })
    }
}

/// A week and how many there are in it.
struct WeekRow {
    week: i64,
    number: u64,
}

impl Record for WeekRow {
    const TABLE: &'static str = "releases";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { week: row.get("week")?, number: row.get("number")? })
    }
}

/// The Monday, at midnight UTC, of the week that an instant lies in.
pub fn monday(instant: Timestamp) -> Timestamp {
    Timestamp(instant.0 - (instant.0 - FIRST_MONDAY).rem_euclid(WEEK))
}

impl<C: Reads> Releases<C> {
    /// Releases by their status, in no order.
    pub async fn count_by_status(mut self, filter: &ReleaseFilter) -> Result<Vec<Tally>, StoreError> {
        let query =
            over(filter, "SELECT r.status AS word, COUNT(*) AS number FROM releases r", &[], "GROUP BY r.status");
        list(&mut self.0, query).await
    }

    /// Packed releases by their format, the most first.
    pub async fn count_by_format(mut self, filter: &ReleaseFilter) -> Result<Vec<Tally>, StoreError> {
        let query = over(
            filter,
            "SELECT r.format AS word, COUNT(*) AS number FROM releases r",
            &["r.format IS NOT NULL", &is_packed()],
            "GROUP BY r.format ORDER BY number DESC, word",
        );
        list(&mut self.0, query).await
    }

    /// The codes of findings that most books have, with how many books have each; the most first.
    pub async fn count_books_by_finding(
        mut self,
        filter: &ReleaseFilter,
        limit: u32,
    ) -> Result<Vec<Tally>, StoreError> {
        let query = over(
            filter,
            "SELECT f.code AS word, COUNT(DISTINCT f.book_id) AS number FROM book_findings f \
             JOIN releases r ON r.book_id = f.book_id",
            &["f.severity IN ('fatal', 'error', 'warning')"],
            "GROUP BY f.code ORDER BY number DESC, word LIMIT ?",
        );
        list(&mut self.0, query.bind(i64::from(limit))).await
    }

    /// Packages by the week they were made in, from an instant on; weeks without any are absent.
    pub async fn count_packed_by_week(
        mut self,
        filter: &ReleaseFilter,
        from: Timestamp,
    ) -> Result<Vec<(Timestamp, u64)>, StoreError> {
        let head = format!(
            "SELECT r.packed_at - (r.packed_at - {FIRST_MONDAY}) % {WEEK} AS week, COUNT(*) AS number FROM releases r"
        );
        let since = format!("r.packed_at >= {}", from.0);
        let query = over(filter, &head, &[&since], "GROUP BY week ORDER BY week");
        let rows = list::<WeekRow>(&mut self.0, query).await?;
        Ok(rows.into_iter().map(|row| (Timestamp(row.week), row.number)).collect())
    }

    /// Bytes of the books of releases, where they are kept.
    pub async fn sum_books(mut self, filter: &ReleaseFilter) -> Result<u64, StoreError> {
        let head = "SELECT CAST(COALESCE(SUM(b.size), 0) AS SIGNED) AS number FROM releases r \
                    JOIN books b ON b.id = r.book_id AND b.source_removed_at IS NULL";
        number(&mut self.0, over(filter, head, &[], "")).await
    }

    /// Bytes of the packages of releases, where they are kept.
    pub async fn sum_packages(mut self, filter: &ReleaseFilter) -> Result<u64, StoreError> {
        let head = "SELECT CAST(COALESCE(SUM(p.size), 0) AS SIGNED) AS number FROM releases r \
                    JOIN packages p ON p.release_id = r.id AND p.files_removed_at IS NULL";
        number(&mut self.0, over(filter, head, &[], "")).await
    }
}

fn is_packed() -> String {
    format!("r.status = '{}'", Status::Packed.word())
}

/// A statement over the releases of a filter, with more conditions.
fn over(filter: &ReleaseFilter, head: &str, more: &[&str], tail: &str) -> Statement {
    let (mut all, values) = conditions(filter);
    all.extend(more.iter().map(|&condition| condition.to_owned()));
    let wherever = if all.is_empty() { String::new() } else { format!(" WHERE {}", all.join(" AND ")) };
    composed(format!("{head}{wherever} {tail}")).bind_all(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_mondays() {
        // 2026-11-28 is a Saturday, its Monday the 23rd.
        let saturday = Timestamp(1_795_824_000_000);
        assert_eq!(monday(saturday), Timestamp(saturday.0 - 5 * 24 * 60 * 60 * 1000));
        assert_eq!(monday(monday(saturday)), monday(saturday));
        assert_eq!(monday(Timestamp(0)), Timestamp(FIRST_MONDAY - WEEK));
    }
}
