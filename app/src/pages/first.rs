//! The address without a path: to the list of releases.

use leptos::prelude::*;
use leptos_axum::redirect;

use crate::model::paths;

/// Sends whoever is signed in to the releases; strangers never come here.
#[component]
pub fn FirstPage() -> impl IntoView {
    redirect(paths::RELEASES);
}
