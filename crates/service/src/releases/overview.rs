//! What all releases come to: for the page that one sees first.

use packer::format::Format;
use serde::Serialize;
use store::{
    Timestamp,
    releases::{Status, WEEK, monday},
};

use super::{ReleaseQuery, Releases};
use crate::{
    actor::Actor,
    failure::Failure,
    permissions::{Action, Resource},
};

/// Weeks that are looked back on: a quarter of a year.
const WEEKS: i64 = 12;
/// Codes of findings that are named: as many as somebody works on.
const CODES: u32 = 8;

/// Counts and sums over the releases that one may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// One's own releases, by where they stand; absent where there are none.
    pub own: Vec<(Status, u64)>,
    /// There is no release at all.
    pub is_empty: bool,
    /// The last twelve weeks by their Mondays, each with the packages that were made in it, the oldest first.
    pub weeks: Vec<(Timestamp, u64)>,
    /// Packed releases by their format, the most first.
    pub formats: Vec<(Format, u64)>,
    /// The codes of findings that most books have, with the number of books; the most first.
    pub findings: Vec<(String, u64)>,
    /// Bytes of the books.
    pub book_bytes: u64,
    /// Bytes of the packages.
    pub package_bytes: u64,
}

impl Overview {
    /// How many of one's own releases stand there.
    pub fn own(&self, status: Status) -> u64 {
        self.own.iter().find(|(one, _)| *one == status).map_or(0, |(_, number)| *number)
    }
}

fn format(word: &str) -> Option<Format> {
    Format::ALL.into_iter().find(|format| format.word() == word)
}

impl Releases<'_> {
    /// What the releases that one may see come to. A fixed number of statements, however many there are.
    pub async fn overview(&self, actor: &Actor) -> Result<Overview, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let all = ReleaseQuery::default().filter(actor);
        let own = ReleaseQuery { mine: true, ..ReleaseQuery::default() }.filter(actor);
        let store = self.services.store();
        let first = Timestamp(monday(self.services.now()).0 - (WEEKS - 1) * WEEK);
        let packed = store.releases().count_packed_by_week(&all, first).await?;
        let number = |week: Timestamp| packed.iter().find(|(one, _)| *one == week).map_or(0, |(_, number)| *number);
        let weeks = (0..WEEKS).map(|week| Timestamp(first.0 + week * WEEK)).map(|week| (week, number(week))).collect();
        let own = store.releases().count_by_status(&own).await?;
        let formats = store.releases().count_by_format(&all).await?;
        let findings = store.releases().count_books_by_finding(&all, CODES).await?;
        Ok(Overview {
            own: own.into_iter().filter_map(|tally| Some((tally.word.parse().ok()?, tally.number))).collect(),
            is_empty: store.releases().count(&all).await? == Some(0),
            weeks,
            formats: formats.into_iter().filter_map(|tally| Some((format(&tally.word)?, tally.number))).collect(),
            findings: findings.into_iter().map(|tally| (tally.word, tally.number)).collect(),
            book_bytes: store.releases().sum_books(&all).await?,
            package_bytes: store.releases().sum_packages(&all).await?,
        })
    }
}
