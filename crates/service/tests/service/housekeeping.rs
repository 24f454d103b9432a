//! What nobody needs goes, what somebody needs stays.

use std::time::Duration;

use service::{BlobLocation, Blobs, HealthStatus};

use crate::house::{House, PASSWORD, book, client};

#[tokio::test]
async fn blobs_without_a_row_go_when_they_are_old_and_others_stay() {
    let (house, admin) = House::new().await;
    house.packed(&admin, &book("Needed")).await;
    let needed = house.blobs();
    let orphan = house.blob(&packer::hash::Sha256([7; 32]));
    std::fs::create_dir_all(orphan.parent().unwrap()).unwrap();
    std::fs::write(&orphan, b"nobody's").unwrap();
    std::fs::write(house.folder.path().join("blobs/incoming/half"), b"half").unwrap();
    let part = house.folder.path().join("blobs/uploads/01ARZ3NDEKTSV4RRFFQ69G5FAV/0");
    std::fs::create_dir_all(part.parent().unwrap()).unwrap();
    std::fs::write(&part, b"part").unwrap();

    let housekeeping = house.services.housekeeping();
    assert_eq!(housekeeping.sweep().await.unwrap().blobs, 0);
    house.clock.pass(Duration::from_hours(25));
    assert_eq!(housekeeping.sweep().await.unwrap().blobs, 3);
    assert_eq!(house.blobs(), needed);
}

#[tokio::test]
async fn the_bytes_of_a_refused_book_go_where_nobody_came_to_it() {
    let (house, admin) = House::new().await;
    house.refused_by_a_dying_worker(&admin, &book("Refused")).await;
    let housekeeping = house.services.housekeeping();
    assert_eq!((housekeeping.sweep().await.unwrap().blobs, house.blobs().len()), (0, 1), "young");
    house.clock.pass(Duration::from_hours(25));
    assert_eq!((housekeeping.sweep().await.unwrap().blobs, house.blobs().len()), (1, 0));
}

#[tokio::test]
async fn many_who_remove_at_once_leave_each_other_a_connection() {
    let (house, _) = House::new().await;
    let blobs = Blobs::open(&BlobLocation::Folder(house.folder.path().join("blobs"))).unwrap();
    let (store, nobodys) = (&house.store, packer::hash::Sha256([7; 32]));
    // More than there are connections: each holds one while it waits for the others, and needs another one then.
    let removals = (0..20).map(async |_| {
        let removing = blobs.begin_removing(store).await.unwrap();
        assert!(!store.blobs().is_needed(&nobodys).await.unwrap());
        blobs.remove(&removing, &nobodys).await.unwrap();
    });
    futures::future::join_all(removals).await;
}

#[tokio::test]
async fn sessions_that_ran_out_long_ago_are_forgotten() {
    let (house, _) = House::new().await;
    house.services.accounts().sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    house.clock.pass(Duration::from_hours(24 * 59));
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().sessions, 0);
    house.clock.pass(Duration::from_hours(24 * 2));
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().sessions, 2);
}

#[tokio::test]
async fn jobs_that_ended_long_ago_are_forgotten() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("Old")).await;
    house.clock.pass(Duration::from_hours(24 * 89));
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().jobs, 0);
    house.clock.pass(Duration::from_hours(24 * 2));
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().jobs, 1);
    assert!(house.lookup(&admin, draft.summary.id).await.jobs.is_empty());
}

#[tokio::test]
async fn health_tells_of_every_part() {
    let (house, admin) = House::new().await;
    house.upload(&admin, "book.epub", &book("Waiting")).await;
    house.clock.pass(Duration::from_secs(9));
    let health = house.services.health().check().await;
    let parts = health.services;
    assert_eq!(
        (parts.database, parts.cache, parts.blobs),
        (HealthStatus::Healthy, HealthStatus::Healthy, HealthStatus::Healthy)
    );
    assert_eq!((parts.jobs.queued, parts.jobs.running, parts.jobs.oldest_seconds), (1, 0, 9));
    assert!(parts.disk.free_percent.is_some() && parts.memory.percent_used.is_some());
    assert!(health.timestamp.ends_with('Z'));
    house.store.close().await;
    let health = house.services.health().check().await;
    assert_eq!((health.status, health.services.database), (HealthStatus::Unhealthy, HealthStatus::Unhealthy));
}

#[tokio::test]
async fn bytes_that_are_not_what_was_announced_are_not_kept() {
    let folder = tempfile::TempDir::new().unwrap();
    let blobs = Blobs::open(&service::BlobLocation::Folder(folder.path().to_owned())).unwrap();
    let bytes = || futures::stream::iter([Ok(bytes::Bytes::from_static(b"abc"))]);
    let wrong = blobs.receive(bytes(), Some(packer::hash::Sha256([0; 32]))).await;
    assert!(matches!(wrong, Err(service::BlobError::Mismatch { .. })));
    let failing = futures::stream::iter([Ok(bytes::Bytes::from_static(b"abc")), Err(std::io::Error::other("gone"))]);
    assert!(matches!(blobs.receive(failing, None).await, Err(service::BlobError::Disk(_))));
    let files = |path: &str| std::fs::read_dir(folder.path().join(path)).unwrap().count();
    assert_eq!((files("incoming"), files("incoming/writing")), (1, 0));
    let right = blobs.receive(bytes(), None).await.unwrap();
    assert_eq!((right.size, right.crc32.0), (3, crc32fast::hash(b"abc")));
}
