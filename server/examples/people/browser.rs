//! A browser: kept connections over TLS, cookies, an address of its own.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use http::{HeaderMap, Method, StatusCode, header};
use reqwest::{Certificate, Client, redirect::Policy};

use crate::{Outcome, journal::Journal};

/// Longer than nginx waits for a node: who has no answer by then has none.
const PATIENCE: Duration = Duration::from_secs(30);

/// Less than nginx keeps an idle connection, so that no request meets a connection that is just being closed.
const IDLE: Duration = Duration::from_secs(30);

/// Where everybody goes.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    url: String,
    port: u16,
    certificate: Certificate,
    journal: Arc<Journal>,
}

impl Site {
    /// `https://localhost:PORT`, which shows this certificate.
    pub(crate) fn at(url: &str, certificate: &Path, journal: Arc<Journal>) -> Outcome<Self> {
        let port = url.strip_prefix("https://localhost:").and_then(|port| port.parse().ok());
        let port = port.ok_or("only https://localhost:PORT is ever put under load")?;
        let certificate = Certificate::from_pem(&std::fs::read(certificate)?)?;
        Ok(Self { url: url.to_owned(), port, certificate, journal })
    }

    /// A browser at an address of its own, so that limits count it alone.
    pub(crate) fn browser(&self, position: u32) -> Outcome<Browser> {
        let [.., high, low] = (position + 1).to_be_bytes();
        let http = Client::builder()
            .tls_certs_only([self.certificate.clone()])
            .resolve("localhost", SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)))
            .local_address(IpAddr::from([127, 1, high, low]))
            .no_proxy()
            .redirect(Policy::none())
            .pool_idle_timeout(IDLE)
            .build()?;
        Ok(Browser { http, url: self.url.clone(), journal: Arc::clone(&self.journal), memory: Arc::default() })
    }
}

/// One person's. A clone is another tab of it.
#[derive(Debug, Clone)]
pub(crate) struct Browser {
    http: Client,
    url: String,
    journal: Arc<Journal>,
    memory: Arc<Mutex<Memory>>,
}

/// What all tabs know.
#[derive(Debug, Default)]
struct Memory {
    cookies: BTreeMap<String, String>,
    session: Session,
}

/// Whether this person is signed in, and how often they were put out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) is_open: bool,
    /// Sessions that were begun.
    pub(crate) begun: u64,
    /// Of these, those that were gone when they were needed: their person had not ended them.
    pub(crate) lost: u64,
}

impl Session {
    /// Somebody signed in.
    fn begin(&mut self) {
        (self.is_open, self.begun) = (true, self.begun + 1);
    }

    /// Somebody is about to sign in anew: whatever becomes of this one, nobody needs it any more.
    fn leave(&mut self) {
        self.is_open = false;
    }

    /// What an answer says of the session in which it was asked for: once, that it is gone.
    fn notice(&mut self, asked_in: Self, status: u16, location: Option<&str>) {
        let is_this_one = self.is_open && asked_in.begun == self.begun;
        if is_this_one && asks_to_sign_in(status, location) {
            (self.is_open, self.lost) = (false, self.lost + 1);
        }
    }
}

/// As the guard answers a stranger: 401 to a program, the way to sign in to who waits for a page.
fn asks_to_sign_in(status: u16, location: Option<&str>) -> bool {
    let is_led_away = StatusCode::from_u16(status).is_ok_and(|status| status.is_redirection());
    status == StatusCode::UNAUTHORIZED || is_led_away && location.is_some_and(|path| path.starts_with("/sign-in"))
}

/// What is asked. Only an answer with the status that is expected is a good one.
pub(crate) struct Question<'a> {
    pub(crate) operation: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) headers: &'a [(&'a str, &'a str)],
    pub(crate) body: Vec<u8>,
    pub(crate) expected: u16,
}

impl<'a> Question<'a> {
    /// A page, or a file.
    pub(crate) fn get(operation: &'static str, path: &'a str) -> Self {
        Self { operation, method: Method::GET, path, headers: &[], body: Vec::new(), expected: 200 }
    }

    /// JSON, or nothing.
    pub(crate) fn json(
        operation: &'static str,
        method: Method,
        path: &'a str,
        body: &serde_json::Value,
        expected: u16,
    ) -> Self {
        let headers: &[_] = if body.is_null() { &[] } else { &[("content-type", "application/json")] };
        let body = if body.is_null() { Vec::new() } else { body.to_string().into_bytes() };
        Self { operation, method, path, headers, body, expected }
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Browser {
    /// Asks, reads the answer whole, and notes it. `None` when it was not the one that was expected.
    pub(crate) async fn ask(&mut self, question: Question<'_>) -> Option<Answer> {
        let (operation, method, expected) = (question.operation, question.method.clone(), question.expected);
        let (begun, asked_in) = (Instant::now(), self.session());
        let answered = tokio::time::timeout(PATIENCE, self.exchange(question)).await;
        let answered = answered
            .map_or_else(|_| Err("no answer in time".to_owned()), |answer| answer.map_err(|error| causes(&error)));
        let is_good = answered.as_ref().is_ok_and(|answer| answer.status == expected);
        let result = answered.as_ref().map(|answer| answer.status).map_err(Clone::clone);
        self.journal.note(operation, method.as_str(), begun.elapsed(), &result, is_good);
        let answer = answered.ok()?;
        self.take_cookies(&answer.headers);
        self.remember(|memory| memory.session.notice(asked_in, answer.status, answer.header("location")));
        is_good.then_some(answer)
    }

    /// Somebody is about to sign in.
    pub(crate) fn leave_session(&self) {
        self.remember(|memory| memory.session.leave());
    }

    /// Somebody has just signed in.
    pub(crate) fn begin_session(&self) {
        self.remember(|memory| memory.session.begin());
    }

    pub(crate) fn session(&self) -> Session {
        self.remember(|memory| memory.session)
    }

    fn remember<T>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        work(&mut self.memory.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Holds a stream of events open until the other side ends it; notes only whether it began.
    pub(crate) async fn listen(&self) {
        let (begun, asked_in) = (Instant::now(), self.session());
        let asked = self.prepared(&Question::get("events", "/api/v1/events")).send().await;
        let result = asked.as_ref().map(|answer| answer.status().as_u16()).map_err(ToString::to_string);
        self.journal.note("events", "GET", begun.elapsed(), &result, result == Ok(200));
        let Ok(mut stream) = asked else { return };
        let location = stream.headers().get(header::LOCATION).and_then(|location| location.to_str().ok());
        self.remember(|memory| memory.session.notice(asked_in, stream.status().as_u16(), location));
        while let Ok(Some(_)) = stream.chunk().await {}
    }

    async fn exchange(&self, question: Question<'_>) -> Result<Answer, reqwest::Error> {
        let request = self.prepared(&question).body(question.body);
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Ok(Answer { status, headers, body: response.bytes().await?.to_vec() })
    }

    fn prepared(&self, question: &Question<'_>) -> reqwest::RequestBuilder {
        let mut request = self.http.request(question.method.clone(), format!("{}{}", self.url, question.path));
        for (name, value) in question.headers {
            request = request.header(*name, *value);
        }
        let jar: Vec<String> =
            self.remember(|memory| memory.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect());
        if !jar.is_empty() {
            request = request.header(header::COOKIE, jar.join("; "));
        }
        // As browsers do with every change: the application asks for it.
        request.header(header::ORIGIN, &self.url).header("sec-fetch-site", "same-origin")
    }

    fn take_cookies(&self, headers: &HeaderMap) {
        for line in headers.get_all(header::SET_COOKIE).iter().filter_map(|line| line.to_str().ok()) {
            if let Some((name, value)) = line.split(';').next().and_then(|pair| pair.split_once('=')) {
                self.remember(|memory| memory.cookies.insert(name.to_owned(), value.to_owned()));
            }
        }
    }
}

/// The whole chain: reqwest's own sentence says only that it failed.
fn causes(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_asked_to_sign_in_again_has_lost_a_session_once() {
        let mut session = Session::default();
        session.notice(session, 401, None);
        assert_eq!(session.lost, 0, "nobody was signed in");
        session.begin();
        for (status, location) in [
            (200, None),
            (302, Some("/releases")),
            (303, Some("/releases/1?after=/sign-in")),
            (404, None),
            (409, None),
            (502, None),
            (200, Some("/sign-in")),
        ] {
            session.notice(session, status, location);
            assert!(session.is_open, "{status} {location:?}");
        }
        // Every tab meets the closed door.
        for (status, location) in [(302, Some("/sign-in?return=/releases")), (401, None), (303, Some("/sign-in"))] {
            session.notice(session, status, location);
        }
        assert_eq!(session, Session { is_open: false, begun: 1, lost: 1 });
    }

    #[test]
    fn whoever_signs_in_anew_by_themselves_has_lost_nothing() {
        let mut session = Session::default();
        session.begin();
        let other_tab = session;
        session.leave();
        session.notice(other_tab, 401, None);
        session.begin();
        // The answer to what was asked in the session that was given up.
        session.notice(other_tab, 401, None);
        assert_eq!(session, Session { is_open: true, begun: 2, lost: 0 });
        session.notice(session, 401, None);
        assert_eq!(session, Session { is_open: false, begun: 2, lost: 1 });
    }
}
