//! How many releases stand at once: which can be packed as they are, and what keeps the others.
//!
//! A page asks for it at each look, so that a plan is made once for each version of a release and of its profile, and what
//! came of it is kept. Whether a name is free is asked anew, of all together.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use packer::{finding::Finding, profile::Profile};
use store::{GroupId, ReleaseId, fold};

use super::{Problem, ReleaseSummary, Status, Stored, inspections, preview};
use crate::{actor::Actor, failure::Failure, profiles, services::Services};

/// Releases that are read and planned together: a book may have much to say.
const PLANNED_AT_ONCE: usize = 50;
/// Releases whose plans are remembered: the desks of twenty people.
const KEPT: usize = 4_000;

/// What keeps a release from being packed whose group and rights are decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Standing {
    /// Which release.
    pub release: ReleaseId,
    /// The findings that do, one of each code.
    pub blocking: Vec<Finding>,
    /// What else does.
    pub problems: Vec<Problem>,
}

impl Standing {
    /// True when nothing does.
    pub fn is_ready(&self) -> bool {
        self.blocking.is_empty() && self.problems.is_empty()
    }
}

impl ReleaseSummary {
    /// True when it can be changed and packed: a draft, or one whose book is read and whose packing has failed.
    pub fn is_packable(&self) -> bool {
        match self.status {
            Status::Draft => true,
            Status::Failed => self.format.is_some(),
            Status::Inspecting | Status::Refused | Status::Packing | Status::Packed => false,
        }
    }

    /// True when it is packable and has what only a person can decide: its group and its rights.
    pub fn is_decided(&self) -> bool {
        self.is_packable() && self.group.is_some() && self.rights_basis.is_some()
    }
}

/// What planning said of releases that were asked for last.
#[derive(Debug, Default)]
pub(crate) struct Standings {
    kept: Mutex<BTreeMap<ReleaseId, Kept>>,
}

#[derive(Debug, Clone)]
struct Kept {
    version: i64,
    profile: Option<u32>,
    planned: Arc<Planned>,
}

/// What a plan says, whoever holds its name.
#[derive(Debug)]
struct Planned {
    name: Option<String>,
    blocking: Vec<Finding>,
    problems: Vec<Problem>,
}

impl Standings {
    fn get(&self, release: &ReleaseSummary, profile: Option<u32>) -> Option<Arc<Planned>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let one = kept.get(&release.id).filter(|one| one.version == release.version && one.profile == profile)?;
        Some(Arc::clone(&one.planned))
    }

    fn put(&self, release: ReleaseId, one: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        // The ids are in the order of time: what is forgotten is the oldest release.
        if kept.len() >= KEPT && !kept.contains_key(&release) {
            kept.pop_first();
        }
        kept.insert(release, one);
    }
}

/// How the decided ones of these releases stand, in their order. Of two that would get the same name the first is ready.
pub(super) async fn of(
    services: &Services,
    actor: &Actor,
    releases: &[ReleaseSummary],
) -> Result<Vec<Standing>, Failure> {
    let decided: Vec<&ReleaseSummary> = releases.iter().filter(|release| release.is_decided()).collect();
    let planned = planned(services, &decided).await?;
    let groups: BTreeSet<GroupId> = decided.iter().filter_map(|release| Some(release.group.as_ref()?.id)).collect();
    let groups: Vec<GroupId> = groups.into_iter().collect();
    let names: Vec<String> = planned.values().filter_map(|planned| planned.name.clone()).collect();
    let holders = services.store().releases().holders(&groups, &names).await?;
    let mut claimed = BTreeSet::new();
    let mut standings = Vec::with_capacity(decided.len());
    for release in decided {
        // One that is gone since it was listed stands nowhere.
        let (Some(planned), Some(group)) = (planned.get(&release.id), &release.group) else { continue };
        let mut standing =
            Standing { release: release.id, blocking: planned.blocking.clone(), problems: planned.problems.clone() };
        if !actor.is_of(group.id) {
            standing.problems.push(preview::problem("group", "unknown", []));
        }
        if let Some(name) = &planned.name {
            let claim = (group.id, fold(name));
            if let Some(holder) = holders.get(&claim).filter(|holder| **holder != release.id) {
                let data = [("name", name.clone()), ("release", holder.to_string())];
                standing.problems.push(preview::problem("name", "name-taken", data));
            } else if standing.is_ready() && !claimed.insert(claim) {
                standing.problems.push(preview::problem("name", "given-twice", [("name", name.clone())]));
            }
        }
        standings.push(standing);
    }
    Ok(standings)
}

/// What planning says of each of these releases.
async fn planned(
    services: &Services,
    releases: &[&ReleaseSummary],
) -> Result<BTreeMap<ReleaseId, Arc<Planned>>, Failure> {
    let mut profiles = BTreeMap::new();
    for release in releases {
        if !profiles.contains_key(&release.profile) {
            profiles.insert(release.profile.clone(), profiles::find(services, &release.profile).await?);
        }
    }
    let mut found = BTreeMap::new();
    let mut unknown = Vec::new();
    for release in releases {
        let profile = profiles.get(&release.profile).and_then(Option::as_ref).map(|profile| profile.version);
        match services.inner.standings.get(release, profile) {
            Some(planned) => drop(found.insert(release.id, planned)),
            None => unknown.push(release.id),
        }
    }
    for ids in unknown.chunks(PLANNED_AT_ONCE) {
        let stored = stored(services, ids, &profiles).await?;
        // A plan takes a moment of computing, and there are many.
        let planned = tokio::task::spawn_blocking(move || stored.iter().map(plan).collect::<Vec<_>>()).await;
        for (id, kept) in planned.map_err(Failure::internal)? {
            found.insert(id, Arc::clone(&kept.planned));
            services.inner.standings.put(id, kept);
        }
    }
    Ok(found)
}

/// Releases with everything that decides their packages, but for their covers.
async fn stored(
    services: &Services,
    ids: &[ReleaseId],
    profiles: &BTreeMap<String, Option<Arc<Profile>>>,
) -> Result<Vec<Stored>, Failure> {
    let store = services.store();
    let releases = store.releases().list_by_ids(ids).await?;
    let books: BTreeSet<_> = releases.iter().map(|release| release.book_id).collect();
    let books = store.books().list_by_ids(&books.into_iter().collect::<Vec<_>>()).await?;
    let inspections = inspections::of_books(services, &books).await?;
    let groups = store.groups().list().await?;
    let stored = releases.into_iter().filter_map(|release| {
        let book = books.iter().find(|book| book.id == release.book_id)?.clone();
        let inspection = inspections.get(&book.id).cloned();
        let group = groups.iter().find(|group| Some(group.id) == release.group_id).cloned();
        let profile = profiles.get(&release.profile).cloned().flatten();
        Some(Stored { release, book, inspection, group, profile })
    });
    Ok(stored.collect())
}

fn plan(stored: &Stored) -> (ReleaseId, Kept) {
    let mut planned = Planned { name: None, blocking: Vec::new(), problems: preview::problems_of_book(stored) };
    match preview::planned(stored) {
        Some(Ok(plan)) => {
            planned.name = Some(plan.name.to_string());
            for finding in plan.blocking.iter().filter_map(|&index| plan.findings.get(index)) {
                if planned.blocking.iter().all(|known| known.code != finding.code) {
                    planned.blocking.push(finding.clone());
                }
            }
        }
        Some(Err(problem)) => planned.problems.push(problem),
        None => {}
    }
    let profile = stored.profile.as_ref().map(|profile| profile.version);
    (stored.release.id, Kept { version: stored.release.version, profile, planned: Arc::new(planned) })
}
