//! `migrate`: brings the database's schema up to date.

use store::SchemaState;

use super::process;
use crate::{configuration::Configuration, exit::Exit, node, terminal::Terminal};

/// What `migrate` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Only say whether migrations are waiting
    #[arg(long)]
    pub check: bool,
}

/// Migrates, or says what would be done.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| migrate(configuration, arguments.check, terminal))
}

async fn migrate(configuration: Configuration, check: bool, terminal: &Terminal) -> Result<(), process::CommandError> {
    let store = node::open_store(&configuration).await?;
    let state = store.schema_state().await.map_err(node::StartError::from)?;
    match state {
        SchemaState::Current => terminal.line("the database is up to date"),
        SchemaState::Newer { found, known } => return Err(node::StartError::SchemaNewer { found, known }.into()),
        SchemaState::Behind(waiting) if check => return Err(node::StartError::SchemaBehind(waiting).into()),
        SchemaState::Behind(waiting) => {
            store.migrate().await.map_err(node::StartError::from)?;
            terminal.line(&format!("{waiting} migrations applied"));
        }
    }
    store.close().await;
    Ok(())
}
