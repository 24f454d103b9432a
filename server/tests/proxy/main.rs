//! How nginx behaves with the configuration of this repository: the real nginx in front of the real server, asked by
//! curl.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod containers;
mod edge;
mod errors;
mod events;
mod files;
mod house;
mod nodes;
#[path = "../shared/one_answer.rs"]
mod one_answer;
mod preflight;
mod safety;
mod smoke;
mod stand_in;
mod traces;
mod uploads;
mod versions;
