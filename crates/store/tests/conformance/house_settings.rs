//! What the house decided for itself.

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    a_setting_is_kept_in_the_place_of_what_it_was,
}

async fn put(world: &World, name: &str, number: u32) {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.house_settings().put(name, number, at(0)).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn a_setting_is_kept_in_the_place_of_what_it_was(world: World) {
    assert!(world.store.house_settings().all().await.unwrap().is_empty());
    put(&world, "job_days", 90).await;
    put(&world, "audit_days", u32::MAX).await;
    put(&world, "job_days", 30).await;
    let all = world.store.house_settings().all().await.unwrap();
    assert_eq!(all, [("audit_days".to_owned(), u32::MAX), ("job_days".to_owned(), 30)].into());
}
