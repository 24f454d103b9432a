//! Packages that are old: which they are, and what comes of noting that their files are gone.

use packer::hash::Crc32;
use store::{
    JobId, PackageId, ReleaseId, UserId,
    jobs::{JobKind, NewJob},
    old_packages::PackageCount,
    packages::{Package, PackageFile},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    a_package_is_old_once_it_was_made_before_and_no_job_needs_it,
    files_that_are_removed_are_used_by_nobody_and_their_rows_stay,
}

async fn packed(world: &World, user: UserId, second: i64) -> (ReleaseId, PackageId) {
    let release = world.release(user, None, listing("A"), at(1)).await;
    let package = Package {
        id: PackageId::new(at(second), world.random()),
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
    let file = |position: u32| PackageFile {
        position,
        path: if position == 100 { "a.nfo".to_owned() } else { format!("{position}.zip") },
        size: 2,
        crc32: Crc32(7),
        sha256: hash(position.try_into().unwrap()),
        is_kept: true,
    };
    world.execute(&format!("UPDATE releases SET status = 'packing' WHERE id = '{release}'")).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.packages().add(&package, &(100..230).map(file).collect::<Vec<_>>()).await.unwrap();
    assert!(transaction.releases().finish_packing(release, at(second)).await.unwrap());
    transaction.commit().await.unwrap();
    (release, package.id)
}

/// The packages that are old, seen from a second.
async fn old(world: &World, second: i64) -> Vec<PackageId> {
    let packages = world.store.packages().old(at(second), None, 10).await.unwrap();
    let count = world.store.packages().count_old(at(second)).await.unwrap();
    assert_eq!(count, PackageCount { packages: packages.len() as u64, bytes: 5 * packages.len() as u64 });
    packages.into_iter().map(|package| package.id).collect()
}

async fn removed(world: &World, id: PackageId, second: i64) -> Option<usize> {
    let mut transaction = world.store.begin_write().await.unwrap();
    let removed = transaction.packages().remove_files(id, at(second), at(99)).await.unwrap();
    transaction.commit().await.unwrap();
    removed.map(|hashes| hashes.len())
}

async fn a_package_is_old_once_it_was_made_before_and_no_job_needs_it(world: World) {
    let user = world.user("ada").await;
    let ((first, one), (_, two)) = (packed(&world, user, 10).await, packed(&world, user, 20).await);
    assert_eq!(old(&world, 10).await, []);
    assert_eq!(old(&world, 11).await, [one]);
    assert_eq!(old(&world, 21).await, [one, two]);
    let after = world.store.packages().old(at(21), Some((at(10), one)), 10).await.unwrap();
    assert_eq!(after.iter().map(|package| package.id).collect::<Vec<_>>(), [two]);
    assert_eq!(world.store.packages().old(at(21), None, 1).await.unwrap().len(), 1);

    let kind = JobKind::Verify;
    let job = NewJob { id: JobId::new(at(2), world.random()), kind, release_id: Some(first), ..world.new_job(at(0)) };
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().enqueue(&job, at(2)).await.unwrap();
    transaction.commit().await.unwrap();
    for (state, expected) in [("queued", vec![two]), ("running", vec![two]), ("done", vec![one, two])] {
        world.execute(&format!("UPDATE jobs SET state = '{state}'")).await;
        assert_eq!(old(&world, 21).await, expected, "{state}");
        assert_eq!(removed(&world, one, 10).await, None, "not old enough");
    }
    // Whose release is worked on again stays.
    world.execute(&format!("UPDATE releases SET status = 'failed' WHERE id = '{first}'")).await;
    assert_eq!(old(&world, 21).await, [two]);
    assert_eq!(removed(&world, one, 21).await, None);
    world.execute(&format!("UPDATE releases SET status = 'packed' WHERE id = '{first}'")).await;
    // What is of text alone stays whole, unless a folder has it: that is part of a book.
    let name = |path: &str| format!("UPDATE package_files SET path = '{path}' WHERE package_id = '{two}'");
    for kept in ["a.b.nfo", "a.sfv", "SHA256SUMS", "manifest.json", "SHA256SUMS.minisig"] {
        world.execute(&name(kept)).await;
        assert_eq!(old(&world, 21).await, [one], "{kept}");
    }
    for goes in ["a.epub", "a01.zip", "a.nfo.zip", "data/a.json", "a.txt"] {
        world.execute(&name(goes)).await;
        assert_eq!(old(&world, 21).await, [one, two], "{goes}");
    }
}

async fn files_that_are_removed_are_used_by_nobody_and_their_rows_stay(world: World) {
    let user = world.user("ada").await;
    let (release, package) = packed(&world, user, 10).await;
    let uses = async |number: u8| {
        let mut snapshot = world.store.snapshot().await.unwrap();
        let copied = snapshot.blobs().await.unwrap().contains(&hash(number));
        (world.store.blobs().is_needed(&hash(number)).await.unwrap(), copied)
    };
    assert_eq!(uses(101).await, (true, true));
    assert_eq!(removed(&world, package, 11).await, Some(129));
    assert_eq!(removed(&world, package, 11).await, None, "once");
    assert_eq!(uses(100).await, (true, true));
    assert_eq!(uses(101).await, (false, false));
    assert_eq!(uses(229).await, (false, false));
    let known = world.store.packages().lookup(package).await.unwrap().unwrap();
    assert_eq!((known.files_removed_at, known.size), (Some(at(99)), 5));
    let files = world.store.packages().files(package).await.unwrap();
    assert_eq!(files.len(), 130);
    assert!(files.iter().all(|file| file.is_kept == (file.position == 100)));
    assert!(!world.store.packages().file(package, 229).await.unwrap().unwrap().is_kept);
    let statistics = world.store.statistics(at(0)).await.unwrap();
    assert_eq!((statistics.packages, statistics.packed_bytes), (0, 0));
    // The same bytes in another package are that one's.
    packed(&world, user, 20).await;
    assert_eq!(uses(101).await, (true, true));
    assert_eq!(world.store.packages().list_of(release).await.unwrap().len(), 1);
}
