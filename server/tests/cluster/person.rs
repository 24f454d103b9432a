//! A person whose program goes to another node when its own is gone.

use std::{
    io,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    client::{Answer, Client},
    cluster::{edit_of, until_within},
};

/// Until one of the nodes answers: longer than two of them in a row may keep a request waiting.
const PATIENCE: Duration = Duration::from_mins(3);
/// Until a job has ended whose node fell each time that one may: each time its lease runs out first.
pub(crate) const LONGEST_JOB: Duration = Duration::from_mins(4);
/// After a node was found gone.
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) struct Person<const N: usize> {
    client: Client,
    ports: Mutex<[u16; N]>,
    /// How often they went to the next node.
    changes: AtomicUsize,
}

impl<const N: usize> Person<N> {
    pub(crate) fn new(client: Client, ports: [u16; N]) -> Self {
        Self { client, ports: Mutex::new(ports), changes: AtomicUsize::new(0) }
    }

    /// A node is at another port now.
    pub(crate) fn finds(&self, node: usize, port: u16) {
        self.ports.lock().unwrap()[node] = port;
    }

    pub(crate) fn changes(&self) -> usize {
        self.changes.load(Ordering::SeqCst)
    }

    fn port(&self) -> u16 {
        self.ports.lock().unwrap()[self.changes() % N]
    }

    /// The answer of a node that lives.
    async fn patiently(&self, ask: impl AsyncFn(u16) -> io::Result<Answer>) -> Answer {
        let begun = Instant::now();
        loop {
            match ask(self.port()).await {
                Ok(answer) => return answer,
                Err(error) => {
                    assert!(begun.elapsed() < PATIENCE, "no node answers: {error}");
                    self.changes.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        self.patiently(async |port| self.client.try_json_patiently(port, method, path, body).await).await
    }

    /// Uploads a book whole and gives its release.
    pub(crate) async fn upload(&self, book: &[u8]) -> String {
        let answer = self.patiently(async |port| self.client.try_upload(port, book).await).await.expect(201);
        answer.json()["release"].as_str().unwrap().to_owned()
    }

    /// Waits until a release has this status.
    pub(crate) async fn until_status(&self, release: &str, wanted: &str) -> Value {
        let mut last = Value::Null;
        let found = until_within(LONGEST_JOB, async || {
            last = self.send("GET", &format!("/api/v1/releases/{release}"), &Value::Null).await.expect(200).json();
            (last["status"] == wanted).then(|| last.clone())
        })
        .await;
        found.unwrap_or_else(|| panic!("{release} does not become {wanted}: {last}"))
    }

    /// Says for whom and why, and begins to pack. Whoever has not heard the answer looks what has come of it.
    pub(crate) async fn pack(&self, release: &str, group: &str) {
        let path = format!("/api/v1/releases/{release}");
        while self.send("GET", &path, &Value::Null).await.expect(200).json()["status"] == "draft" {
            let edited = self.send("PATCH", &path, &edit_of(group)).await;
            let asked = match edited.status {
                200 => self.send("POST", &format!("{path}/pack"), &Value::Null).await,
                _ => edited,
            };
            assert!(matches!(asked.status, 202 | 409), "{asked}");
        }
    }
}
