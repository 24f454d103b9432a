//! An object store that keeps every request, and knows just enough answers for a writer and a reader.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::signature::Request;

pub(crate) struct Recorder {
    pub(crate) address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    listening: JoinHandle<()>,
}

impl Recorder {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::default();
        let kept: Arc<Mutex<Vec<Request>>> = Arc::clone(&requests);
        let listening = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let kept = Arc::clone(&kept);
                tokio::spawn(async move {
                    let Some(request) = read(&mut stream).await else { return };
                    let answer = answer(&request);
                    kept.lock().unwrap().push(request);
                    // Whoever asked may be gone.
                    let _ = stream.write_all(&answer).await;
                });
            }
        });
        Self { address, requests, listening }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// A whole request; nothing when it breaks off.
async fn read(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        (stream.read_buf(&mut bytes).await.ok()? > 0).then_some(())?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines = head.lines();
    let mut words = lines.next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = lines.filter_map(|line| line.split_once(':'));
    let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    let mut request = Request { method, path: path.to_owned(), query: query.to_owned(), headers, body: Vec::new() };
    let length = request.header("content-length").parse().unwrap_or(0);
    request.body = bytes[end + 4..].to_vec();
    while request.body.len() < length {
        (stream.read_buf(&mut request.body).await.ok()? > 0).then_some(())?;
    }
    Some(request)
}

fn answer(request: &Request) -> Vec<u8> {
    let parameter = request.query.split(['=', '&']).next().unwrap();
    match (request.method.as_str(), parameter) {
        ("POST", "uploads") => {
            let id = "<UploadId>an-upload</UploadId>";
            whole("200 OK", "", &format!("<InitiateMultipartUploadResult>{id}</InitiateMultipartUploadResult>"))
        }
        ("POST", _) => {
            whole("200 OK", "", "<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>")
        }
        ("PUT", _) => whole("200 OK", "ETag: \"part\"\r\n", ""),
        ("GET", _) => ranged(request.header("range")),
        (method, _) => panic!("{method} is not known here: {request:?}"),
    }
}

/// The bytes that are asked for, all of them `x`, of an object of a thousand.
fn ranged(range: &str) -> Vec<u8> {
    let (start, end) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let (start, end): (usize, usize) = (start.parse().unwrap(), end.parse().unwrap());
    let header = format!("Content-Range: bytes {start}-{end}/1000\r\nETag: \"whole\"\r\n");
    whole("206 Partial Content", &header, &"x".repeat(end + 1 - start))
}

fn whole(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}
