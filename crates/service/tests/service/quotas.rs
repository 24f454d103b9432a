//! Quotas: what is beyond one is refused before a byte is taken, and leaves nothing behind.

use std::{collections::BTreeMap, time::Duration};

use service::{AuditAction, Edit, Failure, FailureKind, GroupId, NewUpload, Resource, Role, Status, quotas::Seen};

use crate::house::{House, book, large_book};

/// What a full group says, in numbers.
fn full(failure: Failure) -> BTreeMap<&'static str, u64> {
    let FailureKind::GroupFull(data) = failure.kind else { panic!("{failure:?}") };
    data.into_iter().filter(|(name, _)| *name != "group").map(|(name, value)| (name, value.parse().unwrap())).collect()
}

async fn kept(house: &House, actor: &service::Actor, group: GroupId) -> u64 {
    let groups = house.services.groups().with_members(actor).await.unwrap();
    groups.into_iter().find(|one| one.group.id == group).unwrap().kept_bytes
}

/// A group that is younger than the first: the clock stands still by itself.
async fn younger(house: &House, admin: &service::Actor) -> GroupId {
    house.clock.pass(Duration::from_millis(1));
    house.services.groups().create(admin, "OTHER").await.unwrap().id
}

fn new(size: u64, group: Option<GroupId>) -> NewUpload {
    NewUpload { file_name: "book.epub".to_owned(), size, group, fingerprint: None }
}

#[tokio::test]
async fn an_upload_beyond_the_limit_is_refused_before_a_byte_is_taken() {
    let (house, admin) = House::new().await;
    let (uploads, quotas) = (house.services.uploads(), house.services.quotas());
    let group = house.group(&admin).await.id;
    quotas.set(&admin, group, Some(1_000), None).await.unwrap();
    // One that names no group counts for the sender's oldest.
    for named in [Some(group), None] {
        let failure = uploads.begin(&admin, new(1_001, named)).await.unwrap_err();
        assert_eq!((failure.code(), failure.status()), ("group-full", 507));
        assert_eq!(full(failure), [("quota", 1_000), ("kept", 0), ("needed", 1_001)].into());
    }
    assert!(uploads.open(&admin).await.unwrap().is_empty());
    assert_eq!(house.blobs(), [].into());
    // What is begun counts with its whole size from its beginning.
    let begun = uploads.begin(&admin, new(600, None)).await.unwrap();
    assert_eq!(kept(&house, &admin, group).await, 600);
    assert_eq!(full(uploads.begin(&admin, new(401, Some(group))).await.unwrap_err())["kept"], 600);
    uploads.terminate(&admin, begun.id).await.unwrap();
    assert_eq!(kept(&house, &admin, group).await, 0);
    uploads.begin(&admin, new(1_000, Some(group))).await.unwrap();
    // Another group has its own room.
    let other = younger(&house, &admin).await;
    uploads.begin(&admin, new(5_000, Some(other))).await.unwrap();
}

#[tokio::test]
async fn a_package_beyond_the_limit_is_refused_and_leaves_neither_name_nor_job_nor_file() {
    let (house, admin) = House::new().await;
    let (releases, quotas) = (house.services.releases(), house.services.quotas());
    let draft = house.draft(&admin, &large_book("A Book", 200_000)).await;
    let (id, group) = (draft.summary.id, house.group(&admin).await.id);
    let size = draft.book.size;
    assert_eq!(kept(&house, &admin, group).await, size);
    // Room for the book and half a package.
    quotas.set(&admin, group, Some(size + size / 2), None).await.unwrap();
    let (blobs, jobs) = (house.blobs(), house.lookup(&admin, id).await.jobs.len());
    let needs = full(releases.pack(&admin, id).await.unwrap_err());
    assert_eq!((needs["kept"], needs["quota"]), (size, size + size / 2));
    assert!(needs["needed"] > size, "{needs:?}");
    let after = house.lookup(&admin, id).await;
    assert_eq!((after.summary.status, after.summary.name, after.jobs.len()), (Status::Draft, None, jobs));
    assert_eq!((house.blobs(), house.staged()), (blobs, [].into()));

    quotas.set(&admin, group, Some(size + needs["needed"]), None).await.unwrap();
    releases.pack(&admin, id).await.unwrap();
    // What is being made counts already: nobody else gets its room.
    assert_eq!(kept(&house, &admin, group).await, size + needs["needed"]);
    let refused = house.services.uploads().begin(&admin, new(1, Some(group))).await.unwrap_err();
    assert_eq!(refused.code(), "group-full");
    house.work_off().await;
    let packed = house.lookup(&admin, id).await;
    assert_eq!(packed.summary.status, Status::Packed);
    assert_eq!(kept(&house, &admin, group).await, size + packed.packages[0].size);
    releases.delete(&admin, id).await.unwrap();
    assert_eq!(kept(&house, &admin, group).await, 0);
}

#[tokio::test]
async fn a_bag_counts_for_what_it_holds() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &large_book("A Book", 200_000)).await;
    let (id, group, size) = (draft.summary.id, house.group(&admin).await.id, draft.book.size);
    let bag = Edit { profile: Some("bagit".to_owned()), ..Edit::default() };
    house.services.releases().edit(&admin, id, bag).await.unwrap();
    house.services.quotas().set(&admin, group, Some(size + size / 2), None).await.unwrap();
    let needs = full(house.services.releases().pack(&admin, id).await.unwrap_err());
    assert!(needs["needed"] >= size, "{needs:?}");
}

#[tokio::test]
async fn of_two_that_want_the_last_bytes_one_gets_them() {
    let (house, admin) = House::new().await;
    let group = house.group(&admin).await.id;
    house.services.quotas().set(&admin, group, Some(1_000), None).await.unwrap();
    let uploads = house.services.uploads();
    let (one, other) = tokio::join!(uploads.begin(&admin, new(600, None)), uploads.begin(&admin, new(600, None)));
    assert_eq!([&one, &other].iter().filter(|answer| answer.is_ok()).count(), 1, "{one:?} {other:?}");
}

#[tokio::test]
async fn a_book_moves_to_no_group_that_has_no_room_for_it() {
    let (house, admin) = House::new().await;
    let (releases, quotas) = (house.services.releases(), house.services.quotas());
    let draft = house.draft(&admin, &book("A Book")).await;
    let other = younger(&house, &admin).await;
    quotas.set(&admin, other, Some(draft.book.size - 1), None).await.unwrap();
    let to_other = Edit { group: Some(Some(other)), ..Edit::default() };
    let failure = releases.edit(&admin, draft.summary.id, to_other.clone()).await.unwrap_err();
    assert_eq!(full(failure)["needed"], draft.book.size);
    let group = house.lookup(&admin, draft.summary.id).await.summary.group.unwrap();
    assert_eq!(group, house.group(&admin).await);
    quotas.set(&admin, other, Some(draft.book.size), None).await.unwrap();
    releases.edit(&admin, draft.summary.id, to_other).await.unwrap();
    assert_eq!(kept(&house, &admin, other).await, draft.book.size);
    // Without a group it counts for the home group, which asks for room as any other.
    quotas.set(&admin, group.id, Some(1), None).await.unwrap();
    let nowhere = Edit { group: Some(None), ..Edit::default() };
    assert_eq!(releases.edit(&admin, draft.summary.id, nowhere).await.unwrap_err().code(), "group-full");
}

#[tokio::test]
async fn a_book_of_the_inbox_needs_room_where_it_is_taken() {
    let (house, admin) = House::new().await;
    let contributor = house.person(&admin, "sender", Role::CONTRIBUTOR).await;
    let bytes = book("Sent In");
    let upload = house.services.uploads().begin(&contributor, new(bytes.len() as u64, None)).await.unwrap();
    house.services.uploads().append(&contributor, upload.id, 0, bytes.into()).await.unwrap();
    house.services.uploads().complete(&contributor, upload.id).await.unwrap();
    house.work_off().await;
    let (inbox, group) = (house.services.inbox(), house.group(&admin).await.id);
    let entry = inbox.list(&admin, &service::InboxQuery::default()).await.unwrap().items.remove(0);
    house.services.quotas().set(&admin, group, Some(1), None).await.unwrap();
    let failure = inbox.take(&admin, entry.id, Some(group)).await.unwrap_err();
    assert_eq!(failure.code(), "group-full");
    let waiting = inbox.list(&admin, &service::InboxQuery::default()).await.unwrap().items.remove(0);
    assert_eq!(waiting.state, service::InboxState::Waiting);
    house.services.quotas().set(&admin, group, None, None).await.unwrap();
    inbox.take(&admin, entry.id, Some(group)).await.unwrap();
}

#[tokio::test]
async fn a_limit_is_changed_by_whoever_sees_the_group_and_written_down() {
    let (house, admin) = House::new().await;
    let quotas = house.services.quotas();
    let group = house.group(&admin).await.id;
    for wrong in [0, u64::MAX] {
        assert_eq!(quotas.set(&admin, group, Some(wrong), None).await.unwrap_err().code(), "invalid");
    }
    let other = younger(&house, &admin).await;
    let mut stranger = house.person(&admin, "stranger", Role::EDITOR).await;
    stranger.grants = admin.grants.clone();
    assert_eq!(quotas.set(&stranger, other, Some(5), None).await.unwrap_err().code(), "not-found");
    quotas.set(&admin, group, Some(5_000), Some(Seen(None))).await.unwrap();
    let meanwhile = quotas.set(&admin, group, None, Some(Seen(Some(4)))).await.unwrap_err();
    assert_eq!(meanwhile.code(), "quota-changed-meanwhile");
    let own = quotas.own(&admin).await.unwrap();
    assert_eq!((own[0].group.id, own[0].quota_bytes, own[0].kept_bytes, own[0].is_home), (group, 5_000, 0, true));
    assert_eq!(own.len(), 1, "groups without a limit are not named");
    let written = house.audited(&admin).await;
    assert!(written.contains(&(AuditAction::Changed, Resource::Groups)), "{written:?}");
}
