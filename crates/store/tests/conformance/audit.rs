//! The audit log.

use serde_json::json;
use store::{
    AuditId, AuditIds, UserId,
    audit::{AuditAction, AuditEntry, AuditFilter},
    permissions::Resource,
};

use crate::{
    database::on_both_engines,
    world::{World, at},
};

on_both_engines! {
    entries_are_found_by_each_filter_page_by_page,
    entries_of_one_millisecond_are_listed_as_they_were_made,
    what_is_too_old_goes_and_nothing_else,
    an_entry_belongs_to_the_transaction_of_its_change,
}

fn entry(world: &World, seconds: i64, actor: Option<UserId>, action: AuditAction, resource: Resource) -> AuditEntry {
    AuditEntry {
        id: AuditId::new(at(seconds), world.random()),
        at: at(seconds),
        actor_id: actor,
        actor_name: "Zoë".to_owned(),
        token_id: None,
        address: Some("2001:db8::1".to_owned()),
        action,
        resource,
        subject_id: Some(format!("subject-{seconds}")),
        subject_name: "本".to_owned(),
        before: None,
        after: Some(json!({ "title": "L’été" })),
    }
}

async fn add(world: &World, entry: &AuditEntry) {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.audit().add(entry).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn entries_are_found_by_each_filter_page_by_page(world: World) {
    let (ada, bob) = (UserId::new(at(0), world.random()), UserId::new(at(0), world.random()));
    let one = entry(&world, 1, Some(ada), AuditAction::Created, Resource::Releases);
    let two = entry(&world, 2, Some(bob), AuditAction::Changed, Resource::Users);
    let three = entry(&world, 3, None, AuditAction::Created, Resource::Users);
    for one in [&one, &two, &three] {
        add(&world, one).await;
    }
    let all = AuditFilter::default();
    let first = world.store.audit().list(&all, None, 2).await.unwrap();
    assert_eq!((first.items, first.next), (vec![three.clone(), two.clone()], Some(two.id)));
    let second = world.store.audit().list(&all, Some(two.id), 2).await.unwrap();
    assert_eq!((second.items, second.next), (vec![one.clone()], None));
    let filters = [
        (AuditFilter { actor: Some(ada), ..all.clone() }, vec![&one]),
        (AuditFilter { action: Some(AuditAction::Created), ..all.clone() }, vec![&three, &one]),
        (AuditFilter { resource: Some(Resource::Users), ..all.clone() }, vec![&three, &two]),
        (AuditFilter { subject: Some("subject-2".to_owned()), ..all.clone() }, vec![&two]),
        (AuditFilter { from: Some(at(2)), ..all.clone() }, vec![&three, &two]),
        (AuditFilter { until: Some(at(2)), ..all }, vec![&one]),
    ];
    for (filter, expected) in filters {
        let page = world.store.audit().list(&filter, None, 10).await.unwrap();
        assert_eq!(page.items.iter().collect::<Vec<_>>(), expected, "{filter:?}");
    }
}

async fn entries_of_one_millisecond_are_listed_as_they_were_made(world: World) {
    let ids = AuditIds::default();
    let mut made = Vec::new();
    for _ in 0..9 {
        let entry =
            AuditEntry { id: ids.next(at(1)), ..entry(&world, 1, None, AuditAction::Created, Resource::Groups) };
        add(&world, &entry).await;
        made.insert(0, entry.id);
    }
    let (mut listed, mut after) = (Vec::new(), None);
    loop {
        let page = world.store.audit().list(&AuditFilter::default(), after, 2).await.unwrap();
        listed.extend(page.items.iter().map(|entry| entry.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed, made);
}

async fn what_is_too_old_goes_and_nothing_else(world: World) {
    for seconds in [1, 2, 3] {
        add(&world, &entry(&world, seconds, None, AuditAction::Deleted, Resource::Groups)).await;
    }
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.audit().count_before(at(3)).await.unwrap(), 2);
    assert_eq!(transaction.audit().delete_before(at(3)).await.unwrap(), 2);
    transaction.commit().await.unwrap();
    assert_eq!(world.store.audit().list(&AuditFilter::default(), None, 10).await.unwrap().items.len(), 1);
}

async fn an_entry_belongs_to_the_transaction_of_its_change(world: World) {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.audit().add(&entry(&world, 1, None, AuditAction::Created, Resource::Keys)).await.unwrap();
    transaction.roll_back().await.unwrap();
    assert!(world.store.audit().list(&AuditFilter::default(), None, 10).await.unwrap().items.is_empty());
}
