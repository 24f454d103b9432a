//! A unit of work.

use sqlx::{MySql, Sqlite};

use crate::{StoreError, store::Engine};

/// A unit of work: everything done through it is stored by [`commit`](Self::commit), or nothing of it. Dropping it
/// takes everything back.
///
/// On SQLite it is the one writer and others wait for it, so nothing slow belongs inside.
pub struct Transaction {
    link: Link,
}

/// The connection of a transaction.
pub(crate) enum Link {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    MySql(sqlx::Transaction<'static, MySql>),
}

impl std::fmt::Debug for Transaction {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Transaction({:?})", self.engine())
    }
}

impl Transaction {
    pub(crate) fn new(link: Link) -> Self {
        Self { link }
    }

    pub(crate) fn link(&mut self) -> &mut Link {
        &mut self.link
    }

    pub(crate) fn engine(&self) -> Engine {
        match self.link {
            Link::Sqlite(_) => Engine::Sqlite,
            Link::MySql(_) => Engine::MySql,
        }
    }

    /// Stores everything; once it returns, no crash loses it.
    pub async fn commit(self) -> Result<(), StoreError> {
        let outcome = match self.link {
            Link::Sqlite(link) => link.commit().await,
            Link::MySql(link) => link.commit().await,
        };
        outcome.map_err(StoreError::from)
    }

    /// Takes everything back, as dropping it does, and waits until that is done.
    pub async fn roll_back(self) -> Result<(), StoreError> {
        let outcome = match self.link {
            Link::Sqlite(link) => link.rollback().await,
            Link::MySql(link) => link.rollback().await,
        };
        outcome.map_err(StoreError::from)
    }
}
