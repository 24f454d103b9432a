//! Books on their way in: resumable, a part at a time, each durable before it is acknowledged.

mod completion;

use std::error::Error as _;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;
pub use store::uploads::UploadState;
use store::{
    GroupId, ReleaseId, Timestamp, UploadId,
    uploads::{PartAdded, UploadPart},
};

use crate::{
    actor::Actor,
    audit::{AuditAction, Author, Change},
    failure::{Failure, FailureKind},
    permissions::{Action, Resource},
    quotas,
    services::Services,
};

/// The most bytes of one part: what one request holds in memory.
pub const PART_BYTES: usize = 8 << 20;

/// How often the bytes of an upload lie on the disk at once: as parts, and as the book they are put together to.
const COPIES: u64 = 2;

/// The most characters of a file's name: what file systems take.
const LONGEST_FILE_NAME: usize = 255;
/// The most characters of a fingerprint: a hash and a name.
const LONGEST_FINGERPRINT: usize = 200;
/// Abandoned uploads that are in memory at once.
const ABANDONED_AT_ONCE: u32 = 100;

/// What a person wants to upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewUpload {
    /// The file's own name, without folders.
    pub file_name: String,
    /// Its size in bytes. 0 is allowed: an empty file is a broken book, and the check says so.
    pub size: u64,
    /// The group that the release will be of.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Whatever lets the browser know the file again after a reload. At most 200 characters.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// The file's own name.
    pub file_name: String,
    /// Bytes in all.
    pub size: u64,
    /// Bytes that are here, durable: the offset at which to go on.
    pub received: u64,
    /// The group that the release will be of.
    pub group: Option<GroupId>,
    /// What the browser knows the file by.
    pub fingerprint: Option<String>,
    /// Where it stands.
    pub state: UploadState,
    /// The release, once complete.
    pub release: Option<ReleaseId>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// When the last part came.
    pub updated_at: Timestamp,
    /// When it is thrown away if nothing more comes.
    pub expires_at: Timestamp,
}

/// The use cases of uploads.
#[derive(Debug, Clone, Copy)]
pub struct Uploads<'a> {
    pub(crate) services: &'a Services,
}

impl Uploads<'_> {
    /// Begins an upload.
    ///
    /// # Errors
    /// `TooLarge`; `StorageFull` where the disk has no room for it; `GroupFull` where its group, or without one
    /// the sender's home group, may not keep so much; `Invalid` on `file_name`, `group` or `fingerprint`.
    pub async fn begin(&self, actor: &Actor, new: NewUpload) -> Result<Upload, Failure> {
        actor.require(Resource::Books, Action::Write)?;
        let limit = self.services.settings().upload_max_bytes;
        if new.size > limit {
            return Err(Failure::new(FailureKind::TooLarge { limit }));
        }
        let file_name = plain_file_name(&new.file_name).ok_or_else(|| Failure::invalid("file_name", "invalid"))?;
        if new.fingerprint.as_ref().is_some_and(|text| text.chars().count() > LONGEST_FINGERPRINT) {
            return Err(Failure::invalid("fingerprint", "too-long"));
        }
        let free = self.services.blobs().free_bytes().await;
        if free.is_some_and(|free| free / COPIES < new.size) {
            return Err(Failure::new(FailureKind::StorageFull));
        }
        let store = self.services.store();
        if let Some(group) = new.group
            && (!actor.is_of(group) || store.groups().lookup(group).await?.is_none())
        {
            return Err(Failure::invalid("group", "unknown"));
        }
        let now = self.services.now();
        let upload = store::uploads::NewUpload {
            id: UploadId::new(now, rand::random()),
            user_id: actor.user_id,
            file_name,
            size: new.size,
            group_id: new.group,
            fingerprint: new.fingerprint,
            expires_at: self.expiry().await?,
        };
        let mut transaction = store.begin_write().await?;
        if let Some(group) = new.group.or(quotas::home(&actor.groups)) {
            quotas::claim(&mut transaction, group, new.size).await?;
        }
        transaction.uploads().add(&upload, now).await?;
        transaction.commit().await?;
        Ok(self.own(actor, upload.id).await?.into())
    }

    /// One's own upload. One that is [`UploadState::Completing`], or open with every byte here, wants
    /// [`complete`](Self::complete) called again.
    pub async fn lookup(&self, actor: &Actor, id: UploadId) -> Result<Upload, Failure> {
        Ok(self.own(actor, id).await?.into())
    }

    /// Adds a part of at most [`PART_BYTES`] at `offset` and returns the new offset, once the part is durable.
    ///
    /// # Errors
    /// `Conflict` `offset-mismatch` with `received`; `Conflict` `upload-closed` once complete; `TooLarge` for a part
    /// beyond the announced size or [`PART_BYTES`].
    pub async fn append(&self, actor: &Actor, id: UploadId, offset: u64, part: Bytes) -> Result<u64, Failure> {
        let upload = self.own(actor, id).await?;
        if upload.state != UploadState::Open {
            return Err(Failure::conflict("upload-closed", []));
        }
        let length = part.len() as u64;
        if part.len() > PART_BYTES {
            return Err(Failure::new(FailureKind::TooLarge { limit: PART_BYTES as u64 }));
        }
        if upload.received != offset {
            return Err(offset_mismatch(upload.received));
        }
        if length > upload.size - upload.received {
            return Err(Failure::new(FailureKind::TooLarge { limit: upload.size }));
        }
        // Two requests may bring the same part: each writes its own object, and the row of one of them counts.
        let blob_key = format!("{}/{offset:020}-{:08x}", folder(id), rand::random::<u32>());
        if length > 0 {
            self.services.blobs().put_part(&blob_key, part).await?;
        }
        let part = UploadPart { start: offset, length, blob_key };
        let added = self.add_part(id, &part).await;
        // Only what surely has no row: after an error of the commit the row may be there, and without its bytes the upload
        // would never come to its end. What stays for nothing goes with the upload's folder.
        if length > 0 && matches!(added, Ok(ref added) if !matches!(added, PartAdded::Added { .. })) {
            self.services.blobs().remove_key(&part.blob_key).await?;
        }
        match added? {
            PartAdded::Added { received } => Ok(received),
            PartAdded::OffsetMismatch { received } => Err(offset_mismatch(received)),
            PartAdded::TooLong { size } => Err(Failure::new(FailureKind::TooLarge { limit: size })),
            PartAdded::Closed => Err(Failure::conflict("upload-closed", [])),
        }
    }

    /// Puts the parts together and makes the release. Called again it gives the same release. The work goes on when
    /// whoever asked goes away.
    ///
    /// # Errors
    /// `Conflict` `upload-incomplete` with `received` and `size`; `SignedOut` once the session or token has ended.
    pub async fn complete(&self, actor: &Actor, id: UploadId) -> Result<ReleaseId, Failure> {
        actor.require(Resource::Books, Action::Write)?;
        // Bytes may have come for hours: whoever was let in at the first is asked again at the last.
        let actor = &self.services.accounts().still(actor).await?.at(actor.address);
        let upload = self.own(actor, id).await?;
        if upload.received < upload.size {
            let (received, size) = (upload.received.to_string(), upload.size.to_string());
            return Err(Failure::conflict("upload-incomplete", [("received", received), ("size", size)]));
        }
        let (services, author) = (self.services.clone(), Author::from(actor));
        let completion =
            crate::request::spawn(async move { completion::complete(&services, upload, Some(author)).await });
        completion.await.map_err(Failure::internal)?
    }

    /// Throws an upload away: nothing remains.
    ///
    /// # Errors
    /// `Conflict` `upload-closed` once it has become a release.
    pub async fn terminate(&self, actor: &Actor, id: UploadId) -> Result<(), Failure> {
        self.own(actor, id).await?;
        let mut transaction = self.services.store().begin_write().await?;
        let held = transaction.uploads().hold(id).await?.ok_or_else(|| Failure::not_found("upload"))?;
        if held.release_id.is_some() {
            return Err(Failure::conflict("upload-closed", []));
        }
        transaction.uploads().delete(id).await?;
        let change = Change::new(AuditAction::Deleted, Resource::Books, id, &held.file_name)
            .between(json!({ "size": held.size, "received": held.received }), json!({}));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(self.services.blobs().remove_upload(&folder(id)).await?)
    }

    /// One's own uploads that are not complete, the oldest first.
    pub async fn open(&self, actor: &Actor) -> Result<Vec<Upload>, Failure> {
        actor.require(Resource::Books, Action::Write)?;
        let uploads = self.services.store().uploads().list_open(actor.user_id).await?;
        Ok(uploads.into_iter().map(Upload::from).collect())
    }

    /// Throws away what nobody went on with, and forgets what became releases long ago. What was only not put together
    /// is put together. Returns how many uploads are gone.
    pub async fn collect_abandoned(&self) -> Result<u64, Failure> {
        let store = self.services.store();
        let mut count = 0;
        loop {
            let abandoned = store.uploads().list_abandoned(self.services.now(), ABANDONED_AT_ONCE).await?;
            if abandoned.is_empty() {
                return Ok(count);
            }
            for upload in abandoned {
                let id = upload.id;
                let is_whole = upload.received == upload.size && upload.release_id.is_none();
                // Every byte came and the process ended: its sender was told nothing and did nothing wrong.
                if is_whole
                    && upload.state != UploadState::Refused
                    && let Err(error) = completion::complete(self.services, upload, None).await
                    // Its sender may no longer come in, and nobody makes a release in their place.
                    && error.kind != FailureKind::Forbidden
                {
                    let cause = error.source().map(ToString::to_string);
                    tracing::error!(%error, cause, upload = %id, "an upload cannot be put together now");
                    let expiry = self.expiry().await?;
                    let mut transaction = store.begin_write().await?;
                    transaction.uploads().postpone(id, expiry).await?;
                    transaction.commit().await?;
                    continue;
                }
                count += u64::from(self.throw_away(id).await?);
            }
        }
    }

    /// False when somebody went on with it meanwhile, or threw it away.
    async fn throw_away(&self, id: UploadId) -> Result<bool, Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        let held = transaction.uploads().hold(id).await?;
        if held.is_none_or(|held| held.expires_at > self.services.now()) {
            return Ok(false);
        }
        transaction.uploads().delete(id).await?;
        transaction.commit().await?;
        self.services.blobs().remove_upload(&folder(id)).await?;
        Ok(true)
    }

    async fn own(&self, actor: &Actor, id: UploadId) -> Result<store::uploads::Upload, Failure> {
        actor.require(Resource::Books, Action::Write)?;
        let upload = self.services.store().uploads().lookup(id).await?;
        upload.filter(|upload| upload.user_id == actor.user_id).ok_or_else(|| Failure::not_found("upload"))
    }

    async fn add_part(&self, id: UploadId, part: &UploadPart) -> Result<PartAdded, Failure> {
        let expiry = self.expiry().await?;
        let mut transaction = self.services.store().begin_write().await?;
        let added = transaction.uploads().add_part(id, part, self.services.now(), expiry).await?;
        transaction.commit().await?;
        Ok(added)
    }

    async fn expiry(self) -> Result<Timestamp, Failure> {
        Ok(self.services.now().after(self.services.keeping().await?.uploads()))
    }
}

impl From<store::uploads::Upload> for Upload {
    fn from(upload: store::uploads::Upload) -> Self {
        Self {
            id: upload.id,
            file_name: upload.file_name,
            size: upload.size,
            received: upload.received,
            group: upload.group_id,
            fingerprint: upload.fingerprint,
            state: upload.state,
            release: upload.release_id,
            created_at: upload.created_at,
            updated_at: upload.updated_at,
            expires_at: upload.expires_at,
        }
    }
}

/// The folder of an upload's parts in the blob store.
fn folder(id: UploadId) -> String {
    format!("uploads/{id}")
}

fn offset_mismatch(received: u64) -> Failure {
    Failure::conflict("offset-mismatch", [("received", received.to_string())])
}

/// The last part of what a browser calls the file, when it can be a file's name.
fn plain_file_name(text: &str) -> Option<String> {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let good = !name.is_empty() && name.chars().count() <= LONGEST_FILE_NAME && !name.chars().any(char::is_control);
    good.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_the_sender_are_not_part_of_a_file_name() {
        assert_eq!(plain_file_name("C:\\Books\\Été.epub").as_deref(), Some("Été.epub"));
        assert_eq!(plain_file_name("../../a.epub").as_deref(), Some("a.epub"));
        for wrong in ["", " ", "a/", "a\u{0}b", &"a".repeat(256)] {
            assert_eq!(plain_file_name(wrong), None, "{wrong:?}");
        }
    }
}
