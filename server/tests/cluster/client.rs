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

/// The name of the file that a book comes in when nobody says another.
pub(crate) const FILE_NAME: &str = "book.epub";

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

    /// How long whoever asks too much is told to wait.
    pub(crate) fn wait(&self) -> Option<Duration> {
        let seconds = || self.header("retry-after").and_then(|seconds| seconds.parse().ok());
        (self.status == 429).then(|| Duration::from_secs(seconds().unwrap_or_else(|| panic!("for how long? {self}"))))
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

    /// The same of somebody who, told to come back later, does: a limit is no refusal, and a thousand books are more than
    /// a person may begin at once.
    pub(crate) async fn try_patiently(
        &self,
        port: u16,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        loop {
            let answer = self.try_send(port, method, path, headers, body).await?;
            let Some(wait) = answer.wait() else { return Ok(answer) };
            tokio::time::sleep(wait).await;
        }
    }

    async fn exchange(
        &self,
        port: u16,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Answer> {
        let mut stream = self.begin(port, method, path, headers, (body, body.len())).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        parse(&answer).ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }

    /// Begins a request: of a body of so many bytes sends these, and leaves it there.
    pub(crate) async fn begin(
        &self,
        port: u16,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        (body, length): (&[u8], usize),
    ) -> io::Result<TcpStream> {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n");
        // Writing to a String cannot fail.
        for (name, value) in headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if let Some(bearer) = &self.bearer {
            let _ = write!(head, "Authorization: Bearer {bearer}\r\n");
        }
        let _ = write!(head, "Content-Length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        Ok(stream)
    }

    /// The same with a body that is JSON; null is none.
    pub(crate) async fn try_json(&self, port: u16, method: &str, path: &str, body: &Value) -> io::Result<Answer> {
        let (headers, text) = json(body);
        self.try_send(port, method, path, headers, &text).await
    }

    pub(crate) async fn try_json_patiently(
        &self,
        port: u16,
        method: &str,
        path: &str,
        body: &Value,
    ) -> io::Result<Answer> {
        let (headers, text) = json(body);
        self.try_patiently(port, method, path, headers, &text).await
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

    /// Uploads a book whole.
    pub(crate) async fn try_upload(&self, port: u16, book: &[u8]) -> io::Result<Answer> {
        let (kind, form) = form_of(FILE_NAME, book);
        self.try_patiently(port, "POST", "/api/v1/books", &[("Content-Type", &kind)], &form).await
    }

    /// Uploads a book whole and gives its release.
    pub(crate) async fn upload(&self, port: u16, book: &[u8]) -> String {
        let answer = self.try_upload(port, book).await.unwrap().expect(201);
        answer.json()["release"].as_str().unwrap().to_owned()
    }
}

/// The headers and the bytes of a body that is JSON; null is none.
fn json(body: &Value) -> (&'static [(&'static str, &'static str)], Vec<u8>) {
    if body.is_null() {
        return (&[], Vec::new());
    }
    (&[("Content-Type", "application/json")], body.to_string().into_bytes())
}

/// The form in which a book is uploaded whole: its media type and its bytes.
pub(crate) fn form_of(file_name: &str, book: &[u8]) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----boundary";
    let mut form = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: application/epub+zip\r\n\r\n"
    )
    .into_bytes();
    form.extend_from_slice(book);
    form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), form)
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
