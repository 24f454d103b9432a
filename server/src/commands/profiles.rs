//! `profiles`: which rules there are.

use clap::{Args, Subcommand};
use packer::profile::Profile;

use super::{failure::Failure, release_options::profile_names};
use crate::{exit::Exit, terminal::Terminal};

/// What `profiles` takes.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the profiles; this is what is done when nothing is said
    List,
    /// Print a profile as TOML
    Show {
        /// Its name
        name: String,
    },
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    match &arguments.action {
        None | Some(Action::List) => {
            for profile in Profile::built_ins() {
                let formats: Vec<_> = profile.formats.iter().map(|format| format.word()).collect();
                let (name, version) = (&profile.name, profile.version);
                terminal.line(&format!("{name:<16} version {version}  {}", formats.join(", ")));
            }
            Exit::Good
        }
        Some(Action::Show { name }) => match show(name) {
            Ok(text) => {
                terminal.text(&text);
                Exit::Good
            }
            Err(failure) => {
                failure.tell(name, terminal);
                failure.exit
            }
        },
    }
}

fn show(name: &str) -> Result<String, Failure> {
    let profile = Profile::built_in(name)
        .ok_or_else(|| Failure::usage("there is no such profile", format!("there are {}", profile_names())))?;
    profile.to_toml().map_err(|error| Failure::new(Exit::Fault, "profile-unwritable", error.to_string(), ""))
}
