//! From parts to a book, its release and the job that reads it.

use futures::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use packer::kind::{Kind, Source};
use serde_json::json;
use store::{
    BookId, InboxId, JobId, ReleaseId, Store, StoreError, UploadId,
    audit::AuditAction,
    books::NewBook,
    jobs::{JobKind, NewJob},
    releases::{Listing, NewRelease, Status},
    uploads::{Upload, UploadState},
};

use super::folder;
use crate::{
    audit::{Author, Change},
    blobs::{BlobError, Incoming},
    events::{Event, Topic},
    failure::{Failure, FailureKind},
    permissions::{Action, Resource},
    releases, request,
    services::Services,
};

/// Parts whose rows are in memory at once.
const PARTS_AT_ONCE: u32 = 500;

/// Makes the release of an upload whose bytes are all here. It may break off anywhere and be called again. `author` is
/// its sender as they asked for it; absent when nobody does just now.
///
/// # Errors
/// `Forbidden` when its sender may no longer come in.
pub(super) async fn complete(
    services: &Services,
    upload: Upload,
    author: Option<Author>,
) -> Result<ReleaseId, Failure> {
    if let Some(release) = upload.release_id {
        return Ok(release);
    }
    let (id, user) = (upload.id, upload.user_id);
    let mut transaction = services.store().begin_write().await?;
    transaction.uploads().begin_completing(id, services.now()).await?;
    transaction.commit().await?;
    let parts = services.blobs().open_parts(parts(services.store().clone(), id));
    let received = services.blobs().receive(parts, None).await;
    let incoming = match received {
        Ok(incoming) => incoming,
        // Somebody else may have completed it meanwhile and taken the parts away.
        Err(error) => return completed(services, id).await?.ok_or_else(|| error.into()),
    };
    if incoming.size != upload.size {
        let sizes = (incoming.size, upload.size);
        services.blobs().discard(std::slice::from_ref(&incoming)).await?;
        let error = std::io::Error::other(format!("the parts have {} bytes, the upload {}", sizes.0, sizes.1));
        return completed(services, id).await?.ok_or_else(|| Failure::internal(error));
    }
    let release = make_release(services, upload, author, &incoming).await?;
    services.blobs().remove_upload(&folder(id)).await?;
    let event = Event::of(Topic::Upload, id).with_state(UploadState::Complete.word());
    services.events().tell_only(user, event.with_release(Some(release))).await;
    let event = Event::of(Topic::Release, release).with_state(Status::Inspecting.word());
    services.events().tell(event).await;
    services.wake_workers().await;
    Ok(release)
}

/// The release of an upload that somebody else has completed.
async fn completed(services: &Services, id: UploadId) -> Result<Option<ReleaseId>, Failure> {
    Ok(services.store().uploads().lookup(id).await?.and_then(|upload| upload.release_id))
}

async fn make_release(
    services: &Services,
    upload: Upload,
    author: Option<Author>,
    incoming: &Incoming,
) -> Result<ReleaseId, Failure> {
    let now = services.now();
    let sender = services.store().users().lookup(upload.user_id).await?;
    let sender = sender.ok_or_else(|| Failure::not_found("user"))?;
    let standing = services.accounts().standing(&sender).await?;
    let keeping = services.blobs().keep(services.store()).await?;
    let mut transaction = services.store().begin_write().await?;
    // They may have been deactivated, or have left the group, since the first byte.
    if !transaction.users().hold(sender.id).await?.is_some_and(|sender| sender.is_active()) {
        drop(transaction);
        services.blobs().discard(std::slice::from_ref(incoming)).await?;
        return Err(Failure::new(FailureKind::Forbidden));
    }
    let group = upload.group_id.filter(|group| standing.all_groups || standing.groups.contains(group));
    let Some(held) = transaction.uploads().hold(upload.id).await? else {
        drop(transaction);
        services.blobs().discard(std::slice::from_ref(incoming)).await?;
        return Err(Failure::not_found("upload"));
    };
    if let Some(release) = held.release_id {
        drop(transaction);
        services.blobs().discard(std::slice::from_ref(incoming)).await?;
        return Ok(release);
    }
    services.blobs().adopt(&keeping, std::slice::from_ref(incoming)).await?;
    let book = BookId::new(now, rand::random());
    let release = ReleaseId::new(now, rand::random());
    let new_book = NewBook {
        id: book,
        sha256: incoming.sha256,
        crc32: incoming.crc32,
        size: incoming.size,
        file_name: upload.file_name.clone(),
        created_by: upload.user_id,
    };
    transaction.books().add(&new_book, now).await?;
    let new_release = NewRelease {
        id: release,
        book_id: book,
        group_id: group,
        profile: releases::profile_of_new()?.name.clone(),
        release_date: releases::today(now)?,
        status: Status::Inspecting,
        listing: unread(&upload.file_name),
        created_by: upload.user_id,
    };
    transaction.releases().add(&new_release, now).await?;
    let job = NewJob {
        id: JobId::new(now, rand::random()),
        kind: JobKind::Inspect,
        release_id: Some(release),
        package_id: None,
        group_id: group,
        run_after: now,
        created_by: Some(upload.user_id),
        request_id: request::id(),
    };
    transaction.jobs().enqueue(&job, now).await?;
    // Who may make no releases sends books in: an editor takes them over.
    if !standing.grants.allow(Resource::Releases, Action::Write) {
        let entry = InboxId::new(now, rand::random());
        transaction.inbox().add(entry, release, &upload.file_name, sender.id, now).await?;
    }
    let author = author.unwrap_or_else(|| Author { id: Some(sender.id), name: sender.username, ..Author::default() });
    let change = Change::new(AuditAction::Created, Resource::Books, release, &upload.file_name)
        .after(json!({ "sha256": incoming.sha256, "size": incoming.size }));
    services.record(&mut transaction, author, change).await?;
    transaction.uploads().complete(upload.id, release, now).await?;
    transaction.uploads().remove_parts(upload.id).await?;
    transaction.commit().await?;
    Ok(release)
}

/// What the catalogue shows until the book is read.
fn unread(file_name: &str) -> Listing {
    let title = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem).to_owned();
    Listing {
        sort_title: title.clone(),
        title,
        authors: String::new(),
        language: None,
        format: None,
        kind: Kind::default(),
        source: Source::default(),
        year: None,
        isbn: None,
    }
}

/// The parts of an upload in order, a page of rows at a time.
fn parts(store: Store, id: UploadId) -> BoxStream<'static, Result<(String, u64), BlobError>> {
    let pages = stream::try_unfold(0_u64, move |from| {
        let store = store.clone();
        async move {
            let page = store.uploads().list_parts(id, from, PARTS_AT_ONCE).await?;
            let next = page.last().map(|last| last.start + last.length);
            Ok::<_, StoreError>(next.map(|next| (page, next)))
        }
    });
    let parts = pages.map_ok(|page| stream::iter(page.into_iter().map(Ok::<_, StoreError>))).try_flatten();
    parts
        .map_ok(|part| (part.blob_key, part.length))
        .map_err(|error| BlobError::Disk(std::io::Error::other(error)))
        .boxed()
}
