//! Deleting a release, and the bytes that nothing else refers to.

use packer::hash::Sha256;
use store::{ReleaseId, jobs::JobState, releases::Status, users::Role};

use crate::{
    actor::Actor,
    failure::{Failure, FailureKind},
    services::Services,
};

pub(super) async fn delete(services: &Services, actor: &Actor, id: ReleaseId) -> Result<(), Failure> {
    let store = services.store();
    let mut transaction = store.begin_write().await?;
    let release = transaction.releases().hold(id).await?.ok_or_else(|| Failure::not_found("release"))?;
    let packages = transaction.packages().list_of(id).await?;
    if (!packages.is_empty() || release.status == Status::Packed) && !actor.roles.contains(&Role::Admin) {
        return Err(Failure::new(FailureKind::Forbidden));
    }
    let jobs = transaction.jobs().list_of(id).await?;
    if let Some(job) = jobs.iter().find(|job| job.state == JobState::Running) {
        return Err(Failure::conflict("job-running", [("job", job.id.to_string())]));
    }
    let mut hashes = Vec::new();
    for package in packages {
        hashes.extend(transaction.packages().delete(package.id).await?);
    }
    transaction.releases().delete(id).await?;
    if transaction.releases().list_of_book(release.book_id).await?.is_empty() {
        if let Some(book) = transaction.books().lookup(release.book_id).await? {
            hashes.push(book.sha256);
            hashes.extend(book.inspection.and_then(|inspection| inspection.cover).map(|cover| cover.sha256));
        }
        transaction.books().delete(release.book_id).await?;
    }
    transaction.commit().await?;
    remove_unused(services, hashes).await
}

/// Removes those blobs that nothing refers to any more. What a crash leaves here the sweep takes.
async fn remove_unused(services: &Services, mut hashes: Vec<Sha256>) -> Result<(), Failure> {
    hashes.sort_unstable();
    hashes.dedup();
    let removing = services.blobs().begin_removing(services.store()).await?;
    for hash in hashes {
        if !services.store().blobs().is_used(&hash).await? {
            services.blobs().remove(&removing, &hash).await?;
        }
    }
    Ok(())
}
