//! Sources: the bytes of books whose releases are packed, which the house may keep for a while only.

use crate::{
    BookId, StoreError, Timestamp, Transaction,
    books::{Book, Books},
    connection::{Reads, list, optional},
    row::{CellError, Record, Row},
    statement::{composed, statement},
};

/// A book whose bytes nobody needs: every release of it has a package, made before an instant (twice), and no job waits for
/// one of them or works on it. Without a release there is nothing to go by.
const UNNEEDED: &str = "source_removed_at IS NULL AND created_at < ? \
     AND EXISTS (SELECT 1 FROM releases r WHERE r.book_id = books.id) \
     AND NOT EXISTS (SELECT 1 FROM releases r WHERE r.book_id = books.id AND (r.status <> 'packed' \
     OR r.packed_at IS NULL OR r.packed_at >= ? \
     OR NOT EXISTS (SELECT 1 FROM packages p WHERE p.release_id = r.id))) \
     AND NOT EXISTS (SELECT 1 FROM releases r JOIN jobs j ON j.release_id = r.id \
     WHERE r.book_id = books.id AND j.state IN ('queued', 'running'))";

/// How many sources there are, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SourceCount {
    /// So many.
    pub sources: u64,
    /// Their bytes together.
    pub bytes: u64,
}

impl Record for SourceCount {
    const TABLE: &'static str = "books";
    const KEY: &'static str = "number";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { sources: row.get("number")?, bytes: row.get("bytes")? })
    }
}

impl<C: Reads> Books<C> {
    /// At most `limit` books whose bytes nobody needs and whose releases were all packed before an instant, in the order of
    /// their ids, from behind one of them on.
    pub async fn unneeded_sources(
        mut self,
        packed_before: Timestamp,
        after: Option<BookId>,
        limit: u32,
    ) -> Result<Vec<Book>, StoreError> {
        let query = composed(format!("SELECT * FROM books WHERE {UNNEEDED} AND id > ? ORDER BY id LIMIT ?"));
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        list(&mut self.0, query.bind(packed_before).bind(packed_before).bind(after).bind(i64::from(limit))).await
    }

    /// How many those are.
    pub async fn count_unneeded_sources(mut self, packed_before: Timestamp) -> Result<SourceCount, StoreError> {
        let query = composed(format!(
            "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(size), 0) AS SIGNED) AS bytes FROM books WHERE {UNNEEDED}"
        ));
        let count = optional(&mut self.0, query.bind(packed_before).bind(packed_before)).await?;
        Ok(count.unwrap_or_default())
    }
}

impl Books<&mut Transaction> {
    /// Notes that the bytes of a book are thrown away, when nobody needs them; what was read from it stays. False when
    /// somebody needs them, or when they are gone already. Whoever holds its releases knows that this stays so.
    pub async fn remove_source(self, id: BookId, packed_before: Timestamp, now: Timestamp) -> Result<bool, StoreError> {
        let update = composed(format!("UPDATE books SET source_removed_at = ? WHERE {UNNEEDED} AND id = ?"));
        let update = update.bind(now).bind(packed_before).bind(packed_before).bind(id);
        Ok(self.0.execute(update).await? > 0)
    }

    /// The book with an id, which stays as it is until the transaction ends.
    pub async fn hold(self, id: BookId) -> Result<Option<Book>, StoreError> {
        let mut source = self.0;
        optional(&mut source, statement("SELECT * FROM books WHERE id = ?").bind(id).locking()).await
    }
}
