//! The schema and its versions.

use std::collections::BTreeSet;

use sqlx::{
    MySql, MySqlPool,
    migrate::{MigrateError, Migrator},
    pool::PoolConnection,
};

use crate::{
    Engine, Store, StoreError,
    connection::{list, number},
    row::Number,
    statement::statement,
    store::Db,
};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static MYSQL: Migrator = sqlx::migrate!("../../migrations/mysql");

/// How the schema of a database stands to this version of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaState {
    /// Just right.
    Current,
    /// Migrations are waiting, so many.
    Behind(usize),
    /// A newer version of the product has been here.
    Newer {
        /// The newest version in the database.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A newer version of the product has migrated the database; an older one must not touch it.
    #[error("the database has schema version {found}, and this version knows only {known}")]
    Newer {
        /// The newest version in the database.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
    /// A migration that was applied is not the one known by its version.
    #[error("migration {0} was applied in another form")]
    Changed(i64),
    /// A migration broke off half way: MySQL takes back no change of tables. The database must be restored.
    #[error("migration {0} was applied only in part")]
    Partial(i64),
    /// The database failed.
    #[error("the migration failed")]
    Store(#[from] StoreError),
    /// A statement of a migration failed.
    #[error("the migration failed")]
    Backend(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Store {
    /// Brings the schema up to date. Several processes may do so at once: one does, the others wait.
    pub async fn migrate(&self) -> Result<(), MigrationError> {
        if let SchemaState::Newer { found, known } = self.schema_state().await? {
            return Err(MigrationError::Newer { found, known });
        }
        // The migrator refuses what it does not know, be it only an addition.
        if self.applied_versions().await?.last().is_some_and(|found| *found > self.known_version()) {
            return Ok(());
        }
        let outcome = match self.db() {
            Db::Sqlite { writer, .. } => {
                // The migrator locks nothing on SQLite: without the lock of a transaction around it, two processes that
                // start at once would both make the tables. Whatever fails takes every migration back.
                let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::from)?;
                // `run` over a connection makes a future that no task can take (sqlx 0.9); `run_direct` is its way round.
                let outcome = SQLITE.run_direct(None, &mut *transaction, false).await;
                if outcome.is_ok() {
                    transaction.commit().await.map_err(StoreError::from)?;
                }
                outcome
            }
            Db::MySql { primary, .. } => {
                let _lock = lock(primary).await?;
                MYSQL.run(primary).await
            }
        };
        outcome.map_err(|error| match error {
            MigrateError::VersionMismatch(version) => MigrationError::Changed(version),
            MigrateError::Dirty(version) => MigrationError::Partial(version),
            MigrateError::VersionMissing(found) => MigrationError::Newer { found, known: self.known_version() },
            other => MigrationError::Backend(other.into()),
        })
    }

    /// How the schema stands, without changing it.
    pub async fn schema_state(&self) -> Result<SchemaState, StoreError> {
        let applied: BTreeSet<i64> = self.applied_versions().await?;
        let known = self.known_version();
        if let Some(&found) = applied.last().filter(|&&found| found > known)
            && self.has_changed_beyond(known).await?
        {
            return Ok(SchemaState::Newer { found, known });
        }
        match self.migrator().iter().filter(|migration| !applied.contains(&migration.version)).count() {
            0 => Ok(SchemaState::Current),
            waiting => Ok(SchemaState::Behind(waiting)),
        }
    }

    /// Whether a migration that is not known here did more than add. One that only adds says so by a name that begins with
    /// `expand_`: who knows nothing of the addition works on, so that nodes can be changed one by one, and back.
    async fn has_changed_beyond(&self, known: i64) -> Result<bool, StoreError> {
        let changed = statement(
            "SELECT COUNT(*) AS number FROM _sqlx_migrations WHERE version > ? AND description NOT LIKE 'expand %'",
        );
        Ok(number(&mut &*self, changed.bind(known)).await? > 0)
    }

    fn migrator(&self) -> &'static Migrator {
        match self.engine() {
            Engine::Sqlite => &SQLITE,
            Engine::MySql => &MYSQL,
        }
    }

    fn known_version(&self) -> i64 {
        self.migrator().iter().map(|migration| migration.version).max().unwrap_or(0)
    }

    /// The versions in the migrator's own table, which a new database does not have.
    pub(crate) async fn applied_versions(&self) -> Result<BTreeSet<i64>, StoreError> {
        let tables = match self.engine() {
            Engine::Sqlite => "SELECT COUNT(*) AS number FROM sqlite_master WHERE name = '_sqlx_migrations'",
            Engine::MySql => {
                "SELECT COUNT(*) AS number FROM information_schema.tables \
                 WHERE table_schema = DATABASE() AND table_name = '_sqlx_migrations'"
            }
        };
        let mut source = self;
        if number(&mut source, statement(tables)).await? == 0 {
            return Ok(BTreeSet::new());
        }
        let versions = statement("SELECT version AS number FROM _sqlx_migrations WHERE success = TRUE");
        Ok(list::<Number>(&mut source, versions).await?.into_iter().map(|number| number.0).collect())
    }
}

/// How long one process waits for another to migrate: changing a table of a million rows takes minutes.
const MIGRATION_PATIENCE_SECONDS: i64 = 600;

/// Keeps other processes from migrating until the connection is dropped, which closes it.
///
/// The migrator's own lock waits `-1` seconds: for ever on MySQL, not at all on MariaDB (sqlx 0.9).
async fn lock(pool: &MySqlPool) -> Result<PoolConnection<MySql>, MigrationError> {
    let mut connection = pool.acquire().await.map_err(StoreError::from)?;
    connection.close_on_drop();
    // A name has at most 64 characters, as this has, and MySQL has no MD5 since 9.6.
    let wait = sqlx::query_scalar::<_, Option<i64>>("SELECT GET_LOCK(CONCAT('migrate ', SHA2(DATABASE(), 224)), ?)");
    let outcome = wait.bind(MIGRATION_PATIENCE_SECONDS).fetch_one(&mut *connection).await.map_err(StoreError::from)?;
    match outcome {
        Some(1) => Ok(connection),
        _ => Err(StoreError::Busy("another process is migrating".into()).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_have_the_same_migrations() {
        let names = |migrator: &Migrator| -> Vec<(i64, String)> {
            migrator.iter().map(|migration| (migration.version, migration.description.to_string())).collect()
        };
        assert_eq!(names(&SQLITE), names(&MYSQL));
        assert!(!names(&SQLITE).is_empty());
    }
}
