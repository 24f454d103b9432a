//! Uploads in progress: a row that says how much is safe, and the parts that hold it.

use serde::Serialize;

use crate::{
    GroupId, ReleaseId, StoreError, Timestamp, Transaction, UploadId, UserId,
    connection::{Reads, list, optional},
    row::{CellError, Record, Row, Word},
    statement::statement,
    word::words,
};

words! {
    /// How far an upload is.
    UploadState, "state of an upload" {
        /// Bytes may come.
        Open = "open",
        /// Every byte is here, and is being put together.
        Completing = "completing",
        /// It has become a release.
        Complete = "complete",
        /// It could not become one.
        Refused = "refused",
    }
}

/// An upload as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Upload {
    /// Which.
    pub id: UploadId,
    /// Whose.
    pub user_id: UserId,
    /// The file's name at the sender's.
    pub file_name: String,
    /// The bytes to come in all.
    pub size: u64,
    /// The bytes that are safe.
    pub received: u64,
    /// The group that the release is for.
    pub group_id: Option<GroupId>,
    /// What the sender's page knows the file by, to find it again after a reload; at most 255 characters.
    pub fingerprint: Option<String>,
    /// How far it is.
    pub state: UploadState,
    /// Why it was refused: a code.
    pub refusal: Option<String>,
    /// What it has become.
    pub release_id: Option<ReleaseId>,
    /// When it began.
    pub created_at: Timestamp,
    /// When the last bytes came.
    pub updated_at: Timestamp,
    /// When it counts as abandoned.
    pub expires_at: Timestamp,
}

/// An upload to come.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Which.
    pub id: UploadId,
    /// Whose.
    pub user_id: UserId,
    /// The file's name at the sender's.
    pub file_name: String,
    /// The bytes to come in all.
    pub size: u64,
    /// The group that the release is for.
    pub group_id: Option<GroupId>,
    /// What the sender's page knows the file by; at most 255 characters.
    pub fingerprint: Option<String>,
    /// When it counts as abandoned.
    pub expires_at: Timestamp,
}

/// A stretch of an upload, in an object of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UploadPart {
    /// The offset of its first byte.
    pub start: u64,
    /// Its bytes.
    pub length: u64,
    /// The object that holds it; at most 255 characters.
    pub blob_key: String,
}

/// What came of adding a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartAdded {
    /// It counts.
    Added {
        /// The bytes that are safe now.
        received: u64,
    },
    /// It does not begin where the bytes end that are safe. Nothing was stored.
    OffsetMismatch {
        /// Where it would have to begin.
        received: u64,
    },
    /// It would go beyond the announced size. Nothing was stored.
    TooLong {
        /// The announced size.
        size: u64,
    },
    /// The upload is unknown, or no longer open.
    Closed,
}

impl Record for Upload {
    const TABLE: &'static str = "uploads";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            user_id: row.get("user_id")?,
            file_name: row.get("file_name")?,
            size: row.get("size")?,
            received: row.get("received")?,
            group_id: row.optional("group_id")?,
            fingerprint: row.optional("fingerprint")?,
            state: row.get("state")?,
            refusal: row.optional("refusal")?,
            release_id: row.optional("release_id")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
            expires_at: row.get("expires_at")?,
        })
    }
}

impl Record for UploadPart {
    const TABLE: &'static str = "upload_parts";
    const KEY: &'static str = "upload_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self { start: row.get("start")?, length: row.get("length")?, blob_key: row.get("blob_key")? })
    }
}

/// Uploads, read through a store or a transaction.
#[derive(Debug)]
pub struct Uploads<C>(pub(crate) C);

impl<C: Reads> Uploads<C> {
    /// The upload with an id.
    pub async fn lookup(mut self, id: UploadId) -> Result<Option<Upload>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM uploads WHERE id = ?").bind(id)).await
    }

    /// A user's uploads that wait for bytes or are being put together, the oldest first.
    pub async fn list_open(mut self, user: UserId) -> Result<Vec<Upload>, StoreError> {
        let open = statement("SELECT * FROM uploads WHERE user_id = ? AND state IN (?, ?) ORDER BY id");
        list(&mut self.0, open.bind(user).bind(UploadState::Open).bind(UploadState::Completing)).await
    }

    /// Uploads whose time is over, in whatever state, the oldest first and at most `limit`.
    pub async fn list_abandoned(mut self, now: Timestamp, limit: u32) -> Result<Vec<Upload>, StoreError> {
        let over = statement("SELECT * FROM uploads WHERE expires_at <= ? ORDER BY expires_at, id LIMIT ?");
        list(&mut self.0, over.bind(now).bind(limit)).await
    }

    /// The parts from an offset on, in order and at most `limit`: a sender of tiny parts must not fill the memory.
    pub async fn list_parts(mut self, id: UploadId, from: u64, limit: u32) -> Result<Vec<UploadPart>, StoreError> {
        let parts = statement("SELECT * FROM upload_parts WHERE upload_id = ? AND start >= ? ORDER BY start LIMIT ?");
        list(&mut self.0, parts.bind(id).bind(from).bind(limit)).await
    }
}

impl Uploads<&mut Transaction> {
    /// Adds an upload without bytes.
    pub async fn add(self, upload: &NewUpload, now: Timestamp) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO uploads (id, user_id, file_name, size, received, group_id, fingerprint, state, created_at, \
             updated_at, expires_at) VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?)",
        )
        .bind(upload.id)
        .bind(upload.user_id)
        .bind(&upload.file_name)
        .bind(upload.size)
        .bind(upload.group_id)
        .bind(upload.fingerprint.as_deref())
        .bind(UploadState::Open)
        .bind(now)
        .bind(now)
        .bind(upload.expires_at);
        self.0.execute(insert).await.map(drop)
    }

    /// The upload with an id, which stays as it is until the transaction ends.
    pub async fn hold(self, id: UploadId) -> Result<Option<Upload>, StoreError> {
        let mut source = self.0;
        optional(&mut source, statement("SELECT * FROM uploads WHERE id = ?").bind(id).locking()).await
    }

    /// Adds a part whose object is safe already; of two at one offset one counts. A part without bytes only moves the
    /// time at which the upload counts as abandoned.
    pub async fn add_part(
        self,
        id: UploadId,
        part: &UploadPart,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<PartAdded, StoreError> {
        let mut source = self.0;
        let held = statement("SELECT * FROM uploads WHERE id = ?").bind(id).locking();
        let Some(upload) = optional::<Upload>(&mut source, held).await? else { return Ok(PartAdded::Closed) };
        if upload.state != UploadState::Open {
            return Ok(PartAdded::Closed);
        }
        if upload.received != part.start {
            return Ok(PartAdded::OffsetMismatch { received: upload.received });
        }
        let received = part.start.checked_add(part.length).filter(|received| *received <= upload.size);
        let Some(received) = received else { return Ok(PartAdded::TooLong { size: upload.size }) };
        let update = statement("UPDATE uploads SET received = ?, updated_at = ?, expires_at = ? WHERE id = ?");
        source.execute(update.bind(received).bind(now).bind(expires_at).bind(id)).await?;
        if part.length > 0 {
            let insert = statement("INSERT INTO upload_parts (upload_id, start, length, blob_key) VALUES (?, ?, ?, ?)");
            source.execute(insert.bind(id).bind(part.start).bind(part.length).bind(&part.blob_key)).await?;
        }
        Ok(PartAdded::Added { received })
    }

    /// Closes an upload to further bytes once all are here. False when they are not, or somebody else has done so.
    pub async fn begin_completing(self, id: UploadId, now: Timestamp) -> Result<bool, StoreError> {
        let update =
            statement("UPDATE uploads SET state = ?, updated_at = ? WHERE id = ? AND state = ? AND received = size");
        let update = update.bind(UploadState::Completing).bind(now).bind(id).bind(UploadState::Open);
        Ok(self.0.execute(update).await? > 0)
    }

    /// Opens an upload again whose completion broke off. False when it was not being put together.
    pub async fn reopen(self, id: UploadId, now: Timestamp) -> Result<bool, StoreError> {
        let update = statement("UPDATE uploads SET state = ?, updated_at = ? WHERE id = ? AND state = ?");
        let update = update.bind(UploadState::Open).bind(now).bind(id).bind(UploadState::Completing);
        Ok(self.0.execute(update).await? > 0)
    }

    /// Moves the time at which an upload counts as abandoned. False when there is none.
    pub async fn postpone(self, id: UploadId, expires_at: Timestamp) -> Result<bool, StoreError> {
        let update = statement("UPDATE uploads SET expires_at = ? WHERE id = ?");
        Ok(self.0.execute(update.bind(expires_at).bind(id)).await? > 0)
    }

    /// Notes what an upload has become. False when it was not being put together.
    pub async fn complete(self, id: UploadId, release: ReleaseId, now: Timestamp) -> Result<bool, StoreError> {
        let update =
            statement("UPDATE uploads SET state = ?, release_id = ?, updated_at = ? WHERE id = ? AND state = ?");
        let update = update.bind(UploadState::Complete).bind(release).bind(now).bind(id).bind(UploadState::Completing);
        Ok(self.0.execute(update).await? > 0)
    }

    /// Notes why an upload could not become a release. False when it is complete or refused already.
    pub async fn refuse(self, id: UploadId, code: &str, now: Timestamp) -> Result<bool, StoreError> {
        let update =
            statement("UPDATE uploads SET state = ?, refusal = ?, updated_at = ? WHERE id = ? AND state IN (?, ?)");
        let update = update.bind(UploadState::Refused).bind(code).bind(now).bind(id);
        Ok(self.0.execute(update.bind(UploadState::Open).bind(UploadState::Completing)).await? > 0)
    }

    /// Forgets the parts, and says how many there were.
    pub async fn remove_parts(self, id: UploadId) -> Result<u64, StoreError> {
        remove_parts(self.0, id).await
    }

    /// Forgets the upload and its parts, and says how many parts there were.
    pub async fn delete(self, id: UploadId) -> Result<u64, StoreError> {
        let parts = remove_parts(&mut *self.0, id).await?;
        self.0.execute(statement("DELETE FROM uploads WHERE id = ?").bind(id)).await?;
        Ok(parts)
    }
}

async fn remove_parts(mut source: &mut Transaction, id: UploadId) -> Result<u64, StoreError> {
    // The upload is held first: a part that is being added is either here already or finds the upload gone.
    let held = statement("SELECT id AS text FROM uploads WHERE id = ?").bind(id).locking();
    optional::<Word>(&mut source, held).await?;
    source.execute(statement("DELETE FROM upload_parts WHERE upload_id = ?").bind(id)).await
}
