//! Who sends mail, if anybody.

use lettre::message::Mailbox;
use secrecy::ExposeSecret;

use super::{
    problem::{Notice, Problem},
    reading::Reader,
};
use crate::mail::Route;

/// The mail server, and who letters are from.
#[derive(Debug, Clone)]
pub struct MailServer {
    /// `SMTP_URL`. It may hold a password, which is not shown.
    pub route: Route,
    /// `SMTP_FROM`.
    pub from: Mailbox,
}

/// `SMTP_URL` and `SMTP_FROM`, of which neither is of use alone.
pub(super) fn read(reader: &Reader<'_>, production: bool) -> Option<MailServer> {
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
    let Some(route) = Route::of(url.expose_secret()) else {
        let expected = "takes smtps://USER:PASSWORD@HOST, smtp://USER:PASSWORD@HOST?tls=required, or smtp://HOST";
        reader.problem(Problem::Invalid { name: "SMTP_URL", expected });
        return None;
    };
    let Ok(from) = from.parse() else {
        let expected = "takes an address, such as books@example.org or Our Press <books@example.org>";
        reader.problem(Problem::Invalid { name: "SMTP_FROM", expected });
        return None;
    };
    if !route.is_private() {
        if production && route.has_password() {
            let expected = "has a password that would cross the network in the clear: takes smtps://, or ?tls=required";
            reader.problem(Problem::Invalid { name: "SMTP_URL", expected });
            return None;
        }
        reader.notice(Notice::MailNotEncrypted);
    }
    Some(MailServer { route, from })
}
