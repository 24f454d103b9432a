//! The pages through which somebody comes in: a title, a sentence, one form.

use leptos::prelude::*;

use super::frame::Frame;
use crate::{model::paths, texts::texts};

/// A page whose only purpose is its form.
#[component]
pub fn Door(
    /// The title, which is the heading, too.
    title: &'static str,
    /// The sentence below it.
    lead: &'static str,
    /// The form and what belongs to it.
    children: Children,
) -> impl IntoView {
    view! {
        <Frame title=title.to_owned()>
            <div class="door">
                <h1>{title}</h1>
                <p class="lead">{lead}</p>
                {children()}
            </div>
        </Frame>
    }
}

/// What stands behind a link of which no use can be made any more: why, and the way to where one signs in.
pub fn closed_door(title: &'static str, why: &'static str) -> AnyView {
    view! {
        <Door title lead=why>
            <p><a class="button button--primary" href=paths::SIGN_IN>{texts().say("sign-in.submit")}</a></p>
        </Door>
    }
    .into_any()
}
