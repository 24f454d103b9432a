//! The stream of events: one connection, on which the server says that something changed.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Query, State},
    http::{HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt, stream};
use serde::Deserialize;

use crate::{failure::ApiResult, state::AppState, visitor::SignedInActor};

/// Proxies close connections on which nothing comes for a minute; phones' networks earlier.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// When to come back after the connection ended by itself.
const RETRY: Duration = Duration::from_secs(3);

/// When to come back after the server said goodbye: soon, another node answers.
const RETRY_AFTER_GOODBYE: Duration = Duration::from_millis(500);

/// What a listener says of itself.
#[derive(Debug, Deserialize)]
pub(crate) struct Listens {
    /// The mark that stood in the page which now listens.
    heard: Option<String>,
}

/// `GET /api/v1/events`. A page that nothing has happened since is told so by an event `current`: it need not be read
/// again.
pub(crate) async fn subscribe(
    State(state): State<AppState>,
    SignedInActor(actor): SignedInActor,
    Query(listens): Query<Listens>,
) -> ApiResult {
    let changes = state.services.events().subscribe(&actor).await?;
    let is_current = listens.heard.is_some_and(|heard| heard == state.services.events().mark());
    let current = is_current.then(|| Event::default().event("current").data("{}"));
    let hello = stream::once(async { Event::default().retry(RETRY).comment("connected") });
    let hello = hello.chain(stream::iter(current));
    let told = changes.filter_map(|change| async move {
        Event::default().json_data(&change).inspect_err(|error| tracing::error!(%error, "an event has no JSON")).ok()
    });
    let goodbye = stream::once(async { Event::default().retry(RETRY_AFTER_GOODBYE).event("goodbye").data("{}") });
    let drain = state.drain.clone();
    let until_leaving = told.take_until(async move { drain.begun().await });
    let open = OpenStream::count();
    let events = hello.chain(until_leaving).chain(goodbye).map(move |event| {
        // It is counted for as long as the stream is there, however it ends.
        let _open = &open;
        event
    });
    Ok(response(events))
}

/// Counted among the open streams until it is dropped.
struct OpenStream;

impl OpenStream {
    fn count() -> Self {
        metrics::gauge!("event_streams").increment(1);
        Self
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        metrics::gauge!("event_streams").decrement(1);
    }
}

fn response(events: impl Stream<Item = Event> + Send + 'static) -> Response {
    let stream =
        Sse::new(events.map(Ok::<_, Infallible>)).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("alive"));
    let mut response = stream.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy that collects the answer would hold every event back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}
