//! Hearing out whoever was refused before they had said everything.
//!
//! A book is refused at its first byte when nobody is signed in. If the connection closed there, the sender would meet
//! a broken pipe and never read why; a proxy would say 502 in our name. So what is still coming is read and thrown away
//! for a moment, while the answer is already on its way.

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    middleware::Next,
    response::Response,
};
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::sync::oneshot;

/// Long enough for the answer to reach the sender, who then stops.
const PATIENCE: Duration = Duration::from_secs(5);

/// More than lies in the buffers between here and the sender; whoever sends on after that does not listen.
const MOST_BYTES: usize = 64 << 20;

/// A body that comes back when nobody has read it to its end.
struct Returning {
    body: Body,
    back: Option<oneshot::Sender<Body>>,
}

impl HttpBody for Returning {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Returning {
    fn drop(&mut self) {
        if !self.body.is_end_stream()
            && let Some(back) = self.back.take()
        {
            // Nobody takes it when the answer has long been given.
            drop(back.send(std::mem::take(&mut self.body)));
        }
    }
}

/// Middleware: see the module.
pub async fn hear_out(request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let (back, mut returned) = oneshot::channel();
    let response = next.run(request.map(|body| Body::new(Returning { body, back: Some(back) }))).await;
    if let Ok(rest) = returned.try_recv() {
        tokio::spawn(tokio::time::timeout(PATIENCE, throw_away(rest)));
    }
    response
}

async fn throw_away(mut rest: Body) {
    let mut left = MOST_BYTES;
    while let Some(Ok(frame)) = rest.frame().await {
        let Some(less) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { return };
        left = less;
    }
}
