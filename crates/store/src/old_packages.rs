//! Packages whose files the house keeps for a while only.
//!
//! What says what a package was stays: the files of text at its top. What goes is the rest, the book above all; a
//! correction of an NFO has nothing of the kind, and stays whole.

use packer::hash::Sha256;

use crate::{
    PackageId, StoreError, Timestamp, Transaction,
    connection::{Reads, list, optional},
    packages::{Package, PackageFile, Packages},
    row::{CellError, Record, Row},
    statement::composed,
};

/// The ends of the names of files that stay: NFO, SFV, checksums, manifest, signature. No format of a book is called so.
const KEPT: [&str; 5] = [".nfo", ".sfv", "SHA256SUMS", ".json", ".minisig"];

/// The condition on a file of a package that goes when its time has come.
fn goes() -> String {
    let kept: Vec<_> = KEPT.iter().map(|end| format!("f.path LIKE '%{end}'")).collect();
    format!("(f.path LIKE '%/%' OR NOT ({}))", kept.join(" OR "))
}

/// The condition on a package whose files are kept, made before an instant, of a release that is packed, that no job waits
/// for or works on, and that has something that goes.
fn old() -> String {
    format!(
        "files_removed_at IS NULL AND created_at < ? \
         AND EXISTS (SELECT 1 FROM releases r WHERE r.id = packages.release_id AND r.status = 'packed') \
         AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.release_id = packages.release_id \
         AND j.state IN ('queued', 'running')) \
         AND EXISTS (SELECT 1 FROM package_files f WHERE f.package_id = packages.id AND {})",
        goes()
    )
}

/// How many packages there are, and their bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PackageCount {
    /// So many.
    pub packages: u64,
    /// Their bytes together, with those of the files that stay.
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
    /// At most `limit` packages that were made before an instant and whose files are kept, the oldest first, from behind one
    /// of them on.
    pub async fn old(
        mut self,
        made_before: Timestamp,
        after: Option<(Timestamp, PackageId)>,
        limit: u32,
    ) -> Result<Vec<Package>, StoreError> {
        let (at, id) = after.map_or((Timestamp(i64::MIN), String::new()), |(at, id)| (at, id.to_string()));
        // The first half alone gives the range of the index, the second takes off what was there before.
        let query = composed(format!(
            "SELECT * FROM packages WHERE {} AND created_at >= ? AND (created_at > ? OR id > ?) \
             ORDER BY created_at, id LIMIT ?",
            old()
        ));
        list(&mut self.0, query.bind(made_before).bind(at).bind(at).bind(id).bind(i64::from(limit))).await
    }

    /// How many those are.
    pub async fn count_old(mut self, made_before: Timestamp) -> Result<PackageCount, StoreError> {
        let query = composed(format!(
            "SELECT COUNT(*) AS number, CAST(COALESCE(SUM(size), 0) AS SIGNED) AS bytes FROM packages WHERE {}",
            old()
        ));
        Ok(optional(&mut self.0, query.bind(made_before)).await?.unwrap_or_default())
    }
}

impl Packages<&mut Transaction> {
    /// Notes that the files of a package that do not stay are thrown away, when it is old and no job needs it, and says under
    /// which hashes their bytes are. Nothing when it is not, or when they are gone already. Whoever holds its release knows
    /// that this stays so.
    pub async fn remove_files(
        self,
        id: PackageId,
        made_before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<Vec<Sha256>>, StoreError> {
        let update = composed(format!("UPDATE packages SET files_removed_at = ? WHERE {} AND id = ?", old()));
        let mut source = self.0;
        if source.execute(update.bind(now).bind(made_before).bind(id)).await? == 0 {
            return Ok(None);
        }
        let files = composed(format!("SELECT * FROM package_files f WHERE f.package_id = ? AND {}", goes()));
        let files = list::<PackageFile>(&mut source, files.bind(id)).await?;
        let condition = goes().replace("f.path", "path");
        let update = composed(format!("UPDATE package_files SET removed_at = ? WHERE package_id = ? AND {condition}"));
        source.execute(update.bind(now).bind(id)).await?;
        Ok(Some(files.into_iter().map(|file| file.sha256).collect()))
    }
}
