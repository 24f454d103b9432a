//! Which blobs are still needed. The bytes are elsewhere, under their hash; the rows say who points at them.

use packer::hash::Sha256;

use crate::{
    StoreError,
    connection::{Reads, number},
    releases::Status,
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

    /// True when somebody still wants to read these bytes: the book of a release that is not refused, a cover or a file
    /// of a package has them.
    pub async fn is_needed(mut self, sha256: &Sha256) -> Result<bool, StoreError> {
        let needs = statement(
            "SELECT (SELECT COUNT(*) FROM books JOIN releases ON releases.book_id = books.id \
             WHERE books.sha256 = ? AND releases.status <> ?) + \
             (SELECT COUNT(*) FROM books WHERE cover_sha256 = ?) + \
             (SELECT COUNT(*) FROM package_files WHERE sha256 = ?) AS number",
        );
        let needs = needs.bind(sha256).bind(Status::Refused).bind(sha256).bind(sha256);
        Ok(number(&mut self.0, needs).await? > 0)
    }
}
