//! Links with which a person chooses a new password, each of them once.

use packer::hash::Sha256;

use crate::{
    StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, optional},
    row::Word,
    statement::statement,
};

/// Reset links. Only the hashes of their tokens are kept.
#[derive(Debug)]
pub struct ResetLinks<C>(pub(crate) C);

impl<C: Reads> ResetLinks<C> {
    /// Whose password a link changes, while it can be used.
    pub async fn owner(mut self, token_hash: &Sha256, now: Timestamp) -> Result<Option<UserId>, StoreError> {
        let owner = statement(
            "SELECT user_id AS text FROM reset_links WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?",
        );
        let word = optional::<Word>(&mut self.0, owner.bind(token_hash).bind(now)).await?;
        word.map(|word| word.0.parse().map_err(|error| crate::users::unreadable_id(word.0, error))).transpose()
    }
}

impl ResetLinks<&mut Transaction> {
    /// Adds a link. Those of the same person before it can no longer be used.
    pub async fn add(
        self,
        token_hash: &Sha256,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM reset_links WHERE user_id = ?").bind(user)).await?;
        self.add_another(token_hash, user, now, expires_at).await
    }

    /// Adds a link beside those that there are: who asks for one must not be able to take another's away.
    pub async fn add_another(
        self,
        token_hash: &Sha256,
        user: UserId,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let insert =
            statement("INSERT INTO reset_links (token_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)");
        self.0.execute(insert.bind(token_hash).bind(user).bind(now).bind(expires_at)).await.map(drop)
    }

    /// Takes every link of a user away: what it was made for has changed.
    pub async fn remove_of(self, user: UserId) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM reset_links WHERE user_id = ?").bind(user)).await.map(drop)
    }

    /// Takes one link away: it reached nobody.
    pub async fn remove(self, token_hash: &Sha256) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM reset_links WHERE token_hash = ?").bind(token_hash)).await.map(drop)
    }

    /// Removes links that ran out before an instant, used or not, and says how many.
    pub async fn delete_expired(self, before: Timestamp) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM reset_links WHERE expires_at < ?").bind(before)).await
    }

    /// Takes away every link that was not used, and says how many.
    pub async fn remove_unused(self) -> Result<u64, StoreError> {
        self.0.execute(statement("DELETE FROM reset_links WHERE used_at IS NULL")).await
    }

    /// Uses a link up. False when it is unknown, too old or used already; of two callers one gets true.
    pub async fn use_up(self, token_hash: &Sha256, now: Timestamp) -> Result<bool, StoreError> {
        let update =
            statement("UPDATE reset_links SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND expires_at > ?");
        Ok(self.0.execute(update.bind(now).bind(token_hash).bind(now)).await? > 0)
    }
}
