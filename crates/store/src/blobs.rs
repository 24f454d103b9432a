//! Which blobs are still needed. The bytes are elsewhere, under their hash; the rows say who points at them.

use packer::hash::Sha256;

use crate::{
    Engine, Store, StoreError, Transaction,
    connection::{Reads, number, optional},
    releases::Status,
    row::Word,
    statement::{Statement, statement},
};

/// Questions about blobs, asked of a store or a transaction.
#[derive(Debug)]
pub struct Blobs<C>(pub(crate) C);

impl<C: Reads> Blobs<C> {
    /// True when somebody still wants to read these bytes: the book of a release that is not refused, if its source is
    /// kept, a cover, its thumbnail or a file of a package that is kept has them.
    pub async fn is_needed(mut self, sha256: &Sha256) -> Result<bool, StoreError> {
        let needs = statement(
            "SELECT (SELECT COUNT(*) FROM books JOIN releases ON releases.book_id = books.id \
             WHERE books.sha256 = ? AND books.source_removed_at IS NULL AND releases.status <> ?) + \
             (SELECT COUNT(*) FROM books WHERE cover_sha256 = ?) + \
             (SELECT COUNT(*) FROM books WHERE thumbnail_sha256 = ?) + \
             (SELECT COUNT(*) FROM package_files WHERE sha256 = ? AND removed_at IS NULL) AS number",
        );
        let needs = needs.bind(sha256).bind(Status::Refused).bind(sha256).bind(sha256).bind(sha256);
        Ok(number(&mut self.0, needs).await? > 0)
    }
}

/// Keeps other processes from removing blobs, or from giving them rows, until it is dropped.
#[derive(Debug)]
pub struct BlobLock(#[expect(dead_code, reason = "it is the lock, and its end lets go")] Transaction);

impl Blobs<&Store> {
    /// Held from before bytes get their name until the row that refers to them is committed: meanwhile no other process
    /// removes any. Nothing on SQLite, which one process has for itself.
    pub async fn keep(self) -> Result<Option<BlobLock>, StoreError> {
        lock(self.0, Statement::sharing).await
    }

    /// Held while it is decided what nothing refers to: meanwhile no other process gives bytes a name. Waits for those
    /// who do.
    pub async fn begin_removing(self) -> Result<Option<BlobLock>, StoreError> {
        lock(self.0, Statement::locking).await
    }
}

async fn lock(store: &Store, how: impl Fn(Statement) -> Statement) -> Result<Option<BlobLock>, StoreError> {
    if store.engine() == Engine::Sqlite {
        return Ok(None);
    }
    let mut transaction = store.begin_write().await?;
    let row = how(statement("SELECT name AS text FROM locks WHERE name = 'blobs'"));
    optional::<Word>(&mut &mut transaction, row).await?;
    Ok(Some(BlobLock(transaction)))
}
