//! Books that contributors send in.

use std::time::Duration;

use bytes::Bytes;
use packer::format::Format;
use service::{
    Actor, AuditAction, CoverSize, Edit, FailureKind, GroupId, InboxEntry, InboxQuery, InboxState, NewUpload,
    ReleaseId, ReleaseQuery, Resource, Role,
};

use crate::house::{House, PASSWORD, book, client};

/// Sends a book in and lets it be read.
async fn send(house: &House, sender: &Actor, title: &str, group: Option<GroupId>) -> ReleaseId {
    let (uploads, bytes) = (house.services.uploads(), book(title));
    let new = NewUpload { file_name: "sent.epub".into(), size: bytes.len() as u64, group, fingerprint: None };
    let upload = uploads.begin(sender, new).await.unwrap();
    uploads.append(sender, upload.id, 0, Bytes::from(bytes)).await.unwrap();
    let release = uploads.complete(sender, upload.id).await.unwrap();
    house.work_off().await;
    release
}

/// The newest entry that somebody sees.
async fn newest(house: &House, actor: &Actor) -> InboxEntry {
    house.services.inbox().list(actor, &InboxQuery::default()).await.unwrap().items.remove(0)
}

/// A contributor of the group `GRP`.
async fn contributor(house: &House, admin: &Actor) -> Actor {
    let sender = house.person(admin, "Cora", Role::CONTRIBUTOR).await;
    let group = house.group(admin).await.id;
    house.services.groups().set_members(admin, group, &[admin.user_id, sender.user_id], None).await.unwrap();
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Cora", &PASSWORD.into(), &client()).await;
    session.unwrap().actor
}

#[tokio::test]
async fn a_contributor_s_book_waits_in_the_inbox_until_one_editor_takes_it() {
    let (house, admin) = House::new().await;
    let sender = house.person(&admin, "Cora", Role::CONTRIBUTOR).await;
    let (editor, other) = (house.editor(&admin).await, house.person(&admin, "Otto", Role::EDITOR).await);
    let uploads = house.services.uploads();
    let bytes = book("Sent in");
    let size = bytes.len() as u64;
    let new = NewUpload { file_name: "sent.epub".into(), size, group: None, fingerprint: None };
    let upload = uploads.begin(&sender, new).await.unwrap();
    uploads.append(&sender, upload.id, 0, bytes.into()).await.unwrap();
    let release = uploads.complete(&sender, upload.id).await.unwrap();
    house.work_off().await;
    let inbox = house.services.inbox();
    let all = InboxQuery::default();
    let entry = inbox.list(&editor, &all).await.unwrap().items.remove(0);
    assert_eq!((entry.state, entry.title.as_deref()), (InboxState::Waiting, Some("Sent in")));
    assert_eq!((entry.size, entry.format), (Some(size), Some(Format::Epub)));
    assert!(!entry.findings.is_empty(), "the book has no accessibility metadata");
    assert_eq!(inbox.list(&sender, &all).await.unwrap().items.len(), 1);
    let stranger = house.person(&admin, "Sam", Role::CONTRIBUTOR).await;
    assert!(inbox.list(&stranger, &all).await.unwrap().items.is_empty());
    // Until it is taken over it is nobody's release but the sender's, who may not see releases.
    assert_eq!(house.services.releases().lookup(&sender, release).await.unwrap_err().code(), "forbidden");
    let group = house.group(&admin).await.id;
    assert_eq!(inbox.take(&other, entry.id, Some(group)).await.unwrap_err().code(), "invalid");
    assert_eq!(inbox.take(&editor, entry.id, Some(group)).await.unwrap(), release);
    assert_eq!(inbox.take(&other, entry.id, None).await.unwrap_err().code(), "already-decided");
    assert_eq!(inbox.decline(&other, entry.id, "").await.unwrap_err().code(), "already-decided");
    let taken = house.lookup(&editor, release).await;
    assert_eq!((taken.summary.created_by, taken.summary.group.unwrap().id), (editor.user_id, group));
    let seen = inbox.list(&sender, &all).await.unwrap().items.remove(0);
    assert_eq!((seen.state, seen.decided_by_name.as_deref()), (InboxState::Taken, Some("Ed")));
    assert!(house.audited(&admin).await.contains(&(AuditAction::Taken, Resource::Books)));
}

#[tokio::test]
async fn whoever_could_take_a_book_over_looks_at_it_first_and_changes_nothing() {
    let (house, admin) = House::new().await;
    let sender = house.person(&admin, "Cora", Role::CONTRIBUTOR).await;
    let (editor, viewer) = (house.editor(&admin).await, house.person(&admin, "Vic", Role::VIEWER).await);
    let release = send(&house, &sender, "Looked at", None).await;
    let releases = house.services.releases();
    assert_eq!(newest(&house, &editor).await.release_id, Some(release));
    let shown = releases.lookup(&editor, release).await.unwrap();
    assert_eq!((shown.summary.title.as_str(), shown.editable, shown.waits_in_inbox), ("Looked at", false, true));
    assert!(shown.jobs.is_empty() && house.lookup(&admin, release).await.editable);
    assert!(!releases.preview(&editor, release).await.unwrap().findings.is_empty());
    assert!(releases.cover(&editor, release, CoverSize::Small, |_| false).await.is_ok());
    assert!(releases.duplicates(&editor, release).await.unwrap().is_empty());
    assert!(releases.revisions(&editor, release).await.unwrap().is_empty());
    assert_eq!(house.services.verify_links().of_release(&editor, release).await.unwrap(), None);
    for refused in [
        releases.edit(&editor, release, Edit::default()).await.map(drop),
        releases.pack(&editor, release).await.map(drop),
        releases.delete(&editor, release).await,
        releases.look(&editor, release).await.map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code(), "not-found");
    }
    let list = releases.list(&editor, &ReleaseQuery::default()).await.unwrap();
    assert!(list.items.is_empty(), "it is not theirs yet");
    // Who may only see books is told of it, and does not open it.
    let told = newest(&house, &viewer).await;
    assert_eq!((told.release_id, told.title.as_deref()), (None, Some("Looked at")));
    assert_eq!(releases.lookup(&viewer, release).await.unwrap_err().code(), "not-found");
    // Once somebody has it, it is theirs.
    let entry = newest(&house, &admin).await;
    house.services.inbox().take(&admin, entry.id, None).await.unwrap();
    assert_eq!(releases.lookup(&editor, release).await.unwrap_err().code(), "not-found");
    assert!(!house.lookup(&admin, release).await.waits_in_inbox);
}

#[tokio::test]
async fn a_book_that_is_declined_is_gone_and_its_sender_reads_why() {
    let (house, admin) = House::new().await;
    let sender = house.person(&admin, "Cora", Role::CONTRIBUTOR).await;
    let uploads = house.services.uploads();
    let bytes = book("Not for us");
    let new = NewUpload { file_name: "no.epub".into(), size: bytes.len() as u64, group: None, fingerprint: None };
    let upload = uploads.begin(&sender, new).await.unwrap();
    uploads.append(&sender, upload.id, 0, bytes.into()).await.unwrap();
    uploads.complete(&sender, upload.id).await.unwrap();
    house.work_off().await;
    let inbox = house.services.inbox();
    let entry = inbox.list(&admin, &InboxQuery::default()).await.unwrap().items.remove(0);
    assert_eq!(inbox.decline(&admin, entry.id, &"x".repeat(501)).await.unwrap_err().code(), "invalid");
    inbox.decline(&admin, entry.id, " We have it already. ").await.unwrap();
    let seen = inbox.list(&sender, &InboxQuery::default()).await.unwrap().items.remove(0);
    assert_eq!(
        (seen.state, seen.note.as_deref(), seen.release_id),
        (InboxState::Declined, Some("We have it already."), None)
    );
    assert_eq!(house.blobs(), [].into());
}

#[tokio::test]
async fn a_book_for_a_group_is_decided_by_its_editors_alone_and_shown_to_them_alone() {
    let (house, admin) = House::new().await;
    let sender = contributor(&house, &admin).await;
    let group = house.group(&admin).await.id;
    let stranger = house.person(&admin, "Otto", Role::EDITOR).await;
    send(&house, &sender, "For the group", Some(group)).await;
    let inbox = house.services.inbox();
    let entry = newest(&house, &admin).await;
    assert_eq!(entry.title.as_deref(), Some("For the group"));
    assert_eq!(newest(&house, &sender).await.title.as_deref(), Some("For the group"), "it is theirs");
    let unseen = newest(&house, &stranger).await;
    assert_eq!((unseen.id, unseen.file_name.as_str()), (entry.id, "sent.epub"));
    assert_eq!((unseen.release_id, unseen.title, unseen.authors, unseen.status), (None, None, None, None));
    assert_eq!((unseen.size, unseen.has_cover, unseen.findings), (None, false, [].into()));
    let release = entry.release_id.unwrap();
    let refused = house.services.releases().lookup(&stranger, release).await.unwrap_err();
    assert_eq!(refused.code(), "not-found", "it waits for a group that they are not in");
    assert_eq!(inbox.decline(&stranger, entry.id, "").await.unwrap_err().kind, FailureKind::Forbidden);
    assert_eq!(inbox.take(&stranger, entry.id, None).await.unwrap_err().kind, FailureKind::Forbidden);
    inbox.take(&admin, entry.id, Some(group)).await.unwrap();
    let unseen = newest(&house, &sender).await;
    assert_eq!((unseen.state, unseen.decided_by_name.as_deref()), (InboxState::Taken, Some("Ada L.")));
}

#[tokio::test]
async fn a_book_that_was_taken_shows_only_whoever_sees_it_what_it_is_now() {
    let (house, admin) = House::new().await;
    let sender = house.person(&admin, "Cora", Role::CONTRIBUTOR).await;
    let stranger = house.person(&admin, "Otto", Role::EDITOR).await;
    let release = send(&house, &sender, "Taken", None).await;
    let entry = newest(&house, &stranger).await;
    assert_eq!(entry.title.as_deref(), Some("Taken"), "anybody may take it");
    house.services.inbox().take(&admin, entry.id, Some(house.group(&admin).await.id)).await.unwrap();
    for who in [&stranger, &sender] {
        let unseen = newest(&house, who).await;
        assert_eq!((unseen.state, unseen.release_id, unseen.title), (InboxState::Taken, None, None));
    }
    let seen = newest(&house, &admin).await;
    assert_eq!((seen.release_id, seen.title.as_deref()), (Some(release), Some("Taken")));
}

#[tokio::test]
async fn a_book_that_is_being_packed_is_decided() {
    let (house, admin) = House::new().await;
    let sender = contributor(&house, &admin).await;
    let group = house.group(&admin).await.id;
    let release = send(&house, &sender, "Packed from the inbox", Some(group)).await;
    let inbox = house.services.inbox();
    house.give_rights(&admin, release).await;
    house.services.releases().pack(&admin, release).await.unwrap();
    let entry = newest(&house, &admin).await;
    assert_eq!((entry.state, entry.decided_by_name.as_deref()), (InboxState::Taken, Some("Ada L.")));
    assert!(house.audited(&admin).await.contains(&(AuditAction::Taken, Resource::Books)));
    house.work_off().await;
    assert_eq!(inbox.decline(&admin, entry.id, "").await.unwrap_err().code(), "already-decided");
    assert_eq!(inbox.take(&admin, entry.id, None).await.unwrap_err().code(), "already-decided");
    assert_eq!(house.lookup(&admin, release).await.packages.len(), 1);
}

#[tokio::test]
async fn a_book_whose_release_is_deleted_waits_for_nobody_and_its_sender_sees_that_it_is_gone() {
    let (house, admin) = House::new().await;
    let sender = contributor(&house, &admin).await;
    let group = house.group(&admin).await.id;
    let release = send(&house, &sender, "Deleted at the release", Some(group)).await;
    let entry = newest(&house, &admin).await;
    house.services.releases().delete(&admin, release).await.unwrap();
    let inbox = house.services.inbox();
    let waiting = InboxQuery { state: Some(InboxState::Waiting), ..InboxQuery::default() };
    assert!(inbox.list(&admin, &waiting).await.unwrap().items.is_empty(), "nobody is asked to decide it");
    let seen = newest(&house, &sender).await;
    assert_eq!((seen.id, seen.state, seen.release_id), (entry.id, InboxState::Deleted, None));
    assert_eq!(seen.decided_by_name.as_deref(), Some("Ada L."));
    assert_eq!(inbox.take(&admin, entry.id, None).await.unwrap_err().code(), "already-decided");
    assert_eq!(inbox.decline(&admin, entry.id, "").await.unwrap_err().code(), "already-decided");
    // One that was declined is not deleted a second time.
    house.clock.pass(Duration::from_secs(1));
    send(&house, &sender, "Declined", Some(group)).await;
    let entry = newest(&house, &admin).await;
    inbox.decline(&admin, entry.id, "No").await.unwrap();
    assert_eq!(newest(&house, &sender).await.state, InboxState::Declined);
}
