//! How many bytes each group keeps, and may keep.

use store::{
    PackageId, ReleaseId,
    packages::Package,
    releases::{Changed, NameClaim, Status},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    everything_counts_once_for_the_group_that_has_it,
    what_has_no_group_counts_for_the_oldest_group_of_its_sender,
    a_limit_is_given_and_taken_away,
}

/// The bytes of a book of the world.
const BOOK: u64 = 1_234;

async fn pack(world: &World, release: ReleaseId, user: store::UserId, size: u64) {
    let mut transaction = world.store.begin_write().await.unwrap();
    let package = Package {
        id: PackageId::new(at(0), world.random()),
        release_id: release,
        revision: 1,
        name: "A.B".to_owned(),
        volume_id: None,
        profile: "plain".to_owned(),
        profile_version: 1,
        size,
        manifest_sha256: hash(3),
        created_by: user,
        created_at: at(0),
        files_removed_at: None,
    };
    transaction.packages().add(&package, &[]).await.unwrap();
    assert!(transaction.releases().finish_packing(release, at(1)).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn everything_counts_once_for_the_group_that_has_it(world: World) {
    let ada = world.user("ada").await;
    let (group, other) = (world.group("GRP", ada).await, world.group("OTHER", ada).await);
    let kept = async || world.store.quotas().kept(&[group, other]).await.unwrap();
    assert!(kept().await.is_empty());
    assert!(world.store.quotas().kept(&[]).await.unwrap().is_empty());

    let release = world.release(ada, Some(group), listing("A"), at(0)).await;
    assert_eq!(kept().await, [(group, BOOK)].into());
    let claim = NameClaim { name: "A.B".to_owned(), volume_id: None, bytes: 500 };
    let mut transaction = world.store.begin_write().await.unwrap();
    let packing = transaction.releases().begin_packing(release, 1, &claim, at(1)).await.unwrap();
    assert!(matches!(packing, Changed::Saved { .. }));
    assert_eq!(transaction.quotas().kept(&[group]).await.unwrap(), [(group, BOOK + 500)].into());
    transaction.commit().await.unwrap();
    pack(&world, release, ada, 700).await;
    assert_eq!(kept().await, [(group, BOOK + 700)].into(), "the package itself in place of what was reserved");

    // Another release of the same book of the same group needs no more room; of another group it does.
    let book = world.store.releases().lookup(release).await.unwrap().unwrap().book_id;
    for of in [group, other] {
        let second = world.release(ada, Some(of), listing("A"), at(0)).await;
        world.execute(&format!("UPDATE releases SET book_id = '{book}' WHERE id = '{second}'")).await;
    }
    assert_eq!(kept().await, [(group, BOOK + 700), (other, BOOK)].into());
    world.execute(&format!("UPDATE releases SET status = '{}'", Status::Refused.word())).await;
    assert_eq!(kept().await, [(group, 700)].into(), "a refused book is gone");
}

async fn what_has_no_group_counts_for_the_oldest_group_of_its_sender(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let (home, other) = (world.group("GRP", ada).await, world.group("OTHER", ada).await);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.permissions().set_groups(ada, &[other, home]).await.unwrap();
    transaction.commit().await.unwrap();
    let kept = async || world.store.quotas().kept(&[home, other]).await.unwrap();
    world.release(ada, None, listing("A"), at(0)).await;
    world.release(bob, None, listing("B"), at(0)).await;
    world.upload(ada, 100).await;
    let named = world.upload(ada, 10).await;
    world.execute(&format!("UPDATE uploads SET group_id = '{other}' WHERE id = '{named}'")).await;
    assert_eq!(kept().await, [(home, BOOK + 100), (other, 10)].into(), "whoever is in no group counts nowhere");
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.uploads().refuse(named, "storage-full", at(1)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(kept().await, [(home, BOOK + 100)].into());
}

async fn a_limit_is_given_and_taken_away(world: World) {
    let ada = world.user("ada").await;
    let group = world.group("GRP", ada).await;
    for limit in [Some(5_000_000_000), Some(1), None] {
        let mut transaction = world.store.begin_write().await.unwrap();
        assert_eq!(transaction.quotas().hold(group).await.unwrap().unwrap().id, group);
        transaction.quotas().set(group, limit).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(world.store.groups().lookup(group).await.unwrap().unwrap().quota_bytes, limit);
    }
}
