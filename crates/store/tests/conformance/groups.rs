//! Groups.

use packer::group::GroupTag;
use store::{Constraint, GroupId, groups::Group};

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    groups_are_listed_by_tag_and_found_whatever_the_case,
    a_tag_taken_in_another_case_is_refused,
}

async fn groups_are_listed_by_tag_and_found_whatever_the_case(world: World) {
    let user = world.user("ada").await;
    let second = world.group("bETA", user).await;
    let first = world.group("ALPHA", user).await;
    let groups = world.store.groups().list().await.unwrap();
    assert_eq!(groups.iter().map(|group| group.id).collect::<Vec<_>>(), [first, second]);
    assert_eq!(groups[1].tag.as_str(), "bETA");
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.groups().hold_all().await.unwrap(), groups);
    transaction.roll_back().await.unwrap();
    let tag: GroupTag = "Beta".parse().unwrap();
    assert_eq!(world.store.groups().find_by_tag(&tag).await.unwrap().as_ref(), groups.last());
    assert_eq!(world.store.groups().lookup(GroupId::new(at(1), 1)).await.unwrap(), None);
}

async fn a_tag_taken_in_another_case_is_refused(world: World) {
    let user = world.user("ada").await;
    world.group("GRP", user).await;
    let second = Group {
        id: GroupId::new(at(1), 5),
        tag: "grp".parse().unwrap(),
        created_by: user,
        created_at: at(1),
        quota_bytes: None,
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    let error = transaction.groups().add(&second).await.unwrap_err();
    assert_eq!(error.conflict(), Some(Constraint::GroupTag));
    transaction.commit().await.unwrap();
    assert_eq!(world.store.groups().list().await.unwrap().len(), 1);
}
