//! Roles of the house, exceptions, members, and what members see.

use store::{
    Constraint,
    jobs::JobFilter,
    permissions::{Action, Exception, OwnRole, Resource},
    releases::{ReleaseFilter, ReleaseSort, VisibleTo},
    users::Role,
};

use crate::{
    database::on_both_engines,
    world::{World, at, listing},
};

on_both_engines! {
    a_role_of_the_house_is_made_changed_and_deleted,
    exceptions_and_groups_replace_those_before,
    a_member_sees_what_is_their_own_and_what_is_their_groups,
    a_user_gets_other_roles,
}

fn role(name: &str, permissions: Vec<(Resource, Action)>) -> OwnRole {
    OwnRole { role: name.parse().unwrap(), all_groups: true, permissions }
}

async fn a_role_of_the_house_is_made_changed_and_deleted(world: World) {
    let proof = role("Relecteur é", vec![(Resource::Books, Action::Read), (Resource::Releases, Action::Modify)]);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.permissions().add_role(&proof, at(0)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.permissions().own_roles().await.unwrap(), std::slice::from_ref(&proof));
    for name in ["RELECTEUR É", "Relecteur é"] {
        let mut transaction = world.store.begin_write().await.unwrap();
        let taken = transaction.permissions().add_role(&role(name, Vec::new()), at(1)).await.unwrap_err();
        assert_eq!(taken.conflict(), Some(Constraint::RoleName), "{name}");
        drop(transaction);
    }
    let mut transaction = world.store.begin_write().await.unwrap();
    let narrower = OwnRole { all_groups: false, permissions: vec![(Resource::Jobs, Action::Read)], ..proof.clone() };
    assert!(transaction.permissions().change_role(&narrower, at(2)).await.unwrap());
    assert!(!transaction.permissions().change_role(&role("nobody", Vec::new()), at(2)).await.unwrap());
    transaction.commit().await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.permissions().hold_own_roles().await.unwrap(), std::slice::from_ref(&narrower));
    transaction.roll_back().await.unwrap();
    assert_eq!(world.store.permissions().own_roles().await.unwrap(), [narrower]);
    world.user_with("ada", vec![proof.role.clone()]).await;
    assert_eq!(world.store.permissions().count_with_role(&proof.role).await.unwrap(), 1);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.permissions().delete_role(&proof.role).await.unwrap());
    assert!(!transaction.permissions().delete_role(&proof.role).await.unwrap());
    transaction.commit().await.unwrap();
    assert!(world.store.permissions().own_roles().await.unwrap().is_empty());
}

async fn exceptions_and_groups_replace_those_before(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let (one, two) = (world.group("ONE", ada).await, world.group("TWO", ada).await);
    let denied = Exception { resource: Resource::Jobs, action: Action::Read, allowed: false };
    let allowed = Exception { resource: Resource::Audit, action: Action::Read, allowed: true };
    for (exceptions, groups) in [(vec![denied], vec![one]), (vec![allowed, denied], vec![one, two])] {
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.permissions().set_exceptions(ada, &exceptions).await.unwrap();
        transaction.permissions().set_groups(ada, &groups).await.unwrap();
        transaction.commit().await.unwrap();
        assert_eq!(world.store.permissions().exceptions_of(ada).await.unwrap(), exceptions);
        assert_eq!(world.store.permissions().groups_of(ada).await.unwrap(), groups);
    }
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.permissions().set_members(one, &[bob]).await.unwrap();
    transaction.commit().await.unwrap();
    let members = world.store.permissions().members().await.unwrap();
    assert_eq!(members, [(one, vec![bob]), (two, vec![ada])].into());
    assert!(world.store.permissions().exceptions_of(bob).await.unwrap().is_empty());
}

async fn a_member_sees_what_is_their_own_and_what_is_their_groups(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let (one, two) = (world.group("ONE", ada).await, world.group("TWO", ada).await);
    let of_one = world.release(ada, Some(one), listing("One"), at(1)).await;
    world.release(ada, Some(two), listing("Two"), at(2)).await;
    world.release(ada, None, listing("None"), at(3)).await;
    let own = world.release(bob, Some(two), listing("Own"), at(4)).await;
    for (groups, expected) in [(vec![one], vec![own, of_one]), (Vec::new(), vec![own])] {
        let filter = ReleaseFilter { visible_to: Some(VisibleTo { user: bob, groups }), ..ReleaseFilter::default() };
        let page = world.store.releases().list(&filter, ReleaseSort::Created, true, None, 10).await.unwrap();
        assert_eq!(page.items.iter().map(|item| item.id).collect::<Vec<_>>(), expected);
        assert_eq!(world.store.releases().count(&filter).await.unwrap(), Some(expected.len() as u64));
    }
    let mut jobs = Vec::new();
    for release in [of_one, own] {
        let job = store::jobs::NewJob { release_id: Some(release), ..world.new_job(at(5)) };
        let mut transaction = world.store.begin_write().await.unwrap();
        transaction.jobs().enqueue(&job, at(5)).await.unwrap();
        transaction.commit().await.unwrap();
        jobs.push(job.id);
    }
    let see = |groups| JobFilter { visible_to: Some(VisibleTo { user: bob, groups }), ..JobFilter::default() };
    assert_eq!(world.store.jobs().list(&see(vec![one]), None, 10).await.unwrap().items.len(), 2);
    let page = world.store.jobs().list(&see(Vec::new()), None, 10).await.unwrap();
    assert_eq!(page.items.iter().map(|job| job.id).collect::<Vec<_>>(), jobs[1..]);
}

async fn a_user_gets_other_roles(world: World) {
    let ada = world.user_with("ada", vec![Role::EDITOR]).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.users().set_roles(ada, &[Role::VIEWER, Role::CONTRIBUTOR], at(1)).await.unwrap();
    transaction.commit().await.unwrap();
    let user = world.store.users().lookup(ada).await.unwrap().unwrap();
    assert_eq!((user.roles, user.updated_at), (vec![Role::CONTRIBUTOR, Role::VIEWER], at(1)));
}
