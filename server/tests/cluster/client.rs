//! A person's program that speaks to the API, a connection a request.

use std::{fmt::Write as _, io, net::Ipv4Addr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::events::Events;

/// Longer than a node waits for anything that is away.
const PATIENCE: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self}"))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let headers = self.head.lines().filter_map(|line| line.split_once(':'));
        headers.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// The answer, when it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}\n\n{}", self.head, String::from_utf8_lossy(&self.body))
    }
}

/// One session.
#[derive(Debug, Clone, Default)]
pub(crate) struct Client {
    pub(crate) bearer: Option<String>,
}

impl Client {
    /// With the token of an answer to a sign-in.
    pub(crate) fn of_session(answer: &Answer) -> Self {
        Self { bearer: Some(answer.json()["access_token"].as_str().unwrap().to_owned()) }
    }

    /// Sends a request to the node at a port; an error when there is none, or it goes away meanwhile.
    pub(crate) async fn try_send(
        &self,
        port: u16,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let asked = self.exchange(port, method, path, headers, body);
        tokio::time::timeout(PATIENCE, asked).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }

    async fn exchange(
        &self,
        port: u16,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
        // Writing to a String cannot fail.
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if let Some(bearer) = &self.bearer {
            let _ = write!(head, "Authorization: Bearer {bearer}\r\n");
        }
        let _ = write!(head, "Content-Length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        parse(&answer).ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }

    /// The same with a body that is JSON; null is none.
    pub(crate) async fn try_json(&self, port: u16, method: &str, path: &str, body: &Value) -> io::Result<Answer> {
        let json = [("Content-Type", "application/json")];
        let text = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        self.try_send(port, method, path, if body.is_null() { &[] } else { &json }, &text).await
    }

    pub(crate) async fn send(&self, port: u16, method: &str, path: &str, body: &Value) -> Answer {
        self.try_json(port, method, path, body).await.unwrap()
    }

    pub(crate) async fn get(&self, port: u16, path: &str) -> Answer {
        self.send(port, "GET", path, &Value::Null).await
    }

    /// What the node at a port tells from now on.
    pub(crate) async fn events(&self, port: u16) -> Events {
        Events::open(port, self.bearer.as_deref().unwrap()).await
    }

    /// Uploads a book whole and gives its release.
    pub(crate) async fn try_upload(&self, port: u16, book: &[u8]) -> io::Result<Answer> {
        const BOUNDARY: &str = "----boundary";
        let mut form = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"book.epub\"\r\n\
             Content-Type: application/epub+zip\r\n\r\n"
        )
        .into_bytes();
        form.extend_from_slice(book);
        form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        self.try_send(port, "POST", "/api/v1/books", &[("Content-Type", &kind)], &form).await
    }

    pub(crate) async fn upload(&self, port: u16, book: &[u8]) -> String {
        let answer = self.try_upload(port, book).await.unwrap().expect(201);
        answer.json()["release"].as_str().unwrap().to_owned()
    }
}

/// Head and body of an answer that is whole; chunks are put together.
fn parse(answer: &[u8]) -> Option<Answer> {
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = String::from_utf8(answer[..end].to_vec()).ok()?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let raw = &answer[end + 4..];
    let answer = Answer { status, head, body: Vec::new() };
    let body = match answer.header("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) if raw.len() < length => return None,
        Some(length) => raw[..length].to_vec(),
        None if answer.header("transfer-encoding") == Some("chunked") => dechunk(raw)?,
        None => raw.to_vec(),
    };
    Some(Answer { body, ..answer })
}

fn dechunk(mut raw: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = raw.windows(2).position(|window| window == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&raw[..line]).ok()?.trim(), 16).ok()?;
        raw = &raw[line + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(raw.get(..size)?);
        raw = raw.get(size + 2..)?;
    }
}
