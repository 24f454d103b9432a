//! The inbox: where contributors put books, and where editors take them over.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use service::{
    Action, Actor, Cursor, Group, InboxEntry, InboxQuery, InboxState, Page, Resource, Room, Services, Status, Upload,
};

use super::review::DropZone;
use crate::{
    components::{
        cover::Cover,
        form::{Done, FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        mark::{Mark, ReleaseMark, SeverityMark, Tone},
        page_head::{PageHead, Paging},
        select::Select,
    },
    error::AppError,
    islands::{Live, Review},
    model::paths,
    ssr::{context::may, convert::convert, guard},
    texts::{Texts, texts, time::machine_time},
};

/// Entries on one page.
const PAGE: u32 = 50;

struct Found {
    actor: Actor,
    query: InboxQuery,
    entries: Page<InboxEntry>,
    groups: Vec<Group>,
    uploads: Vec<Upload>,
    rooms: Vec<Room>,
    upload_max_bytes: u64,
}

/// The inbox.
#[component]
pub fn InboxPage() -> impl IntoView {
    loaded(found(use_query_map().get_untracked()), page)
}

async fn found(map: ParamsMap) -> Result<Found, AppError> {
    let (actor, services) = guard::signed_in()?;
    let decides = decides(&actor);
    let state = match map.get_str("state") {
        // Who decides begins with what waits; who sends sees everything of their own.
        None if decides => Some(InboxState::Waiting),
        other => other.and_then(|word| word.parse().ok()),
    };
    let query = InboxQuery { state, after: map.get("after").map(Cursor), limit: PAGE };
    let entries = services.inbox().list(&actor, &query).await.map_err(convert)?;
    let groups = if decides { services.groups().list(&actor).await.map_err(convert)? } else { Vec::new() };
    let (uploads, rooms) = sending(&services, &actor).await?;
    let upload_max_bytes = services.settings().upload_max_bytes;
    Ok(Found { actor, query, entries, groups, uploads, rooms, upload_max_bytes })
}

/// Whoever takes books over may see groups and make releases.
pub(super) fn decides(actor: &Actor) -> bool {
    actor.may(Resource::Books, Action::Modify)
        && actor.may(Resource::Releases, Action::Write)
        && actor.may(Resource::Groups, Action::Read)
}

/// Only who sends books here begins uploads here: an editor's own books become releases at once.
fn sends(actor: &Actor) -> bool {
    actor.may(Resource::Books, Action::Write) && !actor.may(Resource::Releases, Action::Write)
}

/// What was begun and is not here yet, and what the sender's groups with a limit keep.
async fn sending(services: &Services, actor: &Actor) -> Result<(Vec<Upload>, Vec<Room>), AppError> {
    if !sends(actor) {
        return Ok((Vec::new(), Vec::new()));
    }
    let uploads = services.uploads().open(actor).await.map_err(convert)?;
    Ok((uploads, services.quotas().own(actor).await.map_err(convert)?))
}

fn page(found: Found) -> AnyView {
    let texts = texts();
    let Found { actor, query, entries, groups, uploads, rooms, upload_max_bytes } = found;
    let (decides, sends) = (decides(&actor), sends(&actor));
    let error =
        ["/api/app/take-book", "/api/app/decline-book", "/api/app/upload-discard"].into_iter().find_map(returned_error);
    let address = |after: Option<&Cursor>| {
        let mut params = ParamsMap::new();
        params.insert("state", query.state.map_or("", InboxState::word).to_owned());
        if let Some(after) = after {
            params.insert("after", after.0.clone());
        }
        format!("{}{}", paths::INBOX, params.to_query_string())
    };
    let next = entries.next.as_ref().map(|cursor| address(Some(cursor)));
    let first = query.after.is_some().then(|| address(None));
    let list = if entries.items.is_empty() {
        let text = if sends { texts.say("inbox.none-sent") } else { texts.say("inbox.none-text") };
        view! {
            <div class="empty">
                <Icon glyph=Glyph::Inbox />
                <h2>{texts.say("inbox.none")}</h2>
                <p class="lead">{text}</p>
            </div>
        }
        .into_any()
    } else {
        let rows = entries.items.into_iter().map(|entry| view! { <Entry texts entry decides groups=groups.clone() /> });
        view! { <ol class="inbox">{rows.collect_view()}</ol> }.into_any()
    };
    let states = InboxState::ALL
        .iter()
        .map(|state| (state.word().to_owned(), texts.word("inbox-state", state.word()).to_owned()))
        .collect();
    let lead = if sends { texts.say("inbox.text-sent") } else { texts.say("inbox.text") };
    view! {
        <Frame title=texts.say("inbox.title").to_owned()>
            <PageHead title=texts.say("inbox.title") lead />
            <Done />
            <FormError error />
            {sends.then(|| view! { <div class="inbox__drop"><DropZone person=actor.user_id.to_string() open=uploads upload_max_bytes rooms /></div> })}
            {(!sends).then(|| view! {
                <form class="filter" method="get" action=paths::INBOX>
                    <Select name="state" label=texts.say("inbox.state") all=texts.say("inbox.any-state") options=states chosen=Some(query.state.map_or("", InboxState::word).to_owned()) />
                    <button class="button" type="submit">{texts.say("releases.apply")}</button>
                </form>
            })}
            // Who only sends hears of nothing else: their own books are shown when they have arrived.
            {decides.then(|| view! { <Live topics="release".to_owned() /> })}
            <div id="inbox" data-live="">{list}</div>
            <Paging first next />
            {sends.then(|| view! { <Review /> })}
        </Frame>
    }
    .into_any()
}

#[component]
fn Entry(texts: Texts, entry: InboxEntry, decides: bool, groups: Vec<Group>) -> impl IntoView {
    let (tone, glyph) = match entry.state {
        InboxState::Waiting => (Tone::Notice, Glyph::Waiting),
        InboxState::Taken => (Tone::Good, Glyph::Good),
        InboxState::Declined | InboxState::Deleted => (Tone::Refused, Glyph::Refused),
    };
    let word = texts.word("inbox-state", entry.state.word());
    let waits = entry.state == InboxState::Waiting;
    let title = entry.title.clone().unwrap_or_else(|| entry.file_name.clone());
    let decided = entry
        .decided_by_name
        .clone()
        .zip(entry.decided_at)
        .map(|(name, at)| texts.say_with("inbox.decided", &[("who", &name), ("when", &texts.day(at.0))]));
    // Whoever sees no releases opens none, not even their own.
    let release = entry.release_id.filter(|_| may(Resource::Releases, Action::Read)).map(|id| id.to_string());
    let title = match &release {
        Some(id) => view! { <a href=paths::release(id)>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    let facts: Vec<String> = [
        entry.format.map(|format| format.to_string()),
        entry.size.map(|size| texts.size(size)),
        Some(entry.file_name.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    let authors = entry.authors.clone().filter(|authors| !authors.is_empty());
    let has_cover = entry.has_cover && release.is_some();
    view! {
        <li class="inbox__entry">
            <Cover release=release.unwrap_or_default() has_cover thumb=true />
            <div class="stack stack--tight">
                <div class="button-row">
                    <Mark tone glyph word />
                    {entry.status.map(|status| view! { <ReleaseMark status /> })}
                </div>
                <h2 class="inbox__title">{title}</h2>
                {authors.map(|authors| view! { <p>{authors}</p> })}
                <p class="soft">{facts.join(" · ")}</p>
                <p class="soft">
                    {texts.say_with("inbox.sent", &[("who", &entry.sent_by_name)])}", "
                    <time datetime=machine_time(entry.sent_at.0)>{texts.moment(entry.sent_at.0)}</time>
                </p>
                <Counts texts entry=entry.clone() />
                {decided.map(|decided| view! { <p class="soft">{decided}</p> })}
                {entry.note.clone().map(|note| view! { <blockquote class="inbox__note">{note}</blockquote> })}
            </div>
            {(decides && waits).then(|| view! { <Decision texts entry groups /> })}
        </li>
    }
}

/// How many findings the book has of each severity; nothing before it was read, and once it is gone.
#[component]
fn Counts(texts: Texts, entry: InboxEntry) -> impl IntoView {
    if entry.findings.is_empty() {
        // That a book which nobody could read has no findings says nothing.
        let is_read = entry.status.is_some_and(|status| matches!(status, Status::Draft | Status::Packed));
        return is_read.then(|| view! { <p class="soft">{texts.say("findings.none")}</p> }.into_any());
    }
    let counts = entry.findings.into_iter().map(|(severity, count)| {
        view! { <li><SeverityMark severity />" "{texts.number(count)}</li> }
    });
    let list = view! { <ul class="button-row" aria-label=texts.say("findings.title")>{counts.collect_view()}</ul> };
    Some(list.into_any())
}

#[component]
fn Decision(texts: Texts, entry: InboxEntry, groups: Vec<Group>) -> impl IntoView {
    let id = entry.id.to_string();
    let (note, decline) = (format!("note-{id}"), format!("decline-{id}"));
    let chosen = groups.first().map(|group| group.id.to_string());
    let groups = groups.into_iter().map(|group| (group.id.to_string(), group.tag.to_string()));
    let options =
        groups.map(|(id, tag)| view! { <option value=id.clone() selected=chosen.as_ref() == Some(&id)>{tag}</option> });
    let options = options.collect_view();
    view! {
        <div class="inbox__decision">
            <form class="button-row" action="/api/app/take-book" method="post">
                <input type="hidden" name="entry" value=id.clone() />
                <label class="check">{texts.say("releases.group")}
                    <select id=format!("group-{id}") name="group"><option value="">{texts.say("inbox.no-group")}</option>{options}</select>
                </label>
                <button class="button button--primary" type="submit">{texts.say("inbox.take")}<span class="unseen">" "{entry.file_name.clone()}</span></button>
            </form>
            <details id=decline>
                <summary>{texts.say("inbox.decline-open")}</summary>
                <form class="form" action="/api/app/decline-book" method="post">
                    <input type="hidden" name="entry" value=id />
                    <div class="field">
                        <label for=note.clone()>{texts.say("inbox.note")}</label>
                        <textarea id=note.clone() name="note" rows="2" maxlength="500"></textarea>
                        <p class="field__hint">{texts.say("inbox.note-hint")}</p>
                    </div>
                    <div><button class="button button--danger" type="submit">{texts.say("inbox.decline")}<span class="unseen">" "{entry.file_name}</span></button></div>
                </form>
            </details>
        </div>
    }
}
