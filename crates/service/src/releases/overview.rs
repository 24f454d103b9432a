//! What all releases come to: for the page that one sees first.

use std::time::Duration;

use bytes::Bytes;
use packer::format::Format;
use serde::{Deserialize, Serialize};
use store::{
    Timestamp,
    releases::{Status, Tally, WEEK, monday},
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

/// How long sums are shown before they are summed up again: they go through every release, and each page that shows them
/// asks anew whenever something happens anywhere.
const SUMS_LAST: Duration = Duration::from_secs(30);

/// What the releases that one may see come to; it may be half a minute old.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Sums {
    packed: Vec<(i64, u64)>,
    formats: Vec<(String, u64)>,
    findings: Vec<(String, u64)>,
    book_bytes: u64,
    package_bytes: u64,
}

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

/// One for everybody who sees every group; otherwise one for a person in these groups.
fn key(actor: &Actor) -> String {
    if actor.all_groups {
        return "overview".to_owned();
    }
    let groups: Vec<String> = actor.groups.iter().map(ToString::to_string).collect();
    format!("overview {} {}", actor.user_id, groups.join(" "))
}

fn format(word: &str) -> Option<Format> {
    Format::ALL.into_iter().find(|format| format.word() == word)
}

impl Releases<'_> {
    /// What the releases that one may see come to. A fixed number of statements, however many there are; all but one's own
    /// releases may be half a minute old.
    pub async fn overview(&self, actor: &Actor) -> Result<Overview, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let all = ReleaseQuery::default().filter(actor);
        let own = ReleaseQuery { mine: true, ..ReleaseQuery::default() }.filter(actor);
        let store = self.services.store();
        let own = store.releases().count_by_status(&own).await?;
        let known = self.known_sums(actor).await;
        let is_empty = known.is_none() && store.releases().count(&all).await? == Some(0);
        let first = Timestamp(monday(self.services.now()).0 - (WEEKS - 1) * WEEK);
        let sums = match known {
            Some(sums) => sums,
            None => self.sum_up(actor, first).await?,
        };
        let number =
            |week: Timestamp| sums.packed.iter().find(|(one, _)| *one == week.0).map_or(0, |(_, number)| *number);
        let weeks = (0..WEEKS).map(|week| Timestamp(first.0 + week * WEEK)).map(|week| (week, number(week))).collect();
        Ok(Overview {
            own: own.into_iter().filter_map(|tally| Some((tally.word.parse().ok()?, tally.number))).collect(),
            is_empty,
            weeks,
            formats: sums.formats.into_iter().filter_map(|(word, number)| Some((format(&word)?, number))).collect(),
            findings: sums.findings,
            book_bytes: sums.book_bytes,
            package_bytes: sums.package_bytes,
        })
    }

    /// The sums of somebody who sees the same, when they are fresh enough.
    async fn known_sums(&self, actor: &Actor) -> Option<Sums> {
        let bytes = self.services.remembered(&key(actor)).await.ok()??;
        serde_json::from_slice(&bytes).ok()
    }

    async fn sum_up(&self, actor: &Actor, first: Timestamp) -> Result<Sums, Failure> {
        let all = ReleaseQuery::default().filter(actor);
        let store = self.services.store();
        let tallies = |tallies: Vec<Tally>| tallies.into_iter().map(|tally| (tally.word, tally.number)).collect();
        let packed = store.releases().count_packed_by_week(&all, first).await?;
        let sums = Sums {
            packed: packed.into_iter().map(|(week, number)| (week.0, number)).collect(),
            formats: tallies(store.releases().count_by_format(&all).await?),
            findings: tallies(store.releases().count_books_by_finding(&all, CODES).await?),
            book_bytes: store.releases().sum_books(&all).await?,
            package_bytes: store.releases().sum_packages(&all).await?,
        };
        // The first package is seen at once: few releases are quickly summed up.
        if !sums.formats.is_empty() {
            let bytes = Bytes::from(serde_json::to_vec(&sums).map_err(Failure::internal)?);
            // What is not kept is summed up once more.
            drop(self.services.inner.cache.values.put(&key(actor), bytes, SUMS_LAST).await);
        }
        Ok(sums)
    }
}
