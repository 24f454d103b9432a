//! Deleting a release, and the bytes that nobody else needs.

use packer::hash::Sha256;
use store::{
    ReleaseId, Transaction,
    audit::AuditAction,
    inbox::InboxState,
    jobs::JobState,
    permissions::Resource,
    releases::{Release, Status},
};

use crate::{
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind},
    services::Services,
};

pub(super) async fn delete(services: &Services, actor: &Actor, id: ReleaseId) -> Result<(), Failure> {
    let mut transaction = services.store().begin_write().await?;
    let release = actor.seen(transaction.releases().hold(id).await?)?;
    let has_package = release.status == Status::Packed || !transaction.packages().list_of(id).await?.is_empty();
    if has_package && !actor.is_administrator() {
        return Err(Failure::new(FailureKind::Forbidden));
    }
    // Whoever sent it in is told that it is gone, and nobody is offered to decide it any more.
    transaction.inbox().end_of_release(id, InboxState::Deleted, actor.user_id, services.now()).await?;
    let hashes = remove(&mut transaction, &release).await?;
    let title = release.name.as_ref().unwrap_or(&release.listing.title);
    let change = Change::new(AuditAction::Deleted, Resource::Releases, id, title);
    services.record(&mut transaction, actor, change).await?;
    transaction.commit().await?;
    remove_unused(services, hashes).await
}

/// Removes a release and what only it has, in a transaction that the caller commits. What may be left of it in the blobs
/// is returned, for [`remove_unused`].
pub(crate) async fn remove(transaction: &mut Transaction, release: &Release) -> Result<Vec<Sha256>, Failure> {
    let id = release.id;
    let jobs = transaction.jobs().list_of(id).await?;
    if let Some(job) = jobs.iter().find(|job| job.state == JobState::Running) {
        return Err(Failure::conflict("job-running", [("job", job.id.to_string())]));
    }
    let mut hashes = Vec::new();
    for package in transaction.packages().list_of(id).await? {
        hashes.extend(transaction.packages().delete(package.id).await?);
    }
    transaction.releases().delete(id).await?;
    if transaction.releases().list_of_book(release.book_id).await?.is_empty() {
        if let Some(book) = transaction.books().lookup(release.book_id).await? {
            hashes.push(book.sha256);
            if let Some(cover) = book.inspection.and_then(|inspection| inspection.cover) {
                hashes.push(cover.sha256);
                hashes.extend(cover.thumbnail);
            }
        }
        transaction.books().delete(release.book_id).await?;
    }
    Ok(hashes)
}

/// Removes those blobs that nobody needs any more. What a crash leaves here the sweep takes.
pub(crate) async fn remove_unused(services: &Services, mut hashes: Vec<Sha256>) -> Result<(), Failure> {
    hashes.sort_unstable();
    hashes.dedup();
    let removing = services.blobs().begin_removing(services.store()).await?;
    for hash in hashes {
        if !services.store().blobs().is_needed(&hash).await? {
            services.blobs().remove(&removing, &hash).await?;
        }
    }
    Ok(())
}
