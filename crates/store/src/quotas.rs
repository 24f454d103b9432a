//! How many bytes each group keeps, and may keep.
//!
//! What has no group yet counts for the home group of whoever sent it: the oldest group that they are in.

use std::collections::BTreeMap;

use crate::{
    GroupId, StoreError, Transaction,
    connection::{Reads, list, optional},
    groups::Group,
    placeholders::placeholders,
    releases::Status,
    row::{CellError, Record, Row},
    statement::{composed, statement},
    uploads::UploadState,
};

/// A group and the bytes that count for it.
struct Kept {
    group_id: GroupId,
    bytes: u64,
}

impl Record for Kept {
    const TABLE: &'static str = "release_groups";
    const KEY: &'static str = "group_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { group_id: row.get("group_id")?, bytes: row.get("bytes")? })
    }
}

/// Quotas, read through a store or a transaction.
#[derive(Debug)]
pub struct Quotas<C>(pub(crate) C);

impl<C: Reads> Quotas<C> {
    /// The bytes that each of these groups keeps: uploads that are under way, books, packages, and packages that are being
    /// made. A book with several releases of one group counts once; a group that keeps nothing is absent. One statement,
    /// which reads every release of these groups.
    pub async fn kept(mut self, groups: &[GroupId]) -> Result<BTreeMap<GroupId, u64>, StoreError> {
        if groups.is_empty() {
            return Ok(BTreeMap::new());
        }
        let places = placeholders(groups.len());
        let (refused, packing) = (Status::Refused.word(), Status::Packing.word());
        let (open, completing) = (UploadState::Open.word(), UploadState::Completing.word());
        // A refused book is gone, and so are a source and a package that are no longer kept; what is held is joined, so that no engine asks a subquery anew for each book.
        let query = composed(format!(
            "WITH homes AS (SELECT user_id, MIN(group_id) AS group_id FROM group_members GROUP BY user_id \
             HAVING MIN(group_id) IN ({places})) \
             SELECT group_id, CAST(SUM(bytes) AS SIGNED) AS bytes FROM (\
             SELECT group_id, size AS bytes FROM uploads WHERE group_id IN ({places}) \
             AND state IN ('{open}', '{completing}') \
             UNION ALL SELECT h.group_id, u.size FROM homes h JOIN uploads u ON u.user_id = h.user_id \
             WHERE u.group_id IS NULL AND u.state IN ('{open}', '{completing}') \
             UNION ALL SELECT held.group_id, b.size FROM (\
             SELECT group_id, book_id FROM releases WHERE group_id IN ({places}) AND status <> '{refused}' \
             UNION SELECT h.group_id, r.book_id FROM homes h JOIN releases r ON r.created_by = h.user_id \
             WHERE r.group_id IS NULL AND r.status <> '{refused}') AS held JOIN books b ON b.id = held.book_id \
             AND b.source_removed_at IS NULL \
             UNION ALL SELECT r.group_id, p.size FROM releases r JOIN packages p ON p.release_id = r.id AND p.files_removed_at IS NULL \
             WHERE r.group_id IN ({places}) \
             UNION ALL SELECT group_id, reserved_bytes FROM releases WHERE group_id IN ({places}) \
             AND status = '{packing}' AND reserved_bytes IS NOT NULL) AS kept GROUP BY group_id"
        ));
        let query = (0..5).fold(query, |query, _| query.bind_all(groups));
        let rows = list::<Kept>(&mut self.0, query).await?;
        Ok(rows.into_iter().map(|row| (row.group_id, row.bytes)).collect())
    }
}

impl Quotas<&mut Transaction> {
    /// The group with an id, which stays as it is until the transaction ends: of two that both want its last bytes, the
    /// second one waits and sees what the first has taken.
    pub async fn hold(self, id: GroupId) -> Result<Option<Group>, StoreError> {
        let mut source = self.0;
        optional(&mut source, statement("SELECT * FROM release_groups WHERE id = ?").bind(id).locking()).await
    }

    /// Gives a group a limit, or none.
    pub async fn set(self, id: GroupId, bytes: Option<u64>) -> Result<(), StoreError> {
        let update = statement("UPDATE release_groups SET quota_bytes = ? WHERE id = ?").bind(bytes).bind(id);
        self.0.execute(update).await.map(drop)
    }
}
