//! Units of work: all of it or nothing.

use packer::hash::{Crc32, Sha256};
use sqlx::Connection as _;
use store::{BookId, DatabaseLocation, Store, StoreError, books::NewBook};

use crate::{
    database::on_both_engines,
    world::{World, at, hash},
};

on_both_engines! {
    what_is_not_committed_was_never_there,
    a_conflict_leaves_the_rest_of_the_transaction_alone,
    a_number_that_no_column_holds_is_refused,
    a_row_that_cannot_be_read_names_its_table_column_and_id,
    what_others_committed_is_seen_and_what_they_did_not_is_not,
    writers_wait_for_each_other,
    what_is_committed_is_there_when_the_database_is_opened_again,
    a_text_longer_than_its_column_is_refused,
}

async fn what_is_not_committed_was_never_there(world: World) {
    let user = world.user("ada").await;
    let book = NewBook {
        id: BookId::new(at(0), 99),
        sha256: hash(1),
        crc32: Crc32(0),
        size: 0,
        file_name: String::new(),
        created_by: user,
    };
    let mut dropped = world.store.begin_write().await.unwrap();
    dropped.books().add(&book, at(0)).await.unwrap();
    assert!(dropped.books().lookup(book.id).await.unwrap().is_some());
    drop(dropped);
    assert_eq!(world.store.books().lookup(book.id).await.unwrap(), None);
    let mut taken_back = world.store.begin_write().await.unwrap();
    taken_back.books().add(&book, at(0)).await.unwrap();
    taken_back.roll_back().await.unwrap();
    assert_eq!(world.store.books().lookup(book.id).await.unwrap(), None);
}

async fn a_conflict_leaves_the_rest_of_the_transaction_alone(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let present = world.store.groups().lookup(group).await.unwrap().unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.users().set_display_name(user, "Ada", at(1)).await.unwrap());
    let error = transaction.groups().add(&present).await.unwrap_err();
    assert!(error.conflict().is_some());
    transaction.commit().await.unwrap();
    assert_eq!(world.store.users().lookup(user).await.unwrap().unwrap().display_name, "Ada");
}

async fn a_number_that_no_column_holds_is_refused(world: World) {
    let user = world.user("ada").await;
    let book = NewBook {
        id: BookId::new(at(0), 99),
        sha256: hash(1),
        crc32: Crc32(0),
        size: u64::MAX,
        file_name: String::new(),
        created_by: user,
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    let error = transaction.books().add(&book, at(0)).await.unwrap_err();
    assert!(matches!(error, StoreError::Beyond(u64::MAX)), "{error:?}");
    transaction.commit().await.unwrap();
    assert_eq!(world.store.books().lookup(book.id).await.unwrap(), None);
}

async fn a_row_that_cannot_be_read_names_its_table_column_and_id(world: World) {
    let user = world.user("ada").await;
    let book = world.book(user, hash(1)).await;
    world.execute("UPDATE books SET sha256 = 'none'").await;
    let error = world.store.books().lookup(book).await.unwrap_err();
    let StoreError::Inconsistent { table: "books", column: "sha256", id: Some(id), .. } = error else {
        panic!("{error:?}")
    };
    assert_eq!(id, book.to_string());
}

async fn what_others_committed_is_seen_and_what_they_did_not_is_not(world: World) {
    let user = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.users().set_display_name(user, "Grace", at(1)).await.unwrap();
    // A reader neither waits for the writer nor sees what it has not committed.
    assert_ne!(world.store.users().lookup(user).await.unwrap().unwrap().display_name, "Grace");
    transaction.commit().await.unwrap();
    assert_eq!(world.store.users().lookup(user).await.unwrap().unwrap().display_name, "Grace");
}

async fn writers_wait_for_each_other(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, crate::world::listing("Title"), at(0)).await;
    let mut tasks = Vec::new();
    for _ in 0..16 {
        let world = world.clone();
        tasks.push(tokio::spawn(async move {
            let mut transaction = world.store.begin_write().await.unwrap();
            let held = transaction.releases().hold(release).await.unwrap().unwrap();
            let listing = held.listing.clone();
            let status = held.status;
            let changed =
                transaction.releases().record_inspected(release, held.version, status, None, &listing, at(1)).await;
            transaction.commit().await.unwrap();
            changed.unwrap()
        }));
    }
    for task in tasks {
        let changed = task.await.unwrap();
        assert!(matches!(changed, store::releases::Changed::Saved { .. }), "{changed:?}");
    }
    assert_eq!(world.store.releases().lookup(release).await.unwrap().unwrap().version, 17);
}

async fn what_is_committed_is_there_when_the_database_is_opened_again(world: World) {
    let user = world.user("ada").await;
    let again = Store::open(&world.location).await.unwrap();
    assert_eq!(again.users().lookup(user).await.unwrap().unwrap().username, "ada");
    again.close().await;
}

async fn a_text_longer_than_its_column_is_refused(world: World) {
    let user = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    let longest = "é".repeat(200);
    transaction.users().set_display_name(user, &longest, at(1)).await.unwrap();
    let error = transaction.users().set_display_name(user, &"é".repeat(201), at(1)).await.unwrap_err();
    assert!(matches!(error, StoreError::Backend(_)), "{error:?}");
    transaction.commit().await.unwrap();
    assert_eq!(world.store.users().lookup(user).await.unwrap().unwrap().display_name, longest);
}

#[tokio::test]
async fn a_file_that_is_no_database_fails_and_one_that_another_process_holds_is_waited_for() {
    let (location, _folder) = crate::database::sqlite_place();
    let DatabaseLocation::Sqlite { file } = &location else { unreachable!("a SQLite place") };
    std::fs::write(file, Sha256([0x41; 32]).to_string().repeat(64)).unwrap();
    let error = Store::open(&location).await.unwrap_err();
    assert!(matches!(error, StoreError::Backend(_)), "{error:?}");
    std::fs::remove_file(file).unwrap();

    let store = Store::open(&location).await.unwrap();
    store.migrate().await.unwrap();
    let mut stranger = sqlx::SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
    let lock = stranger.begin_with("BEGIN IMMEDIATE").await.unwrap();
    // Reading goes on while somebody else writes.
    assert_eq!(store.users().count().await.unwrap(), 0);
    // The writer waits and goes on as soon as the other has done.
    let waiting = tokio::spawn({
        let store = store.clone();
        async move { store.begin_write().await.map(drop) }
    });
    lock.rollback().await.unwrap();
    waiting.await.unwrap().unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_server_that_ends_the_connection_or_takes_no_changes_is_busy_and_no_fault() {
    crate::database::on_mysql(async |world: World| {
        let user = world.user("ada").await;
        let busy = |error: StoreError| assert!(matches!(error, StoreError::Busy(_)), "{error:?}");
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.users().set_display_name(user, "Grace", at(1)).await.unwrap();
        let DatabaseLocation::MySql { primary, .. } = &world.location else { unreachable!("a place on the server") };
        let name = primary.get_database().unwrap();
        // Its own connections, and so nobody else's.
        let connections = format!(
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = '{name}' AND id <> CONNECTION_ID()"
        );
        for connection in world.texts(&connections).await {
            crate::database::ask_server(format!("KILL {connection}")).await;
        }
        busy(transaction.users().set_display_name(user, "Grace H.", at(1)).await.unwrap_err());
        busy(transaction.commit().await.unwrap_err());
        // As a primary refuses that has just become a replica.
        world
            .execute(
                "CREATE TRIGGER refuse BEFORE UPDATE ON users FOR EACH ROW SIGNAL SQLSTATE 'HY000' \
                 SET MYSQL_ERRNO = 1290, MESSAGE_TEXT = 'read-only'",
            )
            .await;
        let mut transaction = world.store.begin_write().await.unwrap();
        busy(transaction.users().set_display_name(user, "Grace", at(1)).await.unwrap_err());
    })
    .await;
}
