//! What all releases come to, as counts and sums.

use packer::finding::{Finding, FindingCode, Severity};
use store::{
    PackageId, ReleaseId, Timestamp, UserId,
    packages::Package,
    releases::{NameClaim, ReleaseFilter, Status, Tally, WEEK, monday},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    nothing_comes_to_nothing,
    releases_are_counted_by_what_they_are,
}

async fn nothing_comes_to_nothing(world: World) {
    let filter = ReleaseFilter::default();
    let releases = || world.store.releases();
    assert_eq!(releases().count_by_status(&filter).await.unwrap(), []);
    assert_eq!(releases().count_by_format(&filter).await.unwrap(), []);
    assert_eq!(releases().count_books_by_finding(&filter, 5).await.unwrap(), []);
    assert_eq!(releases().count_packed_by_week(&filter, at(0)).await.unwrap(), []);
    assert_eq!(releases().sum_books(&filter).await.unwrap(), 0);
    assert_eq!(releases().sum_packages(&filter).await.unwrap(), 0);
}

async fn releases_are_counted_by_what_they_are(world: World) {
    let (ada, grace) = (world.user("ada").await, world.user("grace").await);
    let first = world.release(ada, None, listing("One"), at(1)).await;
    let second = world.release(ada, None, listing("Two"), at(2)).await;
    let third = world.release(grace, None, listing("Three"), at(3)).await;
    let book = world.store.releases().lookup(first).await.unwrap().unwrap().book_id;
    let finding = |code, severity| Finding::new(FindingCode::new(code), severity);
    let findings = [
        finding("OPF-014", Severity::Error),
        finding("OPF-014", Severity::Error),
        finding("ESP-310", Severity::Info),
        finding("PKG-027", Severity::Warning),
    ];
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.books().record_inspection(book, None, &findings, at(1)).await.unwrap();
    transaction.commit().await.unwrap();
    let tally = |word: &str, number| Tally { word: word.to_owned(), number };

    let all = ReleaseFilter::default();
    let releases = || world.store.releases();
    let status = releases().count_by_status(&all).await.unwrap();
    assert_eq!(status.iter().map(|tally| tally.number).sum::<u64>(), 3);
    let codes = releases().count_books_by_finding(&all, 5).await.unwrap();
    assert_eq!(codes, [tally("OPF-014", 1), tally("PKG-027", 1)]);
    assert_eq!(releases().count_books_by_finding(&all, 1).await.unwrap().len(), 1);
    assert!(releases().sum_books(&all).await.unwrap() > 0);

    let hers = ReleaseFilter { created_by: Some(grace), ..ReleaseFilter::default() };
    let status = releases().count_by_status(&hers).await.unwrap();
    assert_eq!(status.iter().map(|tally| tally.number).sum::<u64>(), 1);
    assert_eq!(releases().count_books_by_finding(&hers, 5).await.unwrap(), []);

    // Two in one week, a third in the week after the next.
    let day = 24 * 60 * 60;
    for (release, when) in [(first, at(0)), (second, at(1)), (third, at(14 * day))] {
        pack(&world, release, ada, when).await;
    }
    assert_eq!(releases().lookup(first).await.unwrap().unwrap().status, Status::Packed);
    let weeks = releases().count_packed_by_week(&all, at(-day)).await.unwrap();
    let (one, other) = (monday(at(0)), monday(at(14 * day)));
    assert_eq!(other.0 - one.0, 2 * WEEK);
    assert_eq!(weeks, [(one, 2), (other, 1)]);
    assert_eq!(releases().count_packed_by_week(&all, at(2)).await.unwrap(), [(other, 1)]);
    assert_eq!(releases().sum_packages(&all).await.unwrap(), 3 * PACKAGE_BYTES);
    assert_eq!(releases().sum_packages(&hers).await.unwrap(), PACKAGE_BYTES);
    // What is no longer kept takes no room.
    world.execute(&format!("UPDATE packages SET files_removed_at = 5 WHERE release_id = '{third}'")).await;
    assert_eq!(releases().sum_packages(&all).await.unwrap(), 2 * PACKAGE_BYTES);
    assert_eq!(releases().sum_packages(&hers).await.unwrap(), 0);
    world.execute(&format!("UPDATE books SET source_removed_at = 5 WHERE id <> '{book}'")).await;
    assert_eq!(releases().sum_books(&hers).await.unwrap(), 0);
    let kept = world.store.books().lookup(book).await.unwrap().unwrap().size;
    assert_eq!(releases().sum_books(&all).await.unwrap(), kept);
}

/// More than 32 bits hold.
const PACKAGE_BYTES: u64 = 5_000_000_000;

async fn pack(world: &World, release_id: ReleaseId, user: UserId, now: Timestamp) {
    let name = format!("Ada.{release_id}-GRP");
    let package = Package {
        id: PackageId::new(now, world.random()),
        release_id,
        revision: 1,
        name: name.clone(),
        volume_id: None,
        profile: "plain".to_owned(),
        profile_version: 1,
        size: PACKAGE_BYTES,
        manifest_sha256: hash(7),
        created_by: user,
        created_at: now,
        files_removed_at: None,
    };
    let mut transaction = world.store.begin_write().await.unwrap();
    let claim = NameClaim { name, volume_id: None, bytes: 0 };
    transaction.releases().begin_packing(release_id, 1, &claim, now).await.unwrap();
    assert!(transaction.releases().finish_packing(release_id, now).await.unwrap());
    transaction.packages().add(&package, &[]).await.unwrap();
    transaction.commit().await.unwrap();
}
