//! Who sends mail, if anybody.

use lettre::{AsyncSmtpTransport, Tokio1Executor, message::Mailbox};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{
    problem::{Notice, Problem},
    reading::Reader,
};

/// The mail server, and who letters are from.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// `SMTP_URL`, which may hold a password.
    pub url: SecretString,
    /// `SMTP_FROM`.
    pub from: Mailbox,
}

/// `SMTP_URL` and `SMTP_FROM`, of which neither is of use alone.
pub(super) fn read(reader: &Reader<'_>) -> Option<MailServer> {
    let url = reader.secret("SMTP_URL");
    let from = reader.text("SMTP_FROM");
    let (url, from) = match (url, from) {
        (None, None) => return None,
        (Some(_), None) => {
            reader.problem(Problem::Missing { name: "SMTP_FROM", because: "when SMTP_URL is set" });
            return None;
        }
        (None, Some(_)) => {
            reader.problem(Problem::Missing { name: "SMTP_URL", because: "when SMTP_FROM is set" });
            return None;
        }
        (Some(url), Some(from)) => (url, from),
    };
    if AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret()).is_err() {
        let expected = "takes smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST?tls=required, or smtp://HOST";
        reader.problem(Problem::Invalid { name: "SMTP_URL", expected });
        return None;
    }
    let Ok(from) = from.parse() else {
        let expected = "takes an address, such as books@example.org or Our Press <books@example.org>";
        reader.problem(Problem::Invalid { name: "SMTP_FROM", expected });
        return None;
    };
    if !is_encrypted(url.expose_secret()) {
        reader.notice(Notice::MailNotEncrypted);
    }
    Some(MailServer { url, from })
}

/// Whether letters cross the network encrypted, or cross none.
fn is_encrypted(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let is_here = ["localhost", "127.0.0.1", "[::1]"].contains(&url.host_str().unwrap_or_default());
    let is_required = url.query_pairs().any(|(name, value)| name == "tls" && value == "required");
    url.scheme() == "smtps" || is_required || is_here
}
