//! Packages whose files the house keeps for a while only.

use crate::{
    PackageId, StoreError, Timestamp, Transaction,
    connection::{Reads, list, optional},
    packages::{Package, Packages},
    placeholders::{ROWS_AT_ONCE, placeholders},
    row::{CellError, Record, Row},
    statement::composed,
};

/// A package whose files are kept, made before an instant, of a release that is packed, and that no job waits for or works on.
const OLD: &str = "files_removed_at IS NULL AND created_at < ? \
     AND EXISTS (SELECT 1 FROM releases r WHERE r.id = packages.release_id AND r.status = 'packed') \
     AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.release_id = packages.release_id AND j.state IN ('queued', 'running'))";

/// How many packages there are, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PackageCount {
    /// So many.
    pub packages: u64,
    /// Their bytes together.
    pub bytes: u64,
}

impl Record for PackageCount {
    const TABLE: &'static str = "packages";
    const KEY: &'static str = "number";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { packages: row.get("number")?, bytes: row.get("bytes")? })
    }
}

impl<C: Reads> Packages<C> {
    /// At most `limit` packages that were made before an instant and whose files are kept, in the order of their ids, from
    /// behind one of them on.
    pub async fn old(
        mut self,
        made_before: Timestamp,
        after: Option<PackageId>,
        limit: u32,
    ) -> Result<Vec<Package>, StoreError> {
        let query = composed(format!("SELECT * FROM packages WHERE {OLD} AND id > ? ORDER BY id LIMIT ?"));
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        list(&mut self.0, query.bind(made_before).bind(after).bind(i64::from(limit))).await
    }

    /// How many those are.
    pub async fn count_old(mut self, made_before: Timestamp) -> Result<PackageCount, StoreError> {
        let query = composed(format!(
            "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(size), 0) AS SIGNED) AS bytes FROM packages WHERE {OLD}"
        ));
        Ok(optional(&mut self.0, query.bind(made_before)).await?.unwrap_or_default())
    }
}

impl Packages<&mut Transaction> {
    /// Notes that files of a package, by their places in it, are thrown away, when it is old and no job needs it. False
    /// when it is not, or when they are gone already. Whoever holds its release knows that this stays so.
    pub async fn remove_files(
        self,
        id: PackageId,
        positions: &[u32],
        made_before: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let update = composed(format!("UPDATE packages SET files_removed_at = ? WHERE {OLD} AND id = ?"));
        if self.0.execute(update.bind(now).bind(made_before).bind(id)).await? == 0 {
            return Ok(false);
        }
        for positions in positions.chunks(ROWS_AT_ONCE) {
            let update = composed(format!(
                "UPDATE package_files SET removed_at = ? WHERE package_id = ? AND position IN ({})",
                placeholders(positions.len())
            ));
            self.0.execute(update.bind(now).bind(id).bind_all(positions.iter().copied())).await?;
        }
        Ok(true)
    }
}
