//! Profiles of one's own: every version that was saved, and what somebody is still writing.

use serde::Serialize;

use crate::{
    StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, list, optional},
    row::{CellError, Record, Row, Word},
    statement::statement,
};

/// A version of a profile as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileVersion {
    /// The profile's name, at most 40 characters.
    pub name: String,
    /// Counted from 1.
    pub version: u32,
    /// The TOML, as it was typed.
    pub text: String,
    /// Who saved it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

impl Record for ProfileVersion {
    const TABLE: &'static str = "profile_versions";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            name: row.get("name")?,
            version: row.get("version")?,
            text: row.get("text")?,
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// A text that is not a version yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileDraft {
    /// The TOML, as it was typed.
    pub text: String,
    /// The version that it was begun from; 0 for a new profile.
    pub seen: u32,
}

impl Record for ProfileDraft {
    const TABLE: &'static str = "profile_drafts";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { text: row.get("text")?, seen: row.get("seen")? })
    }
}

/// A profile that nobody can choose any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeletedProfile {
    /// Its name, at most 40 characters.
    pub name: String,
    /// Who deleted it.
    pub deleted_by: UserId,
    /// When.
    pub deleted_at: Timestamp,
}

impl Record for DeletedProfile {
    const TABLE: &'static str = "deleted_profiles";
    const KEY: &'static str = "name";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { name: row.get("name")?, deleted_by: row.get("deleted_by")?, deleted_at: row.get("deleted_at")? })
    }
}

/// Profiles, read through a store or a transaction.
#[derive(Debug)]
pub struct Profiles<C>(pub(crate) C);

impl<C: Reads> Profiles<C> {
    /// Every profile that is deleted, by name.
    pub async fn list_deleted(mut self) -> Result<Vec<DeletedProfile>, StoreError> {
        list(&mut self.0, statement("SELECT * FROM deleted_profiles ORDER BY name")).await
    }

    /// That a profile is deleted, when it is.
    pub async fn deletion(mut self, name: &str) -> Result<Option<DeletedProfile>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM deleted_profiles WHERE name = ?").bind(name)).await
    }

    /// The latest version of every profile, by name, of deleted ones, too.
    pub async fn list_latest(mut self) -> Result<Vec<ProfileVersion>, StoreError> {
        let latest = statement(
            "SELECT p.* FROM profile_versions p WHERE p.version = \
             (SELECT MAX(q.version) FROM profile_versions q WHERE q.name = p.name) ORDER BY p.name",
        );
        list(&mut self.0, latest).await
    }

    /// The latest version of a profile.
    pub async fn latest(mut self, name: &str) -> Result<Option<ProfileVersion>, StoreError> {
        let latest =
            statement("SELECT * FROM profile_versions WHERE name = ? ORDER BY version DESC LIMIT 1").bind(name);
        optional(&mut self.0, latest).await
    }

    /// Every version of a profile, the newest first.
    pub async fn versions(mut self, name: &str) -> Result<Vec<ProfileVersion>, StoreError> {
        let all = statement("SELECT * FROM profile_versions WHERE name = ? ORDER BY version DESC").bind(name);
        list(&mut self.0, all).await
    }

    /// The names under which somebody is writing, the last first.
    pub async fn drafts_of(mut self, user: UserId) -> Result<Vec<String>, StoreError> {
        let names =
            statement("SELECT name AS text FROM profile_drafts WHERE user_id = ? ORDER BY updated_at DESC, name");
        Ok(list::<Word>(&mut self.0, names.bind(user)).await?.into_iter().map(|word| word.0).collect())
    }

    /// What somebody is writing under a name.
    pub async fn draft(mut self, user: UserId, name: &str) -> Result<Option<ProfileDraft>, StoreError> {
        let draft =
            statement("SELECT text, seen FROM profile_drafts WHERE user_id = ? AND name = ?").bind(user).bind(name);
        optional(&mut self.0, draft).await
    }
}

impl Profiles<&mut Transaction> {
    /// The latest version of a profile, which stays as it is until the transaction ends: whoever deletes the profile, or
    /// writes for it, waits for one another.
    pub async fn hold(self, name: &str) -> Result<Option<ProfileVersion>, StoreError> {
        let mut source = self.0;
        let latest =
            statement("SELECT * FROM profile_versions WHERE name = ? ORDER BY version DESC LIMIT 1").bind(name);
        optional(&mut source, latest.locking()).await
    }

    /// Adds a version. [`Constraint::Other`](crate::Constraint::Other) when the profile has one of that number.
    pub async fn add(self, version: &ProfileVersion) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO profile_versions (name, version, text, created_by, created_at) VALUES (?, ?, ?, ?, ?)",
        )
        .bind(&version.name)
        .bind(version.version)
        .bind(&version.text)
        .bind(version.created_by)
        .bind(version.created_at);
        self.0.execute(insert).await.map(drop)
    }

    /// Lets nobody choose a profile any more, and forgets what anybody was writing for it. Its versions stay.
    /// [`Constraint::Other`](crate::Constraint::Other) when it is deleted already.
    pub async fn delete(self, deleted: &DeletedProfile) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM profile_drafts WHERE name = ?").bind(&deleted.name)).await?;
        let insert = statement("INSERT INTO deleted_profiles (name, deleted_by, deleted_at) VALUES (?, ?, ?)");
        let insert = insert.bind(&deleted.name).bind(deleted.deleted_by).bind(deleted.deleted_at);
        self.0.execute(insert).await.map(drop)
    }

    /// Gives a deleted profile back. False when it is not deleted.
    pub async fn restore(self, name: &str) -> Result<bool, StoreError> {
        let removed = statement("DELETE FROM deleted_profiles WHERE name = ?").bind(name);
        Ok(self.0.execute(removed).await? > 0)
    }

    /// Keeps what somebody is writing; what was kept before gives way.
    pub async fn put_draft(
        self,
        user: UserId,
        name: &str,
        draft: &ProfileDraft,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let former = statement("DELETE FROM profile_drafts WHERE user_id = ? AND name = ?").bind(user).bind(name);
        self.0.execute(former).await?;
        let insert =
            statement("INSERT INTO profile_drafts (user_id, name, text, seen, updated_at) VALUES (?, ?, ?, ?, ?)")
                .bind(user)
                .bind(name)
                .bind(&draft.text)
                .bind(draft.seen)
                .bind(now);
        self.0.execute(insert).await.map(drop)
    }

    /// Forgets what nobody has gone on with since then, and says how many drafts that were.
    pub async fn delete_drafts_before(self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM profile_drafts WHERE updated_at < ?").bind(before)).await
    }

    /// Forgets what somebody was writing. What is not there is not missed.
    pub async fn remove_draft(self, user: UserId, name: &str) -> Result<(), StoreError> {
        let removed = statement("DELETE FROM profile_drafts WHERE user_id = ? AND name = ?").bind(user).bind(name);
        self.0.execute(removed).await.map(drop)
    }
}
