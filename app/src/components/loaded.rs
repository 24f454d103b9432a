//! A page that waits for its data: what was found, or what went wrong, never half of both.

use leptos::prelude::*;

use super::error_view::error_view;
use crate::error::AppError;

/// Renders what `data` gives once it is there; an error gets the error page, with the status that was set where it arose.
pub fn loaded<T: Send + 'static>(
    data: impl Future<Output = Result<T, AppError>> + Send + 'static,
    view: impl FnOnce(T) -> AnyView + Send + 'static,
) -> AnyView {
    let rendered = Suspend::new(async move {
        match data.await {
            Ok(value) => view(value),
            Err(error) => error_view(&error),
        }
    });
    view! { <Suspense>{rendered}</Suspense> }.into_any()
}
