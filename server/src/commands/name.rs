//! `name`: the name that a release of the book would have.

use std::path::{Path, PathBuf};

use clap::Args;
use packer::{group::GroupTag, metadata::Overrides, plan::Request, prepare::prepare, profile::Profile};

use super::{book::BookFile, failure::Failure, release_options};
use crate::{exit::Exit, interruption::Interruption, terminal::Terminal};

/// What `name` takes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The book
    #[arg(value_name = "FILE")]
    path: PathBuf,
    /// The group, its tag of 2 to 30 letters and digits
    #[arg(long, value_name = "TAG", default_value = "GROUP")]
    group: GroupTag,
    /// The rules of the name: a profile's name, or the path of your own, ending in .toml
    #[arg(long, value_name = "PROFILE", default_value = "scene-ebook")]
    profile: String,
    #[arg(long, value_name = "FIELD=VALUE", help = release_options::help_of_set())]
    set: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    match name(arguments, terminal) {
        Ok(name) => {
            terminal.line(&name);
            Exit::Good
        }
        Err(failure) => {
            failure.tell(&arguments.path.display().to_string(), terminal);
            failure.exit
        }
    }
}

fn name(arguments: &Arguments, terminal: &Terminal) -> Result<String, Failure> {
    let profile = release_options::profile(&arguments.profile)?;
    let overrides = release_options::fields(&arguments.set)?;
    let interruption = Interruption::listen().map_err(|error| Failure::unreadable(&error))?;
    plan_name(&arguments.path, &arguments.group, &profile, &overrides, &interruption, terminal)
}

fn plan_name(
    path: &Path,
    group: &GroupTag,
    profile: &Profile,
    overrides: &Overrides,
    interruption: &Interruption,
    terminal: &Terminal,
) -> Result<String, Failure> {
    let mut book = BookFile::open(path)?;
    let inspection = book.metadata(&terminal.watch(book.name(), interruption))?;
    let plan = prepare(&Request {
        book: &inspection,
        file_name: book.name(),
        book_size: book.size(),
        overrides,
        group,
        rights: None,
        profile,
        nfo_template: None,
        diz_template: None,
        date: release_options::today()?,
        volume_id: None,
    })?;
    Ok(plan.name.to_string())
}
