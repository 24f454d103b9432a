//! Groups and their tags.

use packer::group::GroupTag;
use serde::Serialize;

use crate::{
    GroupId, StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, list, optional},
    fold,
    row::{CellError, Record, Row},
    statement::statement,
};

/// A group as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Which.
    pub id: GroupId,
    /// Its tag, as it stands in release names.
    pub tag: GroupTag,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// The most bytes that it may keep; absent where it has no limit.
    pub quota_bytes: Option<u64>,
}

impl Record for Group {
    const TABLE: &'static str = "release_groups";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            tag: row.get("tag")?,
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
            quota_bytes: row.optional("quota_bytes")?,
        })
    }
}

/// Groups, read through a store or a transaction.
#[derive(Debug)]
pub struct Groups<C>(pub(crate) C);

impl<C: Reads> Groups<C> {
    /// The group with an id.
    pub async fn lookup(mut self, id: GroupId) -> Result<Option<Group>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM release_groups WHERE id = ?").bind(id)).await
    }

    /// The group with a tag, whatever its case.
    pub async fn find_by_tag(mut self, tag: &GroupTag) -> Result<Option<Group>, StoreError> {
        let found = statement("SELECT * FROM release_groups WHERE tag_folded = ?").bind(fold(tag.as_str()));
        optional(&mut self.0, found).await
    }

    /// Every group, by tag.
    pub async fn list(mut self) -> Result<Vec<Group>, StoreError> {
        list(&mut self.0, statement("SELECT * FROM release_groups ORDER BY tag_folded")).await
    }
}

impl Groups<&mut Transaction> {
    /// Every group, by tag. They stay as they are until the transaction ends, and so do their members for everybody who
    /// holds them before changing one: groups are few.
    pub async fn hold_all(self) -> Result<Vec<Group>, StoreError> {
        let mut source = self.0;
        list(&mut source, statement("SELECT * FROM release_groups ORDER BY tag_folded").locking()).await
    }

    /// Adds a group. [`Constraint::GroupTag`](crate::Constraint::GroupTag) when the tag is taken.
    pub async fn add(self, group: &Group) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO release_groups (id, tag, tag_folded, created_at, created_by, quota_bytes) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(group.id)
        .bind(&group.tag)
        .bind(fold(group.tag.as_str()))
        .bind(group.created_at)
        .bind(group.created_by)
        .bind(group.quota_bytes);
        self.0.execute(insert).await.map(drop)
    }
}
