//! Archives that hold books: written without compression, without a clock and without a trace of the machine.

pub mod rar;
pub mod volume_zip;
pub mod zip_store;
