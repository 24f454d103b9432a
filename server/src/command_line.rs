//! The command line: which commands there are and what they take.

use clap::{Parser, Subcommand};

use crate::{
    commands::{check, name, pack, profiles, verify},
    exit::Exit,
    terminal::Terminal,
};

/// Turns finished e-books into checked, consistently named, checksummed and verifiable release packages.
#[derive(Debug, Parser)]
#[command(name = "ebook-scene-packer", version, about, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 good, 1 a check or verification failed or a finding blocked packing, 2 wrong \
    usage, 3 a file cannot be read or written or has an unknown format, 4 refused (DRM, limit, taken name), 5 fault \
    of the program, 130 interrupted.")]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the release package of each book
    Pack(pack::Arguments),
    /// Check books and say what is wrong with them
    Check(check::Arguments),
    /// Print the name that a release of the book would have
    Name(name::Arguments),
    /// Verify packages, or files by a list of checksums
    Verify(verify::Arguments),
    /// List the profiles, or show one
    Profiles(profiles::Arguments),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self, terminal: &Terminal) -> Exit {
        match self {
            Self::Pack(arguments) => pack::run(&arguments, terminal),
            Self::Check(arguments) => check::run(&arguments, terminal),
            Self::Name(arguments) => name::run(&arguments, terminal),
            Self::Verify(arguments) => verify::run(&arguments, terminal),
            Self::Profiles(arguments) => profiles::run(&arguments, terminal),
        }
    }
}
