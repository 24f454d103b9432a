//! Links with which anybody compares a package with what was released.

use packer::hash::Sha256;
use serde::Serialize;

use crate::{
    ReleaseId, StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, optional},
    row::{CellError, Record, Row},
    statement::statement,
};

/// A link as stored, without its token: nobody can read that again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct VerifyLink {
    /// Of which release.
    pub release_id: ReleaseId,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

impl Record for VerifyLink {
    const TABLE: &'static str = "verify_links";
    const KEY: &'static str = "release_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            release_id: row.get("release_id")?,
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
        })
    }
}

/// Verify links, read through a store or a transaction. Only the hashes of their tokens are kept.
#[derive(Debug)]
pub struct VerifyLinks<C>(pub(crate) C);

impl<C: Reads> VerifyLinks<C> {
    /// The link of a release, where it has one.
    pub async fn of_release(mut self, release: ReleaseId) -> Result<Option<VerifyLink>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM verify_links WHERE release_id = ?").bind(release)).await
    }

    /// The link with a token.
    pub async fn find(mut self, token_hash: &Sha256) -> Result<Option<VerifyLink>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM verify_links WHERE token_hash = ?").bind(token_hash)).await
    }
}

impl VerifyLinks<&mut Transaction> {
    /// Gives a release a link. The one before it no longer leads anywhere.
    pub async fn put(self, link: &VerifyLink, token_hash: &Sha256) -> Result<(), StoreError> {
        self.0.execute(statement("DELETE FROM verify_links WHERE release_id = ?").bind(link.release_id)).await?;
        let insert =
            statement("INSERT INTO verify_links (release_id, token_hash, created_by, created_at) VALUES (?, ?, ?, ?)");
        let insert = insert.bind(link.release_id).bind(token_hash).bind(link.created_by).bind(link.created_at);
        self.0.execute(insert).await.map(drop)
    }

    /// Takes the link of a release away. False when it has none.
    pub async fn remove(self, release: ReleaseId) -> Result<bool, StoreError> {
        let removed = statement("DELETE FROM verify_links WHERE release_id = ?").bind(release);
        Ok(self.0.execute(removed).await? > 0)
    }
}
