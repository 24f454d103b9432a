//! The counts that the metrics show.

use store::{
    AuditId, PackageId, SessionId, Timestamp,
    audit::{AuditAction, AuditEntry},
    jobs::JobState,
    packages::Package,
    permissions::Resource,
    sessions::{EndReason, NewSession},
    statistics::Statistics,
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    nothing_is_counted_where_nothing_is,
    jobs_are_counted_by_kind_and_state,
    who_was_seen_lately_is_active_and_counted_once,
    packages_are_counted_with_their_bytes,
    the_last_backup_is_found_among_other_changes,
}

async fn the_last_backup_is_found_among_other_changes(world: World) {
    let entry = |at: Timestamp, action| AuditEntry {
        id: AuditId::new(at, world.random()),
        at,
        actor_id: None,
        actor_name: "command line".to_owned(),
        token_id: None,
        address: None,
        action,
        resource: Resource::Settings,
        subject_id: None,
        subject_name: "backup".to_owned(),
        before: None,
        after: None,
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.audit().add(&entry(at(9), AuditAction::Changed)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.statistics(at(0)).await.unwrap().last_backup_at, None);
    let mut transaction = world.store.begin_write().await.unwrap();
    for second in [5, 7, 6] {
        transaction.audit().add(&entry(at(second), AuditAction::BackedUp)).await.unwrap();
    }
    transaction.commit().await.unwrap();
    assert_eq!(world.store.statistics(at(0)).await.unwrap().last_backup_at, Some(at(7)));
}

async fn nothing_is_counted_where_nothing_is(world: World) {
    assert_eq!(world.store.statistics(at(0)).await.unwrap(), Statistics::default());
}

async fn jobs_are_counted_by_kind_and_state(world: World) {
    world.job(at(0)).await;
    world.job(at(0)).await;
    let jobs = world.store.statistics(at(0)).await.unwrap().jobs;
    let counts: Vec<_> = jobs.iter().map(|job| (job.state, job.count)).collect();
    assert_eq!(counts, [(JobState::Queued, 2)], "{jobs:?}");
}

async fn who_was_seen_lately_is_active_and_counted_once(world: World) {
    let user = world.user("ada").await;
    let mut transaction = world.store.begin_write().await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..2 {
        let id = SessionId::new(at(0), world.random());
        let session = NewSession {
            id,
            user_id: user,
            expires_at: at(1_000),
            address: "2001:db8::1".to_owned(),
            user_agent: String::new(),
        };
        transaction.sessions().add(&session, at(10)).await.unwrap();
        ids.push(id);
    }
    transaction.commit().await.unwrap();
    let active = async |since| world.store.statistics(at(since)).await.unwrap().active_users;
    assert_eq!((active(10).await, active(11).await), (1, 0));
    let mut transaction = world.store.begin_write().await.unwrap();
    for id in ids {
        transaction.sessions().end(id, EndReason::SignedOut, at(12)).await.unwrap();
    }
    transaction.commit().await.unwrap();
    assert_eq!(active(10).await, 0);
}

async fn packages_are_counted_with_their_bytes(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("Title"), at(1)).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    for revision in [1, 2] {
        let package = Package {
            id: PackageId::new(at(2), world.random()),
            release_id: release,
            revision,
            name: "Ada.Autor.Title".to_owned(),
            volume_id: None,
            profile: "plain".to_owned(),
            profile_version: 1,
            size: 20_000_000_000,
            manifest_sha256: hash(7),
            created_by: user,
            created_at: at(2),
            files_removed_at: None,
        };
        transaction.packages().add(&package, &[]).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let found = world.store.statistics(at(0)).await.unwrap();
    assert_eq!((found.packages, found.packed_bytes), (2, 40_000_000_000));
}
