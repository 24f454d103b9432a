//! Forms that work as plain forms: the door answers with a redirection, and an error comes back in the URL.

use leptos::{prelude::*, server_fn::error::ServerFnUrlError};
use leptos_router::hooks::use_query_map;

use super::icon::{Glyph, Icon};
use crate::{
    error::{AppError, LeftOut},
    texts::{Texts, texts},
};

/// The error that a door sent back to this page, when it was this door.
pub fn returned_error(door: &str) -> Option<AppError> {
    let query = use_query_map().get_untracked();
    if query.get_str("__path")? != door {
        return None;
    }
    Some(ServerFnUrlError::<AppError>::decode_err(query.get_str("__err")?))
}

/// What went wrong with a form, above its fields; nothing when nothing did.
#[component]
pub fn FormError(
    /// The error that came back.
    error: Option<AppError>,
) -> impl IntoView {
    error.map(|error| {
        let texts = texts();
        let left_out = match &error {
            AppError::NotAllPacked { left_out, more, .. }
            | AppError::NotAllChanged { left_out, more, .. }
            | AppError::NotAllDone { left_out, more, .. } => {
                Some(view! { <LeftOutList texts left_out=left_out.clone() more=*more /> })
            }
            _ => None,
        };
        view! {
            <div class="alert alert--wrong" role="alert">
                <Icon glyph=Glyph::Wrong />
                <div class="stack stack--tight"><p>{texts.error(&error)}</p>{left_out}</div>
            </div>
        }
    })
}

/// What did not get what the others got, each with why.
#[component]
fn LeftOutList(texts: Texts, left_out: Vec<LeftOut>, more: u64) -> impl IntoView {
    let rows = left_out
        .into_iter()
        .map(|one| {
            let why = match &one.error {
                AppError::Invalid { fields } => {
                    fields.iter().map(|one| texts.named_field_problem(one)).collect::<Vec<_>>().join(" ")
                }
                error => texts.error(error),
            };
            view! { <li><strong>{one.title}</strong>" — "{why}</li> }
        })
        .collect_view();
    view! {
        <ul>{rows}</ul>
        {(more > 0).then(|| view! { <p>{texts.count("error.more-left-out", more)}</p> })}
    }
}

/// What was done, by the `done` of the address; nothing when it has none.
#[component]
pub fn Done() -> impl IntoView {
    let done = use_query_map().get_untracked().get("done");
    done.map(|word| {
        view! {
            <div class="alert alert--good" role="status">
                <Icon glyph=Glyph::Good />
                <p>{texts().word("done", &word)}</p>
            </div>
        }
    })
}

/// What a field asks of the browser.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Input {
    /// One line of text.
    #[default]
    Text,
    /// A user name that exists.
    Username,
    /// An address of mail, which may be left out.
    Email,
    /// The password that exists.
    Password,
    /// A password to come.
    NewPassword,
    /// The first password of somebody else, which may be left to them.
    FirstPassword,
    /// A one-time code.
    Code,
}

impl Input {
    fn kind(self) -> &'static str {
        match self {
            Self::Text | Self::Username | Self::Code => "text",
            Self::Email => "email",
            Self::Password | Self::NewPassword | Self::FirstPassword => "password",
        }
    }

    fn autocomplete(self) -> &'static str {
        match self {
            Self::Text => "off",
            Self::Username => "username",
            Self::Email => "email",
            Self::Password => "current-password",
            Self::NewPassword | Self::FirstPassword => "new-password",
            Self::Code => "one-time-code",
        }
    }
}

/// A labelled field with its hint and, when the form came back, what is wrong with it.
#[component]
pub fn TextField(
    /// The name of the input, the field's word in errors.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// What it asks of the browser.
    #[prop(optional)]
    input: Input,
    /// The id of the input, where another form of the page has a field of the same name.
    #[prop(optional)]
    id: Option<&'static str>,
    /// A sentence below the field.
    #[prop(optional, into)]
    hint: Option<String>,
    /// The error that the form came back with.
    error: Option<AppError>,
    /// The value to begin with.
    #[prop(optional, into)]
    value: Option<String>,
    /// True for the first field of a page whose only purpose is its form.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let problem = error.as_ref().and_then(|error| error.field(name)).map(|problem| texts().field_problem(problem));
    let first_wrong = match &error {
        Some(AppError::Invalid { fields }) => fields.first().map(|problem| problem.field.clone()),
        _ => None,
    };
    let autofocus = first_wrong.map_or(autofocus, |first| first == name);
    let id = id.map_or_else(|| format!("field-{name}"), str::to_owned);
    let hint_id = format!("{id}-hint");
    let problem_id = format!("{id}-problem");
    let described: Vec<String> = [hint.as_ref().map(|_| hint_id.clone()), problem.as_ref().map(|_| problem_id.clone())]
        .into_iter()
        .flatten()
        .collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    let plain = matches!(input, Input::Username | Input::Text | Input::Code);
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id.clone()
                name=name
                type=input.kind()
                autocomplete=input.autocomplete()
                autocapitalize=plain.then_some("none")
                spellcheck=plain.then_some("false")
                required=!matches!(input, Input::Email | Input::FirstPassword)
                value=value
                autofocus=autofocus
                aria-describedby=described
                aria-invalid=problem.as_ref().map(|_| "true")
            />
            {hint.map(|hint| view! { <p class="field__hint" id=hint_id>{hint}</p> })}
            {problem.map(|problem| view! {
                <p class="field__problem" id=problem_id><Icon glyph=Glyph::Wrong /> <span>{problem}</span></p>
            })}
        </div>
    }
}
