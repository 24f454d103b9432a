//! Profiles of one's own and their versions.

use store::{
    Constraint, StoreError, UserId,
    profiles::{DeletedProfile, ProfileDraft, ProfileVersion},
};

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    a_profile_has_its_versions_the_newest_first,
    a_version_is_added_once,
    a_draft_is_each_person_s_own,
    a_deleted_profile_keeps_its_versions_and_no_draft,
    a_draft_that_nobody_goes_on_with_is_forgotten,
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
    transaction.profiles().put_draft(ada, "+plain", &draft("a copy", 0), at(3)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.profiles().drafts_of(ada).await.unwrap(), ["+plain", "zine"]);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.profiles().remove_draft(ada, "zine").await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(kept(ada).await, None);
    assert_eq!(kept(grace).await, Some(draft("hers", 2)));
}

async fn a_deleted_profile_keeps_its_versions_and_no_draft(world: World) {
    let ada = world.user("ada").await;
    let zine = version("zine", 1, ada);
    add(&world, &zine).await.unwrap();
    let deleted = DeletedProfile { name: "zine".to_owned(), deleted_by: ada, deleted_at: at(3) };
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.profiles().hold("zine").await.unwrap(), Some(zine.clone()));
    assert_eq!(transaction.profiles().hold("nobody").await.unwrap(), None);
    let draft = ProfileDraft { text: "half a thought".to_owned(), seen: 1 };
    transaction.profiles().put_draft(ada, "zine", &draft, at(1)).await.unwrap();
    transaction.profiles().delete(&deleted).await.unwrap();
    assert!(transaction.profiles().delete(&deleted).await.unwrap_err().conflict().is_some());
    transaction.commit().await.unwrap();
    let profiles = || world.store.profiles();
    assert_eq!(profiles().list_deleted().await.unwrap(), std::slice::from_ref(&deleted));
    assert_eq!(profiles().deletion("zine").await.unwrap(), Some(deleted));
    assert_eq!(profiles().latest("zine").await.unwrap(), Some(zine));
    assert_eq!(profiles().draft(ada, "zine").await.unwrap(), None);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.profiles().restore("zine").await.unwrap());
    assert!(!transaction.profiles().restore("zine").await.unwrap());
    transaction.commit().await.unwrap();
    assert!(profiles().list_deleted().await.unwrap().is_empty());
}

async fn a_draft_that_nobody_goes_on_with_is_forgotten(world: World) {
    let ada = world.user("ada").await;
    let draft = ProfileDraft { text: "half a thought".to_owned(), seen: 0 };
    let mut transaction = world.store.begin_write().await.unwrap();
    for (name, updated_at) in [("+old+plain", 1), ("+new+plain", 2), ("+newer+plain", 3)] {
        transaction.profiles().put_draft(ada, name, &draft, at(updated_at)).await.unwrap();
    }
    assert_eq!(transaction.profiles().delete_drafts_before(at(2)).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    assert_eq!(world.store.profiles().drafts_of(ada).await.unwrap(), ["+newer+plain", "+new+plain"]);
}
