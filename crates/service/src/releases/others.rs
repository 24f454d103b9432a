//! Who else is at a release, and what somebody else has changed in it last: for two who edit one release.

use std::{collections::BTreeSet, time::Duration};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{
    ReleaseId, Timestamp, UserId,
    audit::{AuditAction, AuditFilter},
};

use super::Releases;
use crate::{
    actor::Actor,
    events::{Event, Topic},
    failure::Failure,
    permissions::{Action, Resource},
};

/// So long after they last opened it, typed in it or saved it somebody counts as being there.
const STAYS: Duration = Duration::from_mins(2);

/// Somebody at a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Present {
    user: UserId,
    name: String,
    at: Timestamp,
}

/// What somebody else has changed last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastChange {
    /// Who.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// The words of the fields that are otherwise now, sorted.
    pub fields: Vec<String>,
}

/// The others at a release.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Others {
    /// The names of those who are there now.
    pub here: Vec<String>,
    /// The last change, where it was somebody else's.
    pub last: Option<LastChange>,
}

impl Releases<'_> {
    /// Says that one is at a release, and who else is, with what was changed last by somebody else. Whoever is there hears
    /// of somebody who comes. Where nobody remembers for a moment, nobody is told: it is a courtesy and no lock.
    pub async fn look(&self, actor: &Actor, id: ReleaseId) -> Result<Others, Failure> {
        actor.require(Resource::Releases, Action::Modify)?;
        actor.seen(self.services.store().releases().lookup(id).await?)?;
        let now = self.services.now();
        let key = format!("present {id}");
        let known = self.services.remembered(&key).await.ok().flatten();
        let mut present: Vec<Present> = known.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
        present.retain(|one| now.since(one.at) < STAYS);
        let is_known = present.iter().any(|one| one.user == actor.user_id);
        present.retain(|one| one.user != actor.user_id);
        let here = present.iter().map(|one| one.name.clone()).collect();
        present.push(Present { user: actor.user_id, name: actor.display_name.clone(), at: now });
        let bytes = Bytes::from(serde_json::to_vec(&present).map_err(Failure::internal)?);
        let kept = self.services.inner.cache.values.put(&key, bytes, STAYS).await;
        // Somebody whom nobody remembers would come anew with every look.
        if !is_known && kept.is_ok() {
            self.services.events().tell(Event::of(Topic::Release, id)).await;
        }
        Ok(Others { here, last: self.last_change(actor, id).await? })
    }

    /// The last change of a release, where it was somebody else's.
    async fn last_change(&self, actor: &Actor, id: ReleaseId) -> Result<Option<LastChange>, Failure> {
        let filter = AuditFilter {
            action: Some(AuditAction::Changed),
            resource: Some(Resource::Releases),
            subject: Some(id.to_string()),
            ..AuditFilter::default()
        };
        let last = self.services.store().audit().list(&filter, None, 1).await?.items.into_iter().next();
        let last = last.filter(|entry| entry.actor_id.is_some_and(|user| user != actor.user_id));
        Ok(last.map(|entry| LastChange {
            name: entry.actor_name,
            at: entry.at,
            fields: differing(entry.before.as_ref(), entry.after.as_ref()),
        }))
    }
}

/// The members in which two values differ; what is absent is nothing.
fn differing(before: Option<&Value>, after: Option<&Value>) -> Vec<String> {
    let names: BTreeSet<&String> =
        [before, after].into_iter().flatten().filter_map(Value::as_object).flat_map(|object| object.keys()).collect();
    let member =
        |value: Option<&Value>, name: &str| value.and_then(|value| value.get(name)).cloned().unwrap_or_default();
    names.into_iter().filter(|name| member(before, name) != member(after, name)).cloned().collect()
}
