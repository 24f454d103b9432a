//! Inspections as they were stored, parsed once and kept for a while: the review asks for a preview with every key.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use futures::TryStreamExt;
use packer::{
    finding::Finding,
    inspect::{Cover, Inspection},
};
use store::{
    BookId, Timestamp,
    books::{Book, BookInspection},
};

use crate::{failure::Failure, services::Services};

/// Bytes of inspections that are kept. Covers are most of them.
const KEPT_BYTES: usize = 64 << 20;
/// What one takes besides its cover: a guess on the safe side.
const USUAL_BYTES: usize = 64 << 10;
/// What one finding or chapter takes.
const ENTRY_BYTES: usize = 300;

/// Inspections that were asked for last.
#[derive(Debug, Default)]
pub(crate) struct Inspections {
    kept: Mutex<VecDeque<Kept>>,
}

#[derive(Debug, Clone)]
struct Kept {
    book: BookId,
    inspected_at: Timestamp,
    bytes: usize,
    inspection: Arc<Inspection>,
}

impl Inspections {
    fn get(&self, book: BookId, inspected_at: Timestamp) -> Option<Arc<Inspection>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let index = kept.iter().position(|one| one.book == book && one.inspected_at == inspected_at)?;
        let one = kept.remove(index)?;
        let inspection = Arc::clone(&one.inspection);
        kept.push_back(one);
        Some(inspection)
    }

    fn put(&self, book: BookId, inspected_at: Timestamp, inspection: Arc<Inspection>) {
        let cover = inspection.cover.as_ref().map_or(0, |cover| cover.bytes.len());
        let entries = inspection.findings.len() + inspection.chapters.len();
        let bytes = USUAL_BYTES + cover + entries * ENTRY_BYTES;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|one| one.book != book);
        kept.push_back(Kept { book, inspected_at, bytes, inspection });
        let mut total: usize = kept.iter().map(|one| one.bytes).sum();
        while total > KEPT_BYTES {
            let Some(oldest) = kept.pop_front() else { break };
            total -= oldest.bytes;
        }
    }
}

/// The inspection of a book, or nothing while it has not been read.
pub(crate) async fn of_book(services: &Services, book: &Book) -> Result<Option<Arc<Inspection>>, Failure> {
    let (Some(stored), Some(inspected_at)) = (&book.inspection, book.inspected_at) else { return Ok(None) };
    if let Some(inspection) = services.inner.inspections.get(book.id, inspected_at) {
        return Ok(Some(inspection));
    }
    let findings = services.store().books().findings(book.id).await?;
    let cover = cover_of(services, stored).await?;
    let inspection = Arc::new(restored(stored, cover, findings)?);
    services.inner.inspections.put(book.id, inspected_at, Arc::clone(&inspection));
    Ok(Some(inspection))
}

/// The inspections of these books, but for their covers, which nothing that is found depends on. Two statements at most,
/// however many they are; a book that has not been read is absent.
pub(super) async fn of_books(
    services: &Services,
    books: &[Book],
) -> Result<BTreeMap<BookId, Arc<Inspection>>, Failure> {
    let mut found = BTreeMap::new();
    let mut unknown = Vec::new();
    for book in books {
        let (Some(stored), Some(inspected_at)) = (&book.inspection, book.inspected_at) else { continue };
        match services.inner.inspections.get(book.id, inspected_at) {
            Some(inspection) => drop(found.insert(book.id, inspection)),
            None => unknown.push((book.id, stored)),
        }
    }
    let ids: Vec<BookId> = unknown.iter().map(|(id, _)| *id).collect();
    let mut findings = services.store().books().list_findings(&ids).await?;
    for (id, stored) in unknown {
        let findings = findings.remove(&id).unwrap_or_default();
        found.insert(id, Arc::new(restored(stored, None, findings)?));
    }
    Ok(found)
}

/// The bytes of a cover, which a limit of the reader bounds.
async fn cover_of(services: &Services, stored: &BookInspection) -> Result<Option<Cover>, Failure> {
    let Some(cover) = &stored.cover else { return Ok(None) };
    let Some(size) = services.blobs().size(&cover.sha256).await? else { return Ok(None) };
    let stream = services.blobs().read(&cover.sha256, 0..size).await?;
    let chunks: Vec<_> = stream.try_collect().await.map_err(Failure::internal)?;
    // Where it stood in the book and how large it is in pixels decide nothing any more.
    let (path, pixels) = (String::new(), None);
    Ok(Some(Cover { path, media_type: cover.media_type.clone(), bytes: chunks.concat(), pixels }))
}

fn restored(stored: &BookInspection, cover: Option<Cover>, findings: Vec<Finding>) -> Result<Inspection, Failure> {
    Ok(Inspection {
        format: stored.format,
        metadata: stored.metadata.clone(),
        cover,
        chapters: serde_json::from_value(stored.chapters.clone()).map_err(Failure::internal)?,
        protection: serde_json::from_value(stored.protection.clone()).map_err(Failure::internal)?,
        findings,
    })
}
