//! A server that has one answer, whatever it is asked.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Where it listens until the test ends, as `http://ADDRESS:PORT`, and how often it was asked. `headers` are whole lines.
pub(crate) fn always(status: &str, headers: &str, body: &str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let length = body.len();
    let answer = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    let asked = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&asked);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            read_request(&mut stream);
            count.fetch_add(1, Ordering::SeqCst);
            // Whoever has gone meanwhile needs no answer.
            let _ = stream.get_mut().write_all(answer.as_bytes());
        }
    });
    (url, asked)
}

/// Head and body: who still sends when the connection is closed does not read the answer.
fn read_request(stream: &mut BufReader<TcpStream>) {
    let (mut line, mut length) = (String::new(), 0);
    while stream.read_line(&mut line).unwrap_or(0) > 0 && !line.trim().is_empty() {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
    }
    let _ = stream.read_exact(&mut vec![0; length]);
}
