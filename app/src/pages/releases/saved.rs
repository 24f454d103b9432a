//! Views that one keeps: the present address under a name.

use leptos::prelude::*;
use service::SavedView;

use super::filter::Filter;
use crate::{
    components::{
        ask::{Ask, Asked, Look, Of},
        form::{FormError, returned_error},
        icon::Glyph,
    },
    model::paths,
    texts::Texts,
};

#[component]
pub fn SavedViews(texts: Texts, filter: Filter, views: Vec<SavedView>) -> impl IntoView {
    let error = ["/api/app/save-view", "/api/app/delete-view"].into_iter().find_map(returned_error);
    let address = filter.address(None);
    let query = address.strip_prefix(paths::RELEASES).unwrap_or_default().to_owned();
    let can_save = !query.is_empty() && !views.iter().any(|view| view.query == query);
    let is_open = error.is_some();
    let items = views
        .into_iter()
        .enumerate()
        .map(|(index, saved)| {
            let current = (saved.query == query).then_some("page");
            let of = Of { id: index.to_string(), name: saved.name.clone() };
            view! {
                <li>
                    <a href=format!("{}{}", paths::RELEASES, saved.query) aria-current=current>{saved.name.clone()}</a>
                    <Ask asked=forgetting(texts, saved.name) look=Look::Icon of />
                </li>
            }
        })
        .collect_view();
    view! {
        <div id="views" class="views" data-live>
            <ul aria-label=texts.say("views.title")>{items}</ul>
            {can_save.then(|| view! {
                <details open=is_open>
                    <summary>{texts.say("views.keep")}</summary>
                    <form class="views__form" method="post" action="/api/app/save-view">
                        <input type="hidden" name="query" value=query.clone() />
                        <label class="unseen" for="view-name">{texts.say("views.name")}</label>
                        <input type="text" id="view-name" name="name" maxlength="60" required placeholder=texts.say("views.name") autocomplete="off" />
                        <button type="submit" class="button">{texts.say("views.save")}</button>
                    </form>
                </details>
            })}
            <FormError error />
        </div>
    }
}

/// Names what goes before it goes.
fn forgetting(texts: Texts, name: String) -> Asked {
    Asked {
        id: "forget-view",
        open: texts.say("views.forget"),
        glyph: Glyph::Close,
        title: texts.say_with("views.forget-title", &[("name", &name)]),
        text: texts.say("views.forget-text").to_owned(),
        action: "/api/app/delete-view".to_owned(),
        sent: ("name", name),
        keep: texts.say("delete.keep"),
        submit: texts.say("views.forget"),
    }
}
