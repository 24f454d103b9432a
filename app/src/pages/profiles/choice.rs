//! The releases that a profile can be tried on: the last that were changed, or those that a search finds.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;
use service::{Actor, ReleaseId, ReleaseQuery, ReleaseSummary, Services};

use crate::{error::AppError, model::profile_form::ProfileForm, ssr::convert::convert, texts::texts};

/// Releases that are offered at one time.
const OFFERED: u32 = 20;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Words of a release to try.
    pub find: &'a str,
    /// The words that the list which one chose from was made for.
    pub found: &'a str,
    /// The id of the one that is chosen; what is no id chooses none.
    pub release: &'a str,
}

impl<'a> Wish<'a> {
    /// What an address asks for.
    pub fn from_query(query: &'a ParamsMap) -> Self {
        let value = |name| query.get_str(name).unwrap_or_default();
        Self { find: value("find"), found: value("found"), release: value("release") }
    }

    /// What a form asks for.
    pub fn from_form(form: &'a ProfileForm) -> Self {
        Self { find: &form.find, found: &form.found, release: &form.release }
    }

    /// The same in an address.
    pub fn to_address(self, address: &str) -> String {
        let mut query = ParamsMap::new();
        for (name, value) in [("find", self.find), ("found", self.found), ("release", self.release)] {
            query.insert(name, value.to_owned());
        }
        let query = query.to_query_string();
        if address.contains('?') {
            format!("{address}{}", query.replacen('?', "&", 1))
        } else {
            format!("{address}{query}")
        }
    }

    /// The release that is chosen.
    pub fn chosen(&self) -> Option<ReleaseId> {
        self.release.parse().ok()
    }

    /// True when other words are looked for than those of the list.
    pub fn is_new(&self) -> bool {
        self.find.trim() != self.found.trim()
    }
}

/// The releases that can be tried.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The words that they are found by; without any they are the last that were changed.
    pub find: String,
    /// Those, and the one that is chosen.
    pub releases: Vec<ReleaseSummary>,
    /// The one that is tried.
    pub chosen: Option<ReleaseId>,
    /// True when no release has the words.
    pub is_nothing_found: bool,
}

impl Choice {
    /// What can be tried. Whoever looks for other words chooses the first that has them; one that is gone is not chosen.
    ///
    /// # Errors
    /// Those of listing releases.
    pub async fn of(services: &Services, actor: &Actor, wish: Wish<'_>) -> Result<Self, AppError> {
        let find = wish.find.trim().to_owned();
        let search = (!find.is_empty()).then(|| find.clone());
        let query = ReleaseQuery { search, limit: OFFERED, ..ReleaseQuery::default() };
        let mut releases = services.releases().list(actor, &query).await.map_err(convert)?.items;
        let is_nothing_found = releases.is_empty() && !find.is_empty();
        let is_offered = |id: &ReleaseId| releases.iter().any(|release| release.id == *id);
        let chosen = match wish.chosen() {
            Some(id) if is_offered(&id) => Some(id),
            _ if wish.is_new() && !find.is_empty() && !is_nothing_found => releases.first().map(|first| first.id),
            Some(id) => {
                let own = ReleaseQuery { ids: vec![id], limit: 1, ..ReleaseQuery::default() };
                let own = services.releases().list(actor, &own).await.map_err(convert)?.items;
                let chosen = own.first().map(|release| release.id);
                releases.splice(0..0, own);
                chosen
            }
            None => None,
        };
        Ok(Self { find, releases, chosen, is_nothing_found })
    }
}

/// The words that a release to try is found by.
#[component]
pub fn FindRelease(name: &'static str, find: String) -> impl IntoView {
    let texts = texts();
    view! {
        <div class="field">
            <label for="try-find">{texts.say("profiles.try-find")}</label>
            <input type="search" id="try-find" name=name value=find autocomplete="off" aria-describedby="try-find-hint" />
            <p id="try-find-hint" class="field__hint">{texts.say("profiles.try-find-hint")}</p>
        </div>
    }
}

/// The release that is tried. `found` is the name of the field with the words of the list.
#[component]
pub fn ReleaseChoice(name: &'static str, found: &'static str, choice: Choice) -> impl IntoView {
    let texts = texts();
    let Choice { find, releases, chosen, is_nothing_found } = choice;
    let options = releases
        .into_iter()
        .map(|release| {
            let selected = chosen == Some(release.id);
            view! { <option value=release.id.to_string() selected=selected>{release.title}</option> }
        })
        .collect_view();
    let nothing = texts.say("profiles.try-nothing");
    view! {
        <div class="field">
            <label for="try-release">{texts.say("profiles.try-release")}</label>
            <select id="try-release" name=name>
                <option value="">{texts.say("profiles.try-none")}</option>
                {options}
            </select>
            {is_nothing_found.then(|| view! { <p class="field__hint" data-said=nothing>{nothing}</p> })}
        </div>
        <input type="hidden" name=found value=find />
    }
}
