//! The command line: which commands there are and what they take.

use clap::{Parser, Subcommand};

use crate::{
    commands::{
        backup, check, create_admin, doctor, healthcheck, keys, migrate, name, pack, profiles, restore, rotate_secrets,
        serve, verify, worker,
    },
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
    /// List the profiles, show one, or validate your own
    Profiles(profiles::Arguments),
    /// Make, show and rotate the keys that packages are signed with
    Keys(keys::Arguments),
    /// Serve the web app and the REST API, and work on jobs
    Serve(serve::Arguments),
    /// Work on jobs, beside other processes that serve
    Worker(worker::Arguments),
    /// Bring the database's schema up to date
    Migrate(migrate::Arguments),
    /// Make an administrator
    CreateAdmin(create_admin::Arguments),
    /// Encrypt stored secrets with SECRETS_KEY in place of SECRETS_KEY_PREVIOUS
    RotateSecrets(rotate_secrets::Arguments),
    /// Copy everything into a folder, and read it again
    Backup(backup::Arguments),
    /// Put a backup into an empty place, or look whether it is whole
    Restore(restore::Arguments),
    /// List the configuration and look for what will not work
    Doctor(doctor::Arguments),
    /// Ask the server on this machine whether it is ready
    Healthcheck(healthcheck::Arguments),
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
            Self::Keys(arguments) => keys::run(&arguments, terminal),
            Self::Serve(arguments) => serve::run(&arguments, terminal),
            Self::Worker(arguments) => worker::run(&arguments, terminal),
            Self::Migrate(arguments) => migrate::run(&arguments, terminal),
            Self::CreateAdmin(arguments) => create_admin::run(&arguments, terminal),
            Self::RotateSecrets(arguments) => rotate_secrets::run(&arguments, terminal),
            Self::Backup(arguments) => backup::run(&arguments, terminal),
            Self::Restore(arguments) => restore::run(&arguments, terminal),
            Self::Doctor(arguments) => doctor::run(&arguments, terminal),
            Self::Healthcheck(arguments) => healthcheck::run(&arguments, terminal),
        }
    }
}
