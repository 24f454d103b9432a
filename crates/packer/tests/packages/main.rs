//! Packages written here, opened by the tools of others and verified by our own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod bags;
mod foreign;
mod large_zip;
mod manifest_schema;
mod packing;
mod refusals;
mod sample;
mod verification;
mod volumes;
