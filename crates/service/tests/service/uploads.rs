//! Uploads: resumable, durable, and gone without a trace when they come to nothing.

use std::time::Duration;

use bytes::Bytes;
use service::{
    AuditAction, AuditQuery, FailureKind, NewUpload, ReleaseQuery, Resource, Status, UploadId, UploadState,
    uploads::PART_BYTES,
};

use crate::house::{House, PASSWORD, book, client};

fn new(size: usize) -> NewUpload {
    NewUpload { file_name: "book.epub".to_owned(), size: size as u64, group: None, fingerprint: Some("f".to_owned()) }
}

async fn begun(house: &House, actor: &service::Actor, size: usize) -> UploadId {
    house.services.uploads().begin(actor, new(size)).await.unwrap().id
}

#[tokio::test]
async fn an_upload_goes_on_after_a_restart_from_what_is_durable() {
    let (house, admin) = House::new().await;
    let bytes = book("Resumed");
    let id = begun(&house, &admin, bytes.len()).await;
    let half = bytes.len() / 2;
    house.services.uploads().append(&admin, id, 0, Bytes::copy_from_slice(&bytes[..half])).await.unwrap();

    let restarted = house.with(&[]);
    let uploads = restarted.uploads();
    let open = uploads.open(&admin).await.unwrap();
    assert_eq!((open[0].id, open[0].received, open[0].fingerprint.as_deref()), (id, half as u64, Some("f")));
    let rest = Bytes::copy_from_slice(&bytes[half..]);
    assert_eq!(uploads.append(&admin, id, half as u64, rest).await.unwrap(), bytes.len() as u64);
    let release = uploads.complete(&admin, id).await.unwrap();
    let found = house.lookup(&admin, release).await;
    assert_eq!((found.book.size, found.book.crc32.0), (bytes.len() as u64, crc32fast::hash(&bytes)));
    assert_eq!(std::fs::read(house.blob(&found.book.sha256)).unwrap(), bytes);
    assert_eq!(house.blobs().len(), 1);
}

#[tokio::test]
async fn a_part_at_the_wrong_offset_or_beyond_the_size_is_refused_and_not_stored() {
    let (house, admin) = House::new().await;
    let uploads = house.services.uploads();
    let id = begun(&house, &admin, 10).await;
    uploads.append(&admin, id, 0, Bytes::from_static(b"1234")).await.unwrap();
    let before = house.blobs();
    let wrong = uploads.append(&admin, id, 0, Bytes::from_static(b"1234")).await.unwrap_err();
    assert_eq!(wrong.kind, FailureKind::Conflict("offset-mismatch", [("received", "4".to_owned())].into()));
    let long = uploads.append(&admin, id, 4, Bytes::from_static(b"1234567")).await.unwrap_err();
    assert_eq!(long.kind, FailureKind::TooLarge { limit: 10 });
    let fat = uploads.append(&admin, id, 4, Bytes::from(vec![0; PART_BYTES + 1])).await.unwrap_err();
    assert_eq!(fat.kind, FailureKind::TooLarge { limit: PART_BYTES as u64 });
    assert_eq!(uploads.complete(&admin, id).await.unwrap_err().code(), "upload-incomplete");
    assert_eq!(house.blobs(), before);
    assert_eq!(uploads.lookup(&admin, id).await.unwrap().received, 4);
}

#[tokio::test]
async fn of_one_part_sent_twice_at_once_one_counts_and_one_is_stored() {
    let (house, admin) = House::new().await;
    let uploads = house.services.uploads();
    let id = begun(&house, &admin, 8).await;
    let (one, other) = tokio::join!(
        uploads.append(&admin, id, 0, Bytes::from_static(b"aaaa")),
        uploads.append(&admin, id, 0, Bytes::from_static(b"bbbb")),
    );
    assert_eq!([&one, &other].iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(house.blobs().len(), 1);
}

#[tokio::test]
async fn a_part_whose_row_may_be_stored_keeps_its_bytes_until_the_upload_goes() {
    let (house, admin) = House::new().await;
    let uploads = house.services.uploads();
    let id = begun(&house, &admin, 8).await;
    house.refuse_parts().await;
    let failure = uploads.append(&admin, id, 0, Bytes::from_static(b"aaaa")).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Internal);
    // Here it is not, but an error of the commit looks the same.
    assert_eq!(house.blobs().len(), 1);
    uploads.terminate(&admin, id).await.unwrap();
    assert_eq!(house.blobs(), [].into());
}

#[tokio::test]
async fn a_book_that_is_too_large_is_refused_before_a_byte_is_taken() {
    let (house, admin) = House::new().await;
    let small = house.with(&[("upload_max_bytes", 100)]);
    let failure = small.uploads().begin(&admin, new(101)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::TooLarge { limit: 100 });
    assert!(small.uploads().open(&admin).await.unwrap().is_empty());
    assert_eq!(house.blobs(), [].into());
}

#[tokio::test]
async fn completing_twice_even_at_once_gives_one_release() {
    let (house, admin) = House::new().await;
    let bytes = book("Once");
    let id = begun(&house, &admin, bytes.len()).await;
    let uploads = house.services.uploads();
    uploads.append(&admin, id, 0, Bytes::from(bytes)).await.unwrap();
    let (one, other) = tokio::join!(uploads.complete(&admin, id), uploads.complete(&admin, id));
    let release = one.unwrap();
    assert_eq!(other.unwrap(), release);
    assert_eq!(uploads.complete(&admin, id).await.unwrap(), release);
    assert_eq!(house.services.releases().list(&admin, &service::ReleaseQuery::default()).await.unwrap().items.len(), 1);
    assert_eq!(house.blobs().len(), 1);
    assert_eq!(uploads.append(&admin, id, 0, Bytes::new()).await.unwrap_err().code(), "upload-closed");
}

#[tokio::test]
async fn a_completion_that_broke_off_is_taken_up_again() {
    let (house, admin) = House::new().await;
    let bytes = book("Broken Off");
    let id = begun(&house, &admin, bytes.len()).await;
    house.services.uploads().append(&admin, id, 0, Bytes::from(bytes)).await.unwrap();
    // As a process leaves it that ends while it puts the parts together.
    let mut transaction = house.store.begin_write().await.unwrap();
    assert!(transaction.uploads().begin_completing(id, service::Timestamp(0)).await.unwrap());
    transaction.commit().await.unwrap();
    let restarted = house.with(&[]);
    assert_eq!(restarted.uploads().open(&admin).await.unwrap()[0].state, UploadState::Completing);
    let release = restarted.uploads().complete(&admin, id).await.unwrap();
    assert_eq!(house.lookup(&admin, release).await.summary.status, Status::Inspecting);
}

#[tokio::test]
async fn a_completion_that_nobody_takes_up_again_is_not_lost() {
    let (house, admin) = House::new().await;
    let bytes = book("Not Lost");
    let id = begun(&house, &admin, bytes.len()).await;
    let uploads = house.services.uploads();
    uploads.append(&admin, id, 0, Bytes::from(bytes)).await.unwrap();
    let mut transaction = house.store.begin_write().await.unwrap();
    assert!(transaction.uploads().begin_completing(id, service::Timestamp(0)).await.unwrap());
    transaction.commit().await.unwrap();
    house.clock.pass(Duration::from_hours(24));
    assert_eq!(uploads.collect_abandoned().await.unwrap(), 1);
    assert_eq!(uploads.lookup(&admin, id).await.unwrap_err().code(), "not-found");
    let releases = house.services.releases().list(&admin, &service::ReleaseQuery::default()).await.unwrap();
    assert_eq!((releases.items.len(), house.blobs().len()), (1, 1));
}

#[tokio::test]
async fn what_is_whole_is_kept_until_it_can_be_put_together() {
    let (house, admin) = House::new().await;
    let bytes = book("Kept");
    let id = begun(&house, &admin, bytes.len()).await;
    let uploads = house.services.uploads();
    uploads.append(&admin, id, 0, Bytes::from(bytes)).await.unwrap();
    let part = house.store.uploads().list_parts(id, 0, 1).await.unwrap().remove(0);
    let part = house.folder.path().join("blobs").join(part.blob_key);
    let away = house.folder.path().join("away");
    std::fs::rename(&part, &away).unwrap();
    house.clock.pass(Duration::from_hours(24));
    assert_eq!(uploads.collect_abandoned().await.unwrap(), 0);
    assert_eq!(uploads.lookup(&admin, id).await.unwrap().release, None);
    std::fs::rename(&away, &part).unwrap();
    house.clock.pass(Duration::from_hours(24));
    assert_eq!(uploads.collect_abandoned().await.unwrap(), 1);
    let releases = house.services.releases().list(&admin, &service::ReleaseQuery::default()).await.unwrap();
    assert_eq!((releases.items.len(), house.blobs().len()), (1, 1));
}

#[tokio::test]
async fn a_terminated_upload_leaves_nothing() {
    let (house, admin) = House::new().await;
    let uploads = house.services.uploads();
    let id = begun(&house, &admin, 8).await;
    uploads.append(&admin, id, 0, Bytes::from_static(b"aaaa")).await.unwrap();
    uploads.terminate(&admin, id).await.unwrap();
    assert_eq!(house.blobs(), [].into());
    assert_eq!(uploads.lookup(&admin, id).await.unwrap_err().code(), "not-found");
    assert!(house.store.uploads().list_parts(id, 0, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_upload_that_nobody_goes_on_with_is_thrown_away_after_a_day() {
    let (house, admin) = House::new().await;
    let uploads = house.services.uploads();
    let id = begun(&house, &admin, 8).await;
    house.clock.pass(Duration::from_hours(23));
    uploads.append(&admin, id, 0, Bytes::from_static(b"aaaa")).await.unwrap();
    house.clock.pass(Duration::from_hours(23));
    assert_eq!(uploads.collect_abandoned().await.unwrap(), 0);
    house.clock.pass(Duration::from_hours(1));
    assert_eq!(uploads.collect_abandoned().await.unwrap(), 1);
    assert_eq!(house.blobs(), [].into());
    assert_eq!(uploads.lookup(&admin, id).await.unwrap_err().code(), "not-found");
}

#[tokio::test]
async fn an_upload_is_its_owners_alone() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let uploads = house.services.uploads();
    let id = begun(&house, &editor, 8).await;
    assert_eq!(uploads.lookup(&admin, id).await.unwrap_err().code(), "not-found");
    assert_eq!(uploads.append(&admin, id, 0, Bytes::new()).await.unwrap_err().code(), "not-found");
    assert_eq!(uploads.terminate(&admin, id).await.unwrap_err().code(), "not-found");
    assert!(uploads.open(&admin).await.unwrap().is_empty());
}

#[tokio::test]
async fn whoever_is_no_longer_let_in_makes_no_release_of_what_came() {
    let (house, admin) = House::new().await;
    let (uploads, accounts) = (house.services.uploads(), house.services.accounts());
    let editor = house.editor(&admin).await;
    let bytes = book("Of somebody who left");
    let whole = async |actor| {
        let id = begun(&house, actor, bytes.len()).await;
        uploads.append(actor, id, 0, Bytes::copy_from_slice(&bytes)).await.unwrap();
        id
    };
    let id = whole(&editor).await;
    accounts.sign_out(&editor).await.unwrap();
    assert_eq!(uploads.complete(&editor, id).await.unwrap_err().kind, FailureKind::SignedOut);
    let again = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap().actor;
    uploads.complete(&again, id).await.unwrap();

    let id = whole(&again).await;
    let before = house.blobs();
    accounts.set_active(&admin, editor.user_id, false).await.unwrap();
    assert_eq!(uploads.complete(&again, id).await.unwrap_err().kind, FailureKind::SignedOut);
    // Nor does the house make it in their place: what nobody may finish goes when it is abandoned.
    house.clock.pass(Duration::from_hours(25));
    assert_eq!(uploads.collect_abandoned().await.unwrap(), 2, "and what became a release long ago is forgotten");
    assert_eq!(house.blobs().len(), before.len() - 1, "its part is gone, and no book came of it");
    let all = house.services.releases().list(&admin, &ReleaseQuery::default()).await.unwrap();
    assert_eq!(all.items.len(), 1);
}

#[tokio::test]
async fn a_book_does_not_come_into_a_group_that_its_sender_has_left() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let group = house.group(&admin).await.id;
    let bytes = book("Left");
    let new = NewUpload { group: Some(group), ..new(bytes.len()) };
    let id = house.services.uploads().begin(&editor, new).await.unwrap().id;
    house.services.uploads().append(&editor, id, 0, Bytes::from(bytes)).await.unwrap();
    house.services.groups().set_members(&admin, group, &[admin.user_id], None).await.unwrap();
    let release = house.services.uploads().complete(&editor, id).await.unwrap();
    assert!(house.lookup(&editor, release).await.summary.group.is_none());
}

#[tokio::test]
async fn an_upload_that_is_thrown_away_is_written_down() {
    let (house, admin) = House::new().await;
    let id = begun(&house, &admin, 10).await;
    house.services.uploads().terminate(&admin, id).await.unwrap();
    let entries = house.services.audit().list(&admin, &AuditQuery::default()).await.unwrap().items;
    let last = &entries[0];
    assert_eq!(
        (last.action, last.resource, last.subject_id.clone()),
        (AuditAction::Deleted, Resource::Books, Some(id.to_string()))
    );
    assert_eq!((last.subject_name.as_str(), last.actor_id), ("book.epub", Some(admin.user_id)));
}
