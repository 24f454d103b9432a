//! Any address that is none.

use leptos::prelude::*;

use crate::{components::error_view::error_view, error::AppError, ssr::convert::answer_with};

/// The page for an address that does not exist.
#[component]
pub fn MissingPage() -> impl IntoView {
    error_view(&answer_with(AppError::not_found("page")))
}
