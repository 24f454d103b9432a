//! Packages that the house keeps for a while only: so long after it was packed, a package's book and volumes are thrown away.
//! What says what it was stays: its small files of text, and the name, size and checksums of every file.

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

/// What the files beside a book are called that say what a package is; no format of a book is called so.
const KEPT: [&str; 8] = [".nfo", ".diz", ".sfv", ".md5", ".json", ".txt", ".minisig", "SHA256SUMS"];

/// True for a file that stays when its package goes: of text, and not inside a folder, where books may be.
fn stays(path: &str) -> bool {
    !path.contains('/') && KEPT.iter().any(|end| path.ends_with(end))
}

/// Throws away what is kept for too long, and says how many packages that were. A package at a time: nobody waits for the
/// others.
pub(crate) async fn remove_old(services: &Services, keeping: &Keeping) -> Result<u64, Failure> {
    let Some(kept) = keeping.packages() else { return Ok(0) };
    let made_before = services.now().before(kept);
    let (mut count, mut after) = (0, None);
    loop {
        let found = services.store().packages().old(made_before, after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(count) };
        after = Some(last.id);
        let mut hashes = Vec::new();
        for package in found {
            let files = services.store().packages().files(package.id).await?;
            let goes: Vec<_> = files.into_iter().filter(|file| !stays(&file.path)).collect();
            let positions: Vec<u32> = goes.iter().map(|file| file.position).collect();
            if remove(services, &package, &positions, made_before, keeping.package_days).await? {
                count += 1;
                hashes.extend(goes.into_iter().map(|file| file.sha256));
            }
        }
        // What a crash leaves here the sweep takes.
        remove_unused(services, hashes).await?;
    }
}

/// Notes that one is gone, unless somebody has come to need it meanwhile.
async fn remove(
    services: &Services,
    package: &Package,
    positions: &[u32],
    made_before: Timestamp,
    days: u32,
) -> Result<bool, Failure> {
    let mut transaction = services.store().begin_write().await?;
    // Whoever has it verified holds the release, too, and then looks whether it is kept: one of the two is first.
    transaction.releases().hold(package.release_id).await?;
    if !transaction.packages().remove_files(package.id, positions, made_before, services.now()).await? {
        return Ok(false);
    }
    let change = Change::new(AuditAction::Deleted, Resource::Releases, package.release_id, &package.name).after(
        json!({ "package_days": days, "revision": package.revision, "files": positions.len(), "size": package.size }),
    );
    services.record(&mut transaction, Author::housekeeping(), change).await?;
    transaction.commit().await?;
    services.events().tell(Event::of(Topic::Release, package.release_id)).await;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_what_a_package_was_stays_and_books_go() {
        for path in ["a.nfo", "file_id.diz", "manifest.json", "SHA256SUMS", "a.sfv", "bagit.txt", "manifest-sha256.txt"]
        {
            assert!(stays(path), "{path}");
        }
        for path in ["a.epub", "a.pdf", "a01.zip", "cover.jpg", "data/a.epub", "data/readme.txt", "a.nfo/a.epub"] {
            assert!(!stays(path), "{path}");
        }
    }
}
