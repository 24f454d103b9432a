//! eBook Scene Packer as a process: the command line and everything behind it.

pub mod assets;
pub mod backup;
pub mod command_line;
pub mod commands;
pub mod configuration;
pub mod downloads;
pub mod drain;
mod error_page;
mod events;
mod exit;
mod failure;
pub mod health;
mod in_use;
mod incident;
mod input;
mod interruption;
mod logging;
pub mod mail;
pub mod metrics;
pub mod middleware;
pub mod node;
mod rest;
mod router;
mod serving;
pub mod site_names;
pub mod state;
mod terminal;
mod traces;
mod uploads;
mod visitor;

use std::{
    ffi::OsString,
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
};

use clap::Parser;

use crate::{
    command_line::CommandLine,
    exit::Exit,
    terminal::{Mark, Terminal},
};
pub use crate::{router::router, serving::serve};

/// Runs one command line, the program's name first, and gives the exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let terminal = Terminal::of_process();
    let line = match CommandLine::try_parse_from(arguments) {
        Ok(line) => line,
        Err(error) => {
            // Help and version come here too, and go to the standard output. Nobody is left to tell when that fails.
            drop(error.print());
            return if error.use_stderr() { Exit::Usage } else { Exit::Good }.into();
        }
    };
    // The panic itself has told where it happened; here it only gets its exit code.
    let exit = catch_unwind(AssertUnwindSafe(|| line.command.run(&terminal))).unwrap_or_else(|_| {
        let message = "this is a fault of the program, not of the book: please report it with the lines above";
        terminal.marked(Mark::Error, message);
        Exit::Fault
    });
    terminal.finish(exit).into()
}
