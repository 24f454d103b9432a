//! Leaving without losing a request.
//!
//! Closing idle keep-alive connections while a proxy is just writing on one loses that request, and a proxy never
//! repeats a `POST`. So a stopping server first says that it is not ready, takes what waits in the backlog, closes
//! the listening socket and answers everything with `Connection: close`; only when the proxies have had time to
//! notice does it shut down.

use std::{collections::VecDeque, future, io, net::SocketAddr, time::Duration};

use axum::{
    extract::{Request, State, connect_info::Connected},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
    serve::{IncomingStream, Listener},
};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// How long requests are still answered on open connections. A proxy that keeps connections alive reuses or drops
/// them within this time; measured with nginx under load, one and a half seconds lost nothing.
pub const DRAIN_TIME: Duration = Duration::from_millis(1_500);

/// How long an answer that has begun may take afterwards: long downloads and uploads resume elsewhere.
pub const FAREWELL_TIME: Duration = Duration::from_secs(20);

/// Whether this process is leaving. Cheap to clone; all clones agree.
#[derive(Debug, Clone, Default)]
pub struct Drain(CancellationToken);

impl Drain {
    /// Begins to leave. There is no way back.
    pub fn begin(&self) {
        self.0.cancel();
    }

    /// Whether leaving has begun.
    pub fn has_begun(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until leaving begins.
    pub async fn begun(&self) {
        self.0.cancelled().await;
    }
}

/// The address of the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);

/// A listener that, once the drain begins, hands out what is in the backlog and closes its socket.
#[derive(Debug)]
pub struct DrainingListener {
    listener: Option<TcpListener>,
    backlog: VecDeque<(TcpStream, SocketAddr)>,
    address: SocketAddr,
    drain: Drain,
}

impl DrainingListener {
    /// Takes over a bound socket.
    pub fn new(listener: TcpListener, drain: Drain) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self { listener: Some(listener), backlog: VecDeque::new(), address, drain })
    }

    fn close(&mut self) {
        let Some(listener) = self.listener.take() else { return };
        match listener.into_std() {
            Ok(listener) => {
                // Non-blocking as tokio left it: the loop ends with `WouldBlock` when the backlog is empty.
                while let Ok((stream, address)) = listener.accept() {
                    let accepted = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
                    match accepted {
                        Ok(stream) => self.backlog.push_back((stream, address)),
                        Err(error) => tracing::warn!(%error, "a waiting connection could not be taken"),
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the backlog could not be read"),
        }
        tracing::info!(waiting = self.backlog.len(), "listening socket closed");
    }
}

impl Listener for DrainingListener {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            if let Some(waiting) = self.backlog.pop_front() {
                return waiting;
            }
            let Some(listener) = &self.listener else {
                return future::pending().await;
            };
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, address)) => {
                        // Small answers must not wait for the acknowledgement of the one before.
                        if let Err(error) = stream.set_nodelay(true) {
                            tracing::debug!(%error, "TCP_NODELAY could not be set");
                        }
                        return (stream, address);
                    }
                    Err(error) => pause_after(&error).await,
                },
                () = self.drain.begun() => self.close(),
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// A connection that is gone before it was taken is nothing; out of file descriptors, trying at once again would
/// burn the processor.
async fn pause_after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::error!(%error, "no connection can be accepted");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

impl Connected<IncomingStream<'_, DrainingListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, DrainingListener>) -> Self {
        Self(*stream.remote_addr())
    }
}

/// Middleware: once leaving has begun every answer closes its connection.
pub async fn close_connections(State(drain): State<Drain>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if drain.has_begun() {
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
