//! Everything about one release, put together.

use std::collections::BTreeMap;

use packer::finding::Finding;

use super::{
    Book, BookCover, Refusal, Release, ReleaseSummary, packing,
    stored::{Stored, scheme},
};
use crate::{actor::Actor, failure::Failure, groups::Group, packages::PackageSummary, services::Services};

/// Jobs that the page of a release shows.
const JOBS: usize = 20;

pub(super) async fn shown(services: &Services, actor: &Actor, stored: Stored) -> Result<Release, Failure> {
    let store = services.store();
    let id = stored.release.id;
    let is_seen = actor.sees(&stored.release);
    let mut jobs = if is_seen { store.jobs().list_of(id).await? } else { Vec::new() };
    jobs.truncate(JOBS);
    let jobs = services.jobs().shown(jobs).await?;
    let packages = store.packages().list_of(id).await?;
    let creator = store.users().lookup(stored.release.created_by).await?;
    let findings = match &stored.inspection {
        Some(inspection) => inspection.findings.clone(),
        None => store.books().findings(stored.book.id).await?,
    };
    let fields = stored.inspection.as_ref().map(|inspection| stored.resolution(inspection).fields);
    let editable = is_seen && stored.inspection.is_some() && packing::is_packable(stored.release.status);
    let rights = stored.rights();
    let creator = creator.map(|user| user.display_name).unwrap_or_default();
    let withdrawal = store.withdrawals().of_release(id).await?;
    let mut summary = summary(&stored, &findings, creator);
    summary.withdrawn_at = withdrawal.as_ref().map(|withdrawal| withdrawal.withdrawn_at);
    Ok(Release {
        summary,
        book: book(&stored, findings),
        overrides: stored.release.overrides,
        fields,
        rights,
        release_date: stored.release.release_date,
        volume_id: stored.release.volume_id.map(|id| id.to_string()),
        jobs,
        packages: packages.into_iter().map(PackageSummary::from).collect(),
        withdrawal,
        waits_in_inbox: store.inbox().waits(id).await?,
        editable,
    })
}

fn summary(stored: &Stored, findings: &[Finding], created_by_name: String) -> ReleaseSummary {
    let (release, listing) = (&stored.release, &stored.release.listing);
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity).or_insert(0) += 1;
    }
    let scheme = stored.inspection.as_ref().and_then(|inspection| scheme(&inspection.protection));
    let data = scheme.map(|scheme| ("scheme".to_owned(), scheme.to_owned()));
    let inspection = stored.book.inspection.as_ref();
    ReleaseSummary {
        id: release.id,
        title: listing.title.clone(),
        authors: listing.authors.clone(),
        language: listing.language.clone(),
        format: listing.format,
        kind: listing.kind,
        source: listing.source,
        year: listing.year,
        isbn: listing.isbn.clone(),
        status: release.status,
        refusal: release.refusal.clone().map(|code| Refusal { code, data: data.into_iter().collect() }),
        name: release.name.clone(),
        group: stored.group.clone().map(Group::from),
        profile: release.profile.clone(),
        rights_basis: release.rights_basis.clone(),
        findings: counts,
        file_name: stored.book.file_name.clone(),
        size: stored.book.size,
        has_cover: inspection.is_some_and(|inspection| inspection.cover.is_some()),
        revision: release.revision,
        version: release.version,
        created_by: release.created_by,
        created_by_name,
        created_at: release.created_at,
        updated_at: release.updated_at,
        packed_at: release.packed_at,
        withdrawn_at: None,
    }
}

fn book(stored: &Stored, findings: Vec<Finding>) -> Book {
    let (book, inspection) = (&stored.book, stored.inspection.as_ref());
    let cover = book.inspection.as_ref().and_then(|inspection| inspection.cover.clone());
    Book {
        id: book.id,
        file_name: book.file_name.clone(),
        size: book.size,
        sha256: book.sha256,
        crc32: book.crc32,
        format: inspection.map(|inspection| inspection.format),
        metadata: inspection.map(|inspection| inspection.metadata.clone()),
        chapters: inspection.map(|inspection| inspection.chapters.clone()).unwrap_or_default(),
        protection: inspection.map(|inspection| inspection.protection.clone()),
        findings,
        cover: cover.map(BookCover::from),
        inspected_at: book.inspected_at,
        source_removed_at: book.source_removed_at,
    }
}

impl From<store::books::BookCover> for BookCover {
    fn from(cover: store::books::BookCover) -> Self {
        Self { media_type: cover.media_type, sha256: cover.sha256 }
    }
}
