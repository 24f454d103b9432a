//! Reading a book.

use std::{collections::BTreeMap, iter};

use bytes::Bytes;
use futures::{StreamExt, stream};
use packer::{
    finding::{Finding, Severity},
    inspect::{Cover, InspectError, Inspection},
};
use store::{
    books::{BookCover, BookInspection},
    jobs::{JobFailure, LogLevel, Outcome},
    releases::{Changed, Listing, Status},
};

use super::{attempt::Attempt, fault::Fault};
use crate::{
    blobs::{Incoming, Keeping},
    jobs::JobState,
    releases::{Stored, scheme},
    thumbnail,
};

/// Why a book is refused.
#[derive(Debug)]
struct Refused {
    code: &'static str,
    data: BTreeMap<String, String>,
}

pub(super) async fn inspect(attempt: &Attempt) -> Result<JobState, Fault> {
    let stored = Stored::load(&attempt.services, attempt.release()?).await?;
    match stored.release.status {
        Status::Inspecting => attempt.check()?,
        // An attempt before this one stored the refusal and did not come to its end.
        Status::Refused => {
            let code = stored.release.refusal.clone().unwrap_or_default();
            return end_refused(attempt, &stored, JobFailure { code, data: BTreeMap::new(), incident: None }).await;
        }
        _ => return Err(Fault::Lost),
    }
    match read(attempt, &stored).await? {
        Ok(inspection) => match scheme(&inspection.protection) {
            None => accept(attempt, stored, inspection).await,
            Some(scheme) => {
                let data = BTreeMap::from([("scheme".to_owned(), scheme.to_owned())]);
                refuse(attempt, stored, Refused { code: "protected", data }, Some(inspection)).await
            }
        },
        Err(refused) => refuse(attempt, stored, refused, None).await,
    }
}

async fn read(attempt: &Attempt, stored: &Stored) -> Result<Result<Inspection, Refused>, Fault> {
    let book = &stored.book;
    attempt.begin("reading", book.size, [("file", book.file_name.clone()), ("size", book.size.to_string())]).await;
    let mut reader = attempt.services.blobs().open_blocking(&book.sha256, book.size).await?;
    let (file_name, limits) = (book.file_name.clone(), attempt.services.settings().limits);
    let inspected =
        attempt.block(move |watch| packer::inspect::inspect(&mut reader, &file_name, &limits, watch)).await?;
    let refused = |code, data: Option<(&str, String)>| {
        let data = data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Ok(Err(Refused { code, data }))
    };
    match inspected {
        Ok(inspection) => Ok(Ok(inspection)),
        Err(InspectError::UnknownFormat) => refused("unknown-format", None),
        Err(InspectError::Unsupported(format)) => refused("unsupported-format", Some(("format", format.to_string()))),
        Err(InspectError::Ticket) => refused("licence-ticket", None),
        Err(InspectError::Io(error)) => Err(error.into()),
        Err(InspectError::Cancelled) => Err(Fault::Stopped),
    }
}

/// Stores what was read: the cover's bytes first, then everything else in one transaction.
async fn accept(attempt: &Attempt, stored: Stored, mut inspection: Inspection) -> Result<JobState, Fault> {
    let (cover, _keeping) = store_cover(attempt, inspection.cover.take()).await?;
    let listing = stored.listing(&inspection);
    let weighs = |finding: &&Finding| finding.severity <= Severity::Warning;
    let heavy = inspection.findings.iter().filter(weighs).count();
    let facts = [
        ("format", inspection.format.tag().to_uppercase()),
        ("findings", inspection.findings.len().to_string()),
        ("warnings", heavy.to_string()),
    ];
    attempt.say(LogLevel::Info, "checked", facts);
    let result = serde_json::json!({ "findings": inspection.findings.len(), "warnings-and-worse": heavy });
    let findings = std::mem::take(&mut inspection.findings);
    let inspection = to_store(attempt, inspection, cover)?;
    let transaction = record(attempt, &stored, Some(&inspection), &findings, (Status::Draft, None), &listing).await?;
    let outcome = if heavy == 0 { Outcome::Done { result } } else { Outcome::DoneWithFindings { result } };
    attempt.finish(transaction, &outcome).await
}

/// Stores a cover and, where one can be made, its thumbnail.
async fn store_cover(attempt: &Attempt, cover: Option<Cover>) -> Result<(Option<BookCover>, Option<Keeping>), Fault> {
    let Some(cover) = cover else { return Ok((None, None)) };
    let bytes = Bytes::from(cover.bytes);
    attempt.say(LogLevel::Info, "cover", [("size", bytes.len().to_string())]);
    let whole = receive(attempt, bytes.clone()).await?;
    let small = match thumbnail::of(bytes).await {
        Some(bytes) => Some(receive(attempt, bytes).await?),
        None => None,
    };
    let stored = BookCover {
        sha256: whole.sha256,
        media_type: cover.media_type,
        thumbnail: small.as_ref().map(|small| small.sha256),
    };
    let incoming: Vec<_> = iter::once(whole).chain(small).collect();
    let keeping = attempt.services.blobs().keep(attempt.services.store()).await?;
    attempt.services.blobs().adopt(&keeping, &incoming).await?;
    Ok((Some(stored), Some(keeping)))
}

async fn receive(attempt: &Attempt, bytes: Bytes) -> Result<Incoming, Fault> {
    let bytes = stream::once(async move { Ok(bytes) }).boxed();
    Ok(attempt.services.blobs().receive(bytes, None).await?)
}

/// Stores why a book is refused, removes its bytes, and only then ends the job: whatever breaks off in between, the
/// next attempt goes on with it.
async fn refuse(
    attempt: &Attempt,
    stored: Stored,
    refused: Refused,
    inspection: Option<Inspection>,
) -> Result<JobState, Fault> {
    let listing = inspection.as_ref().map_or_else(|| stored.release.listing.clone(), |read| stored.listing(read));
    let findings = inspection.as_ref().map(|inspection| inspection.findings.clone()).unwrap_or_default();
    let inspection = inspection.map(|inspection| to_store(attempt, inspection, None)).transpose()?;
    let status = (Status::Refused, Some(refused.code));
    let transaction = record(attempt, &stored, inspection.as_ref(), &findings, status, &listing).await?;
    transaction.commit().await?;
    let failure = JobFailure { code: refused.code.to_owned(), data: refused.data, incident: None };
    end_refused(attempt, &stored, failure).await
}

async fn end_refused(attempt: &Attempt, stored: &Stored, failure: JobFailure) -> Result<JobState, Fault> {
    attempt.say(LogLevel::Error, &failure.code, []);
    remove_bytes(attempt, stored).await?;
    let transaction = attempt.services.store().begin_write().await?;
    attempt.finish(transaction, &Outcome::Failed(failure)).await
}

/// Removes the bytes of a refused book, unless a book that is not refused, a cover, a thumbnail or a package has the same.
async fn remove_bytes(attempt: &Attempt, stored: &Stored) -> Result<(), Fault> {
    let (store, blobs) = (attempt.services.store(), attempt.services.blobs());
    let removing = blobs.begin_removing(store).await?;
    if store.blobs().is_needed(&stored.book.sha256).await? {
        return Ok(());
    }
    Ok(blobs.remove(&removing, &stored.book.sha256).await?)
}

/// Writes what was read and where the release stands now, in a transaction that is not committed yet.
async fn record(
    attempt: &Attempt,
    stored: &Stored,
    inspection: Option<&BookInspection>,
    findings: &[Finding],
    (status, refusal): (Status, Option<&str>),
    listing: &Listing,
) -> Result<store::Transaction, Fault> {
    let now = attempt.services.now();
    let (book, release) = (stored.book.id, stored.release.id);
    let mut transaction = attempt.services.store().begin_write().await?;
    // The release first, as everybody holds them who changes both.
    let held = transaction.releases().hold(release).await?.ok_or(Fault::Lost)?;
    if held.status != Status::Inspecting {
        return Err(Fault::Lost);
    }
    transaction.books().record_inspection(book, inspection, findings, now).await?;
    let releases = transaction.releases();
    match releases.record_inspected(release, held.version, status, refusal, listing, now).await? {
        Changed::Saved { .. } => Ok(transaction),
        Changed::Meanwhile { .. } | Changed::Gone => Err(Fault::Lost),
    }
}

fn to_store(attempt: &Attempt, inspection: Inspection, cover: Option<BookCover>) -> Result<BookInspection, Fault> {
    Ok(BookInspection {
        format: inspection.format,
        metadata: inspection.metadata,
        chapters: serde_json::to_value(inspection.chapters).map_err(Fault::internal)?,
        protection: serde_json::to_value(inspection.protection).map_err(Fault::internal)?,
        cover,
        inspector_version: attempt.services.settings().product_version.to_owned(),
    })
}
