//! What was changed by whom: written in the transaction of the change, read by whoever may.

use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
pub use store::audit::{AuditAction, AuditEntry};
use store::{
    AuditId, AuditIds, Store, StoreError, Timestamp, TokenId, Transaction, UserId, audit::AuditFilter,
    sessions::EndReason,
};

use crate::{
    actor::{Actor, Means},
    failure::Failure,
    page::{self, Cursor, Page},
    permissions::{Action, Resource},
    services::Services,
};

/// Entries of an export that are in memory at once.
const EXPORTED_AT_ONCE: u32 = 500;

/// Which entries to list, the newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuditQuery {
    /// Only of this person.
    pub actor: Option<UserId>,
    /// Only of this kind.
    pub action: Option<AuditAction>,
    /// Only about this.
    pub resource: Option<Resource>,
    /// Only about the thing with this id.
    pub subject: Option<String>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
    /// At most so many, 1 to 100; 0 means 50.
    pub limit: u32,
}

impl AuditQuery {
    fn filter(&self) -> AuditFilter {
        AuditFilter {
            actor: self.actor,
            action: self.action,
            resource: self.resource,
            subject: self.subject.clone(),
            from: self.from,
            until: self.until,
        }
    }
}

/// The use cases of the audit log. There is none that changes an entry.
#[derive(Debug, Clone, Copy)]
pub struct Audit<'a> {
    pub(crate) services: &'a Services,
}

impl Audit<'_> {
    /// Entries, page by page.
    ///
    /// # Errors
    /// `Invalid` on `after`.
    pub async fn list(&self, actor: &Actor, query: &AuditQuery) -> Result<Page<AuditEntry>, Failure> {
        actor.require(Resource::Audit, Action::Read)?;
        let after = query.after.as_ref().map(|cursor| cursor.0.parse::<AuditId>());
        let after = after.transpose().map_err(|_| Failure::invalid("after", "invalid"))?;
        let page = self.services.store().audit().list(&query.filter(), after, page::limit(query.limit)).await?;
        Ok(Page { items: page.items, next: page.next.map(|id| Cursor(id.to_string())), total: None })
    }

    /// For how many days an entry stays, as the house has decided.
    pub async fn kept_days(&self, actor: &Actor) -> Result<u32, Failure> {
        actor.require(Resource::Audit, Action::Read)?;
        Ok(self.services.keeping().await?.audit_days)
    }

    /// Every entry that fits, the newest first, a few at a time.
    ///
    /// # Errors
    /// `Forbidden` at once; what fails later ends the stream.
    pub fn export(
        &self,
        actor: &Actor,
        query: &AuditQuery,
    ) -> Result<BoxStream<'static, Result<AuditEntry, Failure>>, Failure> {
        actor.require(Resource::Audit, Action::Read)?;
        let (store, filter) = (self.services.store().clone(), query.filter());
        let pages = stream::try_unfold(Some(None), move |after| {
            let (store, filter) = (store.clone(), filter.clone());
            async move {
                let Some(after) = after else { return Ok::<_, Failure>(None) };
                let page = store.audit().list(&filter, after, EXPORTED_AT_ONCE).await?;
                let next = page.next.map(Some);
                Ok(Some((page.items, next)))
            }
        });
        let entries = pages.flat_map(|page| match page {
            Ok(items) => stream::iter(items.into_iter().map(Ok).collect::<Vec<_>>()),
            Err(failure) => stream::iter(vec![Err(failure)]),
        });
        Ok(entries.boxed())
    }
}

/// Who is written down for a change.
#[derive(Debug, Clone, Default)]
pub(crate) struct Author {
    pub(crate) id: Option<UserId>,
    pub(crate) name: String,
    pub(crate) token_id: Option<TokenId>,
    pub(crate) address: Option<String>,
}

impl Author {
    /// Whoever has a shell on the machine.
    pub(crate) fn command_line() -> Self {
        Self { name: "command line".to_owned(), ..Self::default() }
    }

    /// The product, by what the house has decided.
    pub(crate) fn housekeeping() -> Self {
        Self { name: "housekeeping".to_owned(), ..Self::default() }
    }

    /// Whoever wrote a name at the door, from that address: it may be anybody's name.
    pub(crate) fn at_the_door(address: Option<String>) -> Self {
        Self { name: "forgotten password".to_owned(), address, ..Self::default() }
    }
}

impl From<&Actor> for Author {
    fn from(actor: &Actor) -> Self {
        let token_id = match actor.means {
            Means::Token(id) => Some(id),
            Means::Session(_) => None,
        };
        Self {
            id: Some(actor.user_id),
            name: actor.username.clone(),
            token_id,
            address: actor.address.map(|address| address.to_string()),
        }
    }
}

/// A change to be written down. What it says before and after is shown to whoever may read the log: never a secret.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    action: AuditAction,
    resource: Resource,
    subject_id: Option<String>,
    subject_name: String,
    before: Option<Value>,
    after: Option<Value>,
}

impl Change {
    /// Something was done to a thing, which has an id and a name.
    pub(crate) fn new(action: AuditAction, resource: Resource, id: impl Into<String>, name: impl Into<String>) -> Self {
        Self { action, resource, subject_id: Some(id.into()), subject_name: name.into(), before: None, after: None }
    }

    /// What is there now.
    pub(crate) fn after(mut self, after: Value) -> Self {
        self.after = Some(after);
        self
    }

    /// What was there and what is there now: of objects only the members that differ.
    pub(crate) fn between(mut self, mut before: Value, mut after: Value) -> Self {
        if let (Value::Object(old), Value::Object(new)) = (&mut before, &mut after) {
            let same: Vec<String> = old
                .iter()
                .filter(|(name, value)| new.get(*name) == Some(value))
                .map(|(name, _)| name.clone())
                .collect();
            for name in same {
                old.remove(&name);
                new.remove(&name);
            }
        }
        (self.before, self.after) = (Some(before), Some(after));
        self
    }
}

/// Writes down that a backup was made and found whole. `name` is that of its folder, never an address with a password.
///
/// Whoever watches sees by it how old the last one is ([`store::statistics::Statistics::last_backup_at`]).
pub async fn record_backup(store: &Store, now: Timestamp, name: &str) -> Result<(), StoreError> {
    let change = Change {
        action: AuditAction::BackedUp,
        resource: Resource::Settings,
        subject_id: None,
        subject_name: name.to_owned(),
        before: None,
        after: None,
    };
    let entry = entry(AuditIds::default().next(now), now, Author::command_line(), change);
    let mut transaction = store.begin_write().await?;
    transaction.audit().add(&entry).await?;
    transaction.commit().await
}

/// What ended when a backup was restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedByRestore {
    /// Sessions that were alive when the backup was made.
    pub sessions: u64,
    /// Personal tokens.
    pub tokens: u64,
    /// Links that nobody had used: to set up, to a new password, to confirm an address.
    pub links: u64,
}

/// Ends every way in that a restored backup brings along, but for names with their passwords and codes, and writes it
/// down: what was ended, withdrawn or used since the backup was made must not open anything again. `name` is that of the
/// backup's folder.
pub async fn end_after_restore(store: &Store, now: Timestamp, name: &str) -> Result<EndedByRestore, StoreError> {
    let mut transaction = store.begin_write().await?;
    let ended = EndedByRestore {
        sessions: transaction.sessions().end_all(EndReason::Ended, now).await?,
        tokens: transaction.api_tokens().end_all(now).await?,
        links: transaction.reset_links().remove_unused().await?
            + transaction.email_links().remove_unused().await?
            + transaction.setup_links().remove_unused().await?,
    };
    let EndedByRestore { sessions, tokens, links } = ended;
    let change = Change {
        action: AuditAction::Ended,
        resource: Resource::Users,
        subject_id: None,
        subject_name: "everybody".to_owned(),
        before: None,
        after: Some(json!({ "restored": name, "sessions": sessions, "tokens": tokens, "links": links })),
    };
    let entry = entry(AuditIds::default().next(now), now, Author::command_line(), change);
    transaction.audit().add(&entry).await?;
    transaction.commit().await?;
    Ok(ended)
}

/// What is written down: who, when, from where, and what they changed.
fn entry(id: AuditId, now: Timestamp, author: Author, change: Change) -> AuditEntry {
    let Author { id: actor_id, name, token_id, address } = author;
    let Change { action, resource, subject_id, subject_name, before, after } = change;
    AuditEntry {
        id,
        at: now,
        actor_id,
        actor_name: name,
        token_id,
        address,
        action,
        resource,
        subject_id,
        subject_name,
        before,
        after,
    }
}

impl Services {
    /// Writes a change down, in its own transaction.
    pub(crate) async fn record(
        &self,
        transaction: &mut Transaction,
        author: impl Into<Author>,
        change: Change,
    ) -> Result<(), Failure> {
        let now = self.now();
        let entry = entry(self.inner.audit_ids.next(now), now, author.into(), change);
        Ok(transaction.audit().add(&entry).await?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stayed_the_same_is_not_written_down() {
        let change = Change::new(AuditAction::Changed, Resource::Users, "id", "name")
            .between(json!({ "a": 1, "b": 2 }), json!({ "a": 1, "b": 3, "c": 4 }));
        assert_eq!((change.before, change.after), (Some(json!({ "b": 2 })), Some(json!({ "b": 3, "c": 4 }))));
    }
}
