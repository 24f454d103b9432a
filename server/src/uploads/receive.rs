//! A body on its way into an upload: collected into parts, each durable before the next is read.

use std::{sync::Arc, time::Duration};

use axum::{body::BodyDataStream, http::StatusCode};
use bytes::{Bytes, BytesMut};
use cache::Clock;
use futures::{Stream, StreamExt};
use service::{Actor, Failure, FailureKind, Services, UploadId, uploads::PART_BYTES};

use crate::{failure::ApiFailure, state::AppState};

/// How long nothing may come. A slow line may take hours, as long as it moves.
pub(super) const IDLE_TIME: Duration = Duration::from_mins(1);

/// How often it is asked, while a body comes, whether its sender still may: as often as a stream of events asks.
const ASKED_EVERY_MS: i64 = 60_000;

/// The sender of a body that may take hours. A session that has ended, or a person who is deactivated, sends no more.
#[derive(Debug)]
pub(super) struct Sender {
    services: Services,
    clock: Arc<dyn Clock>,
    /// Who they were when it was last asked.
    pub actor: Actor,
    asked_at: i64,
}

impl Sender {
    /// Whoever was let in just now.
    pub(super) fn new(state: &AppState, actor: &Actor) -> Self {
        let (services, clock) = (state.services.clone(), Arc::clone(&state.clock));
        Self { services, asked_at: clock.now_ms(), clock, actor: actor.clone() }
    }

    /// Asks again when it is time to.
    ///
    /// # Errors
    /// `SignedOut`.
    pub(super) async fn still(&mut self) -> Result<(), Failure> {
        let now = self.clock.now_ms();
        if now - self.asked_at < ASKED_EVERY_MS {
            return Ok(());
        }
        self.asked_at = now;
        match self.services.accounts().still(&self.actor).await {
            Ok(actor) => self.actor = actor,
            Err(failure) if failure.kind == FailureKind::SignedOut => return Err(failure),
            // A database that does not answer has not said no.
            Err(failure) => tracing::debug!(%failure, "nobody said whether a sender still may"),
        }
        Ok(())
    }
}

/// Why a body came to its end too early.
#[derive(Debug)]
enum Interruption {
    /// The connection is gone; there is nobody to answer.
    Lost,
    /// Nothing came for [`IDLE_TIME`].
    Idle,
    /// More came than the upload has room for.
    TooMuch,
}

/// How a body was received.
#[derive(Debug)]
pub(super) struct Received {
    /// The new offset.
    pub offset: u64,
    interruption: Option<Interruption>,
    room: u64,
}

impl Received {
    /// The offset of a body that came whole, or the answer for one that did not.
    pub(super) fn whole(self) -> Result<u64, ApiFailure> {
        match self.interruption {
            None => Ok(self.offset),
            Some(Interruption::TooMuch) => Err(ApiFailure::too_large(self.room)),
            Some(Interruption::Idle) => Err(ApiFailure::new(
                StatusCode::REQUEST_TIMEOUT,
                "idle",
                format!("nothing came for {} seconds; what came is kept", IDLE_TIME.as_secs()),
            )
            .with("offset", self.offset)),
            Some(Interruption::Lost) => {
                Err(ApiFailure::bad_request("interrupted", "the body ended early; what came is kept")
                    .with("offset", self.offset))
            }
        }
    }
}

/// Where the bytes go.
#[derive(Debug)]
pub(super) struct Target {
    /// Whose upload it is.
    pub sender: Sender,
    /// Which.
    pub upload: UploadId,
    /// Where the first byte belongs.
    pub offset: u64,
    /// How many bytes may still come.
    pub room: u64,
}

/// Receives a request's body.
///
/// It runs as a task of its own: when the connection breaks, the handler is dropped on the spot, but what has come by
/// then is still to be kept.
pub(super) async fn body(target: Target, body: BodyDataStream) -> Result<Received, ApiFailure> {
    let task = service::request::spawn(stream(target, body));
    match task.await {
        Ok(received) => Ok(received?),
        Err(error) => Err(ApiFailure::internal(&error)),
    }
}

/// Receives bytes until the stream ends or breaks. What came before a break is kept, down to the last byte; of somebody who
/// may send no more only what was durable by then.
pub(super) async fn stream<E>(
    target: Target,
    bytes: impl Stream<Item = Result<Bytes, E>> + Send,
) -> Result<Received, Failure> {
    let mut bytes = std::pin::pin!(bytes);
    let mut writer = PartWriter { offset: target.offset, part: BytesMut::new(), target };
    let room = writer.target.room;
    let mut left = room;
    let interruption = loop {
        let mut chunk = match tokio::time::timeout(IDLE_TIME, bytes.next()).await {
            Ok(Some(Ok(chunk))) => chunk,
            Ok(Some(Err(_))) => break Some(Interruption::Lost),
            Ok(None) => break None,
            Err(_) => break Some(Interruption::Idle),
        };
        writer.target.sender.still().await?;
        if chunk.len() as u64 > left {
            break Some(Interruption::TooMuch);
        }
        left -= chunk.len() as u64;
        while !chunk.is_empty() {
            let space = PART_BYTES - writer.part.len();
            writer.part.extend_from_slice(&chunk.split_to(space.min(chunk.len())));
            if writer.part.len() == PART_BYTES {
                writer.flush().await?;
            }
        }
    };
    writer.flush().await?;
    Ok(Received { offset: writer.offset, interruption, room })
}

struct PartWriter {
    target: Target,
    offset: u64,
    part: BytesMut,
}

impl PartWriter {
    async fn flush(&mut self) -> Result<(), Failure> {
        if self.part.is_empty() {
            return Ok(());
        }
        let part = self.part.split().freeze();
        let length = part.len() as u64;
        let Target { sender: Sender { services, actor, .. }, upload, .. } = &self.target;
        self.offset = services.uploads().append(actor, *upload, self.offset, part).await?;
        metrics::counter!("upload_bytes_total").increment(length);
        Ok(())
    }
}
