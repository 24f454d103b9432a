//! Profiles of one's own and their versions.

use store::{
    Constraint, StoreError, UserId,
    profiles::{ProfileDraft, ProfileVersion},
};

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    a_profile_has_its_versions_the_newest_first,
    a_version_is_added_once,
    a_draft_is_each_person_s_own,
}

fn version(name: &str, version: u32, user: UserId) -> ProfileVersion {
    let text = format!("name = \"{name}\"\n# é 本 {version}\n");
    ProfileVersion { name: name.to_owned(), version, text, created_by: user, created_at: at(version.into()) }
}

async fn add(world: &World, version: &ProfileVersion) -> Result<(), StoreError> {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.profiles().add(version).await?;
    transaction.commit().await
}

async fn a_profile_has_its_versions_the_newest_first(world: World) {
    let ada = world.user("ada").await;
    let all = [version("zine", 1, ada), version("zine", 2, ada), version("comic", 1, ada), version("zine", 10, ada)];
    for one in &all {
        add(&world, one).await.unwrap();
    }
    let [first, second, comic, tenth] = all;
    let profiles = || world.store.profiles();
    assert_eq!(profiles().latest("zine").await.unwrap(), Some(tenth.clone()));
    assert_eq!(profiles().latest("Zine").await.unwrap(), None);
    assert_eq!(profiles().versions("zine").await.unwrap(), [tenth.clone(), second, first]);
    assert_eq!(profiles().list_latest().await.unwrap(), [comic, tenth]);
}

async fn a_version_is_added_once(world: World) {
    let ada = world.user("ada").await;
    add(&world, &version("zine", 1, ada)).await.unwrap();
    let again = add(&world, &version("zine", 1, ada)).await;
    assert!(matches!(again, Err(StoreError::Conflict(Constraint::Other))), "{again:?}");
}

async fn a_draft_is_each_person_s_own(world: World) {
    let (ada, grace) = (world.user("ada").await, world.user("grace").await);
    let draft = |text: &str, seen| ProfileDraft { text: text.to_owned(), seen };
    let kept = async |user| world.store.profiles().draft(user, "zine").await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.profiles().put_draft(ada, "zine", &draft("first", 1), at(1)).await.unwrap();
    transaction.profiles().put_draft(ada, "zine", &draft("second", 2), at(2)).await.unwrap();
    transaction.profiles().put_draft(grace, "zine", &draft("hers", 2), at(2)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(kept(ada).await, Some(draft("second", 2)));
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.profiles().remove_draft(ada, "zine").await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(kept(ada).await, None);
    assert_eq!(kept(grace).await, Some(draft("hers", 2)));
}
