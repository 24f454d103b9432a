//! A mail server on this machine that takes letters and shows them: as much of RFC 5321 as a client needs.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A letter as it came.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    pub(crate) head: String,
    pub(crate) text: String,
}

#[derive(Debug, Default)]
struct Seen {
    letters: Vec<Received>,
    commands: Vec<String>,
    data: Vec<String>,
}

pub(crate) struct Mailbox {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    task: JoinHandle<()>,
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Mailbox {
    /// `answer` is what it says to whom a letter is for, such as `250 ok`.
    pub(crate) async fn open(answer: &'static str) -> Self {
        Self::saying("RCPT", answer).await
    }

    /// One that gives an answer of its own to a command, or as `.` to a letter. `{}` in it is what it was sent.
    pub(crate) async fn saying(verb: &'static str, answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let kept = Arc::clone(&seen);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, Arc::clone(&kept), (verb, answer)));
            }
        });
        Self { address, seen, task }
    }

    pub(crate) fn letters(&self) -> Vec<Received> {
        self.seen.lock().unwrap().letters.clone()
    }

    /// The lines of the last letter as they were sent, taken or not.
    pub(crate) fn data(&self) -> Vec<String> {
        self.seen.lock().unwrap().data.clone()
    }

    /// What clients said, but for what stood in letters.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.seen.lock().unwrap().commands.clone()
    }
}

async fn talk(stream: TcpStream, seen: Arc<Mutex<Seen>>, own: (&'static str, &'static str)) {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).lines();
    let mut from = String::new();
    let mut to = Vec::new();
    writing.write_all(b"220 mail.test here\r\n").await.unwrap();
    while let Ok(Some(line)) = lines.next_line().await {
        seen.lock().unwrap().commands.push(line.clone());
        let verb = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        let said = match verb.as_str() {
            "EHLO" => "250-mail.test\r\n250-AUTH PLAIN\r\n250 8BITMIME",
            "AUTH" => "235 come in",
            "MAIL" => {
                (from, to) = (line.clone(), Vec::new());
                "250 ok"
            }
            "RCPT" => {
                to.push(line.clone());
                "250 ok"
            }
            "DATA" if own.0 == "DATA" => own.1,
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await.unwrap();
                let mut data = Vec::new();
                while let Ok(Some(line)) = lines.next_line().await {
                    if line == "." {
                        break;
                    }
                    data.push(line);
                }
                seen.lock().unwrap().data.clone_from(&data);
                let data = data.join("\r\n");
                if own.0 == "." {
                    let said = own.1.replace("{}", &data.replace("\r\n", " "));
                    writing.write_all(format!("{said}\r\n").as_bytes()).await.unwrap();
                    continue;
                }
                seen.lock().unwrap().letters.push(read(&from, &to, &data));
                "250 taken"
            }
            "QUIT" => "221 bye",
            "NOOP" | "RSET" => "250 ok",
            _ => "500 what?",
        };
        let said = if verb == own.0 { own.1.replace("{}", &line) } else { said.to_owned() };
        writing.write_all(format!("{said}\r\n").as_bytes()).await.unwrap();
    }
}

fn read(from: &str, to: &[String], data: &str) -> Received {
    let (head, body) = data.split_once("\r\n\r\n").unwrap();
    let encoding = head.lines().find_map(|line| line.strip_prefix("Content-Transfer-Encoding: ")).unwrap_or("7bit");
    let bytes = match encoding {
        "base64" => BASE64_STANDARD.decode(body.replace("\r\n", "")).unwrap(),
        "quoted-printable" => unquoted(body),
        _ => body.as_bytes().to_vec(),
    };
    let text = String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    Received { from: from.to_owned(), to: to.to_vec(), head: head.to_owned(), text }
}

/// RFC 2045, 6.7.
fn unquoted(body: &str) -> Vec<u8> {
    let mut parts = body.split('=');
    let mut bytes = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        if let Some(rest) = part.strip_prefix("\r\n") {
            bytes.extend_from_slice(rest.as_bytes());
        } else {
            bytes.push(u8::from_str_radix(&part[..2], 16).unwrap());
            bytes.extend_from_slice(&part.as_bytes()[2..]);
        }
    }
    bytes
}
