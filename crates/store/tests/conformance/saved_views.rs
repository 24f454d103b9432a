//! Views of the catalogue that people keep.

use store::saved_views::SavedView;

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    each_person_has_their_own_views_by_name,
    a_view_of_the_same_name_gives_way,
}

fn view(name: &str, query: &str) -> SavedView {
    SavedView { name: name.to_owned(), query: query.to_owned() }
}

async fn put(world: &World, user: store::UserId, view: &SavedView) {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.saved_views().put(user, view, at(0)).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn each_person_has_their_own_views_by_name(world: World) {
    let (ada, grace) = (world.user("ada").await, world.user("grace").await);
    let (new, old) = (view("Été", "?status=draft"), view("Comics", "?kind=comic&q=été"));
    put(&world, ada, &new).await;
    put(&world, ada, &old).await;
    put(&world, grace, &new).await;
    assert_eq!(world.store.saved_views().list_of(ada).await.unwrap(), [old, new.clone()]);
    assert_eq!(world.store.saved_views().count_of(ada).await.unwrap(), 2);

    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.saved_views().remove(ada, "Été").await.unwrap();
    transaction.saved_views().remove(ada, "nothing").await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.saved_views().count_of(ada).await.unwrap(), 1);
    assert_eq!(world.store.saved_views().list_of(grace).await.unwrap(), [new]);
}

async fn a_view_of_the_same_name_gives_way(world: World) {
    let ada = world.user("ada").await;
    put(&world, ada, &view("Mine", "?mine=1")).await;
    put(&world, ada, &view("Mine", "?mine=1&sort=title")).await;
    assert_eq!(world.store.saved_views().list_of(ada).await.unwrap(), [view("Mine", "?mine=1&sort=title")]);
}
