//! `profiles`: which rules there are.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use packer::profile::Profile;

use super::{
    failure::Failure,
    release_options::{profile_names, proven_profile},
};
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
    /// Read profiles of your own and say, with line and column, what is wrong with them
    Validate {
        /// Their files
        #[arg(required = true, value_name = "FILE")]
        paths: Vec<PathBuf>,
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
        Some(Action::Validate { paths }) => {
            paths.iter().map(|path| validate(path, terminal)).max().unwrap_or(Exit::Good)
        }
    }
}

fn validate(path: &Path, terminal: &Terminal) -> Exit {
    let place = path.display().to_string();
    match proven_profile(path) {
        Ok(profile) => {
            terminal.line(&format!("{place}: good, the profile `{}`, version {}", profile.name, profile.version));
            Exit::Good
        }
        Err(failure) if failure.code == "profile-invalid" => {
            failure.tell("profiles validate", terminal);
            Exit::Failed
        }
        Err(failure) => {
            failure.tell("profiles validate", terminal);
            failure.exit
        }
    }
}

fn show(name: &str) -> Result<String, Failure> {
    let profile = Profile::built_in(name)
        .ok_or_else(|| Failure::usage("there is no such profile", format!("there are {}", profile_names())))?;
    profile.to_toml().map_err(|error| Failure::new(Exit::Fault, "profile-unwritable", error.to_string(), ""))
}
