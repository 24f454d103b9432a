//! `rotate-secrets`: encrypts what is stored with the present key, so that the one before it can go. What opens with
//! neither is named, and the command has failed: a key that is still needed must not be thrown away.

use service::Failure;

use super::process::{self, CommandError};
use crate::{configuration::Configuration, exit::Exit, node::Node, terminal::Terminal};

/// What `rotate-secrets` takes. The keys are SECRETS_KEY and SECRETS_KEY_PREVIOUS.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Where a key is lost: switch one-time codes off for everybody whose secret opens with neither key
    #[arg(long)]
    pub switch_off_lost: bool,
}

/// Encrypts every stored secret anew. It may run while the product is used, and again after it broke off.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| rotate(configuration, arguments, terminal))
}

async fn rotate(configuration: Configuration, arguments: &Arguments, terminal: &Terminal) -> Result<(), CommandError> {
    let node = Node::open(configuration).await?;
    let accounts = node.services.accounts();
    let rotation = accounts.rotate_secrets().await.map_err(refused)?;
    terminal.line(&format!("{} stored secrets encrypted with the present key", rotation.count));
    let lost =
        if arguments.switch_off_lost { accounts.switch_off_lost_codes().await.map_err(refused)? } else { Vec::new() };
    node.store.close().await;
    if !lost.is_empty() {
        terminal.line(&format!("one-time codes switched off: {}", lost.join(", ")));
    }
    let left: Vec<_> = rotation.left.into_iter().filter(|name| !lost.contains(name)).collect();
    if left.is_empty() { Ok(()) } else { Err(CommandError::SecretsLeft(left.join(", "))) }
}

fn refused(failure: Failure) -> CommandError {
    CommandError::Failure { asked_with: "SECRETS_KEY, SECRETS_KEY_PREVIOUS", failure }
}
