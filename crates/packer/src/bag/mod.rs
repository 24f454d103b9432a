//! Bags: directories with their checksums, after RFC 8493 (BagIt 1.0) and the drafts before it (0.93 to 0.97).
//!
//! A bag of whatever origin is judged here; [`crate::verify`] does it where it meets one. `fetch.txt` is read and
//! nothing is ever fetched.

mod algorithm;
pub(crate) mod contents;
mod declaration;
mod encoding;
mod info;
mod listing;
mod report;
mod verify;

pub use algorithm::Algorithm;
pub use report::{BagFault, BagProblem, BagReport};
pub(crate) use verify::{is_bag, verify};

/// The file that says that a directory is a bag.
pub(crate) const DECLARATION: &str = "bagit.txt";
/// The file that says what is in it.
pub(crate) const INFO: &str = "bag-info.txt";
/// The file that says where missing parts are.
pub(crate) const FETCH: &str = "fetch.txt";
/// What every path of the payload begins with.
pub(crate) const PAYLOAD: &str = "data/";

#[cfg(test)]
mod tests;
