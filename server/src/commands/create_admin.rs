//! `create-admin`: makes an administrator from the command line.

use std::io::{self, BufRead};

use secrecy::ExposeSecret;
use service::SecretString;

use super::process::{self, CommandError};
use crate::{configuration::Configuration, exit::Exit, node::Node, terminal::Terminal};

/// What `create-admin` takes. The password never stands on the command line, where every user of the machine sees it.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The name to sign in with; ADMIN_USERNAME, else `admin`, when it is not given
    #[arg(long)]
    pub username: Option<String>,
    /// Read the password from the first line of the standard input; else it is ADMIN_PASSWORD, else a new one is printed
    #[arg(long)]
    pub password_stdin: bool,
}

/// Makes the administrator.
pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run_beside_options(terminal, |configuration| create(configuration, arguments, terminal))
}

async fn create(configuration: Configuration, arguments: &Arguments, terminal: &Terminal) -> Result<(), CommandError> {
    // Each for itself: an option wins over its variable, and says nothing about the other one.
    let configured = configuration.administrator.clone();
    let username = arguments.username.clone().or(configured.username).unwrap_or_else(|| "admin".to_owned());
    let given = if arguments.password_stdin { Some(read_password()?) } else { configured.password };
    let is_new = given.is_none();
    let password = given.unwrap_or_else(new_password);
    let node = Node::open(configuration).await?;
    node.services
        .accounts()
        .create_administrator(&username, &password)
        .await
        .map_err(|failure| CommandError::Failure { asked_with: "no administrator was made", failure })?;
    terminal.line(&format!("administrator {username} made"));
    if is_new {
        terminal.line(&format!("password, shown this once: {}", password.expose_secret()));
    }
    node.store.close().await;
    Ok(())
}

fn read_password() -> io::Result<SecretString> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned().into())
}

/// Eighty random bits in four groups that can be typed.
fn new_password() -> SecretString {
    let halves = [crate::incident::new_id(), crate::incident::new_id()];
    halves.join("-").into()
}
