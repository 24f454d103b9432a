//! Packages that the house keeps for a while only: so long after it was made, a package's book and volumes are thrown away. What
//! says what it was stays: its files of text, and the name, size and checksums of every file.

use serde_json::json;
use store::{Timestamp, audit::AuditAction, packages::Package, permissions::Resource};

use crate::{
    audit::{Author, Change},
    events::{Event, Topic},
    failure::Failure,
    house::Keeping,
    releases::remove_unused,
    services::Services,
};

/// Packages that are looked for at once.
const AT_ONCE: u32 = 100;

/// Throws away what is kept for too long, and says how many packages that were. A package at a time: nobody waits for the
/// others.
pub(crate) async fn remove_old(services: &Services, keeping: &Keeping) -> Result<u64, Failure> {
    let Some(kept) = keeping.packages() else { return Ok(0) };
    let made_before = services.now().before(kept);
    let (mut count, mut after) = (0, None);
    loop {
        let found = services.store().packages().old(made_before, after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(count) };
        after = Some((last.created_at, last.id));
        for package in found {
            count += u64::from(remove(services, &package, made_before, keeping.package_days).await?);
        }
    }
}

/// Removes the files of one, unless somebody has come to need it meanwhile.
async fn remove(services: &Services, package: &Package, made_before: Timestamp, days: u32) -> Result<bool, Failure> {
    let mut transaction = services.store().begin_write().await?;
    // Whoever has it verified holds the release, too, and then looks whether it is kept: one of the two is first.
    transaction.releases().hold(package.release_id).await?;
    let removed = transaction.packages().remove_files(package.id, made_before, services.now()).await?;
    let Some(hashes) = removed else { return Ok(false) };
    let what = json!({
        "package_days": days, "revision": package.revision, "files": hashes.len(), "size": package.size,
    });
    let change = Change::new(AuditAction::Deleted, Resource::Releases, package.release_id, &package.name).after(what);
    services.record(&mut transaction, Author::housekeeping(), change).await?;
    transaction.commit().await?;
    services.events().tell(Event::of(Topic::Release, package.release_id)).await;
    // What a crash leaves here the sweep takes.
    remove_unused(services, hashes).await?;
    Ok(true)
}
