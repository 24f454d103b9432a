//! Where backups go and come from: a folder, or an object store of its own account.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use service::{BlobLocation, S3Location};

use super::{
    blobs::{ANY_REGION, endpoint},
    reading::Reader,
};
use crate::backup::BackupError;

/// The account of backups in an object store: `BACKUP_…`, and whatever of it is missing as `BLOB_…` says. Secrets show as
/// redacted in `Debug`.
#[derive(Debug, Clone)]
pub struct BackupAccount {
    endpoint: Option<String>,
    region: String,
    access_key: Option<SecretString>,
    secret_key: Option<SecretString>,
}

pub(super) fn read(reader: &Reader<'_>) -> BackupAccount {
    BackupAccount {
        endpoint: endpoint(reader, "BACKUP_ENDPOINT").or_else(|| endpoint(reader, "BLOB_ENDPOINT")),
        region: reader
            .text("BACKUP_REGION")
            .or_else(|| reader.text("BLOB_REGION"))
            .unwrap_or_else(|| ANY_REGION.to_owned()),
        access_key: reader.secret("BACKUP_ACCESS_KEY").or_else(|| reader.secret("BLOB_ACCESS_KEY")),
        secret_key: reader.secret("BACKUP_SECRET_KEY").or_else(|| reader.secret("BLOB_SECRET_KEY")),
    }
}

impl BackupAccount {
    /// The place that an operator named: `s3://BUCKET/PREFIX`, else a folder.
    ///
    /// # Errors
    /// `NoAccount` for a bucket without a key.
    pub fn place(&self, text: &str) -> Result<BlobLocation, BackupError> {
        let Some(rest) = text.strip_prefix("s3://") else { return Ok(BlobLocation::Folder(PathBuf::from(text))) };
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let (Some(access_key), Some(secret_key)) = (&self.access_key, &self.secret_key) else {
            return Err(BackupError::NoAccount);
        };
        Ok(BlobLocation::S3(Box::new(S3Location {
            bucket: bucket.to_owned(),
            prefix: prefix.trim_matches('/').to_owned(),
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            access_key: secrecy::ExposeSecret::expose_secret(access_key).to_owned(),
            secret_key: secret_key.clone(),
        })))
    }

    /// How much of an account there is: both keys, one, or none.
    pub(crate) fn keys(&self) -> usize {
        [&self.access_key, &self.secret_key].into_iter().flatten().count()
    }

    /// Where its object store is, when that was said.
    pub(crate) fn endpoint(&self) -> Option<&str> {
        self.endpoint.as_deref()
    }

    /// The place of one backup that an operator named, and the backup's name in it.
    ///
    /// # Errors
    /// `NotABackup` for a folder that is not there; `NoAccount`.
    pub fn backup(&self, text: &str) -> Result<(BlobLocation, String), BackupError> {
        let not_a_backup = || BackupError::NotABackup(PathBuf::from(text));
        if let Some(rest) = text.strip_prefix("s3://") {
            let (place, name) = rest.trim_end_matches('/').rsplit_once('/').ok_or_else(not_a_backup)?;
            return Ok((self.place(&format!("s3://{place}"))?, name.to_owned()));
        }
        let path = Path::new(text).canonicalize().map_err(|_| not_a_backup())?;
        let place = path.parent().ok_or_else(not_a_backup)?.to_owned();
        let name = path.file_name().and_then(|name| name.to_str()).ok_or_else(not_a_backup)?.to_owned();
        Ok((BlobLocation::Folder(place), name))
    }
}
