//! A button that asks before it does what others will miss: its dialog says what goes, and leaves everything as it is until
//! the second button is chosen. It opens without script.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What such a button says, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The id of the dialog; its title is called after it. No other part of the page has it.
    pub id: &'static str,
    /// What the button says.
    pub open: &'static str,
    /// Its icon.
    pub glyph: Glyph,
    /// The question.
    pub title: String,
    /// What goes, and whether it can be had back.
    pub text: String,
    /// Where the form is sent.
    pub action: String,
    /// What it sends besides its fields: a name and a value.
    pub sent: (&'static str, String),
    /// What the button says that leaves everything as it is.
    pub keep: &'static str,
    /// What the button says that does it.
    pub submit: &'static str,
}

/// The button with its dialog.
#[component]
pub fn Ask(
    /// What it says.
    asked: Asked,
    /// True for a button among small ones.
    #[prop(optional)]
    small: bool,
    /// The page without the dialog, where the form came back with something wrong: it then stands open in the page.
    #[prop(optional_no_strip)]
    back: Option<String>,
    /// Fields of the form.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let Asked { id, open, glyph, title, text, action, sent: (name, value), keep, submit } = asked;
    let heading = format!("{id}-title");
    let look = if small { "button button--small" } else { "button button--quiet" };
    let is_open = back.is_some();
    let keep = match back {
        Some(back) => view! { <a class="button" href=back>{keep}</a> }.into_any(),
        None => {
            view! { <button class="button" type="button" popovertarget=id popovertargetaction="hide">{keep}</button> }
                .into_any()
        }
    };
    view! {
        {(!is_open).then(|| view! {
            <button class=look type="button" popovertarget=id><Icon glyph />{open}</button>
        })}
        <div id=id class="dialog" popover=(!is_open).then_some("auto") role=if is_open { "group" } else { "dialog" }
            aria-labelledby=heading.clone()>
            <div class="dialog__head"><h2 id=heading.clone()>{title}</h2></div>
            <p>{text}</p>
            <form class="form" action=action method="post">
                <input type="hidden" name=name value=value />
                {children.map(|children| children())}
                <div class="button-row dialog__foot">
                    {keep}
                    <button class="button button--danger" type="submit"><Icon glyph />{submit}</button>
                </div>
            </form>
        </div>
    }
}
