//! The schema and its versions.

use std::{borrow::Cow, collections::BTreeSet};

use sqlx::{
    MySql,
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
    /// Another version of the product has been here, a newer one as a rule.
    Newer {
        /// The newest version in the database that is not known here.
        found: i64,
        /// The newest that is known here.
        known: i64,
    },
}

/// Why the schema could not be brought up to date.
#[derive(Debug, thiserror::Error)]
pub enum MigrationError {
    /// A newer version of the product has migrated the database; an older one must not touch it.
    #[error("the database has schema version {found}, which is not known here; the newest known is {known}")]
    Newer {
        /// The newest version in the database that is not known here.
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
        let state = self.schema_state().await?;
        if let SchemaState::Newer { found, known } = state {
            return Err(MigrationError::Newer { found, known });
        }
        let migrator = self.migrator();
        let outcome = match self.db() {
            Db::Sqlite { writer, .. } => {
                // The migrator locks nothing on SQLite: without the lock of a transaction around it, two processes that
                // start at once would both make the tables. Whatever fails takes every migration back.
                let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await.map_err(StoreError::from)?;
                // `run` over a connection makes a future that no task can take (sqlx 0.9); `run_direct` is its way round.
                let outcome = migrator.run_direct(None, &mut *transaction, false).await;
                if outcome.is_ok() {
                    transaction.commit().await.map_err(StoreError::from)?;
                }
                outcome
            }
            Db::MySql { primary, .. } => {
                let mut connection = primary.acquire().await.map_err(StoreError::from)?;
                if matches!(state, SchemaState::Behind(_)) {
                    keep_schema(&mut connection).await?;
                }
                migrator.run(primary).await
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
        let migrator = self.migrator();
        if applied.iter().any(|version| !migrator.version_exists(*version))
            && let Some(found) = self.changed_elsewhere().await?
        {
            return Ok(SchemaState::Newer { found, known: self.known_version() });
        }
        match migrator.iter().filter(|migration| !applied.contains(&migration.version)).count() {
            0 => Ok(SchemaState::Current),
            waiting => Ok(SchemaState::Behind(waiting)),
        }
    }

    /// The newest migration that is not known here and did more than add, whatever its number. One that only adds says so
    /// by a name that begins with `expand_`: who knows nothing of the addition works on, so that nodes can be changed one
    /// by one, and back.
    async fn changed_elsewhere(&self) -> Result<Option<i64>, StoreError> {
        let changed = statement(
            "SELECT version AS number FROM _sqlx_migrations WHERE success = TRUE AND description NOT LIKE 'expand %'",
        );
        let changed = list::<Number>(&mut &*self, changed).await?.into_iter().map(|number| number.0);
        Ok(changed.filter(|version| !self.migrator().version_exists(*version)).max())
    }

    /// The migrations of the engine. One that is not known here is passed over: whether it may be is decided before.
    fn migrator(&self) -> Migrator {
        let known = match self.engine() {
            Engine::Sqlite => &SQLITE,
            Engine::MySql => &MYSQL,
        };
        let mut migrator = Migrator { migrations: Cow::Borrowed(&*known.migrations), ..Migrator::DEFAULT };
        migrator.set_ignore_missing(true);
        migrator
    }

    /// The newest migration that this version of the product knows.
    pub fn known_version(&self) -> i64 {
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

/// How long one process waits for another that migrates or takes a backup: changing a table of a million rows takes minutes.
const PATIENCE_SECONDS: i64 = 600;

/// Keeps the schema as it is for everybody else until the connection is dropped, which closes it: for whoever changes it,
/// and for whoever reads all of it. A table that is being read cannot be changed, and whoever asks for it behind the change
/// would wait for the reader, too: nobody could sign in until a backup is done.
///
/// The migrator's own lock waits `-1` seconds: for ever on MySQL, not at all on MariaDB (sqlx 0.9).
pub(crate) async fn keep_schema(connection: &mut PoolConnection<MySql>) -> Result<(), StoreError> {
    connection.close_on_drop();
    // A name has at most 64 characters, as this has, and MySQL has no MD5 since 9.6.
    let wait = sqlx::query_scalar::<_, Option<i64>>("SELECT GET_LOCK(CONCAT('migrate ', SHA2(DATABASE(), 224)), ?)");
    match wait.bind(PATIENCE_SECONDS).fetch_one(&mut **connection).await? {
        Some(1) => Ok(()),
        _ => Err(StoreError::Busy("another process migrates, or takes a backup".into())),
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
