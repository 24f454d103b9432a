//! The address without a path: to where one begins.

use leptos::prelude::*;
use leptos_axum::redirect;

use crate::{
    model::paths,
    ssr::{context, session},
};

/// Sends whoever is signed in to the releases or the inbox; strangers never come here.
#[component]
pub fn FirstPage() -> impl IntoView {
    let actor = context::visitor().ok().and_then(|visitor| visitor.actor);
    redirect(actor.as_ref().map_or(paths::RELEASES, session::home));
}
