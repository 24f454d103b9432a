//! The bell: tells whoever listens that something changed. Who missed a ring reads the state again.

use std::fmt;

use bytes::Bytes;
use futures::{future::BoxFuture, stream::BoxStream};

use crate::error::CacheError;

/// One thing heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ring {
    /// The message of one ring.
    Message(Bytes),
    /// Some rings were lost: everything may have changed.
    Lost,
}

/// Rings, and lets listen.
pub trait Bell: Send + Sync + fmt::Debug {
    /// Tells every listener of `channel`; that nobody listens is no error.
    fn ring<'a>(&'a self, channel: &'a str, message: Bytes) -> BoxFuture<'a, Result<(), CacheError>>;

    /// Everything rung on `channel` from now on.
    fn listen(&self, channel: &str) -> BoxStream<'static, Ring>;

    /// A mark of what this node has heard so far, on any channel: two marks are equal only when nothing was heard, or
    /// lost, between them. Those of two nodes never are.
    fn mark(&self) -> String;
}
