//! What keeps the release from being packed, or that nothing does; then the packing itself.

use leptos::prelude::*;
use packer::metadata::Field;
use service::{Action, Job, JobKind, Preview, Release, Resource, Status};

use crate::{
    components::{
        form::FormError,
        icon::Glyph,
        mark::{Mark, ReleaseMark, Tone},
        way_on::{unfinished, why},
    },
    error::AppError,
    model::paths,
    ssr::context::{may, may_make},
    texts::texts,
};

/// What a problem can be about besides the fields of the metadata, where the form has a field for it.
const WITH_A_FIELD: [&str; 6] = ["group", "new_group", "rights", "rights_note", "profile", "date"];

/// Where the form has what a problem is about.
fn place_of(part: &str) -> Option<String> {
    let has_field = WITH_A_FIELD.contains(&part) || Field::of_word(part).is_some();
    has_field.then(|| format!("#field-{}", part.replace('_', "-")))
}

/// The fields that were not taken, each with what is wrong with it and the way there.
#[component]
fn WrongFields(error: Option<AppError>) -> impl IntoView {
    let say = texts();
    let Some(AppError::Invalid { fields } | AppError::RestSaved { fields }) = error else { return ().into_any() };
    let rows = fields
        .iter()
        .map(|problem| {
            let sentence = say.named_field_problem(problem);
            view! { <li><a href=place_of(&problem.field)>{sentence}</a></li> }
        })
        .collect_view();
    view! { <ul class="to-do">{rows}</ul> }.into_any()
}

#[component]
pub fn State(release: Release, preview: Preview, error: Option<AppError>) -> impl IntoView {
    let say = texts();
    let id = release.summary.id.to_string();
    let status = release.summary.status;
    let mark = match (status, preview.ready) {
        (Status::Draft, true) => {
            view! { <Mark tone=Tone::Good glyph=Glyph::Good word=say.say("review.ready") /> }.into_any()
        }
        (Status::Draft, false) => {
            view! { <Mark tone=Tone::Notice glyph=Glyph::Notice word=say.say("review.not-ready") /> }.into_any()
        }
        _ => view! { <ReleaseMark status withdrawn=release.withdrawal.is_some() /> }.into_any(),
    };
    view! {
        <div class="review__state">
            // It stays until the next answer, while what stands below follows what happens.
            <div id="review-answer" class="review__answer" data-answer>
                <FormError error=error.clone() />
                <WrongFields error />
            </div>
            <div id="review-state" class="review__stage" data-live>
                <p>{mark}</p>
                <p id="saved" class="review__saved" data-unsaved=say.say("review.unsaved")>
                    {say.say_with("review.saved", &[("time", &say.clock(release.summary.updated_at.0))])}
                </p>
                {match status {
                    Status::Draft => view! { <Ready release preview /> }.into_any(),
                    Status::Packed if release.withdrawal.is_some() => ().into_any(),
                    Status::Packed => view! { <Packed release /> }.into_any(),
                    Status::Refused => view! { <Refused release /> }.into_any(),
                    Status::Inspecting | Status::Packing => {
                        view! { <Working job=release.jobs.first().cloned() /> }.into_any()
                    }
                    Status::Failed => view! { <Failed release preview /> }.into_any(),
                }}
                <a class="quiet" href=paths::release(&id)>{say.say("review.release-page")}</a>
            </div>
        </div>
    }
}

#[component]
fn Ready(release: Release, preview: Preview) -> impl IntoView {
    let say = texts();
    let problems = preview
        .problems
        .iter()
        .cloned()
        .map(|problem| {
            let place = place_of(&problem.part);
            let sentence = say.problem(problem);
            match place {
                Some(place) => view! { <li><a href=place>{sentence}</a></li> }.into_any(),
                None => view! { <li>{sentence}</li> }.into_any(),
            }
        })
        .collect_view();
    let blocking = preview
        .blocking
        .iter()
        .filter_map(|index| preview.findings.get(*index))
        .map(|finding| {
            let sentence = say.finding(finding);
            view! { <li><a href="#review-findings"><code>{finding.code.to_string()}</code>" "{sentence}</a></li> }
        })
        .collect_view();
    let blocked = !preview.ready;
    view! {
        {blocked.then(|| view! { <ul class="to-do">{problems}{blocking}</ul> })}
        <button type="submit" class="button button--primary" id="pack" formaction="/api/app/review-pack" data-save
            data-key="p" disabled=blocked || !release.editable>
            {say.say("review.pack")}<kbd>"p"</kbd>
        </button>
        <noscript><button type="submit" class="button">{say.say("review.save")}</button></noscript>
    }
}

#[component]
fn Working(job: Option<Job>) -> impl IntoView {
    let say = texts();
    job.map(|job| {
        let (done, total) = (job.progress.done, job.progress.total);
        let percent = (done.min(total) * 100).checked_div(total).unwrap_or(0);
        let kind = if job.kind == JobKind::Inspect { "review.inspecting" } else { "review.packing" };
        let stage = job.stage.clone().map(|stage| say.word("stage", &stage));
        view! {
            <p class="working">{say.say(kind)}{stage.map(|stage| format!(" · {stage}"))}</p>
            {if total == 0 {
                view! { <progress aria-label=say.say(kind)></progress> }.into_any()
            } else {
                view! {
                    <progress max="100" value=percent.to_string() aria-label=say.say(kind)></progress>
                }
                .into_any()
            }}
            <a class="quiet" href=paths::job(&job.id.to_string())>{say.say("review.job")}</a>
        }
    })
}

/// What went wrong, and the way on where there is one.
#[component]
fn Failed(release: Release, preview: Preview) -> impl IntoView {
    let say = texts();
    let failed = unfinished(&release.jobs).and_then(|job| Some((job.id.to_string(), why(say, job)?)));
    view! {
        {failed.map(|(job, why)| {
            // A book that was not read cannot be packed: it is read again. What was not packed, its own button packs.
            let again = !release.editable && may(Resource::Jobs, Action::Modify);
            view! {
                <p class="alert alert--wrong" role="alert">{why}</p>
                {again.then(|| view! {
                    <button type="submit" class="button" formaction="/api/app/retry-job" name="job" value=job.clone() data-save>
                        {say.say("jobs.retry")}
                    </button>
                })}
                <a class="quiet" href=paths::job(&job)>{say.say("review.job")}</a>
            }
        })}
        {release.editable.then(|| view! { <Ready release=release.clone() preview /> })}
    }
}

#[component]
fn Packed(release: Release) -> impl IntoView {
    let say = texts();
    release.packages.first().filter(|package| package.files_removed_at.is_none()).map(|package| {
        let archive = paths::archive(&package.id.to_string());
        view! {
            // It comes by itself, and an eye may be elsewhere.
            <a class="button button--primary" id="download" href=archive download data-said=say.word("outcome", "pack")>
                {say.say_with("review.download", &[("size", &say.size(package.size))])}
            </a>
        }
    })
}

#[component]
fn Refused(release: Release) -> impl IntoView {
    let say = texts();
    release.summary.refusal.map(|refusal| {
        view! {
            <p class="alert alert--wrong review__refusal" role="alert">{say.word_with("refusal", &refusal.code, &refusal.data)}</p>
            {may_make().then(|| view! { <a class="button" href=paths::NEW>{say.say("jobs.another")}</a> })}
        }
    })
}
