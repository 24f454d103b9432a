//! The stream of events: one connection, on which the server says that something changed.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures::{Stream, StreamExt, stream};

use crate::{failure::ApiResult, state::AppState, visitor::SignedInActor};

/// Proxies close connections on which nothing comes for a minute; phones' networks earlier.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// When to come back after the connection ended by itself.
const RETRY: Duration = Duration::from_secs(3);

/// When to come back after the server said goodbye: soon, another node answers.
const RETRY_AFTER_GOODBYE: Duration = Duration::from_millis(500);

/// `GET /api/v1/events`.
pub(crate) async fn subscribe(State(state): State<AppState>, SignedInActor(actor): SignedInActor) -> ApiResult {
    let changes = state.services.events().subscribe(&actor).await?;
    let hello = stream::once(async { Event::default().retry(RETRY).comment("connected") });
    let told = changes.filter_map(|change| async move {
        Event::default().json_data(&change).inspect_err(|error| tracing::error!(%error, "an event has no JSON")).ok()
    });
    let goodbye = stream::once(async { Event::default().retry(RETRY_AFTER_GOODBYE).event("goodbye").data("{}") });
    let drain = state.drain.clone();
    let until_leaving = told.take_until(async move { drain.begun().await });
    let events = hello.chain(until_leaving).chain(goodbye);
    Ok(response(events))
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
