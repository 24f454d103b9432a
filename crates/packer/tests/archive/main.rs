//! Archives written here, opened by the readers of others.

mod foreign;
mod large_zip;
mod volumes;
