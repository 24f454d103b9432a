//! Opening a database.

use std::time::Duration;

use sqlx::{
    Connection as _, Executor as _, MySqlPool, SqliteConnection, SqlitePool,
    mysql::MySqlPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{
    DatabaseLocation, StoreError, Transaction, connection::number, replica::Replica, statement::statement,
    transaction::Link,
};

/// How long a caller waits for a connection, or for another process's lock, before it is told that the database is
/// busy: longer than any transaction of ours, shorter than a browser waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// The same for the replica: when it does not answer, the primary does.
const REPLICA_PATIENCE: Duration = Duration::from_secs(1);

/// Connections that read a SQLite file side by side. They share the page cache of the system; more of them only wait
/// for the same disk.
const SQLITE_READERS: u32 = 8;

/// Connections to one MySQL server from one process: as many processes as Kubernetes may ever start (k8s/base) stay
/// below its default of 151, which `cargo xtask deployment` adds up. One request holds a connection for milliseconds.
const MYSQL_CONNECTIONS: u32 = 12;

/// Statements that a connection to a server has prepared when it forgets them, before it is lent again. The driver keeps a
/// hundred and closes an old one for each new one beyond: a message without an answer, behind which the next one waits for
/// 40 ms (the driver leaves Nagle's algorithm on). A hundred for each connection is also what a server allows by itself
/// (`max_prepared_stmt_count`). One use of a connection adds less than what is between.
const MOST_PREPARED: usize = 60;

/// The database. Cloning it shares its connections.
#[derive(Debug, Clone)]
pub struct Store {
    db: Db,
    /// Whether a read may be answered by a replica that is a little behind.
    pub(crate) allows_lag: bool,
}

/// The connections of each engine.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    /// Readers see what is committed and never wait; there is one writer, because SQLite knows no more.
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    /// Everything goes to the primary, but reads of who said that they may be a little old.
    MySql { primary: MySqlPool, replica: Option<Replica> },
}

/// Which engine a store has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// SQLite.
    Sqlite,
    /// MySQL or MariaDB.
    MySql,
}

impl Store {
    /// Connections to the database that are open, and those of them that nobody uses at the moment.
    pub fn connections(&self) -> (u32, usize) {
        match &self.db {
            Db::Sqlite { readers, writer } => (readers.size() + writer.size(), readers.num_idle() + writer.num_idle()),
            Db::MySql { primary, replica } => {
                let replica = replica.as_ref().map_or((0, 0), |replica| (replica.pool.size(), replica.pool.num_idle()));
                (primary.size() + replica.0, primary.num_idle() + replica.1)
            }
        }
    }

    /// Opens the database; makes the file of a SQLite database that is missing. Tables are made by
    /// [`migrate`](Self::migrate).
    pub async fn open(location: &DatabaseLocation) -> Result<Self, StoreError> {
        let db = match location {
            DatabaseLocation::Sqlite { file } => {
                let options = SqliteConnectOptions::new()
                    .filename(file)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // With `NORMAL` a power cut loses what was acknowledged last.
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(PATIENCE);
                let sqlite_pool = || SqlitePoolOptions::new().acquire_timeout(PATIENCE);
                // The writer comes first: it makes the file and switches it to write-ahead logging.
                let writer =
                    sqlite_pool().max_connections(1).after_release(|connection, _| Box::pin(is_out(connection)));
                let writer = writer.connect_with(options.clone()).await?;
                let reading = options.pragma("query_only", "ON");
                let readers = sqlite_pool().max_connections(SQLITE_READERS).connect_with(reading).await?;
                Db::Sqlite { readers, writer }
            }
            DatabaseLocation::MySql { primary, replica } => {
                let primary = pool().acquire_timeout(PATIENCE).connect_with((**primary).clone()).await?;
                // It may be away: that must not keep a node from starting.
                let replica = replica.as_ref().map(|options| {
                    Replica::new(pool().acquire_timeout(REPLICA_PATIENCE).connect_lazy_with((**options).clone()))
                });
                Db::MySql { primary, replica }
            }
        };
        Ok(Self { db, allows_lag: false })
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        match self.db {
            Db::Sqlite { .. } => Engine::Sqlite,
            Db::MySql { .. } => Engine::MySql,
        }
    }

    /// The same database for who may be answered with what was true up to [`LONGEST_LAG`](crate::LONGEST_LAG) ago. Transactions are as they
    /// are; single reads go to the replica where there is one that follows.
    #[must_use]
    pub fn allowing_lag(&self) -> Self {
        Self { allows_lag: true, ..self.clone() }
    }

    pub(crate) fn db(&self) -> &Db {
        &self.db
    }

    /// Begins a unit of work. On SQLite it waits for the one before it: a transaction that only later turned into a
    /// write would be refused at once when another had written meanwhile.
    pub async fn begin_write(&self) -> Result<Transaction, StoreError> {
        Ok(Transaction::new(match &self.db {
            Db::Sqlite { writer, .. } => Link::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Db::MySql { primary, .. } => Link::MySql(primary.begin().await?),
        }))
    }

    /// Asks the database for an answer, for health.
    pub async fn ping(&self) -> Result<(), StoreError> {
        number(&mut &*self, statement("SELECT 1 AS number")).await.map(drop)
    }

    /// Waits for what is under way and closes every connection. SQLite writes its log back into the file.
    pub async fn close(&self) {
        match &self.db {
            Db::Sqlite { readers, writer } => {
                readers.close().await;
                writer.close().await;
            }
            Db::MySql { primary, replica } => {
                primary.close().await;
                if let Some(replica) = replica {
                    replica.pool.close().await;
                }
            }
        }
    }
}

/// True when no transaction is left in a connection. SQLite takes a transaction back by itself when its disk is full; the
/// driver does not hear of it and would refuse the next one for ever. Such a connection is closed.
async fn is_out(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    // Waits until what was asked of it before is done, the taking back of a dropped transaction too.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// Connections to a server, each session the same, whatever the server's own configuration.
fn pool() -> MySqlPoolOptions {
    let options = MySqlPoolOptions::new().max_connections(MYSQL_CONNECTIONS);
    let options = options.after_release(|connection, _| {
        Box::pin(async move {
            if connection.cached_statements_size() > MOST_PREPARED {
                connection.clear_cached_statements().await?;
                // Nobody waits for this connection now: let it wait for what was sent.
                connection.ping().await?;
            }
            Ok(true)
        })
    });
    options.after_connect(|connection, _| {
        Box::pin(async move {
            // Strict: a text that is too long is refused, not cut. `READ COMMITTED`: what was read before a lock came
            // free is read again, and fewer rows are locked. A lock is waited for as long as SQLite's. A condition stays
            // one: the engine must not turn it into a table that it goes through or fills first.
            connection
                .execute(
                    "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION,PIPES_AS_CONCAT', \
                     SESSION innodb_lock_wait_timeout = 20, SESSION optimizer_switch = 'semijoin=off,materialization=off'",
                )
                .await?;
            connection.execute("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").await?;
            Ok(())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_writer_goes_on_after_its_disk_was_full() {
        let folder = tempfile::tempdir().unwrap();
        let location = DatabaseLocation::Sqlite { file: folder.path().join("books.db") };
        let store = Store::open(&location).await.unwrap();
        let Db::Sqlite { writer, .. } = store.db() else { panic!("it is SQLite") };
        writer.execute("CREATE TABLE shelf (book BLOB)").await.unwrap();
        // As if the disk had room for no page more.
        writer.execute("PRAGMA max_page_count = 3").await.unwrap();
        let mut transaction = store.begin_write().await.unwrap();
        let Link::Sqlite(link) = transaction.link() else { panic!("it is SQLite") };
        let full = link.execute("INSERT INTO shelf VALUES (zeroblob(1000000))").await.unwrap_err();
        assert!(matches!(StoreError::from(full), StoreError::Full(_)));
        drop(transaction);
        for _ in 0..3 {
            store.begin_write().await.unwrap().commit().await.unwrap();
        }
    }
}
