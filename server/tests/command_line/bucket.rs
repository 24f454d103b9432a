//! An object store that holds nothing and takes nothing.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    thread,
};

const EMPTY: &str = "<?xml version=\"1.0\"?><ListBucketResult><Name>books</Name><KeyCount>0</KeyCount>\
    <MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>";

/// Its address, until the test ends.
pub(crate) fn empty() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let mut line = String::new();
            while stream.read_line(&mut line).unwrap_or(0) > 0 && !line.trim().is_empty() {
                line.clear();
            }
            let length = EMPTY.len();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
            // Whoever has gone meanwhile needs no answer.
            let _ = stream.get_mut().write_all(format!("{head}{EMPTY}").as_bytes());
        }
    });
    endpoint
}
