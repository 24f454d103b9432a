//! The bell in memory.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use futures::{
    future::{self, BoxFuture, FutureExt},
    stream::{BoxStream, StreamExt},
};
use tokio::sync::broadcast;
use tokio_stream::wrappers::BroadcastStream;

use crate::{
    bell::{Bell, Ring},
    error::CacheError,
};

/// The bell of one process.
#[derive(Debug)]
pub struct MemoryBell {
    rings: usize,
    channels: Mutex<HashMap<String, broadcast::Sender<Ring>>>,
}

impl MemoryBell {
    /// A listener more than `rings` messages behind is told that it lost some.
    pub fn new(rings: usize) -> Self {
        Self { rings: rings.max(1), channels: Mutex::default() }
    }

    /// Tells every listener that rings may be lost.
    pub(crate) fn lose(&self) {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, sender| sender.send(Ring::Lost).is_ok());
    }
}

impl Bell for MemoryBell {
    fn ring<'a>(&'a self, channel: &'a str, message: Bytes) -> BoxFuture<'a, Result<(), CacheError>> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        // A channel that nobody listens to any more is dropped: names of channels may come and go.
        if channels.get(channel).is_some_and(|sender| sender.send(Ring::Message(message)).is_err()) {
            channels.remove(channel);
        }
        future::ready(Ok(())).boxed()
    }

    fn listen(&self, channel: &str) -> BoxStream<'static, Ring> {
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = channels.entry(channel.to_owned()).or_insert_with(|| broadcast::channel(self.rings).0);
        BroadcastStream::new(sender.subscribe()).map(|heard| heard.unwrap_or(Ring::Lost)).boxed()
    }
}
