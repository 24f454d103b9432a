//! Why the cache could not be asked.

/// The cache did not answer. Never a reason to refuse a request: the caller goes on without it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cache does not answer: {0}")]
pub struct CacheError(pub String);
