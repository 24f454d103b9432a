//! A statement with its values: one text for both engines.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::{StoreError, cell::Value, store::Engine};

/// A statement that waits to be run.
#[derive(Debug)]
pub struct Statement {
    text: SqlStr,
    values: Vec<Value>,
    lock: Lock,
}

/// What a read locks. SQLite needs no words for it: there a transaction that may write is the only one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lock {
    None,
    Share,
    Wait,
    Skip,
}

/// A statement written out.
pub(crate) fn statement(text: &'static str) -> Statement {
    Statement { text: text.into_sql_str(), values: Vec::new(), lock: Lock::None }
}

/// A statement put together from constants: lists of placeholders, conditions and orders. Values are never in it.
pub(crate) fn composed(text: String) -> Statement {
    Statement { text: AssertSqlSafe(text).into_sql_str(), values: Vec::new(), lock: Lock::None }
}

impl Statement {
    /// Binds the next `?`.
    #[must_use]
    pub(crate) fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// Binds as many `?` as there are values.
    #[must_use]
    pub(crate) fn bind_all<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    /// Holds the rows it reads until the transaction ends.
    #[must_use]
    pub(crate) fn locking(mut self) -> Self {
        self.lock = Lock::Wait;
        self
    }

    /// Keeps the rows it reads as they are until the transaction ends; others may do the same.
    #[must_use]
    pub(crate) fn sharing(mut self) -> Self {
        self.lock = Lock::Share;
        self
    }

    /// Holds the rows it reads, and passes over those that somebody else holds.
    #[must_use]
    pub(crate) fn locking_what_is_free(mut self) -> Self {
        self.lock = Lock::Skip;
        self
    }

    /// The text, without what locks rows.
    pub(crate) fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The text for an engine, and the values.
    pub(crate) fn into_parts(self, engine: Engine) -> Result<(SqlStr, Vec<Value>), StoreError> {
        if let Some(number) = self.values.iter().find_map(|value| match value {
            Value::Beyond(number) => Some(*number),
            _ => None,
        }) {
            return Err(StoreError::Beyond(number));
        }
        let suffix = match (engine, self.lock) {
            (Engine::Sqlite, _) | (_, Lock::None) => return Ok((self.text, self.values)),
            // `FOR SHARE` is not known to MariaDB.
            (Engine::MySql, Lock::Share) => " LOCK IN SHARE MODE",
            (Engine::MySql, Lock::Wait) => " FOR UPDATE",
            (Engine::MySql, Lock::Skip) => " FOR UPDATE SKIP LOCKED",
        };
        let text = format!("{}{suffix}", self.text.as_str());
        Ok((AssertSqlSafe(text).into_sql_str(), self.values))
    }
}

impl Statement {
    /// The same statement, to be explained in place of run.
    #[must_use]
    pub(crate) fn explained(mut self, engine: Engine) -> Self {
        let explain = match engine {
            Engine::Sqlite => "EXPLAIN QUERY PLAN",
            Engine::MySql => "EXPLAIN FORMAT=TRADITIONAL",
        };
        self.text = AssertSqlSafe(format!("{explain} {}", self.text.as_str())).into_sql_str();
        self
    }
}
