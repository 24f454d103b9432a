//! Everything out of one database and into another, of the same engine and of the other one.

use std::sync::{Arc, Mutex};

use store::{
    Store,
    copy::{Cell, Table},
};

use crate::{
    database::{on_two_places, sqlite_place},
    world::{World, at, hash, listing},
};

type Rows = Vec<(Table, Vec<Vec<Cell>>)>;

async fn everything(store: &Store) -> Rows {
    let mut snapshot = store.snapshot().await.unwrap();
    let mut all = Vec::new();
    for table in store.tables().await.unwrap() {
        let rows = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&rows);
        let count = snapshot
            .rows(&table, move |row| {
                taken.lock().unwrap().push(row);
                Ok(())
            })
            .await
            .unwrap();
        let mut rows = std::mem::take(&mut *rows.lock().unwrap());
        assert_eq!(rows.len() as u64, count);
        rows.sort_by_key(|row| format!("{row:?}"));
        all.push((table, rows));
    }
    all
}

async fn fill(store: &Store, rows: Rows) {
    let mut transaction = store.begin_write().await.unwrap();
    transaction.allow_any_order().await.unwrap();
    for (table, rows) in rows {
        transaction.add_rows(&table, rows).await.unwrap();
    }
    transaction.ask_for_order().await.unwrap();
    transaction.commit().await.unwrap();
}

#[tokio::test]
async fn every_row_goes_from_one_engine_to_the_other_and_back() {
    on_two_places(|[sqlite, mysql]| async move {
        let first = Store::open(&sqlite).await.unwrap();
        first.migrate().await.unwrap();
        let world = World::new(first.clone(), sqlite);
        let user = world.user("ada").await;
        let group = world.group("GRP", user).await;
        world.release(user, Some(group), listing("Été 🦊 \"quoted\" 'text'\nin two lines"), at(1)).await;
        world.job(at(2)).await;
        let before = everything(&first).await;
        let filled = before.iter().filter(|(_, rows)| !rows.is_empty()).count();
        assert!(filled >= 5, "{before:?}");

        let second = Store::open(&mysql).await.unwrap();
        second.migrate().await.unwrap();
        assert_eq!(first.schema_version().await.unwrap(), second.schema_version().await.unwrap());
        assert_eq!(first.tables().await.unwrap(), second.tables().await.unwrap());
        fill(&second, before.clone()).await;
        assert_eq!(everything(&second).await, before);

        let (place, _folder) = sqlite_place();
        let third = Store::open(&place).await.unwrap();
        third.migrate().await.unwrap();
        fill(&third, everything(&second).await).await;
        assert_eq!(everything(&third).await, before);
        for store in [first, second, third] {
            store.close().await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_snapshot_does_not_see_what_is_written_after_it() {
    on_two_places(|places| async move {
        for place in places {
            let store = Store::open(&place).await.unwrap();
            store.migrate().await.unwrap();
            let world = World::new(store.clone(), place);
            let user = world.user("ada").await;
            world.release(user, None, listing("Early"), at(1)).await;
            let mut snapshot = store.snapshot().await.unwrap();
            assert_eq!(snapshot.blobs().await.unwrap(), [hash(1)]);
            world.user("bob").await;
            world.book(user, hash(2)).await;
            let tables = store.tables().await.unwrap();
            let users = tables.iter().find(|table| table.name == "users").unwrap();
            assert_eq!(snapshot.rows(users, |_| Ok(())).await.unwrap(), 1);
            assert_eq!(snapshot.blobs().await.unwrap(), [hash(1)]);
            assert_eq!(store.count_rows(users).await.unwrap(), 2);
            drop(snapshot);
            // The bytes of a refused book are gone.
            world.execute("UPDATE releases SET status = 'refused'").await;
            assert_eq!(store.snapshot().await.unwrap().blobs().await.unwrap(), [hash(2)]);
            store.close().await;
        }
    })
    .await;
}
