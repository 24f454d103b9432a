//! Links that make the first administrator, each of them once.

use packer::hash::Sha256;

use crate::{StoreError, Timestamp, Transaction, statement::statement};

/// Setup links. Only the hashes of their tokens are kept.
#[derive(Debug)]
pub struct SetupLinks<C>(pub(crate) C);

impl<C: crate::connection::Reads> SetupLinks<C> {
    /// True when the link can still be used.
    pub async fn is_usable(mut self, token_hash: &Sha256, now: Timestamp) -> Result<bool, StoreError> {
        let count = statement(
            "SELECT COUNT(*) AS number FROM setup_links WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?",
        );
        Ok(crate::connection::number(&mut self.0, count.bind(token_hash).bind(now)).await? > 0)
    }
}

impl SetupLinks<&mut Transaction> {
    /// Adds a link. Those before it can no longer be used: whoever reads an old log gets nowhere.
    pub async fn add(self, token_hash: &Sha256, now: Timestamp, expires_at: Timestamp) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM setup_links")).await?;
        let insert = statement("INSERT INTO setup_links (token_hash, created_at, expires_at) VALUES (?, ?, ?)");
        self.0.execute(insert.bind(token_hash).bind(now).bind(expires_at)).await.map(drop)
    }

    /// Takes away every link that was not used, and says how many.
    pub async fn remove_unused(self) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM setup_links WHERE used_at IS NULL")).await
    }

    /// Uses a link up. False when it is unknown, too old or used already; of two callers one gets true.
    pub async fn use_up(self, token_hash: &Sha256, now: Timestamp) -> Result<bool, StoreError> {
        let update =
            statement("UPDATE setup_links SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?");
        Ok(self.0.execute(update.bind(now).bind(token_hash).bind(now)).await? > 0)
    }
}
