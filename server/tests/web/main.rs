//! The whole application through its own router, and on a real socket where the connection matters.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod assets;
mod backup;
mod chosen;
mod covers;
mod cross_site;
mod downloads;
mod drain;
mod elsewhere;
mod events;
mod fields;
mod first_steps;
mod fixation;
mod guard;
mod guessing;
mod harness;
mod headers;
mod health;
mod hostile;
mod keys;
mod limits;
mod mail;
mod mailbox;
mod many_jobs;
mod nfo;
mod old_packages;
#[path = "../shared/one_answer.rs"]
mod one_answer;
mod one_time_code;
mod others;
mod promises;
mod requests;
mod roles;
#[path = "../command_line/sample_book.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod sample_book;
mod secrets;
mod session;
mod sources;
mod statements;
mod things;
mod tus;
mod visitors;
mod whole;
