//! The bell in memory.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::{BuildHasher, Hasher},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
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
    /// Random, to tell its marks from those of another.
    name: u64,
    heard: AtomicU64,
    channels: Mutex<HashMap<String, broadcast::Sender<Ring>>>,
}

impl MemoryBell {
    /// A listener more than `rings` messages behind is told that it lost some.
    pub fn new(rings: usize) -> Self {
        let name = RandomState::new().build_hasher().finish();
        Self { rings: rings.max(1), name, heard: AtomicU64::default(), channels: Mutex::default() }
    }

    /// Tells every listener that rings may be lost.
    pub(crate) fn lose(&self) {
        self.heard.fetch_add(1, Ordering::SeqCst);
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, sender| sender.send(Ring::Lost).is_ok());
    }
}

impl Bell for MemoryBell {
    fn ring<'a>(&'a self, channel: &'a str, message: Bytes) -> BoxFuture<'a, Result<(), CacheError>> {
        // Before anybody is told: who compares marks after it began to listen misses nothing.
        self.heard.fetch_add(1, Ordering::SeqCst);
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

    fn mark(&self) -> String {
        format!("{:016x}.{}", self.name, self.heard.load(Ordering::SeqCst))
    }
}
