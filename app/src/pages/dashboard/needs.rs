//! What needs somebody: damaged packages, failed jobs, books in the inbox, drafts with their findings.

use leptos::prelude::*;
use packer::finding::Severity;
use service::{InboxEntry, Job, Overview, ReleaseSummary, Status};

use crate::{
    components::{
        icon::{Glyph, Icon},
        mark::{Mark, Tone},
        way_on::{WayOn, why},
    },
    model::paths,
    pages::releases::list::opens,
    ssr::context::may_make,
    texts::{Texts, is_refusal, texts},
};

#[component]
pub fn Needs(
    overview: Overview,
    drafts: Vec<ReleaseSummary>,
    waiting: Vec<InboxEntry>,
    failed: Vec<Job>,
    damaged: Vec<Job>,
) -> impl IntoView {
    let texts = texts();
    let nothing = drafts.is_empty() && waiting.is_empty() && failed.is_empty() && damaged.is_empty();
    let all = overview.own(Status::Draft);
    view! {
        <section class="panel dashboard__needs">
            <div class="panel__head">
                <h2>{texts.say("dashboard.needs")}</h2>
                {(all > 0 && may_make()).then(|| view! { <a href=paths::NEW_TABLE>{texts.count("dashboard.drafts", all)}</a> })}
            </div>
            {if nothing {
                view! {
                    <p class="all-done"><Icon glyph=Glyph::Good />{texts.say("dashboard.nothing")}</p>
                }
                .into_any()
            } else {
                view! {
                    <ul class="lines">
                        {damaged.into_iter().map(|job| view! { <Damaged texts job /> }).collect_view()}
                        {failed.into_iter().map(|job| view! { <Failed texts job /> }).collect_view()}
                        {waiting.into_iter().map(|entry| view! { <Waiting texts entry /> }).collect_view()}
                        {drafts.into_iter().map(|release| view! { <Draft texts release /> }).collect_view()}
                    </ul>
                }
                .into_any()
            }}
        </section>
    }
}

/// A package that is not as it was made; its page says which files, and what to do.
#[component]
fn Damaged(texts: Texts, job: Job) -> impl IntoView {
    let why = why(texts, &job);
    let title = job.release_title.clone().unwrap_or_else(|| texts.word("job-kind", job.kind.word()).to_owned());
    view! {
        <li class="need" data-row>
            <Mark tone=Tone::Wrong glyph=Glyph::Wrong word=texts.word("job-state", "damage") />
            <a class="need__title" data-open href=paths::job(&job.id.to_string())>{title}</a>
            <p class="need__why">{why}</p>
        </li>
    }
}

/// Why it failed, and what can be done about it from here.
#[component]
fn Failed(texts: Texts, job: Job) -> impl IntoView {
    let why = why(texts, &job);
    let title = job.release_title.clone().unwrap_or_else(|| texts.word("job-kind", job.kind.word()).to_owned());
    let is_refused = job.failure.as_ref().is_some_and(|failure| is_refusal(&failure.code));
    let (tone, glyph, word) = if is_refused {
        (Tone::Refused, Glyph::Refused, texts.word("status", "refused"))
    } else {
        (Tone::Wrong, Glyph::Failed, texts.word("job-kind", job.kind.word()))
    };
    view! {
        <li class="need" data-row>
            <Mark tone glyph word />
            <a class="need__title" data-open href=paths::job(&job.id.to_string())>{title}</a>
            <div class="need__why stack stack--tight"><p>{why}</p><WayOn job /></div>
        </li>
    }
}

/// A book that somebody sent in, and who.
#[component]
fn Waiting(texts: Texts, entry: InboxEntry) -> impl IntoView {
    let from = texts.say_with("dashboard.sent-by", &[("who", &entry.sent_by_name)]);
    view! {
        <li class="need" data-row>
            <Mark tone=Tone::Notice glyph=Glyph::Inbox word=texts.say("chrome.inbox") />
            <a class="need__title" data-open href=paths::INBOX>{entry.title.unwrap_or(entry.file_name)}</a>
            <p class="need__why">{from}</p>
        </li>
    }
}

/// A draft says what it waits for: what a person decides, then what the checks found.
#[component]
fn Draft(texts: Texts, release: ReleaseSummary) -> impl IntoView {
    let count = |severities: &[Severity]| severities.iter().filter_map(|one| release.findings.get(one)).sum::<u64>();
    let (errors, warnings) = (count(&[Severity::Fatal, Severity::Error]), count(&[Severity::Warning]));
    let undecided = [
        (release.rights_basis.is_none()).then(|| texts.say("dashboard.needs-rights").to_owned()),
        (release.group.is_none()).then(|| texts.say("dashboard.needs-group").to_owned()),
        (errors > 0).then(|| texts.count("dashboard.errors", errors)),
        (warnings > 0).then(|| texts.count("dashboard.warnings", warnings)),
    ];
    let waits: Vec<String> = undecided.into_iter().flatten().collect();
    let waits = if waits.is_empty() { texts.say("dashboard.needs-pack").to_owned() } else { waits.join(" · ") };
    let address = opens(&release);
    view! {
        <li class="need" data-row>
            <Mark tone=Tone::Quiet glyph=Glyph::Draft word=texts.word("status", "draft") />
            <a class="need__title" data-open href=address>{release.title}</a>
            <p class="need__why">{waits}</p>
        </li>
    }
}
