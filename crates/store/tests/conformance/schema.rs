//! The schema: the same on both engines, made once, and never touched by an older version.

use std::time::Duration;

use store::{Constraint, DatabaseLocation, Engine, MigrationError, SchemaState, Store};

use crate::{
    database::{on_both_engines, on_two_places},
    world::World,
};

on_both_engines! {
    a_second_migration_changes_nothing,
    a_newer_schema_is_refused_and_left_alone,
    a_newer_schema_that_only_adds_is_worked_with,
    a_change_from_elsewhere_is_refused_whatever_its_number,
    a_migration_waits_for_a_backup_and_nobody_for_the_migration,
    a_migration_that_was_applied_in_another_form_is_refused,
    each_constraint_has_its_unique_index,
}

async fn a_second_migration_changes_nothing(world: World) {
    assert_eq!(world.store.schema_state().await.unwrap(), SchemaState::Current);
    let user = world.user("ada").await;
    world.store.migrate().await.unwrap();
    assert!(world.store.users().lookup(user).await.unwrap().is_some());
    world.store.ping().await.unwrap();
}

/// Notes that a migration was applied which this version does not know.
async fn apply_unknown(world: &World, version: u32, name: &str) {
    let note = format!(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES ({version}, '{name}', TRUE, '', 0)"
    );
    world.execute(&note).await;
}

async fn a_newer_schema_is_refused_and_left_alone(world: World) {
    apply_unknown(&world, 9999, "from the future").await;
    let state = world.store.schema_state().await.unwrap();
    assert!(matches!(state, SchemaState::Newer { found: 9999, .. }), "{state:?}");
    let error = world.store.migrate().await.unwrap_err();
    assert!(matches!(error, MigrationError::Newer { found: 9999, .. }), "{error:?}");
}

async fn a_newer_schema_that_only_adds_is_worked_with(world: World) {
    apply_unknown(&world, 9998, "expand the shelves").await;
    assert_eq!(world.store.schema_state().await.unwrap(), SchemaState::Current);
    world.store.migrate().await.unwrap();
    apply_unknown(&world, 9999, "contract the shelves").await;
    let state = world.store.schema_state().await.unwrap();
    assert!(matches!(state, SchemaState::Newer { found: 9999, .. }), "{state:?}");
}

/// Work on two lines of the product meets in one database: the number alone says nothing.
async fn a_change_from_elsewhere_is_refused_whatever_its_number(world: World) {
    apply_unknown(&world, 9, "shelves of another line").await;
    let state = world.store.schema_state().await.unwrap();
    assert!(matches!(state, SchemaState::Newer { found: 9, .. }), "{state:?}");
    world.execute("UPDATE _sqlx_migrations SET description = 'expand the shelves' WHERE version = 9").await;
    assert_eq!(world.store.schema_state().await.unwrap(), SchemaState::Current);
    world.store.migrate().await.unwrap();
}

/// The migration changes a table that the backup has read and that is asked for meanwhile.
async fn a_migration_waits_for_a_backup_and_nobody_for_the_migration(world: World) {
    world.execute("ALTER TABLE jobs DROP COLUMN request_id").await;
    world.execute("DELETE FROM _sqlx_migrations WHERE description = 'expand jobs request'").await;
    let tables = world.store.tables().await.unwrap();
    let mut backup = world.store.snapshot().await.unwrap();
    for table in &tables {
        backup.rows(table, |_| Ok(())).await.unwrap();
    }
    let migration = tokio::spawn({
        let store = world.store.clone();
        async move { store.migrate().await }
    });
    // SQLite changes a table beside those who read the one before.
    if world.store.engine() == Engine::MySql {
        until_somebody_waits_for_a_lock(&world).await;
    }
    let question = "SELECT CAST(COUNT(*) AS CHAR) FROM jobs";
    let asked = tokio::time::timeout(Duration::from_secs(5), world.texts(question)).await;
    assert_eq!(asked.expect("a question waits for the migration"), ["0"]);
    assert!(world.store.engine() == Engine::Sqlite || !migration.is_finished(), "it did not wait for the backup");
    drop(backup);
    migration.await.unwrap().unwrap();
    assert_eq!(world.store.schema_state().await.unwrap(), SchemaState::Current);
}

async fn until_somebody_waits_for_a_lock(world: &World) {
    let question = "SELECT CAST(COUNT(*) AS CHAR) FROM information_schema.processlist \
                    WHERE db = DATABASE() AND state LIKE '%lock%'";
    let waiting = async {
        while world.texts(question).await == ["0"] {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waiting).await.expect("the migration waits for nothing");
}

async fn a_migration_that_was_applied_in_another_form_is_refused(world: World) {
    world.execute("UPDATE _sqlx_migrations SET checksum = 'x' WHERE version = 1").await;
    let error = world.store.migrate().await.unwrap_err();
    assert!(matches!(error, MigrationError::Changed(1)), "{error:?}");
}

async fn each_constraint_has_its_unique_index(world: World) {
    for (constraint, table, index, columns) in Constraint::INDEXES {
        let question = match world.store.engine() {
            Engine::Sqlite => format!(
                "SELECT i.name FROM pragma_index_info('{index}') i, pragma_index_list('{table}') l \
                 WHERE l.name = '{index}' AND l.\"unique\" = 1 ORDER BY i.seqno"
            ),
            Engine::MySql => format!(
                "SELECT CAST(column_name AS CHAR) FROM information_schema.statistics \
                 WHERE table_schema = DATABASE() AND table_name = '{table}' AND index_name = '{index}' \
                 AND non_unique = 0 ORDER BY seq_in_index"
            ),
        };
        assert_eq!(world.texts(&question).await, columns, "{constraint:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_engines_have_the_same_tables_and_columns() {
    on_two_places(compare_columns).await;
}

async fn compare_columns(places: [DatabaseLocation; 2]) {
    let mut columns = Vec::new();
    for location in places {
        let store = Store::open(&location).await.unwrap();
        assert!(matches!(store.schema_state().await.unwrap(), SchemaState::Behind(1..)));
        store.migrate().await.unwrap();
        let world = World::new(store.clone(), location);
        let question = match store.engine() {
            Engine::Sqlite => {
                "SELECT t.name || '.' || c.name || CASE WHEN c.\"notnull\" = 1 THEN '' ELSE '?' END AS text \
                 FROM sqlite_master t, pragma_table_info(t.name) c \
                 WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND t.name <> '_sqlx_migrations' ORDER BY text"
            }
            Engine::MySql => {
                "SELECT CAST(CONCAT(table_name, '.', column_name, IF(is_nullable = 'NO', '', '?')) AS CHAR) AS text \
                 FROM information_schema.columns WHERE table_schema = DATABASE() \
                 AND table_name <> '_sqlx_migrations' ORDER BY CAST(text AS BINARY)"
            }
        };
        let mut found = world.texts(question).await;
        found.sort();
        columns.push(found);
        store.close().await;
    }
    assert!(columns[0].len() > 100, "{columns:?}");
    assert_eq!(columns[0], columns[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_migrate_at_once_both_find_the_schema_afterwards() {
    on_two_places(migrate_twice_at_once).await;
}

async fn migrate_twice_at_once(places: [DatabaseLocation; 2]) {
    for location in places {
        let (one, other) = (Store::open(&location).await.unwrap(), Store::open(&location).await.unwrap());
        let (first, second) = tokio::join!(one.migrate(), other.migrate());
        first.unwrap();
        second.unwrap();
        assert_eq!(one.schema_state().await.unwrap(), SchemaState::Current);
        one.close().await;
        other.close().await;
    }
}
