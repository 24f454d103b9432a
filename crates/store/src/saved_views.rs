//! Views of the catalogue that people keep under a name.

use serde::Serialize;

use crate::{
    StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, list, number},
    row::{CellError, Record, Row},
    statement::statement,
};

/// A view as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SavedView {
    /// Its name, at most 60 characters; each person has it once.
    pub name: String,
    /// The query of its address, at most 1000 characters.
    pub query: String,
}

impl Record for SavedView {
    const TABLE: &'static str = "saved_views";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { name: row.get("name")?, query: row.get("query")? })
    }
}

/// Saved views, read through a store or a transaction.
#[derive(Debug)]
pub struct SavedViews<C>(pub(crate) C);

impl<C: Reads> SavedViews<C> {
    /// Every view of a person, by name.
    pub async fn list_of(mut self, user: UserId) -> Result<Vec<SavedView>, StoreError> {
        let found = statement("SELECT name, query FROM saved_views WHERE user_id = ? ORDER BY name").bind(user);
        list(&mut self.0, found).await
    }

    /// How many views a person has.
    pub async fn count_of(mut self, user: UserId) -> Result<u64, StoreError> {
        let count = statement("SELECT COUNT(*) AS number FROM saved_views WHERE user_id = ?").bind(user);
        number(&mut self.0, count).await
    }
}

impl SavedViews<&mut Transaction> {
    /// Keeps a view; one of the same name gives way to it.
    pub async fn put(self, user: UserId, view: &SavedView, now: Timestamp) -> Result<(), StoreError> {
        let former = statement("DELETE FROM saved_views WHERE user_id = ? AND name = ?").bind(user).bind(&view.name);
        self.0.execute(former).await?;
        let insert = statement("INSERT INTO saved_views (user_id, name, query, created_at) VALUES (?, ?, ?, ?)")
            .bind(user)
            .bind(&view.name)
            .bind(&view.query)
            .bind(now);
        self.0.execute(insert).await.map(drop)
    }

    /// Forgets a view. What is not there is not missed.
    pub async fn remove(self, user: UserId, name: &str) -> Result<(), StoreError> {
        let removed = statement("DELETE FROM saved_views WHERE user_id = ? AND name = ?").bind(user).bind(name);
        self.0.execute(removed).await.map(drop)
    }
}
