//! Sources that are kept for so long only: what they leave, and what needs them still.

use std::time::Duration;

use service::{AuditAction, AuditQuery, Clock as _, Keeping, Resource, RightsInput};

use crate::house::{House, PASSWORD, book, client, collect};

const DAY: Duration = Duration::from_hours(24);
const MONTH: Keeping = Keeping { upload_hours: 24, job_days: 90, audit_days: 730, source_days: 30, package_days: 0 };

#[tokio::test]
async fn a_source_goes_when_its_time_has_come_and_its_package_stays() {
    let (house, admin) = House::new().await;
    let (settings, releases) = (house.services.house(), house.services.releases());
    let (release, package) = house.packed(&admin, &book("A Book")).await;
    let (id, source) = (release.summary.id, house.blob(&release.book.sha256));
    let kept = async || {
        let group = house.group(&admin).await.id;
        house.store.quotas().kept(&[group]).await.unwrap()[&group]
    };
    let before = kept().await;
    house.clock.pass(31 * DAY);
    // As the product comes, it stays until somebody deletes it.
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().sources, 0);
    let outlook = settings.outlook(&admin, &MONTH).await.unwrap();
    assert_eq!((outlook.sources, outlook.source_bytes), (1, release.book.size));
    assert_eq!(settings.outlook(&admin, &Keeping { source_days: 32, ..MONTH }).await.unwrap().sources, 0);
    settings.change(&admin, &Keeping::default(), &MONTH, &"".into()).await.unwrap();
    assert_eq!(settings.keeping(&admin).await.unwrap(), MONTH);

    assert!(source.exists());
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().sources, outlook.sources);
    assert!(!source.exists());
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().sources, 0);
    assert_eq!(kept().await, before - release.book.size, "what is gone counts for no group");
    let mut backup = house.store.snapshot().await.unwrap();
    assert!(!backup.blobs().await.unwrap().contains(&release.book.sha256), "a backup does not look for it");
    drop(backup);

    let shown = house.lookup(&admin, id).await;
    assert!(shown.book.source_removed_at.is_some() && shown.fields == release.fields);
    assert_eq!(shown.packages.len(), 1);
    let archive = house.services.packages().open_archive(&admin, package, None).await.unwrap();
    assert_eq!(collect(archive.body).await.len() as u64, archive.size);
    for tag in ["REPACK", "NFOFiX"] {
        assert_eq!(releases.correct(&admin, id, tag).await.unwrap_err().code(), "source-removed");
    }
    assert_eq!(releases.pack(&admin, id).await.unwrap_err().code(), "source-removed");
    releases.verify(&admin, id).await.unwrap();
    assert_eq!(house.work_off().await, 1);

    let about = AuditQuery { subject: Some(id.to_string()), resource: Some(Resource::Books), ..AuditQuery::default() };
    let told = house.services.audit().list(&admin, &about).await.unwrap().items.remove(0);
    assert_eq!((told.action, told.actor_id, told.actor_name.as_str()), (AuditAction::Deleted, None, "housekeeping"));
    assert_eq!(told.after.unwrap()["source_days"], 30);

    // The same book can be sent in again, and is a release of its own. Whoever sends it is in a session of today.
    let admin = house.services.accounts().sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap().actor;
    let again = house.draft(&admin, &book("A Book")).await;
    assert!(again.book.sha256 == release.book.sha256 && again.book.source_removed_at.is_none());
    assert!(source.exists());
    releases.delete(&admin, id).await.unwrap();
    assert!(source.exists(), "another book has these bytes");
}

#[tokio::test]
async fn a_source_that_somebody_needs_stays() {
    let (house, admin) = House::new().await;
    let (settings, releases) = (house.services.house(), house.services.releases());
    settings.change(&admin, &Keeping::default(), &MONTH, &"".into()).await.unwrap();
    let draft = house.draft(&admin, &book("A Draft")).await;
    let corrected = house.packed(&admin, &book("Corrected")).await.0;
    let correction = releases.correct(&admin, corrected.summary.id, "REPACK").await.unwrap();
    let verified = house.packed(&admin, &book("Verified")).await.0;
    let alike = house.packed(&admin, &book("Alike")).await.0;
    let other = house.draft(&admin, &book("Alike")).await;
    assert_eq!(alike.book.sha256, other.book.sha256);
    let failed = house.draft(&admin, &book("Failed")).await;
    house.clock.pass(31 * DAY);
    releases.verify(&admin, verified.summary.id).await.unwrap();
    let sweep = async || house.services.housekeeping().sweep().await.unwrap().sources;

    assert_eq!(settings.outlook(&admin, &MONTH).await.unwrap().sources, 1);
    assert_eq!(sweep().await, 1, "one of the two that are alike");
    for release in [&draft, &corrected, &verified, &other, &failed] {
        assert!(house.blob(&release.book.sha256).exists(), "{}", release.summary.title);
        let shown = house.lookup(&admin, release.summary.id).await;
        assert_eq!(shown.book.source_removed_at, None, "{}", release.summary.title);
    }
    assert!(house.lookup(&admin, alike.summary.id).await.book.source_removed_at.is_some());
    house.work_off().await;
    assert_eq!(sweep().await, 1, "the job is done");

    // A correction is packed from the source of what it corrects, and both go when it, too, is old.
    let rights = Some(RightsInput { basis: "CC-BY-4.0".to_owned(), note: None });
    releases.edit(&admin, correction, service::Edit { rights, ..service::Edit::default() }).await.unwrap();
    releases.pack(&admin, correction).await.unwrap();
    assert_eq!(sweep().await, 0);
    house.work_off().await;
    assert_eq!(house.lookup(&admin, correction).await.packages.len(), 1);
    house.clock.pass(29 * DAY);
    assert_eq!(sweep().await, 0);
    house.clock.pass(2 * DAY);
    assert_eq!(sweep().await, 1);
    assert!(!house.blob(&corrected.book.sha256).exists());
}

#[tokio::test]
async fn many_sources_go_in_one_round() {
    let (house, admin) = House::new().await;
    let release = house.packed(&admin, &book("A Book")).await.0;
    house.packed(&admin, &book("Another")).await;
    // More than are looked for at once, all of them long packed.
    let mut transaction = house.store.begin_write().await.unwrap();
    let (now, user) = (store::Timestamp(house.clock.now_ms()), admin.user_id);
    let known = transaction.releases().lookup(release.summary.id).await.unwrap().unwrap();
    for number in 0..150_u8 {
        let sha256 = packer::hash::Sha256([number; 32]);
        let (id, crc32) = (store::BookId::new(now, u128::from(number)), release.book.crc32);
        let new = store::books::NewBook { id, sha256, crc32, size: 1, file_name: "a.epub".into(), created_by: user };
        transaction.books().add(&new, now).await.unwrap();
        let new = store::releases::NewRelease {
            id: store::ReleaseId::new(now, u128::from(number)),
            book_id: id,
            group_id: None,
            profile: known.profile.clone(),
            release_date: known.release_date,
            status: store::releases::Status::Packing,
            listing: known.listing.clone(),
            created_by: user,
        };
        transaction.releases().add(&new, now).await.unwrap();
        let package = store::packages::Package {
            id: store::PackageId::new(now, u128::from(number)),
            release_id: new.id,
            revision: 1,
            name: "A".to_owned(),
            volume_id: None,
            profile: known.profile.clone(),
            profile_version: 1,
            size: 1,
            manifest_sha256: sha256,
            created_by: user,
            created_at: now,
            files_removed_at: None,
        };
        transaction.packages().add(&package, &[]).await.unwrap();
        assert!(transaction.releases().finish_packing(new.id, now).await.unwrap());
    }
    transaction.commit().await.unwrap();
    house.services.house().change(&admin, &Keeping::default(), &MONTH, &"".into()).await.unwrap();
    house.clock.pass(31 * DAY);
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().sources, 152);
}
