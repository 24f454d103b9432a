//! The bell over Redis: what one node rings, all hear.

use std::sync::Arc;

use bytes::{BufMut, Bytes, BytesMut};
use fred::{
    clients::SubscriberClient,
    interfaces::{EventInterface, PubsubInterface},
    types::Message,
};
use futures::{
    future::{BoxFuture, FutureExt},
    stream::BoxStream,
};
use tokio::sync::broadcast::error::RecvError;

use super::link::{Link, named};
use crate::{
    bell::{Bell, Ring},
    error::CacheError,
    in_process::MemoryBell,
};

/// One channel of Redis carries all of ours: an access list names it, and one subscription keeps it.
const CHANNEL: &str = "bell";

/// Bytes of the mark by which a node knows what it rang itself.
const MARK_BYTES: usize = 16;

/// The bell of all nodes. On its own node a ring is heard at once, whether Redis is there or not.
#[derive(Debug)]
pub(super) struct RedisBell {
    link: Arc<Link>,
    here: Arc<MemoryBell>,
    mark: [u8; MARK_BYTES],
}

impl RedisBell {
    pub(super) fn new(link: Arc<Link>, rings: usize, mark: [u8; MARK_BYTES]) -> Self {
        Self { link, here: Arc::new(MemoryBell::new(rings)), mark }
    }

    /// Passes on what other nodes ring, as long as the subscriber lives. After each new connection whoever listens is
    /// told that rings may be lost.
    pub(super) fn pass_on(&self, subscriber: &SubscriberClient) {
        let (mut messages, mut reconnections) = (subscriber.message_rx(), subscriber.reconnect_rx());
        let (here, mark) = (Arc::clone(&self.here), self.mark);
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    message = messages.recv() => match message {
                        Ok(message) => hear(&here, mark, &message).await,
                        Err(RecvError::Lagged(_)) => here.lose(),
                        Err(RecvError::Closed) => return,
                    },
                    connected = reconnections.recv() => match connected {
                        Ok(_) | Err(RecvError::Lagged(_)) => here.lose(),
                        Err(RecvError::Closed) => return,
                    },
                }
            }
        });
    }

    /// The one channel to subscribe to.
    pub(super) fn channel() -> String {
        named(CHANNEL)
    }

    fn frame(&self, channel: &str, message: &Bytes) -> Option<Bytes> {
        let mut frame = BytesMut::with_capacity(MARK_BYTES + 1 + channel.len() + message.len());
        frame.put_slice(&self.mark);
        frame.put_u8(u8::try_from(channel.len()).ok()?);
        frame.put_slice(channel.as_bytes());
        frame.put_slice(message);
        Some(frame.freeze())
    }
}

/// What another node rang; a message that is not ours is nothing.
async fn hear(here: &MemoryBell, mark: [u8; MARK_BYTES], message: &Message) {
    let Some(frame) = message.value.as_bytes() else { return };
    let Some((from, rest)) = frame.split_at_checked(MARK_BYTES) else { return };
    if from == mark {
        return;
    }
    let Some((length, rest)) = rest.split_first() else { return };
    let Some((channel, message)) = rest.split_at_checked(usize::from(*length)) else { return };
    let Ok(channel) = std::str::from_utf8(channel) else { return };
    // In memory it cannot fail.
    let _ = here.ring(channel, Bytes::copy_from_slice(message)).await;
}

impl Bell for RedisBell {
    fn ring<'a>(&'a self, channel: &'a str, message: Bytes) -> BoxFuture<'a, Result<(), CacheError>> {
        async move {
            let frame = self.frame(channel, &message);
            self.here.ring(channel, message).await?;
            let frame = frame.ok_or_else(|| CacheError("the channel's name is too long".to_owned()))?;
            self.link.ask(self.link.client.publish::<(), _, _>(Self::channel(), frame)).await
        }
        .boxed()
    }

    fn listen(&self, channel: &str) -> BoxStream<'static, Ring> {
        self.here.listen(channel)
    }

    fn mark(&self) -> String {
        self.here.mark()
    }
}
