//! Archives written here, opened by the readers of others.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod foreign;
mod large_zip;
mod volumes;
