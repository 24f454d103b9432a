//! What letters say, in the language of whoever gets them.

use service::{ExposeSecret, Outgoing};

use crate::{model::locale::Locale, texts::Texts};

/// A letter that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The line that a mailbox shows.
    pub subject: String,
    /// The text, with nothing that has to be loaded from anywhere.
    pub text: String,
}

/// A letter with a link for a new password. `origin` is where people reach this house.
pub fn reset(outgoing: &Outgoing, origin: &str) -> Written {
    let locale = outgoing.locale.as_deref().and_then(Locale::from_tag).unwrap_or_default();
    let texts = Texts::of(locale);
    let address = format!("{origin}/reset?token={}", outgoing.token.expose_secret());
    let parts = [
        texts.say_with("letter.hello", &[("name", &outgoing.name)]),
        texts.say_with("letter.why", &[("place", &origin)]),
        format!("{}\n{address}", texts.say_with("letter.link", &[("username", &outgoing.username)])),
        texts.say("letter.once").to_owned(),
        texts.say("letter.not-you").to_owned(),
    ];
    Written { subject: texts.say("letter.subject").to_owned(), text: parts.join("\n\n") + "\n" }
}
