//! Which blobs are still needed. The bytes are elsewhere, under their hash; the rows say who points at them.

use packer::hash::Sha256;

use crate::{
    StoreError,
    connection::{Reads, number},
    statement::statement,
};

/// Questions about blobs, asked of a store or a transaction.
#[derive(Debug)]
pub struct Blobs<C>(pub(crate) C);

impl<C: Reads> Blobs<C> {
    /// True when a book, a cover or a file of a package has these bytes.
    pub async fn is_used(mut self, sha256: &Sha256) -> Result<bool, StoreError> {
        let uses = statement(
            "SELECT (SELECT COUNT(*) FROM books WHERE sha256 = ?) + \
             (SELECT COUNT(*) FROM books WHERE cover_sha256 = ?) + \
             (SELECT COUNT(*) FROM package_files WHERE sha256 = ?) AS number",
        );
        Ok(number(&mut self.0, uses.bind(sha256).bind(sha256).bind(sha256)).await? > 0)
    }
}
