//! Who keeps blobs and who removes them wait for each other, across processes.

use std::time::Duration;

use store::Engine;

use crate::{database::on_both_engines, world::World};

on_both_engines! {
    who_removes_waits_for_who_keeps_and_the_other_way_round,
}

const A_WHILE: Duration = Duration::from_millis(300);

async fn who_removes_waits_for_who_keeps_and_the_other_way_round(world: World) {
    let store = world.store.clone();
    let (one, other) = (store.blobs().keep().await.unwrap(), store.blobs().keep().await.unwrap());
    if store.engine() == Engine::Sqlite {
        assert!(one.is_none() && other.is_none(), "one process has the file for itself");
        return;
    }
    let remover = tokio::spawn({
        let store = store.clone();
        async move { store.blobs().begin_removing().await.unwrap() }
    });
    tokio::time::sleep(A_WHILE).await;
    drop(one);
    tokio::time::sleep(A_WHILE).await;
    assert!(!remover.is_finished(), "somebody still keeps");
    drop(other);
    let removing = remover.await.unwrap();
    assert!(removing.is_some());
    let keeper = tokio::spawn(async move { store.blobs().keep().await.unwrap() });
    tokio::time::sleep(A_WHILE).await;
    assert!(!keeper.is_finished(), "somebody removes");
    drop(removing);
    assert!(keeper.await.unwrap().is_some());
}
