//! `cargo xtask …`: the front door of the repository.
//!
//! Std only: it is the first thing compiled on a new machine.

mod api;
mod bench;
mod brotli;
mod check;
mod commands;
mod coverage;
mod damage;
mod databases;
mod debian;
mod dependencies;
mod deployment;
mod end_to_end;
mod failure;
mod fuzz;
mod house_rules;
mod migrations;
mod place;
mod process;
mod program;
mod reference;
mod rehearse;
mod score;
mod services;
mod setup;
mod site;
mod size;
mod speed;
mod stamp;
mod steps;
mod target_folder;
mod terminal;
mod test;
mod third_party;
mod tools;
mod verdicts;
mod worker;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match commands::run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal::say(format_args!("\nxtask: {failure}"));
            ExitCode::FAILURE
        }
    }
}
