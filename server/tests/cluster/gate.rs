//! A gate before a server: it lets everything through, answers in the server's place, or holds everything up.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU8, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// As an object store says that it has too much to do.
const BUSY: &[u8] = b"HTTP/1.1 503 Slow Down\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// What becomes of what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Way {
    Open,
    /// Every request is answered with 503.
    Busy,
    /// Connections are taken, and nothing ever moves on them, whatever the way is later.
    Stalled,
}

/// The gate, on a port of its own.
pub(crate) struct Gate {
    pub(crate) port: u16,
    way: Arc<AtomicU8>,
    held: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Gate {
    /// Before the server at a port of this machine.
    pub(crate) async fn before(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (way, held) = (Arc::new(AtomicU8::new(Way::Open as u8)), Arc::new(AtomicUsize::new(0)));
        let (for_all, held_of_all) = (Arc::clone(&way), Arc::clone(&held));
        let listening = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (way, held) = (Arc::clone(&for_all), Arc::clone(&held_of_all));
                tokio::spawn(async move { pass(client, server, &way, &held).await });
            }
        });
        Self { port, way, held, listening }
    }

    pub(crate) fn set(&self, way: Way) {
        self.way.store(way as u8, Ordering::SeqCst);
    }

    /// How often it answered in the server's place or held something up.
    pub(crate) fn held(&self) -> usize {
        self.held.load(Ordering::SeqCst)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// One connection, until either side ends it.
async fn pass(mut client: TcpStream, server: u16, way: &AtomicU8, held: &AtomicUsize) {
    let Ok(mut server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).await else { return };
    let (mut up, mut down) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let (bytes, to) = tokio::select! {
            read = client.read(&mut up) => match read {
                Ok(0) | Err(_) => return,
                Ok(length) => (&up[..length], &mut server),
            },
            read = server.read(&mut down) => match read {
                Ok(0) | Err(_) => return,
                Ok(length) => (&down[..length], &mut client),
            },
        };
        if !may_pass(way, held).await {
            return turn_away(client).await;
        }
        if to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

/// True when it goes on; false when it is answered here. What is stalled waits for ever: whoever sent it must ask again.
async fn may_pass(way: &AtomicU8, held: &AtomicUsize) -> bool {
    let now = way.load(Ordering::SeqCst);
    if now != Way::Open as u8 {
        held.fetch_add(1, Ordering::SeqCst);
    }
    if now == Way::Stalled as u8 {
        std::future::pending::<()>().await;
    }
    now == Way::Open as u8
}

/// Answers, and hears the sender out: a connection that is reset may lose its answer.
async fn turn_away(mut client: TcpStream) {
    if client.write_all(BUSY).await.is_ok() {
        let mut rest = vec![0; 1 << 16];
        let hear = async { while client.read(&mut rest).await.is_ok_and(|length| length > 0) {} };
        // Whoever sends on and on is not waited for.
        let _ = tokio::time::timeout(Duration::from_secs(2), hear).await;
    }
}
