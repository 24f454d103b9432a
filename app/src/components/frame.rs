//! The frame of a page: header, main part, help, and the islands that every page has.

use leptos::prelude::*;
use leptos_meta::Title;
use service::{Action, Actor, Resource};

use super::{
    icon::{Glyph, Icon},
    raw_text::raw_text,
};
use crate::{
    islands::{Desk, Live},
    model::{paths, theme::Theme},
    ssr::{
        context::{Visitor, address, may, may_make},
        session,
    },
    texts::{Texts, texts},
};

/// The product's name, the same in every language.
pub const PRODUCT: &str = "eBook Scene Packer";

/// A page between the header and the end of the document.
#[component]
pub fn Frame(
    /// The page's title, before the product's name.
    title: String,
    /// What the page shows, so that it is kept up to date: see [`Live`].
    #[prop(optional, into)]
    topics: Option<String>,
    /// The main part.
    children: Children,
) -> impl IntoView {
    let texts = texts();
    let actor = use_context::<Visitor>().and_then(|visitor| visitor.actor);
    view! {
        <Title text=raw_text(&format!("{title} · {PRODUCT}")) />
        <a class="skip" href="#main">{texts.say("chrome.skip")}</a>
        <Header texts actor=actor.clone() />
        <main id="main" tabindex="-1">{children()}</main>
        <p id="announcer" class="unseen" aria-live="polite"></p>
        {actor.clone().map(|_| view! { <Help texts /> <Palette texts /> })}
        <Desk />
        {topics.map(|topics| view! { <Live topics /> })}
    }
}

#[component]
fn Header(texts: Texts, actor: Option<Actor>) -> impl IntoView {
    let navigation = view! {
        <nav class="header__pages" aria-label=texts.say("chrome.pages")><PageLinks texts here=address() /></nav>
    };
    let home = actor.as_ref().map_or(paths::HOME, session::home);
    view! {
        <header class="header">
            <a class="header__name" href=home>{PRODUCT}</a>
            {navigation}
            <div class="header__tools">
                {actor.as_ref().map(|_| view! {
                    <button class="button button--quiet button--icon header__help" type="button" popovertarget="help">
                        <Icon glyph=Glyph::Keyboard /><span class="unseen">{texts.say("help.title")}</span>
                    </button>
                })}
                <ThemeSwitch texts />
                <LocaleSwitch texts />
                {actor.map(|actor| view! { <UserMenu texts actor /> })}
            </div>
            // Empty while the server answers.
            <p id="connection" class="header__connection" aria-live="polite" data-text=texts.say("chrome.no-connection")
                data-not-done=texts.say("chrome.not-done") data-back=texts.say("chrome.connection-back")></p>
        </header>
    }
}

/// The ways to the pages that the person may see.
#[component]
pub fn PageLinks(
    /// The words.
    texts: Texts,
    /// The address of the present page.
    here: String,
) -> impl IntoView {
    let item = |shown: bool, path: &'static str, label: &'static str, glyph: Glyph| {
        let current = here.split(['?', '#']).next().is_some_and(|here| {
            here == path || here.strip_prefix(path).is_some_and(|rest| path != "/" && rest.starts_with('/'))
        });
        // The key that is known everywhere presses the link, so it is there for whoever has the link.
        let key = (path == paths::NEW).then_some("n");
        shown.then(|| view! {
            <li><a href=path data-key=key aria-current=current.then_some("page")><Icon glyph /><span>{label}</span></a></li>
        })
    };
    let books = may(Resource::Books, Action::Read) || may(Resource::Books, Action::Write);
    view! {
        <ul>
            {item(may(Resource::Releases, Action::Read), "/", texts.say("chrome.dashboard"), Glyph::Home)}
            {item(may_make(), paths::NEW, texts.say("chrome.new"), Glyph::Plus)}
            {item(may(Resource::Releases, Action::Read), paths::RELEASES, texts.say("chrome.releases"), Glyph::Library)}
            {item(books, paths::INBOX, texts.say("chrome.inbox"), Glyph::Inbox)}
            {item(may(Resource::Jobs, Action::Read), paths::JOBS, texts.say("chrome.jobs"), Glyph::Jobs)}
            {item(true, paths::VERIFY, texts.say("chrome.verify"), Glyph::Verify)}
        </ul>
    }
}

/// The next of the three themes, by a plain form: one press, no script.
#[component]
fn ThemeSwitch(texts: Texts) -> impl IntoView {
    let present = use_context::<Theme>().unwrap_or_default();
    let (next, glyph) = match present {
        Theme::System => (Theme::Light, Glyph::Theme),
        Theme::Light => (Theme::Dark, Glyph::Sun),
        Theme::Dark => (Theme::System, Glyph::Moon),
    };
    let name = texts.say_with(
        "chrome.theme",
        &[("present", &texts.word("theme", present.word())), ("next", &texts.word("theme", next.word()))],
    );
    view! {
        <form action="/api/app/set-theme" method="post">
            <input type="hidden" name="theme" value=next.word() />
            <button class="button button--quiet button--icon" type="submit" title=name.clone()>
                <Icon glyph /><span class="unseen">{name.clone()}</span>
            </button>
        </form>
    }
}

/// The next of the languages, as of the themes: with two of them the other one.
#[component]
fn LocaleSwitch(texts: Texts) -> impl IntoView {
    let next = texts.locale().next();
    let own_name = Texts::of(next).own_name();
    view! {
        <form action="/api/app/set-locale" method="post">
            <input type="hidden" name="locale" value=next.tag() />
            <button class="button button--quiet header__locale" type="submit" lang=next.tag() title=own_name>
                <span aria-hidden="true">{next.tag().to_ascii_uppercase()}</span>
                <span class="unseen">{own_name}</span>
            </button>
        </form>
    }
}

#[component]
fn UserMenu(texts: Texts, actor: Actor) -> impl IntoView {
    view! {
        <button class="button button--quiet header__user" type="button" popovertarget="user-menu"
            aria-label=actor.display_name.clone()>
            <Icon glyph=Glyph::User /><span class="header__user-name">{actor.display_name.clone()}</span>
            <Icon glyph=Glyph::Down />
        </button>
        <div id="user-menu" class="menu" popover="auto"><MenuItems texts actor /></div>
    }
}

/// What the menu of a person holds: who they are, and the pages that are not for every day.
#[component]
pub fn MenuItems(
    /// The words.
    texts: Texts,
    /// The person.
    actor: Actor,
) -> impl IntoView {
    let item = |resource, path: &'static str, label: &'static str, glyph: Glyph| {
        actor.may(resource, Action::Read).then(|| view! { <li><a href=path><Icon glyph />{label}</a></li> })
    };
    let people = view! {
        {item(Resource::Users, paths::USERS, texts.say("chrome.users"), Glyph::Users)}
        {item(Resource::Groups, paths::GROUPS, texts.say("chrome.groups"), Glyph::Users)}
        {item(Resource::Roles, paths::ROLES, texts.say("chrome.roles"), Glyph::Key)}
        {item(Resource::Audit, paths::AUDIT, texts.say("chrome.audit"), Glyph::History)}
        {item(Resource::Settings, paths::SETTINGS, texts.say("settings.title"), Glyph::Settings)}
    };
    let profiles = item(Resource::Profiles, paths::PROFILES, texts.say("chrome.profiles"), Glyph::File);
    view! {
        <p class="menu__who">{actor.display_name}<small>{actor.username}</small></p>
        <ul>
            {profiles}
            <li><a href="/account"><Icon glyph=Glyph::User />{texts.say("chrome.account")}</a></li>
            {people}
            <li><a href=paths::TOUR><Icon glyph=Glyph::Book />{texts.say("tour.title")}</a></li>
            <li>
                <form action="/api/app/sign-out" method="post">
                    <button type="submit"><Icon glyph=Glyph::SignOut />{texts.say("chrome.sign-out")}</button>
                </form>
            </li>
        </ul>
    }
}

/// Every place by a few letters of its name. Enter with anything else searches the releases.
#[component]
fn Palette(texts: Texts) -> impl IntoView {
    view! {
        <div id="palette" class="dialog palette" popover="auto" role="dialog" aria-label=texts.say("palette.title")>
            <PaletteItems texts field="palette-field" />
        </div>
    }
}

/// What the palette holds: the field, and the places.
#[component]
pub fn PaletteItems(
    /// The words.
    texts: Texts,
    /// The id of the field.
    field: &'static str,
) -> impl IntoView {
    let place = |shown: bool, glyph: Glyph, address: &'static str, label: &'static str| {
        shown.then(|| view! { <li><a href=address><Icon glyph />{label}</a></li> })
    };
    let reads = |resource| may(resource, Action::Read);
    let (makes, releases) = (may_make(), reads(Resource::Releases));
    let books = reads(Resource::Books) || may(Resource::Books, Action::Write);
    // Without releases there is nothing to search: Enter opens the first place that fits.
    let search = if releases { paths::RELEASES } else { paths::VERIFY };
    view! {
        <form method="get" action=search>
            <label class="unseen" for=field>{texts.say("palette.title")}</label>
            <input type="search" id=field name="q" autocomplete="off" placeholder=texts.say("palette.hint") />
        </form>
        <ul>
            {place(makes, Glyph::Plus, paths::NEW, texts.say("releases.new"))}
            {place(makes, Glyph::Edit, paths::NEW_TABLE, texts.say("palette.batch"))}
            {place(releases, Glyph::Home, "/", texts.say("chrome.dashboard"))}
            {place(releases, Glyph::Library, paths::RELEASES, texts.say("chrome.releases"))}
            {place(books, Glyph::Inbox, paths::INBOX, texts.say("chrome.inbox"))}
            {place(reads(Resource::Jobs), Glyph::Jobs, paths::JOBS, texts.say("chrome.jobs"))}
            {place(true, Glyph::Verify, paths::VERIFY, texts.say("verify.title"))}
            {place(reads(Resource::Profiles), Glyph::File, paths::PROFILES, texts.say("chrome.profiles"))}
            {place(reads(Resource::Users), Glyph::Users, paths::USERS, texts.say("chrome.users"))}
            {place(reads(Resource::Groups), Glyph::Users, paths::GROUPS, texts.say("chrome.groups"))}
            {place(reads(Resource::Roles), Glyph::Key, paths::ROLES, texts.say("chrome.roles"))}
            {place(reads(Resource::Audit), Glyph::History, paths::AUDIT, texts.say("chrome.audit"))}
            {place(true, Glyph::User, paths::ACCOUNT, texts.say("chrome.account"))}
            {place(true, Glyph::Info, paths::FINDINGS, texts.say("finding.index"))}
            {place(true, Glyph::Book, paths::TOUR, texts.say("tour.title"))}
            {place(reads(Resource::Settings), Glyph::Settings, paths::SETTINGS, texts.say("settings.title"))}
        </ul>
    }
}

/// The keys, in a popover that needs no script to open.
#[component]
fn Help(texts: Texts) -> impl IntoView {
    let key = |key: &'static str, text: &'static str| view! { <div><dt><kbd>{key}</kbd></dt><dd>{text}</dd></div> };
    view! {
        <div id="help" class="dialog" popover="auto" role="dialog" aria-labelledby="help-title">
            <div class="dialog__head">
                <h2 id="help-title">{texts.say("help.title")}</h2>
                <button class="button button--quiet button--icon" type="button" popovertarget="help" popovertargetaction="hide">
                    <Icon glyph=Glyph::Close /><span class="unseen">{texts.say("help.close")}</span>
                </button>
            </div>
            <dl class="keys">
                {may_make().then(|| key("n", texts.say("help.new")))}
                {key("/", texts.say("help.search"))}
                {key("j", texts.say("help.down"))}
                {key("k", texts.say("help.up"))}
                {key("Enter", texts.say("help.open"))}
                {key("x", texts.say("help.choose"))}
                {key("p", texts.say("help.pack"))}
                {key("Ctrl K", texts.say("help.palette"))}
                {key("?", texts.say("help.help"))}
            </dl>
            <ul class="help__further">
                <li><a href=paths::TOUR>{texts.say("tour.title")}</a></li>
                <li><a href=paths::FINDINGS>{texts.say("finding.index")}</a></li>
            </ul>
        </div>
    }
}
