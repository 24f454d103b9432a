//! Books that contributors sent in.

use packer::finding::{Finding, FindingCode, Severity};
use store::{
    InboxId,
    inbox::{InboxFilter, InboxState},
    releases::Status,
};

use crate::{
    database::on_both_engines,
    world::{World, at, listing},
};

on_both_engines! {
    of_two_editors_that_decide_one_succeeds_and_the_release_is_theirs,
    an_entry_stays_when_its_release_is_gone,
    a_book_that_somebody_works_on_waits_no_more,
    an_entry_shows_the_book_of_its_release_and_counts_its_findings,
}

async fn sent(world: &World, user: store::UserId, seconds: i64) -> (InboxId, store::ReleaseId) {
    let release = world.release(user, None, listing("Sent"), at(seconds)).await;
    let id = InboxId::new(at(seconds), world.random());
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.inbox().add(id, release, "本.epub", user, at(seconds)).await.unwrap();
    transaction.commit().await.unwrap();
    (id, release)
}

async fn of_two_editors_that_decide_one_succeeds_and_the_release_is_theirs(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let group = world.group("GRP", bob).await;
    let (id, release) = sent(&world, ada, 1).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.inbox().decide(id, InboxState::Taken, bob, None, at(2)).await.unwrap());
    assert!(!transaction.inbox().decide(id, InboxState::Declined, bob, Some("no"), at(2)).await.unwrap());
    transaction.inbox().hand_over(release, bob, Some(group), at(2)).await.unwrap();
    transaction.commit().await.unwrap();
    let release = world.store.releases().lookup(release).await.unwrap().unwrap();
    assert_eq!((release.created_by, release.group_id, release.updated_at), (bob, Some(group), at(2)));
    let entry = world.store.inbox().lookup(id).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.sent_by, entry.decided_at, entry.note), (InboxState::Taken, ada, Some(at(2)), None));
    assert_eq!(entry.decided_by_name.as_deref(), Some("bob ✍️"));
    assert_eq!((entry.title.as_deref(), entry.status), (Some("Sent"), Some(Status::Draft)));
}

async fn an_entry_stays_when_its_release_is_gone(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let (first, release) = sent(&world, ada, 1).await;
    let (second, _) = sent(&world, bob, 2).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.inbox().decide(first, InboxState::Declined, bob, Some("déjà vu"), at(3)).await.unwrap());
    transaction.releases().delete(release).await.unwrap();
    transaction.commit().await.unwrap();
    let entry = world.store.inbox().lookup(first).await.unwrap().unwrap();
    assert_eq!((entry.release_id, entry.title, entry.note.as_deref()), (None, None, Some("déjà vu")));
    let pages = [
        (InboxFilter::default(), None, vec![second, first]),
        (InboxFilter { sent_by: Some(ada), state: None }, None, vec![first]),
        (InboxFilter { sent_by: None, state: Some(InboxState::Waiting) }, None, vec![second]),
        (InboxFilter::default(), Some(second), vec![first]),
    ];
    for (filter, after, expected) in pages {
        let page = world.store.inbox().list(filter, after, 10).await.unwrap();
        assert_eq!(page.items.iter().map(|entry| entry.id).collect::<Vec<_>>(), expected, "{filter:?}");
    }
    let page = world.store.inbox().list(InboxFilter::default(), None, 1).await.unwrap();
    assert_eq!((page.items.len(), page.next), (1, Some(second)));
}

async fn a_book_that_somebody_works_on_waits_no_more(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let (id, release) = sent(&world, ada, 1).await;
    let (other, _) = sent(&world, ada, 2).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.inbox().end_of_release(release, InboxState::Taken, bob, at(3)).await.unwrap());
    assert!(!transaction.inbox().end_of_release(release, InboxState::Deleted, ada, at(4)).await.unwrap());
    transaction.commit().await.unwrap();
    let entry = world.store.inbox().lookup(id).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.decided_at), (InboxState::Taken, Some(at(3))));
    assert_eq!((entry.release_by, entry.release_group), (Some(ada), None));
    assert_eq!(world.store.inbox().lookup(other).await.unwrap().unwrap().state, InboxState::Waiting);
    let mut transaction = world.store.begin_write().await.unwrap();
    let of_other = world.store.inbox().lookup(other).await.unwrap().unwrap().release_id.unwrap();
    assert!(transaction.inbox().end_of_release(of_other, InboxState::Deleted, bob, at(5)).await.unwrap());
    transaction.releases().delete(of_other).await.unwrap();
    transaction.commit().await.unwrap();
    let entry = world.store.inbox().lookup(other).await.unwrap().unwrap();
    assert_eq!((entry.state, entry.decided_at, entry.release_id), (InboxState::Deleted, Some(at(5)), None));
}

async fn an_entry_shows_the_book_of_its_release_and_counts_its_findings(world: World) {
    let ada = world.user("ada").await;
    let (first, release) = sent(&world, ada, 1).await;
    let (second, other) = sent(&world, ada, 2).await;
    let book = world.store.releases().lookup(release).await.unwrap().unwrap().book_id;
    let finding = |severity| Finding::new(FindingCode::new("OPF-030"), severity);
    let findings = [finding(Severity::Error), finding(Severity::Warning), finding(Severity::Warning)];
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.books().record_inspection(book, None, &findings, at(3)).await.unwrap();
    transaction.inbox().decide(second, InboxState::Declined, ada, None, at(4)).await.unwrap();
    transaction.releases().delete(other).await.unwrap();
    transaction.commit().await.unwrap();
    let items = world.store.inbox().list(InboxFilter::default(), None, 10).await.unwrap().items;
    let told: Vec<_> =
        items.iter().map(|entry| (entry.id, entry.size, entry.has_cover, entry.findings.clone())).collect();
    let counted = [(Severity::Error, 1), (Severity::Warning, 2)].into();
    assert_eq!(told, [(second, None, false, [].into()), (first, Some(1_234), false, counted)]);
    assert!(world.store.inbox().waits(release).await.unwrap() && !world.store.inbox().waits(other).await.unwrap());
}
