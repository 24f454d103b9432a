//! `backup`: everything into a folder or a bucket, checked.

use std::time::Duration;

use store::SchemaState;

use super::process::{self, CommandError};
use crate::{
    backup::{
        backups::Backups,
        make::{Source, make},
        place::BackupPlace,
    },
    configuration::Configuration,
    exit::Exit,
    node::{self, StartError},
    terminal::Terminal,
};

/// What `backup` takes. The server may run meanwhile.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where the backups are: a folder, made when it is missing, or s3://BUCKET/PREFIX. They share what they have in common
    #[arg(value_name = "PLACE")]
    pub place: String,
    /// Encrypt for this public key of `age` (age1…); the program `age` must be installed
    #[arg(long, value_name = "KEY")]
    pub recipient: Option<String>,
    /// Afterwards remove backups that are older than so many days; the newest always stays
    #[arg(long, value_name = "DAYS")]
    pub keep_days: Option<u32>,
}

/// Makes one.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| back_up(configuration, arguments, terminal))
}

async fn back_up(configuration: Configuration, arguments: &Arguments, terminal: &Terminal) -> Result<(), CommandError> {
    let store = node::open_store(&configuration).await?;
    match store.schema_state().await.map_err(StartError::from)? {
        SchemaState::Current => {}
        SchemaState::Behind(waiting) => return Err(StartError::SchemaBehind(waiting).into()),
        SchemaState::Newer { found, known } => return Err(StartError::SchemaNewer { found, known }.into()),
    }
    let blobs = node::open_blobs(&configuration)?;
    let place = BackupPlace::open(&configuration.backups.place(&arguments.place)?)?;
    let backups = Backups::take(place, &configuration.data_dir).await?;
    let source = Source {
        store: &store,
        blobs: &blobs,
        staging: configuration.data_dir.clone(),
        recipient: arguments.recipient.clone(),
        now: node::now(),
    };
    let (path, manifest) = make(&source, &backups).await?;
    // Monitoring sees by it how old the last backup is.
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    service::audit::record_backup(&store, node::now(), &name).await.map_err(StartError::from)?;
    let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
    terminal.line(&format!(
        "{}: {rows} rows and {} blobs of {} bytes, read again and found whole",
        path.display(),
        manifest.blobs,
        manifest.blob_bytes
    ));
    if let Some(days) = arguments.keep_days {
        let removed = backups.remove_older_than(Duration::from_hours(24 * u64::from(days))).await?;
        if removed > 0 {
            terminal.line(&format!("{removed} older backups removed"));
        }
    }
    store.close().await;
    Ok(())
}
