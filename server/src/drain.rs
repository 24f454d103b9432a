//! Leaving without losing a request.
//!
//! Closing idle keep-alive connections while a proxy is just writing on one loses that request, and a proxy never
//! repeats a `POST`. So a stopping server first says that it is not ready, lets no new connection begin, takes those
//! under way, closes the listening socket and answers everything with `Connection: close`; only when the proxies have
//! had time to notice does it shut down.

use std::{collections::VecDeque, future, io, net::SocketAddr, time::Duration};

use axum::{
    extract::{Request, State, connect_info::Connected},
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
    serve::{IncomingStream, Listener},
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::Instant,
};
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

/// How long a handshake that has begun may take to end: longer than the way to a proxy and back, and too short for
/// anybody to notice who is turned away meanwhile.
const HANDSHAKE_TIME: Duration = Duration::from_millis(50);

/// A listener that, once the drain begins, lets no new connection begin, hands out those that were under way, and
/// closes its socket.
///
/// What has reached the socket and was not accepted when it closes is reset by the kernel, with the request that was
/// perhaps already in it. Emptying the backlog first is not enough: a handshake may end between the last `accept` and
/// the closing. So first a filter in the kernel drops every segment that begins a handshake; whoever sent it has sent
/// no request yet, sends the segment again, and is refused by then.
#[derive(Debug)]
pub struct DrainingListener {
    listener: Option<TcpListener>,
    /// When the socket closes, once the drain has begun.
    closes_at: Option<Instant>,
    backlog: VecDeque<(TcpStream, SocketAddr)>,
    address: SocketAddr,
    drain: Drain,
}

impl DrainingListener {
    /// Takes over a bound socket.
    pub fn new(listener: TcpListener, drain: Drain) -> io::Result<Self> {
        let address = listener.local_addr()?;
        Ok(Self { listener: Some(listener), closes_at: None, backlog: VecDeque::new(), address, drain })
    }

    /// The next thing to do about leaving, when it is time for it.
    async fn until_next_step(&self) {
        match self.closes_at {
            None => self.drain.begun().await,
            Some(closes_at) => tokio::time::sleep_until(closes_at).await,
        }
    }

    fn next_step(&mut self) {
        if self.closes_at.is_some() {
            self.close();
            return;
        }
        if let Some(listener) = &self.listener
            && let Err(error) = refuse_handshakes(listener)
        {
            tracing::warn!(%error, "a connection that begins in this moment may be lost");
        }
        self.closes_at = Some(Instant::now() + HANDSHAKE_TIME);
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

/// Drops segments with SYN and without ACK. Connections that come of this socket inherit the filter, and never get one.
#[cfg(target_os = "linux")]
fn refuse_handshakes(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};

    // Classic BPF, as in linux/filter.h. A filter of a TCP socket sees the packet from the TCP header on.
    const LOAD_BYTE: u16 = 0x30;
    const AND: u16 = 0x54;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    const FLAGS_OFFSET: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    const DROP: u32 = 0;
    const KEEP_ALL: u32 = u32::MAX;

    SockRef::from(listener).attach_filter(&[
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS_OFFSET),
        SockFilter::new(AND, 0, 0, SYN | ACK),
        SockFilter::new(JUMP_IF_EQUAL, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, DROP),
        SockFilter::new(RETURN, 0, 0, KEEP_ALL),
    ])
}

/// Only Linux can be told; elsewhere the last moment stays a risk.
#[cfg(not(target_os = "linux"))]
fn refuse_handshakes(_listener: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
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
                () = self.until_next_step() => self.next_step(),
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
