//! People at work while something is lost. What they were told is written down, and afterwards it must be so.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    client::{Answer, Client},
    cluster::{book, edit_of, try_sign_in, until},
};

/// Between two rounds: less than the limit of one person.
const RESPITE: Duration = Duration::from_millis(100);
/// In one round of so many somebody signs in: each costs the hash of a password.
const ROUNDS_OF_A_SESSION: usize = 5;

/// A book that a node has said it has.
#[derive(Default)]
struct Kept {
    book: Vec<u8>,
    /// A node has said that it packs it.
    is_packed: bool,
    /// The package, and the SHA-256 of its archive as it was first given.
    package: Option<(String, [u8; 32])>,
}

/// What was acknowledged.
#[derive(Default)]
pub(crate) struct Ledger {
    releases: BTreeMap<String, Kept>,
    sessions: Vec<Client>,
    /// Requests that were not: nothing is expected of them.
    pub(crate) refused: usize,
}

/// Somebody who uploads, packs, fetches and signs in, from node to node, until told to stop.
pub(crate) struct AtWork {
    stop: CancellationToken,
    packages: Arc<AtomicUsize>,
    working: JoinHandle<Ledger>,
}

impl AtWork {
    pub(crate) fn begin(client: &Client, ports: &[u16], group: &str) -> Self {
        let (stop, packages) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
        let (client, ports, edit) = (client.clone(), ports.to_vec(), edit_of(group));
        let (until_stopped, counted) = (stop.clone(), Arc::clone(&packages));
        let working = tokio::spawn(async move {
            let mut ledger = Ledger::default();
            let mut rounds = 0;
            while !until_stopped.is_cancelled() {
                ledger.round(rounds, &client, ports[rounds % ports.len()], &edit).await;
                counted.store(ledger.packages(), Ordering::SeqCst);
                rounds += 1;
                tokio::time::sleep(RESPITE).await;
            }
            ledger
        });
        Self { stop, packages, working }
    }

    /// Waits until one more package was made and fetched.
    pub(crate) async fn until_more(&self) {
        let before = self.packages.load(Ordering::SeqCst);
        let more = until(async || (self.packages.load(Ordering::SeqCst) > before).then_some(()));
        assert!(more.await.is_some(), "nobody gets a package any more");
    }

    pub(crate) async fn end(self) -> Ledger {
        self.stop.cancel();
        self.working.await.unwrap()
    }
}

impl Ledger {
    fn packages(&self) -> usize {
        self.releases.values().filter(|kept| kept.package.is_some()).count()
    }

    async fn round(&mut self, number: usize, client: &Client, port: u16, edit: &Value) {
        let bytes = book(&format!("Meanwhile {number}"));
        if let Some(answer) = self.acknowledged(client.try_upload(port, &bytes).await, 201) {
            let release = answer.json()["release"].as_str().unwrap().to_owned();
            self.releases.insert(release, Kept { book: bytes, ..Kept::default() });
        }
        let unfinished = self.releases.iter().filter(|(_, kept)| kept.package.is_none());
        let unfinished: Vec<String> = unfinished.map(|(release, _)| release.clone()).collect();
        for release in unfinished {
            self.further(&release, client, port, edit).await;
        }
        if number.is_multiple_of(ROUNDS_OF_A_SESSION)
            && let Some(answer) = self.acknowledged(try_sign_in(port).await, 201)
        {
            self.sessions.push(Client::of_session(&answer));
        }
    }

    /// Packs a book that was read, and fetches the archive of one that was packed.
    async fn further(&mut self, release: &str, client: &Client, port: u16, edit: &Value) {
        let path = format!("/api/v1/releases/{release}");
        let Some(shown) = self.acknowledged(client.try_json(port, "GET", &path, &Value::Null).await, 200) else {
            return;
        };
        let shown = shown.json();
        match shown["status"].as_str().unwrap() {
            "draft" => {
                let edited = client.try_json(port, "PATCH", &path, edit).await;
                if self.acknowledged(edited, 200).is_none() {
                    return;
                }
                let asked = client.try_json(port, "POST", &format!("{path}/pack"), &Value::Null).await;
                let is_packed = self.acknowledged(asked, 202).is_some();
                self.kept(release).is_packed = is_packed;
            }
            "packing" => self.kept(release).is_packed = true,
            "packed" => {
                self.kept(release).is_packed = true;
                let package = shown["packages"][0]["id"].as_str().unwrap().to_owned();
                let archive = client.try_json(port, "GET", &archive(&package), &Value::Null).await;
                if let Some(archive) = self.acknowledged(archive, 200) {
                    self.kept(release).package = Some((package, Sha256::digest(&archive.body).into()));
                }
            }
            "inspecting" => {}
            other => panic!("a sound book is {other}: {shown}"),
        }
    }

    fn kept(&mut self, release: &str) -> &mut Kept {
        self.releases.get_mut(release).unwrap()
    }

    /// The answer when it says yes. A no says in its code what it is, that something is away or that it is too much; it
    /// is never that what was acknowledged is not there.
    #[track_caller]
    fn acknowledged(&mut self, answer: io::Result<Answer>, yes: u16) -> Option<Answer> {
        // A node that was killed, or was just being asked.
        let Ok(answer) = answer else {
            self.refused += 1;
            return None;
        };
        if answer.status == yes {
            return Some(answer);
        }
        assert!(answer.status == 429 || answer.status >= 500, "{answer}");
        assert!(answer.json()["code"].is_string(), "{answer}");
        self.refused += 1;
        None
    }

    /// Asks every node for everything that was acknowledged.
    pub(crate) async fn compare(&self, client: &Client, ports: &[u16]) {
        assert!(self.packages() > 1 && !self.sessions.is_empty(), "too little was done to say anything");
        for (release, kept) in &self.releases {
            let packed = settled(client, ports[0], release, kept.is_packed).await;
            let packages = packed["packages"].as_array().unwrap();
            assert_eq!(packages.len(), usize::from(packed["status"] == "packed"), "{packed}");
            let Some(package) = packages.first().and_then(|package| package["id"].as_str()) else { continue };
            let mut first = kept.package.clone();
            for port in ports {
                let given = client.get(*port, &archive(package)).await.expect(200).body;
                let sum = (package.to_owned(), Sha256::digest(&given).into());
                assert_eq!(first.get_or_insert_with(|| sum.clone()), &sum, "{release} has another package: {packed}");
                let is_in_it = given.windows(kept.book.len()).any(|window| window == kept.book);
                assert!(is_in_it, "the book is not in its package: {packed}");
            }
        }
        for session in &self.sessions {
            for port in ports {
                session.get(*port, "/api/v1/jobs").await.expect(200);
            }
        }
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (books, packages, sessions) = (self.releases.len(), self.packages(), self.sessions.len());
        write!(
            formatter,
            "{books} books, {packages} packages and {sessions} sessions were acknowledged, {} requests were not",
            self.refused
        )
    }
}

/// A release whose book is read and, when somebody was told so, packed. Whoever was not told may be lucky.
async fn settled(client: &Client, port: u16, release: &str, is_packed: bool) -> Value {
    let mut last = Value::Null;
    let found = until(async || {
        last = client.get(port, &format!("/api/v1/releases/{release}")).await.expect(200).json();
        (last["status"] == "packed" || (last["status"] == "draft" && !is_packed)).then(|| last.clone())
    })
    .await;
    found.unwrap_or_else(|| panic!("{release} does not get on: {last}"))
}

fn archive(package: &str) -> String {
    format!("/api/v1/packages/{package}/archive")
}
