//! Uploads and their parts.

use store::{
    UploadId,
    uploads::{PartAdded, UploadPart, UploadState},
};

use crate::{
    database::on_both_engines,
    world::{World, at, listing},
};

on_both_engines! {
    parts_follow_each_other_without_a_gap,
    of_two_parts_at_one_offset_one_counts,
    an_upload_completes_once_when_every_byte_is_here,
    an_empty_file_can_be_uploaded,
    a_terminated_upload_leaves_nothing,
    abandoned_uploads_are_found_the_oldest_first,
    a_refused_upload_says_why,
}

fn part(start: u64, length: u64) -> UploadPart {
    UploadPart { start, length, blob_key: format!("uploads/{start}") }
}

async fn add(world: &World, id: UploadId, part: &UploadPart) -> PartAdded {
    let mut transaction = world.store.begin_write().await.unwrap();
    let added = transaction.uploads().add_part(id, part, at(1), at(90_000)).await.unwrap();
    transaction.commit().await.unwrap();
    added
}

async fn parts_follow_each_other_without_a_gap(world: World) {
    let user = world.user("ada").await;
    let id = world.upload(user, 10).await;
    assert_eq!(add(&world, id, &part(0, 4)).await, PartAdded::Added { received: 4 });
    assert_eq!(add(&world, id, &part(0, 4)).await, PartAdded::OffsetMismatch { received: 4 });
    assert_eq!(add(&world, id, &part(5, 1)).await, PartAdded::OffsetMismatch { received: 4 });
    assert_eq!(add(&world, id, &part(4, 7)).await, PartAdded::TooLong { size: 10 });
    assert_eq!(add(&world, id, &part(4, u64::MAX)).await, PartAdded::TooLong { size: 10 });
    assert_eq!(add(&world, id, &part(4, 0)).await, PartAdded::Added { received: 4 });
    assert_eq!(add(&world, id, &part(4, 6)).await, PartAdded::Added { received: 10 });
    assert_eq!(add(&world, UploadId::new(at(9), 9), &part(0, 1)).await, PartAdded::Closed);
    let parts = world.store.uploads().list_parts(id, 0, 100).await.unwrap();
    assert_eq!(parts, [part(0, 4), part(4, 6)]);
    assert_eq!(world.store.uploads().list_parts(id, 0, 1).await.unwrap(), [part(0, 4)]);
    assert_eq!(world.store.uploads().list_parts(id, 1, 100).await.unwrap(), [part(4, 6)]);
    let upload = world.store.uploads().lookup(id).await.unwrap().unwrap();
    assert_eq!((upload.received, upload.updated_at, upload.expires_at), (10, at(1), at(90_000)));
    assert_eq!(upload.fingerprint.as_deref(), Some("tus-1"));
}

async fn of_two_parts_at_one_offset_one_counts(world: World) {
    let user = world.user("ada").await;
    let id = world.upload(user, 100).await;
    let tasks = [10, 20, 30, 40].map(|length| {
        let world = world.clone();
        tokio::spawn(async move { add(&world, id, &part(0, length)).await })
    });
    let mut received = 0;
    let mut mismatches = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            PartAdded::Added { received: now } => {
                assert_eq!(received, 0);
                received = now;
            }
            PartAdded::OffsetMismatch { received } => mismatches.push(received),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(mismatches, [received; 3]);
    let parts = world.store.uploads().list_parts(id, 0, 100).await.unwrap();
    assert_eq!(parts, [part(0, received)]);
}

async fn an_upload_completes_once_when_every_byte_is_here(world: World) {
    let user = world.user("ada").await;
    let id = world.upload(user, 4).await;
    let release = world.release(user, None, listing("Title"), at(0)).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(!transaction.uploads().begin_completing(id, at(1)).await.unwrap());
    transaction.uploads().add_part(id, &part(0, 4), at(1), at(9)).await.unwrap();
    assert!(!transaction.uploads().complete(id, release, at(2)).await.unwrap());
    assert!(transaction.uploads().begin_completing(id, at(2)).await.unwrap());
    assert!(!transaction.uploads().begin_completing(id, at(2)).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(add(&world, id, &part(4, 0)).await, PartAdded::Closed);
    let open = world.store.uploads().list_open(user).await.unwrap();
    assert_eq!(open.iter().map(|upload| upload.state).collect::<Vec<_>>(), [UploadState::Completing]);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.uploads().reopen(id, at(3)).await.unwrap());
    assert!(!transaction.uploads().reopen(id, at(3)).await.unwrap());
    assert!(transaction.uploads().begin_completing(id, at(4)).await.unwrap());
    assert!(transaction.uploads().complete(id, release, at(5)).await.unwrap());
    assert_eq!(transaction.uploads().remove_parts(id).await.unwrap(), 1);
    transaction.commit().await.unwrap();
    let upload = world.store.uploads().lookup(id).await.unwrap().unwrap();
    assert_eq!((upload.state, upload.release_id), (UploadState::Complete, Some(release)));
    assert!(world.store.uploads().list_open(user).await.unwrap().is_empty());
    assert!(world.store.uploads().list_parts(id, 0, 9).await.unwrap().is_empty());
}

async fn an_empty_file_can_be_uploaded(world: World) {
    let user = world.user("ada").await;
    let id = world.upload(user, 0).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.uploads().begin_completing(id, at(1)).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn a_terminated_upload_leaves_nothing(world: World) {
    let user = world.user("ada").await;
    let id = world.upload(user, 10).await;
    add(&world, id, &part(0, 4)).await;
    add(&world, id, &part(4, 4)).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.uploads().delete(id).await.unwrap(), 2);
    assert_eq!(transaction.uploads().delete(id).await.unwrap(), 0);
    transaction.commit().await.unwrap();
    assert_eq!(world.store.uploads().lookup(id).await.unwrap(), None);
    assert!(world.store.uploads().list_parts(id, 0, 9).await.unwrap().is_empty());
}

async fn abandoned_uploads_are_found_the_oldest_first(world: World) {
    let user = world.user("ada").await;
    let (first, second) = (world.upload(user, 1).await, world.upload(user, 1).await);
    assert!(world.store.uploads().list_abandoned(at(86_399), 10).await.unwrap().is_empty());
    let over = world.store.uploads().list_abandoned(at(86_400), 10).await.unwrap();
    assert_eq!(over.iter().map(|upload| upload.id).collect::<Vec<_>>(), [first, second]);
    assert_eq!(world.store.uploads().list_abandoned(at(86_400), 1).await.unwrap().len(), 1);
}

async fn a_refused_upload_says_why(world: World) {
    let user = world.user("ada").await;
    let id = world.upload(user, 1).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.uploads().refuse(id, "unknown-format", at(1)).await.unwrap());
    assert!(!transaction.uploads().refuse(id, "other", at(1)).await.unwrap());
    transaction.commit().await.unwrap();
    let upload = world.store.uploads().lookup(id).await.unwrap().unwrap();
    assert_eq!((upload.state, upload.refusal.as_deref()), (UploadState::Refused, Some("unknown-format")));
}
