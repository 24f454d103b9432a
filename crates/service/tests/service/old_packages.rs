//! Packages that are kept for so long only: what they leave, and what needs them still.

use std::time::Duration;

use service::{AuditAction, AuditQuery, Clock as _, Edit, JobState, Keeping, Resource, RightsInput};

use crate::house::{House, book, collect};

const DAY: Duration = Duration::from_hours(24);

fn month() -> Keeping {
    Keeping { package_days: 30, ..Keeping::default() }
}

#[tokio::test]
async fn the_book_of_an_old_package_goes_and_what_says_what_it_was_stays() {
    let (house, admin) = House::new().await;
    let (settings, releases, packages) = (house.services.house(), house.services.releases(), house.services.packages());
    let (release, package) = house.packed(&admin, &book("A Book")).await;
    let id = release.summary.id;
    let before = packages.lookup(&admin, package).await.unwrap();
    let (at, of_book) = before.files.iter().enumerate().max_by_key(|(_, file)| file.size).unwrap();
    let (at, in_package) = (u32::try_from(at).unwrap(), house.blob(&of_book.sha256));
    let kept = async || {
        let group = house.group(&admin).await.id;
        house.store.quotas().kept(&[group]).await.unwrap().get(&group).copied().unwrap_or_default()
    };
    let held = kept().await;
    house.clock.pass(31 * DAY);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 0, "as the product comes, it stays");
    let outlook = settings.outlook(&admin, &month()).await.unwrap();
    assert_eq!((outlook.packages, outlook.package_bytes), (1, before.size));
    assert_eq!(settings.outlook(&admin, &Keeping { package_days: 32, ..month() }).await.unwrap().packages, 0);
    let both = Keeping { source_days: 30, ..month() };
    settings.change(&admin, &Keeping::default(), &both, &"".into()).await.unwrap();

    // A job that waits for it keeps it.
    let job = releases.verify(&admin, id).await.unwrap();
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 0);
    house.services.jobs().cancel(&admin, job).await.unwrap();
    assert!(in_package.exists());
    let swept = house.services.housekeeping().sweep().await.unwrap();
    assert_eq!((swept.sources, swept.packages), (1, 1));
    assert!(!in_package.exists());
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 0, "once");
    assert_eq!(kept().await, held - before.size - release.book.size, "what is gone counts for no group");
    let mut backup = house.store.snapshot().await.unwrap();
    assert!(!backup.blobs().await.unwrap().contains(&of_book.sha256), "a backup does not look for it");
    drop(backup);

    let shown = packages.lookup(&admin, package).await.unwrap();
    assert!(shown.files_removed_at.is_some());
    assert_eq!(shown.files.len(), before.files.len());
    for file in &shown.files {
        let read = packages.open_file(&admin, package, file.position, None).await;
        if file.position == at {
            assert!(!file.is_kept);
            assert_eq!(read.err().unwrap().code(), "package-removed");
        } else if file.is_kept {
            assert_eq!(collect(read.unwrap().1).await.len() as u64, file.size, "{}", file.path);
        }
    }
    assert!(shown.files.iter().any(|file| file.is_kept && file.path == "manifest.json"));
    assert!(packages.nfo(&admin, package).await.unwrap().is_some());
    assert_eq!(packages.open_archive(&admin, package, None).await.err().unwrap().code(), "package-removed");
    assert_eq!(releases.verify(&admin, id).await.unwrap_err().code(), "package-removed");
    assert_eq!(house.services.jobs().retry(&admin, job).await.unwrap_err().code(), "package-removed");
    assert!(house.lookup(&admin, id).await.jobs.iter().all(|job| job.state != JobState::Queued));

    let about =
        AuditQuery { subject: Some(id.to_string()), resource: Some(Resource::Releases), ..AuditQuery::default() };
    let told = house.services.audit().list(&admin, &about).await.unwrap().items.remove(0);
    assert_eq!((told.action, told.actor_id, told.actor_name.as_str()), (AuditAction::Deleted, None, "housekeeping"));
    assert_eq!(told.after.unwrap()["package_days"], 30);
    releases.delete(&admin, id).await.unwrap();
}

#[tokio::test]
async fn more_old_packages_than_are_looked_for_at_once_all_go_in_one_round() {
    let (house, admin) = House::new().await;
    let (_, package) = house.packed(&admin, &book("A Book")).await;
    let first = house.store.packages().lookup(package).await.unwrap().unwrap();
    let files = house.store.packages().files(package).await.unwrap();
    let mut transaction = house.store.begin_write().await.unwrap();
    for revision in 2..=250_u32 {
        let id = store::PackageId::new(first.created_at, u128::from(revision));
        transaction.packages().add(&store::packages::Package { id, revision, ..first.clone() }, &files).await.unwrap();
    }
    transaction.commit().await.unwrap();
    house.services.house().change(&admin, &Keeping::default(), &month(), &"".into()).await.unwrap();
    house.clock.pass(31 * DAY);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 250);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 0);
}

#[tokio::test]
async fn a_correction_of_an_old_package_is_packed_from_the_source_that_is_kept() {
    let (house, admin) = House::new().await;
    let (settings, packages) = (house.services.house(), house.services.packages());
    settings.change(&admin, &Keeping::default(), &month(), &"".into()).await.unwrap();
    let (release, package) = house.packed(&admin, &book("A Book")).await;
    house.clock.pass(31 * DAY);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 1);
    assert!(house.blob(&release.book.sha256).exists());
    let correction = house.services.releases().correct(&admin, release.summary.id, "REPACK").await.unwrap();
    house.services.releases().pack(&admin, correction).await.unwrap();
    house.work_off().await;
    let anew = house.lookup(&admin, correction).await.packages.remove(0);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 0);
    let archive = packages.open_archive(&admin, anew.id, None).await.unwrap();
    assert_eq!(collect(archive.body).await.len() as u64, archive.size);
    assert!(packages.lookup(&admin, package).await.unwrap().files_removed_at.is_some());
    assert_eq!(anew.files_removed_at, None);
}

#[tokio::test]
async fn a_correction_that_has_no_book_stays_whole() {
    let (house, admin) = House::new().await;
    let (settings, releases) = (house.services.house(), house.services.releases());
    settings.change(&admin, &Keeping::default(), &month(), &"".into()).await.unwrap();
    let release = house.packed(&admin, &book("A Book")).await.0;
    let correction = releases.correct(&admin, release.summary.id, "NFOFiX").await.unwrap();
    let rights = Some(RightsInput { basis: "CC-BY-4.0".to_owned(), note: None });
    releases.edit(&admin, correction, Edit { rights, ..Edit::default() }).await.unwrap();
    releases.pack(&admin, correction).await.unwrap();
    house.work_off().await;
    let package = house.lookup(&admin, correction).await.packages.remove(0).id;
    house.clock.pass(31 * DAY);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().packages, 1, "that of the book");
    let archive = house.services.packages().open_archive(&admin, package, None).await.unwrap();
    assert_eq!(collect(archive.body).await.len() as u64, archive.size);
    releases.verify(&admin, correction).await.unwrap();
}

#[tokio::test]
async fn a_job_that_an_older_node_asked_for_says_that_nothing_is_left_to_compare() {
    let (house, admin) = House::new().await;
    let (release, package) = house.packed(&admin, &book("A Book")).await;
    let job = house.services.releases().verify(&admin, release.summary.id).await.unwrap();
    // An older node asks without a look at whether the package is kept.
    let mut transaction = house.store.begin_write().await.unwrap();
    let now = store::Timestamp(house.clock.now_ms());
    transaction.jobs().request_cancel(job, now).await.unwrap();
    assert!(transaction.packages().remove_files(package, store::Timestamp(i64::MAX), now).await.unwrap().is_some());
    assert!(transaction.jobs().retry(job, now).await.unwrap());
    transaction.commit().await.unwrap();
    house.work_off().await;
    let ended = house.services.jobs().lookup(&admin, job).await.unwrap();
    assert_eq!((ended.state, ended.failure.unwrap().code.as_str()), (JobState::Failed, "package-removed"));
}
