//! A button that asks before it does what others will miss: its dialog says what goes, and leaves everything as it is until
//! the second button is chosen. It opens without script.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What such a button says, and what comes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The id of the dialog; its title is called after it. No other part of the page has it, but for others of a list.
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

/// How such a button looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// As one of the last of a page.
    #[default]
    Quiet,
    /// As one among small ones.
    Small,
    /// As its icon alone.
    Icon,
}

/// Which thing of a list such a button is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Of {
    /// What no other of the list has, fit for an id.
    pub id: String,
    /// Its name, for who hears the button without the line that it stands in.
    pub name: String,
}

/// The button with its dialog.
#[component]
pub fn Ask(
    /// What it says.
    asked: Asked,
    /// How its button looks.
    #[prop(optional)]
    look: Look,
    /// Where each thing of a list has one.
    #[prop(optional)]
    of: Option<Of>,
    /// The page without the dialog, where the form came back with something wrong: it then stands open in the page.
    #[prop(optional_no_strip)]
    back: Option<String>,
    /// Fields of the form.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let Asked { id, open, glyph, title, text, action, sent: (name, value), keep, submit } = asked;
    let (id, heard) = match of {
        Some(of) => (format!("{id}-{}", of.id), Some(of.name)),
        None => (id.to_owned(), None),
    };
    let heading = format!("{id}-title");
    let class = match look {
        Look::Quiet => "button button--quiet",
        Look::Small => "button button--small",
        Look::Icon => "views__forget",
    };
    let is_icon = look == Look::Icon;
    let is_open = back.is_some();
    let keep = if let Some(back) = back {
        view! { <a class="button" href=back>{keep}</a> }.into_any()
    } else {
        let id = id.clone();
        view! { <button class="button" type="button" popovertarget=id popovertargetaction="hide">{keep}</button> }
            .into_any()
    };
    view! {
        {(!is_open).then(|| view! {
            <button class=class type="button" popovertarget=id.clone() title=is_icon.then_some(open)>
                <Icon glyph /><span class:unseen=is_icon>{open}</span>{heard.map(|name| view! { <span class="unseen">" "{name}</span> })}
            </button>
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
