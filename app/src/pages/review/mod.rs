//! The review: a book beside its package to be, and the batch it came in.
//!
//! Regions that follow what is typed carry `data-live` and an id; the island replaces them by what the server renders.
//! The fields themselves are never replaced, so that nobody loses the letter they type.

pub mod batch;
pub mod blocked;
pub mod dropzone;
pub mod fields;
pub mod findings;
pub mod head;
pub mod info;
pub mod name;
pub mod others;
pub mod package;
pub mod page;
pub mod progress;
pub mod state;

use leptos::prelude::*;
use service::{Duplicate, Group, Others, Preview, ProfileSummary, Release};

use crate::{components::duplicates::Duplicates, error::AppError, model::review_form::ReviewForm, texts::texts};

use self::batch::Batch;
pub(super) use self::dropzone::DropZone;

/// Everything that the review of one release shows.
#[derive(Debug, Clone)]
pub struct Reviewed {
    /// The release as it is stored.
    pub release: Release,
    /// The package as it would be.
    preview: Preview,
    /// What the inputs hold.
    form: ReviewForm,
    /// Every group.
    groups: Vec<Group>,
    /// Every profile.
    profiles: Vec<ProfileSummary>,
    /// What may be the same once more.
    duplicates: Vec<Duplicate>,
    /// Who else is at it; nobody for whoever may not change it.
    others: Others,
    /// What the last save said.
    error: Option<AppError>,
}

/// The review of one release.
#[component]
fn ReleaseReview(reviewed: Reviewed) -> impl IntoView {
    let Reviewed { release, preview, form, groups, profiles, duplicates, others, error } = reviewed;
    let problems = error.clone();
    view! {
        // What a browser filled in again from the last visit would be taken for typed.
        <form id="review-form" class="review" method="post" action="/api/app/review-save" autocomplete="off"
            data-preview="/api/app/review-preview">
            // Enter presses the first button of a form: it saves, and never packs.
            <button type="submit" class="unseen" tabindex="-1" aria-hidden="true">{texts().say("review.save")}</button>
            <input type="hidden" name="form[release]" value=form.release.clone() />
            <input type="hidden" name="form[version]" id="form-version" data-follow value=form.version.to_string() />
            <div class="review__top">
                <head::Head release=release.clone() preview=preview.clone() />
                <state::State release=release.clone() preview=preview.clone() error />
            </div>
            <others::OthersHere others />
            <name::Name preview=preview.clone() format=release.summary.format />
            <Duplicates duplicates />
            <div class="review__panels">
                // In one column what was found comes before what is to be decided.
                <findings::Findings release=release.clone() preview=preview.clone() />
                <fields::Fields release=release.clone() preview=preview.clone() form groups profiles problems />
                <package::PackageToBe preview=preview.clone() />
            </div>
            <info::Info preview />
        </form>
    }
}

/// The regions that follow what is typed, each with the id under which the page has it.
pub fn preview_html(release: &Release, preview: &Preview) -> String {
    view! {
        <div>
            <head::Head release=release.clone() preview=preview.clone() />
            <state::State release=release.clone() preview=preview.clone() error=None />
            <name::Name preview=preview.clone() format=release.summary.format />
            <fields::Origins preview=preview.clone() />
            <findings::Findings release=release.clone() preview=preview.clone() />
            <package::PackageToBe preview=preview.clone() />
            <info::Info preview=preview.clone() />
        </div>
    }
    .to_html()
}
