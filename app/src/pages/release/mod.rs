//! One release: its book, its package, what was found, and what can be done with it.

pub mod actions;
pub mod book;
pub mod compare;
pub mod files;
mod found;
pub mod history;
pub mod info_files;
pub mod sharing;
pub mod withdrawal;

use leptos::{either::Either, prelude::*};
use leptos_router::hooks::{use_params_map, use_query_map};
use packer::{finding::Finding, name::Tag};
use service::{Actor, Package, Release, Status, Timestamp};

use self::{
    actions::Actions,
    book::{BookPanel, Chapters},
    compare::Comparison,
    files::Files,
    found::{Found, found},
    history::{Jobs, Revisions},
    info_files::{InfoFiles, ViewerScript},
    sharing::{MadeLink, Sharing},
    withdrawal::Withdrawn,
};
use crate::{
    components::{
        copy_button::CopyButton,
        cover::Cover,
        duplicates::Duplicates,
        error_view::error_view,
        finding::Findings,
        form::{Done, FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        mark::ReleaseMark,
        way_on::{WayOn, unfinished, why},
    },
    error::AppError,
    model::paths,
    pages::inbox::decides,
    ssr::convert::answer_with,
    texts::{Texts, texts, time::machine_time},
};

/// The page of a release.
#[component]
pub fn ReleasePage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("id").unwrap_or_default();
    let compare = use_query_map().get_untracked().get("compare").filter(|other| !other.is_empty());
    match id.parse() {
        Ok(id) => loaded(found(id, compare), page),
        Err(_) => error_view(&answer_with(AppError::not_found("release"))),
    }
}

/// What can be asked of a release from its page.
const DOORS: [&str; 8] = [
    "/api/app/verify",
    "/api/app/retry-job",
    "/api/app/delete-release",
    "/api/app/correct-release",
    "/api/app/make-verify-link",
    "/api/app/withdraw-verify-link",
    "/api/app/withdraw-release",
    "/api/app/offer-release",
];

fn page(found: Found) -> AnyView {
    let texts = texts();
    let Found {
        actor,
        release,
        findings,
        blocking,
        package,
        info_files,
        corrections,
        revisions,
        duplicates,
        log,
        link,
        sides,
    } = found;
    let id = release.summary.id.to_string();
    let error = DOORS.into_iter().find_map(returned_error);
    let is_packed = package.is_some();
    // Of a refused book nothing was checked, and that is no praise.
    let found = (release.summary.refusal.is_none() || !findings.is_empty()).then(|| {
        let is_read = release.book.inspected_at.is_some();
        view! { <FindingsPanel texts findings blocking is_read /> }
    });
    view! {
        <Frame title=release.summary.title.clone() topics=format!("release:{id}")>
            <Done />
            <FormError error />
            <MadeLink />
            <div id="release" data-live="" class="stack">
                <Head release=release.clone() actor=actor.clone() package=package.clone() corrections />
                <State texts release=release.clone() />
                <Source texts release=release.clone() />
                <OldPackage texts removed_at=package.as_ref().and_then(|package| package.files_removed_at) />
                <Withdrawn texts release=release.clone() actor=actor.clone() />
                {release.waits_in_inbox.then(|| view! { <Waiting texts decides=decides(&actor) /> })}
                {sides.map(|(before, after)| view! { <Comparison before after /> })}
                {package.map(|package| view! { <Files package is_offered=release.withdrawal.is_none() /> })}
                <div class="columns">
                    <div class="stack">
                        <InfoFiles shown=info_files />
                        {found}
                    </div>
                    <div class="stack">
                        <BookPanel release=release.clone() />
                        <Duplicates duplicates />
                        <Chapters chapters=release.book.chapters.clone() />
                        <Revisions release=release.summary.id revisions />
                        <Jobs release=release.summary.id jobs=release.jobs.clone() log />
                        {is_packed.then(|| view! { <Sharing release actor link /> })}
                    </div>
                </div>
            </div>
            <ViewerScript />
        </Frame>
    }
    .into_any()
}

/// What the checks found, with how much it is.
#[component]
fn FindingsPanel(texts: Texts, findings: Vec<Finding>, blocking: Vec<usize>, is_read: bool) -> impl IntoView {
    let count = findings.len() as u64;
    view! {
        <section class="panel" aria-labelledby="findings-title">
            <div class="panel__head">
                <h2 id="findings-title">
                    {texts.say("findings.title")}
                    {is_read.then(|| view! { <span class="panel__count">{texts.number(count)}</span> })}
                </h2>
            </div>
            {if findings.is_empty() {
                let none = if is_read { texts.say("findings.none") } else { texts.say("review.findings-later") };
                Either::Left(view! { <p class="soft">{none}</p> })
            } else {
                Either::Right(view! { <Findings findings blocking /> })
            }}
        </section>
    }
}

/// The book leads: cover, title, authors; then the name, and what can be done.
#[component]
fn Head(release: Release, actor: Actor, package: Option<Package>, corrections: Vec<Tag>) -> impl IntoView {
    let texts = texts();
    let summary = release.summary.clone();
    let facts = facts(texts, &release);
    // Whoever only looks at it, for it waits in the inbox, has nothing to do here.
    let group = summary.group.as_ref().map(|group| group.id);
    let is_theirs = actor.sees_release_of(summary.created_by, group);
    let name = summary.name.clone().map(|name| {
        view! {
            <div class="release-head__name">
                <p class="release-name release-name--large">{name.clone()}</p>
                <CopyButton text=name what=texts.say("release.name").to_owned() />
            </div>
        }
    });
    view! {
        <div class="release-head">
            <Cover release=summary.id.to_string() has_cover=summary.has_cover />
            <div class="release-head__book">
                <ReleaseMark status=summary.status withdrawn=summary.withdrawn_at.is_some() />
                <h1>{summary.title}</h1>
                {(!summary.authors.is_empty()).then(|| view! { <p class="release-head__authors">{summary.authors}</p> })}
                <p class="soft">{facts.join(" · ")}</p>
                {name}
                {is_theirs.then(|| view! { <Actions release actor package corrections /> })}
            </div>
        </div>
    }
}

fn facts(texts: Texts, release: &Release) -> Vec<String> {
    let summary = &release.summary;
    let metadata = release.book.metadata.as_ref();
    let version = metadata.and_then(|metadata| metadata.format_version.as_deref());
    [
        summary.format.map(|format| match version {
            Some(version) => format!("{} {version}", format.tag().to_uppercase()),
            None => format.tag().to_uppercase(),
        }),
        Some(texts.size(summary.size)),
        metadata.and_then(|metadata| metadata.words).map(|words| texts.count("release.words", words)),
        summary.language.clone(),
        summary.year.map(|year| year.to_string()),
        summary.rights_basis.as_ref().map(|basis| texts.rights(basis)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What keeps the release from going on, and the next step.
#[component]
fn State(texts: Texts, release: Release) -> impl IntoView {
    let summary = &release.summary;
    let alert = |tone: &'static str, glyph: Glyph, text: String| {
        view! { <div class=format!("alert alert--{tone}")><Icon glyph /><p>{text}</p></div> }.into_any()
    };
    match (summary.status, &summary.refusal) {
        (Status::Refused, Some(refusal)) => {
            Some(alert("refused", Glyph::Refused, texts.word_with("refusal", &refusal.code, &refusal.data)))
        }
        (Status::Refused, None) => Some(alert("refused", Glyph::Refused, texts.word("refusal", "other").to_owned())),
        (Status::Failed, _) => {
            let job = unfinished(&release.jobs).cloned();
            let why = job.as_ref().and_then(|job| why(texts, job));
            Some(
                view! {
                    <div class="alert alert--wrong">
                        <Icon glyph=Glyph::Failed />
                        <div class="stack stack--tight">
                            <p>{texts.say("release.failed")}</p>
                            {why.map(|why| view! { <p>{why}</p> })}
                            {job.map(|job| view! { <WayOn job /> })}
                        </div>
                    </div>
                }
                .into_any(),
            )
        }
        (Status::Inspecting, _) => Some(alert("notice", Glyph::Working, texts.say("release.inspecting").to_owned())),
        (Status::Packing, _) => Some(alert("notice", Glyph::Working, texts.say("release.packing").to_owned())),
        (Status::Draft | Status::Packed, _) => None,
    }
}

/// That nobody has decided on the book yet, and where that is done.
#[component]
fn Waiting(texts: Texts, decides: bool) -> impl IntoView {
    view! {
        <div class="alert alert--notice">
            <Icon glyph=Glyph::Inbox />
            <p>
                {texts.say("release.waits")}
                {decides.then(|| view! { " "<a href=paths::INBOX>{texts.say("release.waits-go")}</a> })}
            </p>
        </div>
    }
}

/// That the book is no longer kept, and what that leaves; nothing while it is.
#[component]
fn Source(texts: Texts, release: Release) -> impl IntoView {
    release.book.source_removed_at.map(|at| removed(texts, "release.source-removed", at))
}

/// That the files of the package are no longer kept, and what that leaves; nothing while they are.
#[component]
fn OldPackage(texts: Texts, removed_at: Option<Timestamp>) -> impl IntoView {
    removed_at.map(|at| removed(texts, "release.package-removed", at))
}

fn removed(texts: Texts, what: &'static str, at: Timestamp) -> impl IntoView {
    view! {
        <div class="alert alert--notice">
            <Icon glyph=Glyph::Info />
            <p>{texts.say(what)}" "<time datetime=machine_time(at.0)>{texts.moment(at.0)}</time></p>
        </div>
    }
}

/// The way from a release to where it is worked on.
fn review_link(texts: Texts, id: &str) -> impl IntoView + use<> {
    view! {
        <a class="button button--primary" href=paths::review(id)>
            <Icon glyph=Glyph::Edit />{texts.say("release.review")}
        </a>
    }
}
