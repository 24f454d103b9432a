//! Views that one keeps: the present address under a name.

use leptos::prelude::*;
use service::SavedView;

use super::filter::Filter;
use crate::{
    components::{
        form::{FormError, returned_error},
        icon::{Glyph, Icon},
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
        .map(|saved| {
            let current = (saved.query == query).then_some("page");
            let forget = texts.say_with("views.forget", &[("name", &saved.name)]);
            view! {
                <li>
                    <a href=format!("{}{}", paths::RELEASES, saved.query) aria-current=current>{saved.name.clone()}</a>
                    <form method="post" action="/api/app/delete-view">
                        <input type="hidden" name="name" value=saved.name />
                        <button type="submit" class="views__forget" title=forget.clone()>
                            <Icon glyph=Glyph::Close /><span class="unseen">{forget.clone()}</span>
                        </button>
                    </form>
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
