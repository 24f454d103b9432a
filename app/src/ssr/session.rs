//! Beginning and ending a session in this browser.

use leptos_axum::redirect;
use service::SignedIn;

use super::{
    context::{Visitor, visitor},
    cookies,
};
use crate::{
    error::AppError,
    model::paths::{RELEASES, SIGN_IN, is_local},
};

/// Hands the tokens to the browser and goes back to where it was, or to the list of releases.
pub fn begin(visitor: &Visitor, signed_in: &SignedIn, back: Option<&str>) {
    let now = jiff::Timestamp::now().as_millisecond();
    cookies::set(cookies::session(signed_in, now, visitor.secure));
    redirect(back.filter(|path| is_local(path)).unwrap_or(RELEASES));
}

/// Takes the tokens away and goes to the door.
pub fn end() -> Result<(), AppError> {
    cookies::set(cookies::ended(visitor()?.secure));
    redirect(SIGN_IN);
    Ok(())
}
