//! `rotate-secrets`: encrypts what is stored with the present key, so that the one before it can go.

use super::process::{self, CommandError};
use crate::{configuration::Configuration, exit::Exit, node::Node, terminal::Terminal};

/// What `rotate-secrets` takes: nothing. The keys are SECRETS_KEY and SECRETS_KEY_PREVIOUS.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Encrypts every stored secret anew. It may run while the product is used, and again after it broke off.
pub(crate) fn run(_arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| rotate(configuration, terminal))
}

async fn rotate(configuration: Configuration, terminal: &Terminal) -> Result<(), CommandError> {
    let node = Node::open(configuration).await?;
    let count = node
        .services
        .accounts()
        .rotate_secrets()
        .await
        .map_err(|failure| CommandError::Failure { asked_with: "SECRETS_KEY, SECRETS_KEY_PREVIOUS", failure })?;
    terminal.line(&format!("{count} stored secrets encrypted with the present key"));
    node.store.close().await;
    Ok(())
}
