//! Links with which a person confirms that an address is theirs, each of them once.

use packer::hash::Sha256;

use crate::{
    StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, optional},
    row::{CellError, Record, Row},
    statement::statement,
};

/// What a link confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailLink {
    /// Whose address it is.
    pub user_id: UserId,
    /// The address that the link was sent to, at most 254 characters.
    pub email: String,
}

impl Record for EmailLink {
    const TABLE: &'static str = "email_links";
    const KEY: &'static str = "user_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { user_id: row.get("user_id")?, email: row.get("email")? })
    }
}

/// Links that confirm an address. Only the hashes of their tokens are kept.
#[derive(Debug)]
pub struct EmailLinks<C>(pub(crate) C);

impl<C: Reads> EmailLinks<C> {
    /// What a link confirms, while it can be used.
    pub async fn find(mut self, token_hash: &Sha256, now: Timestamp) -> Result<Option<EmailLink>, StoreError> {
        let link = statement("SELECT user_id, email FROM email_links WHERE token_hash = ? AND expires_at > ?");
        optional(&mut self.0, link.bind(token_hash).bind(now)).await
    }
}

impl EmailLinks<&mut Transaction> {
    /// Adds a link beside those that there are.
    pub async fn add(
        self,
        token_hash: &Sha256,
        link: &EmailLink,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO email_links (token_hash, user_id, email, created_at, expires_at) VALUES (?, ?, ?, ?, ?)",
        );
        let insert = insert.bind(token_hash).bind(link.user_id).bind(&link.email).bind(now).bind(expires_at);
        self.0.execute(insert).await.map(drop)
    }

    /// Takes away every link that was not used, and says how many.
    pub async fn remove_unused(self) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM email_links")).await
    }

    /// Uses a link up. False when it is unknown or too old; of two callers one gets true.
    pub async fn use_up(self, token_hash: &Sha256, now: Timestamp) -> Result<bool, StoreError> {
        let delete = statement("DELETE FROM email_links WHERE token_hash = ? AND expires_at > ?");
        Ok(self.0.execute(delete.bind(token_hash).bind(now)).await? > 0)
    }

    /// Takes every link of a user away: another address is wanted by now, or none.
    pub async fn remove_of(self, user: UserId) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM email_links WHERE user_id = ?").bind(user)).await.map(drop)
    }

    /// Takes one link away: it reached nobody.
    pub async fn remove(self, token_hash: &Sha256) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM email_links WHERE token_hash = ?").bind(token_hash)).await.map(drop)
    }

    /// Removes links that ran out before an instant, and says how many.
    pub async fn delete_expired(self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM email_links WHERE expires_at < ?").bind(before)).await
    }
}
