//! Leaving under load: whoever has sent a request gets an answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::harness::House;

/// One connection that posts again and again, as a proxy with keep-alive does: it uses a connection as long as no answer
/// says `Connection: close`, and opens no new one once the socket is closed.
async fn post_until_closed(address: SocketAddr, answered: Arc<AtomicU64>, stop: Arc<AtomicBool>) -> Result<(), String> {
    const BODY: &str = "not json";
    let head = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{BODY}",
        BODY.len()
    );
    while !stop.load(Ordering::Relaxed) {
        // No connection, no request: that is what a proxy takes to the next node.
        let Ok(stream) = TcpStream::connect(address).await else { return Ok(()) };
        let mut stream = BufReader::new(stream);
        loop {
            stream.write_all(head.as_bytes()).await.map_err(|error| format!("while writing: {error}"))?;
            if read_answer(&mut stream).await? {
                break;
            }
            answered.fetch_add(1, Ordering::Relaxed);
            if stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            // The pauses between requests are when a careless server closes the connection.
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        answered.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

/// Reads one answer; true when it closes the connection.
async fn read_answer(stream: &mut BufReader<TcpStream>) -> Result<bool, String> {
    let (mut length, mut closes, mut line) = (0, false, String::new());
    loop {
        line.clear();
        let read = stream.read_line(&mut line).await.map_err(|error| format!("while reading: {error}"))?;
        if read == 0 {
            return Err("the connection was closed on a request".to_owned());
        }
        let header = line.trim().to_ascii_lowercase();
        if header.is_empty() {
            break;
        }
        if let Some(value) = header.strip_prefix("content-length:") {
            length = value.trim().parse().map_err(|error| format!("{header}: {error}"))?;
        }
        closes |= header == "connection: close";
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.map_err(|error| format!("while reading a body: {error}"))?;
    Ok(closes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_post_is_lost_when_the_server_leaves() {
    let house = House::new().await;
    let listening = house.listen().await;
    let (answered, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..16)
        .map(|_| tokio::spawn(post_until_closed(listening.address, Arc::clone(&answered), Arc::clone(&stop))))
        .collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    let before = answered.load(Ordering::Relaxed);
    assert!(before > 100, "only {before} answers: no load");
    listening.shutdown.cancel();
    let outcome = tokio::time::timeout(Duration::from_secs(15), listening.task).await;
    stop.store(true, Ordering::Relaxed);
    outcome.expect("the server did not leave").unwrap().unwrap();
    for client in clients {
        assert_eq!(client.await.unwrap(), Ok(()));
    }
    assert!(answered.load(Ordering::Relaxed) > before, "nothing was answered while leaving");
}

#[tokio::test]
async fn who_was_in_the_backlog_is_answered_and_who_comes_later_is_not_let_in() {
    let house = House::new().await;
    let listening = house.listen().await;
    let waiting = TcpStream::connect(listening.address).await.unwrap();
    listening.shutdown.cancel();
    house.state.drain.begun().await;
    let mut waiting = BufReader::new(waiting);
    let head = format!("GET /api/health/live HTTP/1.1\r\nHost: {}\r\n\r\n", listening.address);
    waiting.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(read_answer(&mut waiting).await, Ok(true));
    let refused = async {
        // Just before the socket closes a handshake gets no answer at all: whoever waits for it would begin again only
        // after a second. A proxy has as little patience as this.
        let attempt = || tokio::time::timeout(Duration::from_millis(100), TcpStream::connect(listening.address));
        while !matches!(attempt().await, Ok(Err(_))) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(1), refused).await.expect("the socket was not closed");
    listening.task.await.unwrap().unwrap();
}
