//! What letters say, in the language of whoever gets them.

use service::{EmailChange, ExposeSecret, Message, Outgoing};

use crate::{
    model::{locale::Locale, paths},
    texts::Texts,
};

/// A letter that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The line that a mailbox shows.
    pub subject: String,
    /// The text, with nothing that has to be loaded from anywhere.
    pub text: String,
}

/// What a page says of an address that was given.
pub fn done(change: EmailChange) -> &'static str {
    match change {
        EmailChange::Done => "email-changed",
        EmailChange::LetterSent => "email-asked",
        EmailChange::Unconfirmed => "email-unconfirmed",
    }
}

/// A letter as its message has it. `origin` is where people reach this house.
pub fn write(outgoing: &Outgoing, origin: &str) -> Written {
    let locale = outgoing.locale.as_deref().and_then(Locale::from_tag).unwrap_or_default();
    let texts = Texts::of(locale);
    let username = ("username", &outgoing.username as &dyn std::fmt::Display);
    let place = ("place", &origin as &dyn std::fmt::Display);
    let (subject, parts) = match &outgoing.message {
        Message::NewPassword(token) => {
            let address = format!("{origin}{}?token={}", paths::RESET, token.expose_secret());
            let link = format!("{}\n{address}", texts.say_with("letter.link", &[username]));
            let (once, not_you) = (texts.say("letter.once"), texts.say("letter.not-you"));
            ("letter.subject", vec![texts.say_with("letter.why", &[place]), link, once.to_owned(), not_you.to_owned()])
        }
        Message::ConfirmEmail(token) => {
            let address = format!("{origin}{}?token={}", paths::CONFIRM_EMAIL, token.expose_secret());
            let why = texts.say_with("letter.confirm-why", &[username, place]);
            let link = format!("{}\n{address}", texts.say("letter.confirm-link"));
            let not_you = texts.say("letter.confirm-not-you").to_owned();
            ("letter.confirm-subject", vec![why, link, texts.say("letter.confirm-once").to_owned(), not_you])
        }
        Message::EmailGoes => {
            let why = texts.say_with("letter.goes-why", &[username, place]);
            ("letter.goes-subject", vec![why, texts.say("letter.goes-not-you").to_owned()])
        }
    };
    let hello = texts.say_with("letter.hello", &[("name", &outgoing.name)]);
    let parts: Vec<String> = [vec![hello], parts].concat();
    Written { subject: texts.say(subject).to_owned(), text: parts.join("\n\n") + "\n" }
}
