//! Sources that the house keeps for a while only: once every release of a book has been packed for so long, the book's bytes are
//! thrown away. What was read from it stays; nothing can be packed from it again.

use serde_json::json;
use store::{Timestamp, audit::AuditAction, books::Book, permissions::Resource};

use crate::{
    audit::{Author, Change},
    events::{Event, Topic},
    failure::Failure,
    house::Keeping,
    releases::remove_unused,
    services::Services,
};

/// Books that are looked for at once.
const AT_ONCE: u32 = 100;

/// Throws away what is kept for too long, and says how many sources that were. A book at a time: nobody waits for the others.
pub(crate) async fn remove_old(services: &Services, keeping: &Keeping) -> Result<u64, Failure> {
    let Some(kept) = keeping.sources() else { return Ok(0) };
    let packed_before = services.now().before(kept);
    let (mut count, mut after) = (0, None);
    loop {
        let found = services.store().books().unneeded_sources(packed_before, after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(count) };
        after = Some(last.id);
        let mut hashes = Vec::new();
        for book in found {
            if remove(services, &book, packed_before, keeping.source_days).await? {
                count += 1;
                hashes.push(book.sha256);
            }
        }
        // What a crash leaves here the sweep takes.
        remove_unused(services, hashes).await?;
    }
}

/// Notes that one is gone, unless somebody has come to need it meanwhile.
async fn remove(services: &Services, book: &Book, packed_before: Timestamp, days: u32) -> Result<bool, Failure> {
    let mut transaction = services.store().begin_write().await?;
    // Whoever begins a correction holds the release, too, and then looks for the source: one of the two is first.
    let releases = transaction.releases().hold_of_book(book.id).await?;
    if !transaction.books().remove_source(book.id, packed_before, services.now()).await? {
        return Ok(false);
    }
    for release in &releases {
        let change = Change::new(AuditAction::Deleted, Resource::Books, release.id, &book.file_name)
            .after(json!({ "source_days": days, "sha256": book.sha256, "size": book.size }));
        services.record(&mut transaction, Author::housekeeping(), change).await?;
    }
    transaction.commit().await?;
    for release in &releases {
        services.events().tell(Event::of(Topic::Release, release.id)).await;
    }
    Ok(true)
}
