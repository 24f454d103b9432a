//! The stream of events.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::house::{House, status};

#[test]
fn each_event_passes_when_it_comes() {
    let house = House::new();
    let bearer = house.sign_in();
    let mut stream = TcpStream::connect(("127.0.0.1", house.http)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    write!(
        stream,
        "GET /api/v1/events HTTP/1.1\r\nHost: localhost:{}\r\n{bearer}\r\nAccept-Encoding: br, gzip\r\n\r\n",
        house.http
    )
    .unwrap();
    let mut heard = String::new();
    read_until(&mut stream, &mut heard, "connected");
    assert!(!heard.to_lowercase().contains("content-encoding"), "{heard}");
    for tag in ["GRPONE", "GRPTWO"] {
        std::fs::write(house.path("book.epub"), format!("no book at all: {tag}")).unwrap();
        let begun = Instant::now();
        let answer = house.curl(&["--header", &bearer, "--form", "file=@book.epub", &house.url("/api/v1/books")]);
        assert_eq!(status(&answer), 201, "{answer}");
        heard.clear();
        read_until(&mut stream, &mut heard, "data:");
        assert!(begun.elapsed() < Duration::from_secs(10), "held back for {:?}", begun.elapsed());
    }
}

fn read_until(stream: &mut TcpStream, heard: &mut String, text: &str) {
    let mut buffer = [0; 1024];
    while !heard.contains(text) {
        let read = stream.read(&mut buffer).unwrap_or_else(|error| panic!("no {text:?}: {error}: {heard}"));
        assert!(read > 0, "the stream ended before {text:?}: {heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
    }
}
