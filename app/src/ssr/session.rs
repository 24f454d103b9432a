//! Beginning and ending a session in this browser.

use http::request::Parts;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use leptos_router::params::ParamsMap;
use service::{Action, Actor, ExposeSecret, Resource, SecretString, SignedIn};

use super::{
    context::{Visitor, visitor},
    cookies,
};
use crate::{
    error::AppError,
    model::paths::{HOME, INBOX, SIGN_IN, SIGN_IN_CODE, VERIFY, is_local},
};

/// Hands the tokens to the browser and goes back to where it was, or to where the person begins.
pub fn begin(visitor: &Visitor, signed_in: &SignedIn, back: Option<&str>) {
    let now = jiff::Timestamp::now().as_millisecond();
    cookies::set(cookies::session(signed_in, now, visitor.secure));
    super::convert::lead_to(back.filter(|path| is_local(path)).unwrap_or_else(|| home(&signed_in.actor)));
}

/// Asks for a one-time code: who was right about the password is remembered in a cookie for as long as that counts.
pub fn ask_for_code(visitor: &Visitor, challenge: &SecretString, back: Option<&str>) {
    cookies::set(cookies::short_lived(cookies::CHALLENGE, challenge.expose_secret(), visitor.secure));
    let mut query = ParamsMap::new();
    if let Some(back) = back.filter(|path| is_local(path)) {
        query.insert("return", back.to_owned());
    }
    super::convert::lead_to(&format!("{SIGN_IN_CODE}{}", query.to_query_string()));
}

/// What the cookie says of whose password was right.
pub fn challenge(visitor: &Visitor) -> Option<String> {
    let parts = use_context::<Parts>()?;
    cookies::read(&parts.headers, &cookies::name(cookies::CHALLENGE, visitor.secure)).map(str::to_owned)
}

/// Where somebody begins who was nowhere before: what needs them, or in a new house what to do first, is said by the
/// overview. Who sees no releases has the inbox, and who has no books either can
/// verify a package.
pub fn home(actor: &Actor) -> &'static str {
    if actor.may(Resource::Releases, Action::Read) {
        HOME
    } else if actor.may(Resource::Books, Action::Read) || actor.may(Resource::Books, Action::Write) {
        INBOX
    } else {
        VERIFY
    }
}

/// Takes the tokens away, and whatever else the browser has of the person, and goes to the door.
pub fn end() -> Result<(), AppError> {
    cookies::set(cookies::ended(visitor()?.secure));
    if let Some(response) = use_context::<ResponseOptions>() {
        response.insert_header(cookies::CLEAR, cookies::CLEARED);
    }
    super::convert::lead_to(SIGN_IN);
    Ok(())
}
