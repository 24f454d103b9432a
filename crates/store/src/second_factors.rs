//! One-time codes: the encrypted seeds they come from, and the recovery codes for when the device is lost.

use packer::hash::Sha256;

use crate::{
    StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, list, number, optional},
    row::{CellError, Record, Row},
    statement::statement,
};

/// A seed as stored, encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedSeed {
    /// Whose.
    pub user_id: UserId,
    /// The seed, encrypted by the caller; at most 400 characters.
    pub sealed: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when codes are asked for; absent until the first one was entered.
    pub confirmed_at: Option<Timestamp>,
    /// The time step of the last code that was taken.
    pub last_step: u64,
}

impl Record for SealedSeed {
    const TABLE: &'static str = "totp_seeds";
    const KEY: &'static str = "user_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            user_id: row.get("user_id")?,
            sealed: row.get("sealed_seed")?,
            created_at: row.get("created_at")?,
            confirmed_at: row.optional("confirmed_at")?,
            last_step: row.get("last_step")?,
        })
    }
}

/// Seeds and recovery codes, read through a store or a transaction.
#[derive(Debug)]
pub struct SecondFactors<C>(pub(crate) C);

impl<C: Reads> SecondFactors<C> {
    /// The seed of a user.
    pub async fn seed(mut self, user: UserId) -> Result<Option<SealedSeed>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM totp_seeds WHERE user_id = ?").bind(user)).await
    }

    /// Every seed, to be encrypted anew.
    pub async fn seeds(mut self) -> Result<Vec<SealedSeed>, StoreError> {
        list(&mut self.0, statement("SELECT * FROM totp_seeds ORDER BY user_id")).await
    }

    /// How many recovery codes a user has left.
    pub async fn recovery_codes_left(mut self, user: UserId) -> Result<u64, StoreError> {
        let left = statement("SELECT COUNT(*) AS number FROM recovery_codes WHERE user_id = ? AND used_at IS NULL");
        number(&mut self.0, left.bind(user)).await
    }
}

impl SecondFactors<&mut Transaction> {
    /// Gives a user a seed that waits for its first code, in place of the one before.
    pub async fn put_seed(self, user: UserId, sealed: &str, now: Timestamp) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM totp_seeds WHERE user_id = ?").bind(user)).await?;
        let insert =
            statement("INSERT INTO totp_seeds (user_id, sealed_seed, created_at, last_step) VALUES (?, ?, ?, ?)");
        self.0.execute(insert.bind(user).bind(sealed).bind(now).bind(0_i64)).await.map(drop)
    }

    /// Takes the code of a time step. False when that step, or a later one, was taken already: a code is good once.
    pub async fn take_step(self, user: UserId, step: u64) -> Result<bool, StoreError> {
        let update = statement("UPDATE totp_seeds SET last_step = ? WHERE user_id = ? AND last_step < ?");
        Ok(self.0.execute(update.bind(step).bind(user).bind(step)).await? > 0)
    }

    /// Asks for codes from now on, and keeps the hashes of the recovery codes in place of those before.
    pub async fn confirm(self, user: UserId, recovery_codes: &[Sha256], now: Timestamp) -> Result<(), StoreError> {
        self.0
            .execute(statement("UPDATE totp_seeds SET confirmed_at = ? WHERE user_id = ?").bind(now).bind(user))
            .await?;
        self.0.execute(statement("DELETE FROM recovery_codes WHERE user_id = ?").bind(user)).await?;
        for hash in recovery_codes {
            let insert = statement("INSERT INTO recovery_codes (user_id, code_hash) VALUES (?, ?)");
            self.0.execute(insert.bind(user).bind(hash)).await?;
        }
        Ok(())
    }

    /// Uses a recovery code up. False when it is unknown or used already.
    pub async fn use_recovery_code(self, user: UserId, hash: &Sha256, now: Timestamp) -> Result<bool, StoreError> {
        let update =
            statement("UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND code_hash = ? AND used_at IS NULL");
        Ok(self.0.execute(update.bind(now).bind(user).bind(hash)).await? > 0)
    }

    /// Replaces an encrypted seed, when it is still the one that was read.
    pub async fn replace_seed(self, user: UserId, old: &str, new: &str) -> Result<bool, StoreError> {
        let update = statement("UPDATE totp_seeds SET sealed_seed = ? WHERE user_id = ? AND sealed_seed = ?");
        Ok(self.0.execute(update.bind(new).bind(user).bind(old)).await? > 0)
    }

    /// Asks a user for codes no longer. False when nothing was asked.
    pub async fn remove(self, user: UserId) -> Result<bool, StoreError> {
        self.0.execute(statement("DELETE FROM recovery_codes WHERE user_id = ?").bind(user)).await?;
        Ok(self.0.execute(statement("DELETE FROM totp_seeds WHERE user_id = ?").bind(user)).await? > 0)
    }
}
