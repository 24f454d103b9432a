//! `restore`: a backup into an empty place, or only a look whether it is whole.

use std::path::PathBuf;

use service::audit::EndedByRestore;

use super::process::{self, CommandError};
use crate::{
    backup::{place::BackupPlace, restore::Backup},
    configuration::Configuration,
    exit::Exit,
    in_use::InUse,
    node,
    terminal::Terminal,
};

/// What `restore` takes. It fills the database and the blob store that the environment names; both must be empty.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// One backup: the folder that holds `backup.json`, or s3://BUCKET/PREFIX/NAME
    pub backup: String,
    /// The file of the secret key, when it is encrypted
    #[arg(long, value_name = "FILE")]
    pub identity: Option<PathBuf>,
    /// Only read everything and say whether it is whole
    #[arg(long)]
    pub check: bool,
}

/// Restores, or checks.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| restore(configuration, arguments, terminal))
}

async fn restore(configuration: Configuration, arguments: &Arguments, terminal: &Terminal) -> Result<(), CommandError> {
    let (location, name) = configuration.backups.backup(&arguments.backup)?;
    let backup = Backup::open(BackupPlace::open(&location)?, &name, arguments.identity.as_deref()).await?;
    let rows: u64 = backup.manifest.tables.values().map(|table| table.rows).sum();
    let what = format!("{rows} rows and {} blobs of {}", backup.manifest.blobs, backup.manifest.created_at);
    node::make_private_folder(&configuration.data_dir)?;
    if arguments.check {
        backup.check(&configuration.data_dir).await?;
        terminal.line(&format!("{what}: whole"));
        return Ok(());
    }
    let in_use = InUse::take(&configuration)?;
    let store = node::open_store(&configuration).await?;
    let blobs = node::open_blobs(&configuration)?;
    let ended = backup.restore(&store, &blobs, &configuration.data_dir).await?;
    store.close().await;
    drop(in_use);
    terminal.line(&format!("{what}: restored, read again and equal"));
    let EndedByRestore { sessions, tokens, links } = ended;
    terminal.line(&format!("{sessions} sessions, {tokens} tokens and {links} links ended: everybody signs in again"));
    terminal
        .line("Passwords, one-time codes with their recovery codes, and who is deactivated are those of the backup.");
    Ok(())
}
