//! What was changed by whom. Entries are added and, after their time, removed; nothing here changes one.

use serde::{Deserialize, Serialize};

use crate::{
    AuditId, StoreError, Timestamp, TokenId, Transaction, UserId,
    cell::{Json, Value},
    connection::{Reads, list, number},
    fold::clip,
    permissions::Resource,
    row::{CellError, Record, Row},
    statement::{composed, statement},
    word::words,
};

words! {
    /// What was done.
    AuditAction, "action of the audit log" {
        /// Made.
        Created = "created",
        /// Changed.
        Changed = "changed",
        /// Deleted.
        Deleted = "deleted",
        /// Let in again.
        Activated = "activated",
        /// No longer let in.
        Deactivated = "deactivated",
        /// Came in.
        SignedIn = "signed-in",
        /// Left.
        SignedOut = "signed-out",
        /// A session or a token was ended.
        Ended = "ended",
        /// A password was changed by its owner.
        PasswordChanged = "password-changed",
        /// A password was chosen anew, by a link.
        PasswordReset = "password-reset",
        /// A link was made with which a password is chosen anew.
        ResetLink = "reset-link",
        /// One-time codes are asked for from now on.
        CodesOn = "codes-on",
        /// One-time codes are no longer asked for.
        CodesOff = "codes-off",
        /// A recovery code was used.
        RecoveryUsed = "recovery-used",
        /// Packing was asked for.
        Packed = "packed",
        /// Verifying was asked for.
        Verified = "verified",
        /// Work was stopped.
        Cancelled = "cancelled",
        /// Work was begun anew.
        Retried = "retried",
        /// A book was taken over from the inbox.
        Taken = "taken",
        /// A book in the inbox was declined.
        Declined = "declined",
        /// Stored secrets were encrypted with another key.
        Rotated = "rotated",
        /// A backup was made and found whole.
        BackedUp = "backed-up",
    }
}

/// Characters of a name that are kept.
const ACTOR_CHARACTERS: usize = 200;
/// Characters of what was acted on that are kept.
const SUBJECT_CHARACTERS: usize = 255;
/// Characters of an address: any textual IPv6 address with its zone.
const ADDRESS_CHARACTERS: usize = 100;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Which. Later ones sort after earlier ones: of one process always, of several as far as their clocks agree.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// Who; absent for the command line and for what the product does by itself.
    pub actor_id: Option<UserId>,
    /// The name to sign in with that they had then; cut after 200 characters.
    pub actor_name: String,
    /// The token of the API that was used in place of a session.
    pub token_id: Option<TokenId>,
    /// From which address.
    pub address: Option<String>,
    /// What was done.
    pub action: AuditAction,
    /// To what.
    pub resource: Resource,
    /// Its id, at most 40 characters.
    pub subject_id: Option<String>,
    /// What it was called then; cut after 255 characters.
    pub subject_name: String,
    /// What was there before, where that says something. Never a secret.
    pub before: Option<serde_json::Value>,
    /// What is there now.
    pub after: Option<serde_json::Value>,
}

/// Which entries to list. The empty filter has them all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
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
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditPage {
    /// The newest first.
    pub items: Vec<AuditEntry>,
    /// The entry after which the next page begins; absent on the last one.
    pub next: Option<AuditId>,
}

impl Record for AuditEntry {
    const TABLE: &'static str = "audit_entries";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            at: row.get("at")?,
            actor_id: row.optional("actor_id")?,
            actor_name: row.get("actor_name")?,
            token_id: row.optional("token_id")?,
            address: row.optional("address")?,
            action: row.get("action")?,
            resource: row.get("resource")?,
            subject_id: row.optional("subject_id")?,
            subject_name: row.get("subject_name")?,
            before: row.optional::<Json<_>>("before_value")?.map(|json| json.0),
            after: row.optional::<Json<_>>("after_value")?.map(|json| json.0),
        })
    }
}

/// The audit log, read through a store or a transaction.
#[derive(Debug)]
pub struct Audit<C>(pub(crate) C);

impl<C: Reads> Audit<C> {
    /// A page of at most `limit` entries, the newest first, from where the last one ended.
    pub async fn list(
        mut self,
        filter: &AuditFilter,
        after: Option<AuditId>,
        limit: u32,
    ) -> Result<AuditPage, StoreError> {
        let wanted: [(&str, Option<Value>); 7] = [
            ("actor_id = ?", filter.actor.map(Value::from)),
            ("action = ?", filter.action.map(Value::from)),
            ("resource = ?", filter.resource.map(Value::from)),
            ("subject_id = ?", filter.subject.as_ref().map(Value::from)),
            // Ids begin with the time they were made, so their index also finds an instant.
            ("id >= ?", filter.from.map(|from| AuditId::new(from, 0).into())),
            ("id < ?", filter.until.map(|until| AuditId::new(until, 0).into())),
            ("id < ?", after.map(Value::from)),
        ];
        let (conditions, values): (Vec<_>, Vec<_>) =
            wanted.into_iter().filter_map(|(condition, value)| Some((condition, value?))).unzip();
        let wherever =
            if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        let query = composed(format!("SELECT * FROM audit_entries{wherever} ORDER BY id DESC LIMIT ?"));
        let mut items = list::<AuditEntry>(&mut self.0, query.bind_all(values).bind(i64::from(limit) + 1)).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > wanted;
        items.truncate(wanted);
        let next = items.last().filter(|_| more).map(|last| last.id);
        Ok(AuditPage { items, next })
    }

    /// How many entries are of before an instant.
    pub async fn count_before(mut self, before: Timestamp) -> Result<u64, StoreError> {
        let count = statement("SELECT COUNT(*) AS number FROM audit_entries WHERE id < ?");
        number(&mut self.0, count.bind(AuditId::new(before, 0))).await
    }
}

impl Audit<&mut Transaction> {
    /// Adds an entry, in the transaction of what it tells.
    pub async fn add(self, entry: &AuditEntry) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO audit_entries (id, at, actor_id, actor_name, token_id, address, action, resource, subject_id, \
             subject_name, before_value, after_value) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(entry.id)
        .bind(entry.at)
        .bind(entry.actor_id)
        .bind(clip(&entry.actor_name, ACTOR_CHARACTERS))
        .bind(entry.token_id)
        .bind(entry.address.as_deref().map(|address| clip(address, ADDRESS_CHARACTERS)))
        .bind(entry.action)
        .bind(entry.resource)
        .bind(entry.subject_id.as_deref())
        .bind(clip(&entry.subject_name, SUBJECT_CHARACTERS))
        .bind(entry.before.as_ref().map(Json))
        .bind(entry.after.as_ref().map(Json));
        self.0.execute(insert).await.map(drop)
    }

    /// Removes entries of before an instant, and says how many.
    pub async fn delete_before(self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM audit_entries WHERE id < ?").bind(AuditId::new(before, 0))).await
    }
}
