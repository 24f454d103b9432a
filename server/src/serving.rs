//! Serving on a socket until told to stop, and leaving without losing a request.

use std::io;

use axum::Router;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    drain::{DRAIN_TIME, Drain, DrainingListener, FAREWELL_TIME, Peer},
    router::router,
    state::AppState,
};

/// Serves until `shutdown` is cancelled, then drains (see [`crate::drain`]) and returns when the last answer is
/// finished, or after [`FAREWELL_TIME`] at the latest.
pub async fn serve(listener: TcpListener, state: AppState, shutdown: CancellationToken) -> io::Result<()> {
    let drain = state.drain.clone();
    serve_router(listener, router(state), drain, shutdown).await
}

/// The same for any router.
pub(crate) async fn serve_router(
    listener: TcpListener,
    router: Router,
    drain: Drain,
    shutdown: CancellationToken,
) -> io::Result<()> {
    let listener = DrainingListener::new(listener, drain.clone())?;
    let service = router.into_make_service_with_connect_info::<Peer>();
    let closed = CancellationToken::new();
    let farewell = async {
        shutdown.cancelled().await;
        tracing::info!("leaving: no longer ready");
        drain.begin();
        tokio::time::sleep(DRAIN_TIME).await;
        closed.cancel();
        tokio::time::sleep(FAREWELL_TIME).await;
    };
    let serving = axum::serve(listener, service).with_graceful_shutdown(closed.clone().cancelled_owned());
    tokio::select! {
        outcome = serving => outcome,
        () = farewell => {
            tracing::warn!(seconds = FAREWELL_TIME.as_secs(), "some answers were not finished in time");
            Ok(())
        }
    }
}
