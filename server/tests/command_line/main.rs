//! The command line, as it is called: the real binary, its exit codes, its outputs and what it leaves behind.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod administrators;
mod backup;
mod binary;
mod bucket;
mod checking;
mod corpus;
mod doctor;
mod endings;
mod first_start;
#[path = "../shared/one_answer.rs"]
mod one_answer;
mod packing;
mod sample_book;
mod sealed;
mod secrets;
mod served;
mod signing;
mod usage;
mod verifying;
