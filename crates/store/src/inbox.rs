//! Books that contributors sent in, and what became of them.

use packer::format::Format;
use serde::{Deserialize, Serialize};

use crate::{
    BookId, GroupId, InboxId, ReleaseId, StoreError, Timestamp, Transaction, UserId,
    books::{Books, FindingCounts},
    cell::Value,
    connection::{Reads, list, number, optional},
    releases::Status,
    row::{CellError, Record, Row},
    statement::{composed, statement},
    word::words,
};

words! {
    /// Where a book in the inbox stands.
    InboxState, "state in the inbox" {
        /// It waits for an editor.
        Waiting = "waiting",
        /// An editor took it over.
        Taken = "taken",
        /// An editor declined it; the book is gone.
        Declined = "declined",
        /// Its release was deleted before anybody decided.
        Deleted = "deleted",
    }
}

/// A book in the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxEntry {
    /// Which.
    pub id: InboxId,
    /// The release that was made of it; absent once that is deleted.
    pub release_id: Option<ReleaseId>,
    /// The name its file came with.
    pub file_name: String,
    /// Where it stands.
    pub state: InboxState,
    /// Who sent it.
    pub sent_by: UserId,
    /// Their name for others to see.
    pub sent_by_name: String,
    /// When.
    pub sent_at: Timestamp,
    /// The name for others to see of who took it over or declined it.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What they said to it.
    pub note: Option<String>,
    /// Whose the release is now: who may see what stands below is decided by whoever shows it.
    #[serde(skip)]
    pub release_by: Option<UserId>,
    /// The group that it is of now.
    #[serde(skip)]
    pub release_group: Option<GroupId>,
    /// Its book.
    #[serde(skip)]
    pub book_id: Option<BookId>,
    /// The title of the release, as it is now.
    pub title: Option<String>,
    /// Its authors.
    pub authors: Option<String>,
    /// Its format.
    pub format: Option<Format>,
    /// Its status.
    pub status: Option<Status>,
    /// The bytes of its book.
    pub size: Option<u64>,
    /// True when its book has a cover.
    pub has_cover: bool,
    /// How many findings its book has of each severity, before a profile has had its say; only a list counts them.
    pub findings: FindingCounts,
}

/// Which entries to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InboxFilter {
    /// Only what this user sent.
    pub sent_by: Option<UserId>,
    /// Only in this state.
    pub state: Option<InboxState>,
}

/// A page of entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InboxPage {
    /// The newest first.
    pub items: Vec<InboxEntry>,
    /// The entry after which the next page begins; absent on the last one.
    pub next: Option<InboxId>,
}

impl Record for InboxEntry {
    const TABLE: &'static str = "inbox_entries";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            release_id: row.optional("release_id")?,
            file_name: row.get("file_name")?,
            state: row.get("state")?,
            sent_by: row.get("sent_by")?,
            sent_by_name: row.get("sent_by_name")?,
            sent_at: row.get("sent_at")?,
            decided_by_name: row.optional("decided_by_name")?,
            decided_at: row.optional("decided_at")?,
            note: row.optional("note")?,
            release_by: row.optional("release_by")?,
            release_group: row.optional("release_group")?,
            book_id: row.optional("book_id")?,
            title: row.optional("title")?,
            authors: row.optional("authors")?,
            format: row.optional("format")?,
            status: row.optional("status")?,
            size: row.optional("size")?,
            has_cover: row.optional::<String>("cover_sha256")?.is_some(),
            findings: FindingCounts::new(),
        })
    }
}

/// An entry with what is shown of its release and of the people.
const SHOWN: &str = "SELECT i.id, i.release_id, i.file_name, i.state, i.sent_by, u.display_name AS sent_by_name, \
     i.sent_at, d.display_name AS decided_by_name, i.decided_at, i.note, r.created_by AS release_by, \
     r.group_id AS release_group, r.book_id, r.title, r.authors, r.format, r.status, b.size, b.cover_sha256 \
     FROM inbox_entries i JOIN users u ON u.id = i.sent_by LEFT JOIN users d ON d.id = i.decided_by \
     LEFT JOIN releases r ON r.id = i.release_id LEFT JOIN books b ON b.id = r.book_id";

/// The inbox, read through a store or a transaction.
#[derive(Debug)]
pub struct Inbox<C>(pub(crate) C);

impl<C: Reads> Inbox<C> {
    /// The entry with an id.
    pub async fn lookup(mut self, id: InboxId) -> Result<Option<InboxEntry>, StoreError> {
        optional(&mut self.0, composed(format!("{SHOWN} WHERE i.id = ?")).bind(id)).await
    }

    /// True while the book of a release waits for an editor.
    pub async fn waits(mut self, release: ReleaseId) -> Result<bool, StoreError> {
        let query = statement("SELECT COUNT(*) AS number FROM inbox_entries WHERE release_id = ? AND state = ?");
        Ok(number(&mut self.0, query.bind(release).bind(InboxState::Waiting)).await? > 0)
    }

    /// A page of at most `limit` entries, the newest first, from where the last one ended. Two statements, whatever the
    /// limit.
    pub async fn list(
        mut self,
        filter: InboxFilter,
        after: Option<InboxId>,
        limit: u32,
    ) -> Result<InboxPage, StoreError> {
        let wanted: [(&str, Option<Value>); 3] = [
            ("i.sent_by = ?", filter.sent_by.map(Value::from)),
            ("i.state = ?", filter.state.map(Value::from)),
            ("i.id < ?", after.map(Value::from)),
        ];
        let (conditions, values): (Vec<_>, Vec<_>) =
            wanted.into_iter().filter_map(|(condition, value)| Some((condition, value?))).unzip();
        let wherever =
            if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        let query = composed(format!("{SHOWN}{wherever} ORDER BY i.id DESC LIMIT ?"));
        let mut items = list::<InboxEntry>(&mut self.0, query.bind_all(values).bind(i64::from(limit) + 1)).await?;
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > wanted;
        items.truncate(wanted);
        let next = items.last().filter(|_| more).map(|last| last.id);
        let books: Vec<BookId> = items.iter().filter_map(|entry| entry.book_id).collect();
        let counts = Books(self.0).count_findings(&books).await?;
        for entry in &mut items {
            entry.findings = entry.book_id.and_then(|book| counts.get(&book).cloned()).unwrap_or_default();
        }
        Ok(InboxPage { items, next })
    }
}

impl Inbox<&mut Transaction> {
    /// Puts the book of a release into the inbox.
    pub async fn add(
        self,
        id: InboxId,
        release: ReleaseId,
        file_name: &str,
        sent_by: UserId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO inbox_entries (id, release_id, file_name, state, sent_by, sent_at) VALUES (?, ?, ?, ?, ?, ?)",
        );
        let insert = insert.bind(id).bind(release).bind(file_name).bind(InboxState::Waiting).bind(sent_by).bind(now);
        self.0.execute(insert).await.map(drop)
    }

    /// Says what became of a book that waits. False when somebody else decided before; of two callers one gets true.
    pub async fn decide(
        self,
        id: InboxId,
        state: InboxState,
        user: UserId,
        note: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE inbox_entries SET state = ?, decided_by = ?, decided_at = ?, note = ? WHERE id = ? AND state = ?",
        );
        let update = update.bind(state).bind(user).bind(now).bind(note).bind(id).bind(InboxState::Waiting);
        Ok(self.0.execute(update).await? > 0)
    }

    /// Says what somebody did with the book of a release without having decided it in the inbox: `Taken` when they work
    /// on it, `Deleted` when it goes. False when it does not wait there.
    pub async fn end_of_release(
        self,
        release: ReleaseId,
        state: InboxState,
        user: UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = statement(
            "UPDATE inbox_entries SET state = ?, decided_by = ?, decided_at = ? WHERE release_id = ? AND state = ?",
        );
        let update = update.bind(state).bind(user).bind(now).bind(release).bind(InboxState::Waiting);
        Ok(self.0.execute(update).await? > 0)
    }

    /// Hands a release over to the person who takes it, and to a group.
    pub async fn hand_over(
        self,
        release: ReleaseId,
        user: UserId,
        group: Option<GroupId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let update = statement(
            "UPDATE releases SET created_by = ?, group_id = ?, updated_at = ?, version = version + 1 WHERE id = ?",
        );
        self.0.execute(update.bind(user).bind(group).bind(now).bind(release)).await.map(drop)
    }
}
