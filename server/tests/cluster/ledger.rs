//! People at work while something is lost. What they asked for and what they were told is written down: see
//! [`reckoning`](crate::reckoning).

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::{
    client::{Answer, Client, form_of},
    cluster::{ADMIN, book, edit_of, try_sign_in, until},
};

/// Between two rounds.
const RESPITE: Duration = Duration::from_millis(100);
/// In one round of so many somebody signs in: each costs the hash of a password.
const ROUNDS_OF_A_SESSION: usize = 5;
/// How the names begin of the files they send, and of the programs they sign in with: each has its own number.
pub(crate) const BEGINNING: &str = "meanwhile-";

/// A book that was sent.
#[derive(Default)]
pub(crate) struct Sent {
    pub(crate) bytes: Vec<u8>,
    /// The release that a node has said it made of it.
    pub(crate) release: Option<String>,
    /// A node has said that it keeps what was said of it.
    pub(crate) is_edited: bool,
    /// A node has said that it packs it.
    pub(crate) is_packed: bool,
    /// The package, and the SHA-256 of its archive as it was first given.
    pub(crate) package: Option<(String, [u8; 32])>,
}

/// What was asked for, and what of it was acknowledged.
#[derive(Default)]
pub(crate) struct Ledger {
    /// By the file's name.
    pub(crate) books: BTreeMap<String, Sent>,
    /// By the program's name; nothing where nobody was told to be in.
    pub(crate) sessions: BTreeMap<String, Option<Client>>,
    /// What is said of each book.
    pub(crate) edit: Value,
    /// Requests that failed or that nobody answered. Whatever a limit put off was asked again, and is none of them.
    pub(crate) refused: usize,
}

/// Somebody who uploads, packs, fetches and signs in, from node to node, until told to stop.
pub(crate) struct AtWork {
    stop: CancellationToken,
    packages: Arc<AtomicUsize>,
    working: JoinHandle<Ledger>,
}

impl AtWork {
    /// They are somebody of their own, whose requests are counted apart from those of the test.
    pub(crate) async fn begin(ports: &[u16], group: &str) -> Self {
        let (stop, packages) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
        let client = another_person(ports[0]).await;
        let (ports, edit) = (ports.to_vec(), edit_of(group));
        let (until_stopped, counted) = (stop.clone(), Arc::clone(&packages));
        let working = tokio::spawn(async move {
            let mut ledger = Ledger { edit, ..Ledger::default() };
            let mut rounds = 0;
            while !until_stopped.is_cancelled() {
                ledger.round(rounds, &client, ports[rounds % ports.len()]).await;
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
        let more = until(async || {
            let is_more = self.packages.load(Ordering::SeqCst) > before;
            (is_more || self.working.is_finished()).then_some(is_more)
        });
        assert_eq!(more.await, Some(true), "nobody gets a package any more");
    }

    pub(crate) async fn end(self) -> Ledger {
        self.stop.cancel();
        self.working.await.unwrap()
    }
}

/// An administrator beside the one of the test, and a session of theirs.
async fn another_person(port: u16) -> Client {
    const USERNAME: &str = "people-at-work";

    let admin = Client::of_session(&try_sign_in(port, USERNAME).await.unwrap().expect(201));
    let person = json!({ "username": USERNAME, "display_name": USERNAME, "password": ADMIN.1, "role": "admin" });
    admin.send(port, "POST", "/api/v1/users", &person).await.expect(201);
    let credentials = json!({ "username": USERNAME, "password": ADMIN.1 });
    Client::of_session(&Client::default().send(port, "POST", "/api/v1/sessions", &credentials).await.expect(201))
}

impl Ledger {
    pub(crate) fn packages(&self) -> usize {
        self.books.values().filter(|sent| sent.package.is_some()).count()
    }

    async fn round(&mut self, number: usize, client: &Client, port: u16) {
        let name = format!("{BEGINNING}{number}.epub");
        let bytes = book(&format!("Meanwhile {number}"));
        let (kind, form) = form_of(&name, &bytes);
        let headers = [("Content-Type", kind.as_str())];
        let answer = client.try_patiently(port, "POST", "/api/v1/books", &headers, &form).await;
        let release =
            self.acknowledged(answer, 201).map(|answer| answer.json()["release"].as_str().unwrap().to_owned());
        self.books.insert(name, Sent { bytes, release, ..Sent::default() });
        let unfinished = self.books.iter().filter(|(_, sent)| sent.release.is_some() && sent.package.is_none());
        let unfinished: Vec<String> = unfinished.map(|(name, _)| name.clone()).collect();
        for name in unfinished {
            self.further(&name, client, port).await;
        }
        if number.is_multiple_of(ROUNDS_OF_A_SESSION) {
            let program = format!("{BEGINNING}{number}");
            let answer = try_sign_in(port, &program).await;
            let session = self.acknowledged(answer, 201).map(|answer| Client::of_session(&answer));
            self.sessions.insert(program, session);
        }
    }

    /// Packs a book that was read, and fetches the archive of one that was packed.
    async fn further(&mut self, name: &str, client: &Client, port: u16) {
        let path = format!("/api/v1/releases/{}", self.books[name].release.as_ref().unwrap());
        let Some(shown) = self.ask(client, port, ("GET", &path, &Value::Null), 200).await else { return };
        let shown = shown.json();
        match shown["status"].as_str().unwrap() {
            "draft" => {
                let edit = self.edit.clone();
                if self.ask(client, port, ("PATCH", &path, &edit), 200).await.is_none() {
                    return;
                }
                self.sent(name).is_edited = true;
                let asked = self.ask(client, port, ("POST", &format!("{path}/pack"), &Value::Null), 202).await;
                self.sent(name).is_packed |= asked.is_some();
            }
            "packing" => self.sent(name).is_packed = true,
            "packed" => {
                self.sent(name).is_packed = true;
                let package = shown["packages"][0]["id"].as_str().unwrap().to_owned();
                if let Some(archive) = self.ask(client, port, ("GET", &archive(&package), &Value::Null), 200).await {
                    self.sent(name).package = Some((package, Sha256::digest(&archive.body).into()));
                }
            }
            "inspecting" => {}
            other => panic!("a sound book is {other}: {shown}"),
        }
    }

    fn sent(&mut self, name: &str) -> &mut Sent {
        self.books.get_mut(name).unwrap()
    }

    async fn ask(
        &mut self,
        client: &Client,
        port: u16,
        (method, path, body): (&str, &str, &Value),
        yes: u16,
    ) -> Option<Answer> {
        let answer = client.try_json_patiently(port, method, path, body).await;
        self.acknowledged(answer, yes)
    }

    /// The answer when it says yes. A no says in its code what it is, that something is away; it is never that what was
    /// acknowledged is not there.
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
        assert!(answer.status >= 500, "{answer}");
        assert!(answer.json()["code"].is_string(), "{answer}");
        self.refused += 1;
        None
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let books = self.books.values().filter(|sent| sent.release.is_some()).count();
        let sessions = self.sessions.values().flatten().count();
        write!(
            formatter,
            "of {} books {books} and of {} sessions {sessions} were acknowledged, and {} packages given; {} requests \
             were refused",
            self.books.len(),
            self.sessions.len(),
            self.packages(),
            self.refused
        )
    }
}

pub(crate) fn archive(package: &str) -> String {
    format!("/api/v1/packages/{package}/archive")
}
