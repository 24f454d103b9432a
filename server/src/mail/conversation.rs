//! One conversation with the mail server, step by step, so that it is known at which step it said no. What it said stays
//! here: answers repeat addresses, and some the letter itself.

use std::{error::Error as _, future::Future, time::Duration};

use lettre::{
    Address,
    transport::smtp::{
        self,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use percent_encoding::percent_decode_str;
use url::Url;

use crate::incident;

/// How long one step with the mail server may take: longer than greylisting and lists of bad senders make it wait, and all
/// steps together within the time that a letter belongs to this process.
const PATIENCE: Duration = Duration::from_secs(30);
/// The port of mail servers among themselves, which a URL without encryption means.
const PORT: u16 = 25;
/// The port of submission, which is encrypted by `STARTTLS`.
const SUBMISSION: u16 = 587;
/// The port of submission that is encrypted from the first byte on.
const SUBMISSIONS: u16 = 465;

/// When a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    Never,
    WhereOffered,
    Required,
    FromTheStart,
}

/// The way to a mail server, as `SMTP_URL` names it.
#[derive(Debug, Clone)]
pub struct Route {
    host: String,
    port: u16,
    encryption: Encryption,
    credentials: Option<Credentials>,
}

impl Route {
    /// Nothing for a URL that names no mail server.
    pub fn of(url: &str) -> Option<Self> {
        let url = Url::parse(url).ok()?;
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (encryption, usual) = match (url.scheme(), tls.as_deref()) {
            ("smtp", None) => (Encryption::Never, PORT),
            ("smtp", Some("opportunistic")) => (Encryption::WhereOffered, SUBMISSION),
            ("smtp", Some("required")) => (Encryption::Required, SUBMISSION),
            ("smtps", _) => (Encryption::FromTheStart, SUBMISSIONS),
            _ => return None,
        };
        let decoded = |text: &str| Some(percent_decode_str(text).decode_utf8().ok()?.into_owned());
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
            None => None,
        };
        let host = url.host_str().filter(|host| !host.is_empty())?.trim_matches(['[', ']']).to_owned();
        Some(Self { host, port: url.port().unwrap_or(usual), encryption, credentials })
    }

    /// Whether what is said crosses the network encrypted, or crosses none.
    pub fn is_private(&self) -> bool {
        let is_here = ["localhost", "127.0.0.1", "::1"].contains(&self.host.as_str());
        is_here || matches!(self.encryption, Encryption::Required | Encryption::FromTheStart)
    }

    /// Whether a password is shown to the server.
    pub fn has_password(&self) -> bool {
        self.credentials.is_some()
    }
}

/// A step of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Finding the server, greeting it, and encrypting.
    Connect,
    /// Showing the password.
    SignIn,
    /// Saying whom the letter is from.
    Sender,
    /// Saying whom it is for.
    Recipient,
    /// Handing it over.
    Letter,
}

impl Stage {
    /// The step as the log names it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::SignIn => "sign-in",
            Self::Sender => "sender",
            Self::Recipient => "recipient",
            Self::Letter => "letter",
        }
    }
}

/// What became of a conversation that did not end well, without a word of the server's.
#[derive(Debug, thiserror::Error)]
#[error("at the step `{}`: {class}{}", stage.word(), code.map(|code| format!(" ({code})")).unwrap_or_default())]
pub(super) struct BrokenOff {
    /// At which step.
    pub stage: Stage,
    /// The code of the server's answer, where it gave one.
    pub code: Option<u16>,
    /// What it amounts to; for what failed on this side, why.
    pub class: String,
}

impl BrokenOff {
    fn of(stage: Stage, error: &smtp::Error) -> Self {
        let class = if error.is_permanent() {
            "refused".to_owned()
        } else if error.is_transient() {
            "put off".to_owned()
        } else if error.is_response() {
            "an answer that is none".to_owned()
        } else {
            // Of this machine, its network and its TLS: nothing that the server wrote.
            error.source().map_or_else(|| "not possible with this server".to_owned(), incident::causes)
        };
        Self { stage, code: error.status().map(u16::from), class }
    }

    /// Whether another attempt would end the same way: only where the addressee or the letter is refused, and not because
    /// we should have shown a password (53x). Everything else the operator mends.
    pub(super) fn is_for_good(&self) -> bool {
        let is_of_letter = matches!(self.stage, Stage::Recipient | Stage::Letter);
        is_of_letter && self.code.is_some_and(|code| (500..600).contains(&code) && !(530..540).contains(&code))
    }
}

/// A server that has let us in.
pub(super) struct Conversation(AsyncSmtpConnection);

impl Conversation {
    /// Connects, encrypts as the route says, and signs in where it has a password. `name` is ours.
    pub(super) async fn begin(route: &Route, name: &ClientId) -> Result<Self, BrokenOff> {
        let connection = in_time(Stage::Connect, connect(route, name)).await?;
        let mut conversation = Self(connection);
        if let Some(credentials) = &route.credentials {
            let signed_in = in_time(Stage::SignIn, conversation.0.auth(DEFAULT_MECHANISMS, credentials)).await;
            conversation.or_end(signed_in).await?;
        }
        Ok(conversation)
    }

    /// Hands a letter over.
    pub(super) async fn send(mut self, from: Address, to: Address, letter: &[u8]) -> Result<(), BrokenOff> {
        let sender = in_time(Stage::Sender, self.0.command(Mail::new(Some(from), Vec::new()))).await;
        self.or_end(sender).await?;
        let recipient = in_time(Stage::Recipient, self.0.command(Rcpt::new(to, Vec::new()))).await;
        self.or_end(recipient).await?;
        let ready = in_time(Stage::Letter, self.0.command(Data)).await;
        self.or_end(ready).await?;
        let taken = in_time(Stage::Letter, self.0.message(letter)).await;
        self.or_end(taken).await?;
        self.end().await;
        Ok(())
    }

    /// Says goodbye. Whether that is heard is all the same.
    pub(super) async fn end(&mut self) {
        let _ = tokio::time::timeout(PATIENCE, self.0.abort()).await;
    }

    async fn or_end<T>(&mut self, answer: Result<T, BrokenOff>) -> Result<(), BrokenOff> {
        match answer {
            Ok(_) => Ok(()),
            Err(broken) => {
                self.end().await;
                Err(broken)
            }
        }
    }
}

async fn connect(route: &Route, name: &ClientId) -> Result<AsyncSmtpConnection, smtp::Error> {
    let tls = match route.encryption {
        Encryption::Never => None,
        Encryption::WhereOffered | Encryption::Required | Encryption::FromTheStart => {
            Some(TlsParameters::new(route.host.clone())?)
        }
    };
    let from_the_start = tls.clone().filter(|_| route.encryption == Encryption::FromTheStart);
    let server = (route.host.as_str(), route.port);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(server, Some(PATIENCE), name, from_the_start, None).await?;
    if let Some(tls) = tls {
        let is_wanted = match route.encryption {
            Encryption::Required => true,
            Encryption::WhereOffered => connection.can_starttls(),
            Encryption::Never | Encryption::FromTheStart => false,
        };
        if is_wanted {
            connection.starttls(tls, name).await?;
        }
    }
    Ok(connection)
}

async fn in_time<T>(stage: Stage, step: impl Future<Output = Result<T, smtp::Error>>) -> Result<T, BrokenOff> {
    match tokio::time::timeout(PATIENCE, step).await {
        Ok(answer) => answer.map_err(|error| BrokenOff::of(stage, &error)),
        Err(_) => Err(BrokenOff { stage, code: None, class: "no answer in time".to_owned() }),
    }
}
