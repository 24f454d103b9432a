//! One person: what they do, in which order, and how long they think.

use std::{sync::Arc, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::Method;
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;

use crate::{
    books::{Book, Books},
    browser::{Answer, Browser, Question},
    newcomers::sign_in,
};

pub(crate) const PASSWORD: &str = "quires and signatures, folded twice";

/// Milliseconds between two clicks, evenly spread: ten seconds on average. Somebody who reads a page before they go on
/// takes at least that; less would be a program. Two hundred people are so twenty clicks a second.
const THINKING_MS: std::ops::Range<u64> = 5_000..15_000;

/// When a browser comes back after its stream of events ended, in milliseconds: as the goodbye of a node tells it.
const LISTEN_AGAIN_MS: std::ops::Range<u64> = 500..1_000;

/// A broken upload is gone on with so often, as the page does by itself.
const UPLOAD_ATTEMPTS: u32 = 5;
const BEFORE_GOING_ON: Duration = Duration::from_secs(1);

/// Of a hundred clicks so many are each of these; what cannot be done yet is a look at the list.
const DASHBOARD: u32 = 23;
const LIST: u32 = DASHBOARD + 22;
const SEARCH: u32 = LIST + 20;
const RELEASE: u32 = SEARCH + 15;
const UPLOAD: u32 = RELEASE + 6;
const PACK: u32 = UPLOAD + 6;
const DOWNLOAD: u32 = PACK + 6;

/// A book of this person that was acknowledged.
#[derive(Debug)]
pub(crate) struct Volume {
    pub(crate) release: String,
    can_be_packed: bool,
    profile: &'static str,
    /// The order to pack it was acknowledged.
    pub(crate) is_ordered: bool,
    /// The package, once somebody has seen it.
    pub(crate) package: Option<String>,
}

/// Who works.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) browser: Browser,
    username: String,
    group: String,
    books: Arc<Books>,
    pub(crate) shelf: Vec<Volume>,
}

impl Person {
    pub(crate) fn new(browser: Browser, username: String, group: String, books: Arc<Books>) -> Self {
        Self { browser, username, group, books, shelf: Vec::new() }
    }

    /// Until they are told to stop; what is under way is finished.
    pub(crate) async fn work(&mut self, stopped: &mut Receiver<bool>) {
        self.come_in(stopped).await;
        let ear = self.browser.clone();
        let listening = tokio::spawn(async move {
            loop {
                ear.listen().await;
                tokio::time::sleep(Duration::from_millis(rand::random_range(LISTEN_AGAIN_MS))).await;
            }
        });
        while !*stopped.borrow() {
            self.click().await;
            pause(stopped).await;
            // Whoever was put out comes in again, and it is counted.
            self.come_in(stopped).await;
        }
        listening.abort();
    }

    /// Signs in, unless they are in.
    async fn come_in(&mut self, stopped: &mut Receiver<bool>) {
        while !*stopped.borrow()
            && !self.browser.session().is_open
            && sign_in(&mut self.browser, &self.username, PASSWORD).await.is_none()
        {
            pause(stopped).await;
        }
    }

    async fn click(&mut self) {
        match rand::random_range(0..100) {
            ..DASHBOARD => self.look("dashboard", "/").await,
            DASHBOARD..LIST => self.look("list", "/releases").await,
            LIST..SEARCH => {
                let path = format!("/releases?q=volume+{}", rand::random_range(0..400));
                self.look("search", &path).await;
            }
            SEARCH..RELEASE => {
                let path = self.any().map_or("/releases".to_owned(), |volume| format!("/releases/{}", volume.release));
                self.look("open a release", &path).await;
            }
            RELEASE..UPLOAD => self.upload().await,
            UPLOAD..PACK => self.pack().await,
            PACK..DOWNLOAD => self.download().await,
            _ => drop(sign_in(&mut self.browser, &self.username, PASSWORD).await),
        }
    }

    async fn look(&mut self, operation: &'static str, path: &str) {
        self.browser.ask(Question::get(operation, path)).await;
    }

    fn any(&self) -> Option<&Volume> {
        (!self.shelf.is_empty()).then(|| &self.shelf[rand::random_range(0..self.shelf.len())])
    }

    /// Uploads a book as the page does; only when its release is known is it acknowledged.
    async fn upload(&mut self) {
        let Ok(book) = self.books.next() else { return };
        let Some(release) = self.send(&book).await else { return };
        let profile = if self.shelf.len().is_multiple_of(2) { "plain" } else { "scene-ebook" };
        self.shelf.push(Volume {
            release,
            can_be_packed: book.can_be_packed,
            profile,
            is_ordered: false,
            package: None,
        });
    }

    async fn send(&mut self, book: &Book) -> Option<String> {
        let length = book.bytes.len().to_string();
        let metadata = format!(
            "filename {},group {}",
            BASE64_STANDARD.encode(&book.file_name),
            BASE64_STANDARD.encode(&self.group)
        );
        let begin = Question {
            operation: "upload",
            method: Method::POST,
            path: "/api/v1/uploads",
            headers: &[("tus-resumable", "1.0.0"), ("upload-length", &length), ("upload-metadata", &metadata)],
            body: Vec::new(),
            expected: 201,
        };
        let path = self.browser.ask(begin).await?.header("location")?.to_owned();
        let mut offset = 0;
        for _ in 0..UPLOAD_ATTEMPTS {
            let at = offset.to_string();
            let part = Question {
                operation: "upload",
                method: Method::PATCH,
                path: &path,
                headers: &[
                    ("tus-resumable", "1.0.0"),
                    ("upload-offset", &at),
                    ("content-type", "application/offset+octet-stream"),
                ],
                body: book.bytes[offset..].to_vec(),
                expected: 204,
            };
            if let Some(release) = self.browser.ask(part).await.as_ref().and_then(release_of) {
                return Some(release);
            }
            tokio::time::sleep(BEFORE_GOING_ON).await;
            let head = Question { method: Method::HEAD, ..Question::get("upload", &path) };
            let Some(answer) = self.browser.ask(head).await else { continue };
            if let Some(release) = release_of(&answer) {
                return Some(release);
            }
            offset = answer.header("upload-offset").and_then(|offset| offset.parse().ok()).unwrap_or(offset);
        }
        None
    }

    /// Says for whom and why, and orders a package of the first book that was read.
    async fn pack(&mut self) {
        let waiting = self.shelf.iter().position(|volume| volume.can_be_packed && !volume.is_ordered);
        let Some(position) = waiting else { return self.look("list", "/releases").await };
        let (release, profile) = (self.shelf[position].release.clone(), self.shelf[position].profile);
        if self.state_of(&release).await.is_none_or(|state| state["status"] != "draft") {
            return;
        }
        let edit = json!({ "group": self.group, "rights": { "basis": "CC0-1.0" }, "profile": profile, "changes": [] });
        let path = format!("/api/v1/releases/{release}");
        if self.browser.ask(Question::json("save", Method::PATCH, &path, &edit, 200)).await.is_none() {
            return;
        }
        let path = format!("{path}/pack");
        let order = Question::json("pack", Method::POST, &path, &Value::Null, 202);
        self.shelf[position].is_ordered = self.browser.ask(order).await.is_some();
    }

    /// Downloads the package of a book; one that is not packed yet is looked at.
    async fn download(&mut self) {
        let ordered: Vec<usize> = (0..self.shelf.len()).filter(|&at| self.shelf[at].is_ordered).collect();
        if ordered.is_empty() {
            return self.look("list", "/releases").await;
        }
        let position = ordered[rand::random_range(0..ordered.len())];
        if self.shelf[position].package.is_none() {
            let release = self.shelf[position].release.clone();
            let state = self.state_of(&release).await.unwrap_or_default();
            self.shelf[position].package = state["packages"][0]["id"].as_str().map(str::to_owned);
        }
        if let Some(package) = &self.shelf[position].package {
            let path = format!("/api/v1/packages/{package}/archive");
            self.look("download", &path).await;
        }
    }

    pub(crate) async fn state_of(&mut self, release: &str) -> Option<Value> {
        let path = format!("/api/v1/releases/{release}");
        Some(self.browser.ask(Question::get("ask for a state", &path)).await?.json())
    }
}

/// Thinks, or is interrupted.
async fn pause(stopped: &mut Receiver<bool>) {
    let thinking = tokio::time::sleep(Duration::from_millis(rand::random_range(THINKING_MS)));
    tokio::select! {
        () = thinking => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
    }
}

fn release_of(answer: &Answer) -> Option<String> {
    answer.header("upload-release").map(str::to_owned)
}
