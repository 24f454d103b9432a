//! The stream of events of one node, held open as a page holds it.

use std::{net::Ipv4Addr, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    net::TcpStream,
};

/// Longer than a node is silent: it says from time to time that it is there.
const SILENCE: Duration = Duration::from_mins(1);

pub(crate) struct Events {
    lines: Lines<BufReader<TcpStream>>,
}

impl Events {
    /// Opens the stream, and returns once the node says that it tells.
    pub(crate) async fn open(port: u16, bearer: &str) -> Self {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.unwrap();
        // Of this version an answer comes as it is, without chunks.
        let head =
            format!("GET /api/v1/events HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {bearer}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut events = Self { lines: BufReader::new(stream).lines() };
        let status = events.line().await;
        assert!(status.contains(" 200 "), "{status}");
        while !events.line().await.contains("connected") {}
        events
    }

    async fn line(&mut self) -> String {
        let line = tokio::time::timeout(SILENCE, self.lines.next_line()).await.expect("nothing is told");
        line.unwrap().expect("the stream has ended")
    }

    /// The next event.
    async fn next(&mut self) -> Value {
        loop {
            if let Some(data) = self.line().await.strip_prefix("data:") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }

    /// Waits until a running job of a release is seen to get on: further in the same stage. Gives the two
    /// events that say so.
    pub(crate) async fn until_further(&mut self, release: &str) -> [Value; 2] {
        let mut before = Value::Null;
        loop {
            let event = self.next().await;
            if event["topic"] != "job" || event["release"] != release || event["state"] != "running" {
                continue;
            }
            let (done, total) = (event["progress"]["done"].as_u64(), event["progress"]["total"].as_u64());
            let is_further = event["id"] == before["id"]
                && event["stage"] == before["stage"]
                && done > before["progress"]["done"].as_u64();
            if is_further && before["progress"]["done"].is_u64() && done <= total {
                return [before, event];
            }
            before = event;
        }
    }
}
