//! Sources that nobody needs: which they are, and what comes of noting that they are gone.

use store::{
    BookId, JobId, PackageId, ReleaseId,
    jobs::{JobKind, NewJob},
    packages::Package,
    sources::SourceCount,
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    a_source_is_unneeded_once_every_release_of_it_has_long_been_packed,
    a_source_that_is_removed_is_used_by_nobody_and_its_book_stays,
}

async fn packed(world: &World, release: ReleaseId, second: i64) {
    let user = world.store.releases().lookup(release).await.unwrap().unwrap().created_by;
    let package = Package {
        id: PackageId::new(at(0), world.random()),
        release_id: release,
        revision: 1,
        name: "A.B".to_owned(),
        volume_id: None,
        profile: "plain".to_owned(),
        profile_version: 1,
        size: 5,
        manifest_sha256: hash(3),
        created_by: user,
        created_at: at(second),
        files_removed_at: None,
    };
    world.execute(&format!("UPDATE releases SET status = 'packing' WHERE id = '{release}'")).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.packages().add(&package, &[]).await.unwrap();
    assert!(transaction.releases().finish_packing(release, at(second)).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn book_of(world: &World, release: ReleaseId) -> BookId {
    world.store.releases().lookup(release).await.unwrap().unwrap().book_id
}

/// The books whose sources nobody needs of what was packed before a second.
async fn unneeded(world: &World, second: i64) -> Vec<BookId> {
    let books = world.store.books().unneeded_sources(at(second), None, 10).await.unwrap();
    let count = world.store.books().count_unneeded_sources(at(second)).await.unwrap();
    assert_eq!(count, SourceCount { sources: books.len() as u64, bytes: 1_234 * books.len() as u64 });
    books.into_iter().map(|book| book.id).collect()
}

async fn removed(world: &World, id: BookId, second: i64) -> bool {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.releases().hold_of_book(id).await.unwrap();
    let removed = transaction.books().remove_source(id, at(second), at(99)).await.unwrap();
    transaction.commit().await.unwrap();
    removed
}

async fn a_source_is_unneeded_once_every_release_of_it_has_long_been_packed(world: World) {
    let user = world.user("ada").await;
    let lonely = world.book(user, hash(7)).await;
    let draft = world.release(user, None, listing("Draft"), at(1)).await;
    let (first, second) = (
        world.release(user, None, listing("First"), at(1)).await,
        world.release(user, None, listing("Second"), at(1)).await,
    );
    let (one, two) = (book_of(&world, first).await, book_of(&world, second).await);
    packed(&world, first, 10).await;
    packed(&world, second, 20).await;
    assert_eq!(unneeded(&world, 10).await, []);
    assert_eq!(unneeded(&world, 11).await, [one]);
    assert_eq!(unneeded(&world, 21).await, [one, two]);
    let after = world.store.books().unneeded_sources(at(21), Some(one), 10).await.unwrap();
    assert_eq!(after.iter().map(|book| book.id).collect::<Vec<_>>(), [two]);
    assert_eq!(world.store.books().unneeded_sources(at(21), None, 1).await.unwrap().len(), 1);

    // Another release of the same book that is not packed, or not for so long.
    let correction = world.release(user, None, listing("Correction"), at(2)).await;
    world.execute(&format!("UPDATE releases SET book_id = '{one}' WHERE id = '{correction}'")).await;
    assert_eq!(unneeded(&world, 21).await, [two]);
    assert!(!removed(&world, one, 21).await);
    packed(&world, correction, 30).await;
    assert_eq!(unneeded(&world, 21).await, [two]);
    assert_eq!(unneeded(&world, 31).await, [one, two]);
    // A job that waits for one of its releases.
    let job = NewJob {
        id: JobId::new(at(2), world.random()),
        kind: JobKind::Verify,
        release_id: Some(second),
        ..world.new_job(at(0))
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().enqueue(&job, at(2)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(unneeded(&world, 31).await, [one]);
    assert!(!removed(&world, two, 31).await);
    world.execute("UPDATE jobs SET state = 'running'").await;
    assert_eq!(unneeded(&world, 31).await, [one]);
    world.execute("UPDATE jobs SET state = 'done'").await;
    assert_eq!(unneeded(&world, 31).await, [one, two]);
    // Packed, as one says, and without a package.
    world.execute(&format!("DELETE FROM packages WHERE release_id = '{second}'")).await;
    assert_eq!(unneeded(&world, 31).await, [one]);
    for kept in [book_of(&world, draft).await, lonely] {
        assert!(!removed(&world, kept, 1_000).await);
    }
}

async fn a_source_that_is_removed_is_used_by_nobody_and_its_book_stays(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("A"), at(1)).await;
    let book = book_of(&world, release).await;
    packed(&world, release, 10).await;
    let uses = async || {
        let mut snapshot = world.store.snapshot().await.unwrap();
        let copied = snapshot.blobs().await.unwrap().contains(&hash(1));
        (world.store.blobs().is_needed(&hash(1)).await.unwrap(), copied)
    };
    assert_eq!(uses().await, (true, true));
    assert!(!removed(&world, book, 10).await);
    assert!(removed(&world, book, 11).await);
    assert!(!removed(&world, book, 11).await, "once");
    assert_eq!(uses().await, (false, false));
    let known = world.store.books().lookup(book).await.unwrap().unwrap();
    assert_eq!((known.sha256, known.source_removed_at), (hash(1), Some(at(99))));
    assert_eq!(unneeded(&world, 1_000).await, []);
    // The same bytes in another book are that book's; without a release nobody reads them.
    let other = world.book(user, hash(1)).await;
    assert_eq!(uses().await, (false, true));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.books().hold(other).await.unwrap().unwrap().source_removed_at, None);
    assert_eq!(transaction.releases().hold_of_book(book).await.unwrap().len(), 1);
    assert!(transaction.books().delete(other).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(uses().await, (false, false));
}
