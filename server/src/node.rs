//! One process of the product, put together from its configuration: the same for every command that needs data.

use std::{
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use cache::{Cache, CacheError, Capacity, Clock, SystemClock};
use service::{BlobError, Blobs, Failure, KeyFit, SecretString, Services, Settings, Staging, Store, Timestamp};
use store::{DatabaseLocation, MigrationError, SchemaState, StoreError};

use crate::configuration::{Configuration, GeneratedSecretError, generated_key};

/// Why the process cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// `DATA_DIR` cannot be made.
    #[error("DATA_DIR: cannot make {}", path.display())]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Another process works with `DATA_DIR`.
    #[error("DATA_DIR: another process already works with {}; stop it first, or give this one a folder of its own", .0.display())]
    InUse(PathBuf),
    /// The generated key cannot be had.
    #[error("no signing key")]
    Secret(#[from] GeneratedSecretError),
    /// The database does not open.
    #[error("the database does not open")]
    Database(#[from] StoreError),
    /// The schema cannot be brought up to date.
    #[error("the database cannot be migrated")]
    Migration(#[from] MigrationError),
    /// Migrations are waiting, and on a shared database somebody decides when they run.
    #[error("{0} migrations are waiting; run `ebook-scene-packer migrate` first")]
    SchemaBehind(usize),
    /// The database belongs to a newer version.
    #[error("the database has schema version {found}, this version knows {known}; use the newer version")]
    SchemaNewer {
        /// Found there.
        found: i64,
        /// Known here.
        known: i64,
    },
    /// Nobody of whom a one-time code is asked could come in with one.
    #[error(
        "SECRETS_KEY: the seeds of one-time codes in the database are encrypted with another key; set that one as \
         SECRETS_KEY, or as SECRETS_KEY_PREVIOUS when it was changed (where it was never set it is the file \
         secrets/secrets-key in DATA_DIR); where it is lost, run `ebook-scene-packer rotate-secrets --switch-off-lost`"
    )]
    SecretsKey,
    /// What the stored secrets are encrypted with cannot be told.
    #[error("the stored secrets cannot be read")]
    Secrets(#[from] Failure),
    /// What `REDIS_URL` says cannot be used at all.
    #[error("Redis cannot be used")]
    Cache(#[from] CacheError),
    /// The folder of the blobs cannot be used.
    #[error("the books cannot be stored")]
    Blobs(#[from] BlobError),
}

/// The parts of a process.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it was told.
    pub configuration: Arc<Configuration>,
    /// The use cases.
    pub services: Services,
    /// The data.
    pub store: Store,
    /// What may be forgotten.
    pub cache: Cache,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Where packages are staged, for as long as this lives.
    pub staging: Arc<Staging>,
}

impl Node {
    /// Opens everything. The embedded database is migrated on the way, a shared one must be up to date.
    pub async fn open(configuration: Configuration) -> Result<Self, StartError> {
        let store = open_store(&configuration).await?;
        match (&configuration.database, store.schema_state().await?) {
            (_, SchemaState::Newer { found, known }) => return Err(StartError::SchemaNewer { found, known }),
            (_, SchemaState::Current) => {}
            (DatabaseLocation::Sqlite { .. }, SchemaState::Behind(_)) => store.migrate().await?,
            (DatabaseLocation::MySql { .. }, SchemaState::Behind(waiting)) => {
                return Err(StartError::SchemaBehind(waiting));
            }
        }
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let cache = match &configuration.redis {
            Some(redis) => Cache::redis(redis, Capacity::default(), Arc::clone(&clock), rand::random()).await?,
            None => Cache::in_process(Capacity::default(), Arc::clone(&clock)),
        };
        let blobs = open_blobs(&configuration)?;
        let staging = Staging::begin(&configuration.data_dir.join("staging"))
            .map_err(|source| StartError::DataDir { path: configuration.data_dir.clone(), source })?;
        let settings = settings(&configuration, staging.folder())?;
        let services = Services::new(store.clone(), blobs, cache.clone(), settings, Arc::clone(&clock));
        Ok(Self { configuration: Arc::new(configuration), services, store, cache, clock, staging: Arc::new(staging) })
    }

    /// Looks whether the stored secrets are of a key that is set. In production a node that has lost it does not serve:
    /// everybody with one-time codes would be asked for one and kept out by each.
    pub async fn check_secrets(&self) -> Result<(), StartError> {
        let missing = match self.services.accounts().key_fit().await? {
            KeyFit::All => return Ok(()),
            KeyFit::Some { foreign } => foreign,
            KeyFit::None if self.configuration.is_production() => return Err(StartError::SecretsKey),
            KeyFit::None => 0,
        };
        tracing::warn!(
            missing,
            "one-time codes are encrypted with a key that is neither SECRETS_KEY nor SECRETS_KEY_PREVIOUS"
        );
        Ok(())
    }
}

/// Opens the database as it is.
pub async fn open_store(configuration: &Configuration) -> Result<Store, StartError> {
    make_private_folder(&configuration.data_dir)
        .map_err(|source| StartError::DataDir { path: configuration.data_dir.clone(), source })?;
    Ok(Store::open(&configuration.database).await?)
}

/// Opens the store of the books' and packages' bytes.
pub(crate) fn open_blobs(configuration: &Configuration) -> Result<Blobs, StartError> {
    Ok(Blobs::open(&configuration.blobs)?)
}

/// The time, for commands that need nothing else of a node.
pub(crate) fn now() -> Timestamp {
    Timestamp(SystemClock.now_ms())
}

/// Books that are not published yet, and keys: nobody else's business on this machine.
pub(crate) fn make_private_folder(path: &std::path::Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn settings(configuration: &Configuration, staging: &Path) -> Result<Settings, StartError> {
    let secret: SecretString = match &configuration.jwt_secret {
        Some(secret) => secret.clone(),
        None => generated_key(&configuration.data_dir, "jwt-secret-key", |bytes| rand::fill(bytes))?,
    };
    let embedded = matches!(configuration.database, DatabaseLocation::Sqlite { .. });
    let secrets_key = match &configuration.secrets_key {
        None if embedded => Some(generated_key(&configuration.data_dir, "secrets-key", |bytes| rand::fill(bytes))?),
        key => key.clone(),
    };
    Ok(Settings {
        jwt_secret_previous: configuration.jwt_secret_previous.clone(),
        secrets_key,
        secrets_key_previous: configuration.secrets_key_previous.clone(),
        access_token_lifetime: configuration.access_token_lifetime,
        upload_max_bytes: configuration.upload_max_bytes,
        workers: configuration.workers,
        sends_mail: configuration.mail.is_some(),
        told: configuration.told.clone(),
        ..Settings::new(secret, staging.to_owned(), env!("CARGO_PKG_VERSION"))
    })
}
