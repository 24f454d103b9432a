//! Pages travel compressed: on a slow line their text is what one waits for.

use axum::{body::HttpBody, http::Response, http::header};
use tower_http::{
    CompressionLevel,
    compression::{CompressionLayer, Predicate},
};

/// Smaller ones fit into one packet as they are.
const LEAST_BYTES: u64 = 1_024;

/// Compresses what [`Pages`] lets through, for whoever accepts gzip.
///
/// The quickest level: a page is made anew each time, and its repetitions go at any level.
pub(crate) fn compress_pages() -> CompressionLayer<Pages> {
    CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(Pages)
}

/// Pages alone. Files of the site are compressed when it is built, packages and covers are already, answers to programs
/// carry tags that a changed body would belie, and a stream of events must not wait for more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pages;

impl Predicate for Pages {
    fn should_compress<B: HttpBody>(&self, response: &Response<B>) -> bool {
        let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        media_type.is_some_and(|media_type| media_type.starts_with("text/html"))
            && response.body().size_hint().exact().is_none_or(|bytes| bytes >= LEAST_BYTES)
    }
}
