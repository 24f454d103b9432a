//! Packages and their files.

use packer::hash::Crc32;
use store::{
    Constraint, PackageId, ReleaseId, UserId,
    packages::{Package, PackageFile},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    a_package_is_found_with_its_files_in_order,
    a_second_package_of_a_revision_is_refused,
    a_deleted_package_says_which_blobs_it_had,
    a_deleted_release_takes_its_packages_and_jobs_along,
}

fn package(world: &World, release_id: ReleaseId, user: UserId, revision: u32) -> Package {
    Package {
        id: PackageId::new(at(2), world.random()),
        release_id,
        revision,
        name: "Ada.Autor.Ete.2024.FRENCH.RETAiL.ePUB.eBOOK-GRP".to_owned(),
        volume_id: Some("a1b2c3".parse().unwrap()),
        profile: "scene-ebook".to_owned(),
        profile_version: 1,
        size: 250_000_000_000,
        manifest_sha256: hash(7),
        created_by: user,
        created_at: at(2),
        files_removed_at: None,
    }
}

fn files(count: u32) -> Vec<PackageFile> {
    let file = |position: u32| PackageFile {
        position,
        path: format!("Nom.de.l'œuvre/{position:03}.zip"),
        size: 5_000_000_000,
        crc32: Crc32(0xdead_beef),
        sha256: hash(9),
        is_kept: true,
    };
    (0..count).map(file).collect()
}

async fn add(world: &World, package: &Package, files: &[PackageFile]) -> Result<(), store::StoreError> {
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.packages().add(package, files).await?;
    transaction.commit().await
}

async fn a_package_is_found_with_its_files_in_order(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("Été"), at(0)).await;
    let (first, second) = (package(&world, release, user, 1), package(&world, release, user, 2));
    add(&world, &first, &files(250)).await.unwrap();
    add(&world, &second, &[]).await.unwrap();
    assert_eq!(world.store.packages().lookup(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(world.store.packages().files(first.id).await.unwrap(), files(250));
    assert_eq!(world.store.packages().file(first.id, 249).await.unwrap(), files(250).pop());
    assert_eq!(world.store.packages().file(first.id, 250).await.unwrap(), None);
    assert_eq!(world.store.packages().list_of(release).await.unwrap(), [second, first]);
}

async fn a_second_package_of_a_revision_is_refused(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("Été"), at(0)).await;
    add(&world, &package(&world, release, user, 1), &files(1)).await.unwrap();
    let again = package(&world, release, user, 1);
    let error = add(&world, &again, &files(1)).await.unwrap_err();
    assert_eq!(error.conflict(), Some(Constraint::PackageRevision));
    assert!(world.store.packages().files(again.id).await.unwrap().is_empty());
    assert_eq!(world.store.packages().list_of(release).await.unwrap().len(), 1);
}

async fn a_deleted_package_says_which_blobs_it_had(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("Été"), at(0)).await;
    let package = package(&world, release, user, 1);
    add(&world, &package, &files(2)).await.unwrap();
    assert!(world.store.blobs().is_needed(&hash(9)).await.unwrap());
    let mut transaction = world.store.begin_write().await.unwrap();
    assert_eq!(transaction.packages().delete(package.id).await.unwrap(), [hash(9), hash(9)]);
    assert!(transaction.packages().delete(package.id).await.unwrap().is_empty());
    transaction.commit().await.unwrap();
    assert!(!world.store.blobs().is_needed(&hash(9)).await.unwrap());
    assert_eq!(world.store.packages().lookup(package.id).await.unwrap(), None);
}

async fn a_deleted_release_takes_its_packages_and_jobs_along(world: World) {
    let user = world.user("ada").await;
    let release = world.release(user, None, listing("Été"), at(0)).await;
    let package = package(&world, release, user, 1);
    add(&world, &package, &files(2)).await.unwrap();
    let mut job = world.new_job(at(0));
    (job.release_id, job.package_id) = (Some(release), Some(package.id));
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.jobs().enqueue(&job, at(0)).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.store.jobs().list_of(release).await.unwrap().len(), 1);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.releases().delete(release).await.unwrap());
    assert!(!transaction.releases().delete(release).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(world.store.packages().lookup(package.id).await.unwrap(), None);
    assert_eq!(world.store.jobs().lookup(job.id).await.unwrap(), None);
    assert!(world.store.releases().terms(release).await.unwrap().is_empty());
    assert!(!world.store.blobs().is_needed(&hash(9)).await.unwrap());
}
