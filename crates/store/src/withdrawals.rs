//! Releases whose package is no longer offered.

use serde::Serialize;

use crate::{
    ReleaseId, StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, optional},
    row::{CellError, Record, Row},
    statement::statement,
};

/// A withdrawal as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Withdrawal {
    /// Of which release.
    pub release_id: ReleaseId,
    /// What whoever withdrew it says, at most 500 characters.
    pub reason: String,
    /// Who withdrew it.
    pub withdrawn_by: UserId,
    /// Their name for others to see.
    pub withdrawn_by_name: String,
    /// When.
    pub withdrawn_at: Timestamp,
}

/// A withdrawal to come.
#[derive(Debug, Clone, Copy)]
pub struct NewWithdrawal<'a> {
    /// Of which release.
    pub release_id: ReleaseId,
    /// What whoever withdraws it says, at most 500 characters.
    pub reason: &'a str,
    /// Who withdraws it.
    pub withdrawn_by: UserId,
    /// When.
    pub withdrawn_at: Timestamp,
}

impl Record for Withdrawal {
    const TABLE: &'static str = "withdrawals";
    const KEY: &'static str = "release_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            release_id: row.get("release_id")?,
            reason: row.get("reason")?,
            withdrawn_by: row.get("withdrawn_by")?,
            withdrawn_by_name: row.get("withdrawn_by_name")?,
            withdrawn_at: row.get("withdrawn_at")?,
        })
    }
}

/// Withdrawals, read through a store or a transaction.
#[derive(Debug)]
pub struct Withdrawals<C>(pub(crate) C);

impl<C: Reads> Withdrawals<C> {
    /// The withdrawal of a release, where it is withdrawn.
    pub async fn of_release(mut self, release: ReleaseId) -> Result<Option<Withdrawal>, StoreError> {
        let found = statement(
            "SELECT w.release_id, w.reason, w.withdrawn_by, u.display_name AS withdrawn_by_name, w.withdrawn_at \
             FROM withdrawals w JOIN users u ON u.id = w.withdrawn_by WHERE w.release_id = ?",
        );
        optional(&mut self.0, found.bind(release)).await
    }
}

impl Withdrawals<&mut Transaction> {
    /// Withdraws a release. [`Constraint::Other`](crate::Constraint::Other) when it is withdrawn already.
    pub async fn add(self, new: &NewWithdrawal<'_>) -> Result<(), StoreError> {
        let insert =
            statement("INSERT INTO withdrawals (release_id, reason, withdrawn_by, withdrawn_at) VALUES (?, ?, ?, ?)");
        let insert = insert.bind(new.release_id).bind(new.reason).bind(new.withdrawn_by).bind(new.withdrawn_at);
        self.0.execute(insert).await.map(drop)
    }

    /// Takes a withdrawal back. False when the release is not withdrawn.
    pub async fn remove(self, release: ReleaseId) -> Result<bool, StoreError> {
        let removed = statement("DELETE FROM withdrawals WHERE release_id = ?").bind(release);
        Ok(self.0.execute(removed).await? > 0)
    }
}
