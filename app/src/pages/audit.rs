//! The audit log: who changed what, when, from where.

mod changes;

use changes::{Tags, changes};
use jiff::{civil::Date, tz::TimeZone};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use service::{
    Action, AuditAction, AuditEntry, AuditQuery, Cursor, Page, Resource, Timestamp, UserSummary, permissions::ASKED,
};

use crate::{
    components::{
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        page_head::{PageHead, Paging},
        select::Select,
    },
    error::AppError,
    model::paths,
    ssr::{convert::convert, guard},
    texts::{Texts, texts, time::machine_time},
};

/// Entries on one page.
const PAGE: u32 = 50;

/// The log, page by page, with its filters in the address.
#[component]
pub fn AuditPage() -> impl IntoView {
    let map = use_query_map().get_untracked();
    let query = from_query(&map);
    loaded(found(query.clone()), move |found| page(&map, &query, found))
}

struct Found {
    entries: Page<AuditEntry>,
    people: Vec<UserSummary>,
    tags: Tags,
    /// For how many days an entry stays.
    kept_days: u32,
}

async fn found(query: AuditQuery) -> Result<Found, AppError> {
    let (actor, services) = guard::allowed(Resource::Audit, Action::Read)?;
    let entries = services.audit().list(&actor, &query).await.map_err(convert)?;
    let people = if actor.may(Resource::Users, Action::Read) {
        services.accounts().users(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    let kept_days = services.audit().kept_days(&actor).await.map_err(convert)?;
    let tags = if actor.may(Resource::Groups, Action::Read) {
        services.groups().list(&actor).await.map_err(convert)?.into()
    } else {
        Tags::default()
    };
    Ok(Found { entries, people, tags, kept_days })
}

/// A value that nobody knows is left out.
fn from_query(query: &ParamsMap) -> AuditQuery {
    let text = |name: &str| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
    let day = |name| text(name)?.parse::<Date>().ok();
    AuditQuery {
        actor: text("actor").and_then(|id| id.parse().ok()),
        action: text("action").and_then(|word| word.parse().ok()),
        resource: text("resource").and_then(|word| word.parse().ok()),
        subject: text("subject").map(str::to_owned),
        from: day("from").and_then(begin),
        // The last day counts whole.
        until: day("until").and_then(|day| begin(day.tomorrow().ok()?)),
        after: query.get("after").map(Cursor),
        limit: PAGE,
    }
}

/// When a day begins where the reader sits, as the entries are dated.
fn begin(day: Date) -> Option<Timestamp> {
    let zone = use_context::<TimeZone>().unwrap_or(TimeZone::UTC);
    Some(Timestamp(day.to_zoned(zone).ok()?.timestamp().as_millisecond()))
}

/// The filters as they stand in the address, for the next page and the export.
fn filters(map: &ParamsMap) -> ParamsMap {
    let mut filters = ParamsMap::new();
    for name in ["actor", "action", "resource", "subject", "from", "until"] {
        if let Some(value) = map.get(name).filter(|value| !value.is_empty()) {
            filters.insert(name, value);
        }
    }
    filters
}

/// The address of the export: there days are instants.
fn export(query: &AuditQuery, form: &'static str) -> String {
    let mut params = ParamsMap::new();
    params.insert("form", form.to_owned());
    let parts = [
        ("actor", query.actor.map(|id| id.to_string())),
        ("action", query.action.map(|action| action.to_string())),
        ("resource", query.resource.map(|resource| resource.to_string())),
        ("subject", query.subject.clone()),
        ("from", query.from.map(|from| from.0.to_string())),
        ("until", query.until.map(|until| until.0.to_string())),
    ];
    for (name, value) in parts {
        if let Some(value) = value {
            params.insert(name, value);
        }
    }
    format!("/api/v1/audit/export{}", params.to_query_string())
}

fn page(map: &ParamsMap, query: &AuditQuery, found: Found) -> AnyView {
    let texts = texts();
    let Found { entries, people, tags, kept_days } = found;
    let filters = filters(map);
    let is_narrow = filters.clone().into_iter().next().is_some();
    let next = entries.next.as_ref().map(|cursor| {
        let mut next = filters.clone();
        next.insert("after", cursor.0.clone());
        format!("{}{}", paths::AUDIT, next.to_query_string())
    });
    let first = query.after.is_some().then(|| format!("{}{}", paths::AUDIT, filters.to_query_string()));
    let list = if entries.items.is_empty() {
        view! {
            <div class="empty">
                <Icon glyph=Glyph::Verify />
                <h2>{texts.say("audit.none")}</h2>
                <p class="lead">{texts.say("audit.none-text")}</p>
            </div>
        }
        .into_any()
    } else {
        let entries =
            entries.items.into_iter().map(|entry| view! { <Entry texts entry tags=tags.clone() /> }).collect_view();
        view! { <ol class="audit">{entries}</ol> }.into_any()
    };
    let people =
        people.iter().map(|user| (user.id.to_string(), format!("{} ({})", user.display_name, user.username))).collect();
    let words = |family: &'static str, words: Vec<&'static str>| -> Vec<(String, String)> {
        words.into_iter().map(|word| (word.to_owned(), texts.word(family, word).to_owned())).collect()
    };
    let actions = words("audit-action", AuditAction::ALL.iter().map(|action| action.word()).collect());
    // Tokens and secrets are looked after as what one's account or the machine has, and are told of.
    let resources = ASKED.iter().map(|(resource, _)| resource.word()).chain([Resource::Keys.word()]);
    let resources = words("resource", resources.collect());
    let value = |name: &str| map.get(name).unwrap_or_default();
    let (actor, action, resource) = (value("actor"), value("action"), value("resource"));
    let (from, until) = (value("from"), value("until"));
    let (csv, json) = (export(query, "csv"), export(query, "json"));
    view! {
        <Frame title=texts.say("audit.title").to_owned()>
            <PageHead title=texts.say("audit.title") lead=texts.count("audit.text", u64::from(kept_days))>
                <div class="button-row">
                    <a class="button" href=csv download="audit.csv"><Icon glyph=Glyph::Download />"CSV"</a>
                    <a class="button" href=json download="audit.jsonl"><Icon glyph=Glyph::Download />"JSON"</a>
                </div>
            </PageHead>
            <form class="filter" method="get" action=paths::AUDIT>
                <Select name="actor" label=texts.say("audit.who") all=texts.say("audit.anybody") options=people chosen=Some(actor) />
                <Select name="action" label=texts.say("audit.action") all=texts.say("audit.any-action") options=actions chosen=Some(action) />
                <Select name="resource" label=texts.say("audit.resource") all=texts.say("audit.any-resource") options=resources chosen=Some(resource) />
                <label class="check">{texts.say("audit.from")}<input type="date" name="from" value=from /></label>
                <label class="check">{texts.say("audit.until")}<input type="date" name="until" value=until /></label>
                <button class="button" type="submit">{texts.say("releases.apply")}</button>
                {is_narrow.then(|| view! { <a href=paths::AUDIT>{texts.say("releases.clear")}</a> })}
            </form>
            {list}
            <Paging first next />
        </Frame>
    }
    .into_any()
}

#[component]
fn Entry(texts: Texts, entry: AuditEntry, tags: Tags) -> impl IntoView {
    let changed = changes(texts, &entry, &tags);
    view! {
        <li class="audit__entry">
            <p class="audit__what">
                <strong>{entry.actor_name}</strong>" · "{texts.word("audit-action", entry.action.word())}
                " · "{texts.word("resource", entry.resource.word())}" "<span>{entry.subject_name}</span>
            </p>
            <p class="audit__when soft">
                <time datetime=machine_time(entry.at.0)>{texts.moment(entry.at.0)}</time>
                {entry.address.map(|address| view! { " · "<code>{address}</code> })}
                {entry.token_id.map(|_| view! { " · "{texts.say("audit.by-token")} })}
            </p>
            {changed}
        </li>
    }
}
