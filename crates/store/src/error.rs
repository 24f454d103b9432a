//! What can go wrong below the use cases.

use std::io;

use crate::Constraint;

/// Why the store could not do it. Not found is `None` and no error; a conflict is a value to act upon.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What was to be stored is taken. Nothing of the statement was stored; the transaction goes on.
    #[error("taken already: {0:?}")]
    Conflict(Constraint),
    /// A row holds what cannot be. Somebody else wrote it, or a version of ours that was wrong.
    #[error("{table}.{column} of {} cannot be read", id.as_deref().unwrap_or("a row without an id"))]
    Inconsistent {
        /// The table, or for a joined row the one it is about.
        table: &'static str,
        /// The column as the statement names it.
        column: &'static str,
        /// The row's id where it has one.
        id: Option<String>,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A number above 2⁶³ − 1: no column holds it.
    #[error("{0} is larger than a column can hold")]
    Beyond(u64),
    /// Another transaction held what this one needs, the engine ended this one to free another, or it was not there or
    /// took no changes just now. Trying the whole transaction again may succeed; where a connection was lost while it was
    /// committed, it may be stored already.
    #[error("the database is busy")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The engine's disk is full: nothing of the transaction was stored.
    #[error("the database has no room left")]
    Full(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Anything else the engine said. Never shown to a person.
    #[error("the database failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// The constraint, when it is a conflict.
    pub fn conflict(&self) -> Option<Constraint> {
        match self {
            Self::Conflict(constraint) => Some(*constraint),
            _ => None,
        }
    }
}

/// SQLite's primary result codes for a lock that did not come free.
const SQLITE_BUSY: i32 = 5;
const SQLITE_LOCKED: i32 = 6;
/// SQLite's primary result code for a full disk, and its extended one for the index of the write-ahead log that could
/// not grow, which has no other cause in practice.
const SQLITE_FULL: i32 = 13;
const SQLITE_IOERR_SHMSIZE: i32 = 4874;
/// MySQL's numbers for what passes: no transaction of ours is wrong, and the same one may succeed a moment later, be it on
/// the server that takes the place of this one.
const MYSQL_PASSING: [u16; 16] = [
    1040, // too many connections
    1053, // the server shuts down
    1152, // the connection was given up
    1158, 1159, 1160, 1161, // a packet was not read or written, or not in time
    1205, // a lock wait took too long
    1213, // a deadlock
    1290, // read-only, as a server that is no longer the primary is
    1836, // read-only by an administrator
    1927, 3169, 4031, // the server ended the connection: MariaDB; MySQL; MySQL after long silence
    2006, 2013, // gone; lost in the middle, as proxies tell it
];
/// MySQL's numbers for a full disk, and for a table that cannot grow, which a full disk is told by as well.
const MYSQL_DISK_FULL: u16 = 1021;
const MYSQL_RECORD_FILE_FULL: u16 = 1114;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        // No connection in time, or one that was lost.
        let passes = match &error {
            sqlx::Error::PoolTimedOut => true,
            sqlx::Error::Io(error) => !is_of_the_configuration(error),
            _ => false,
        };
        if passes {
            return Self::Busy(error.into());
        }
        let Some(database) = error.as_database_error() else { return Self::Backend(error.into()) };
        if let Some(mysql) = database.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
            if database.is_unique_violation() {
                return Self::Conflict(Constraint::from_index(mysql.message()));
            }
            if MYSQL_PASSING.contains(&mysql.number()) {
                return Self::Busy(error.into());
            }
            if matches!(mysql.number(), MYSQL_DISK_FULL | MYSQL_RECORD_FILE_FULL) {
                return Self::Full(error.into());
            }
        } else if database.is_unique_violation() {
            return Self::Conflict(Constraint::from_columns(database.message()));
        } else {
            let code = database.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
            // The lower byte of an extended result code is its primary one.
            if matches!(code & 0xff, SQLITE_BUSY | SQLITE_LOCKED) {
                return Self::Busy(error.into());
            }
            if code & 0xff == SQLITE_FULL || code == SQLITE_IOERR_SHMSIZE {
                return Self::Full(error.into());
            }
        }
        Self::Backend(error.into())
    }
}

/// True where no connection came about because of what the configuration says: a certificate that nobody vouches for, a
/// file of authorities that is not there. That does not pass by itself.
fn is_of_the_configuration(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, NotFound, PermissionDenied, Unsupported};
    matches!(error.kind(), InvalidData | InvalidInput | NotFound | PermissionDenied | Unsupported)
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

    use super::*;

    #[tokio::test]
    async fn a_database_that_may_not_grow_is_told_from_a_fault() {
        let mut database = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        database.execute("CREATE TABLE shelf (book TEXT)").await.unwrap();
        database.execute("PRAGMA max_page_count = 2").await.unwrap();
        let insert = format!("INSERT INTO shelf VALUES ('{}')", "x".repeat(100_000));
        let full = database.execute(AssertSqlSafe(insert)).await.unwrap_err();
        assert!(matches!(StoreError::from(full), StoreError::Full(_)));
        let wrong = database.execute("INSERT INTO attic VALUES (1)").await.unwrap_err();
        assert!(matches!(StoreError::from(wrong), StoreError::Backend(_)));
    }

    #[test]
    fn a_connection_that_was_lost_is_told_from_a_fault() {
        let lost = io::Error::from(io::ErrorKind::UnexpectedEof);
        assert!(matches!(StoreError::from(sqlx::Error::Io(lost)), StoreError::Busy(_)));
        let not_believed = io::Error::from(io::ErrorKind::InvalidData);
        assert!(matches!(StoreError::from(sqlx::Error::Io(not_believed)), StoreError::Backend(_)));
        assert!(matches!(StoreError::from(sqlx::Error::RowNotFound), StoreError::Backend(_)));
    }
}
