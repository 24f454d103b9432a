//! What can be done with a release.

use leptos::prelude::*;
use packer::name::Tag;
use service::{Action, Actor, Package, Release, Resource, Status};

use super::{
    review_link,
    withdrawal::{Withdraw, speaks_for},
};
use crate::{
    components::{
        ask::{Ask, Asked},
        icon::{Glyph, Icon},
    },
    model::paths,
    texts::texts,
};

/// The buttons below a title: what is next comes first, what destroys comes last and asks.
#[component]
pub fn Actions(
    release: Release,
    actor: Actor,
    package: Option<Package>,
    /// What a correction of it may be; nothing where there is none to make.
    corrections: Vec<Tag>,
) -> impl IntoView {
    let texts = texts();
    let id = release.summary.id.to_string();
    let is_reviewed = release.summary.status == Status::Draft && actor.may(Resource::Releases, Action::Modify);
    let deletable = actor.may(Resource::Releases, Action::Delete)
        && (package.is_none() || actor.may(Resource::Users, Action::Modify))
        && !matches!(release.summary.status, Status::Inspecting | Status::Packing);
    let is_withdrawn = release.withdrawal.is_some();
    let withdrawable = package.is_some() && !is_withdrawn && speaks_for(&actor, &release);
    let kept = package.as_ref().filter(|package| package.files_removed_at.is_none());
    let download = kept.filter(|_| !is_withdrawn).map(|package| {
        view! {
            <a class="button button--primary" href=paths::archive(&package.id.to_string()) download="">
                <Icon glyph=Glyph::DownloadAll />
                {texts.say_with("release.download", &[("size", &texts.size(package.size))])}
            </a>
        }
    });
    let verify = (kept.is_some() && actor.may(Resource::Jobs, Action::Write)).then(|| {
        view! {
            <form action="/api/app/verify" method="post">
                <input type="hidden" name="release" value=id.clone() />
                <button class="button" type="submit"><Icon glyph=Glyph::Verify />{texts.say("release.verify")}</button>
            </form>
        }
    });
    let delete = deletable.then(|| view! { <Delete id=id.clone() package=package.clone() /> });
    view! {
        <div class="button-row release-head__actions">
            {is_reviewed.then(|| review_link(texts, &id))}
            {download}
            {verify}
            {(!corrections.is_empty()).then(|| view! { <Correct id=id.clone() corrections /> })}
            {withdrawable.then(|| view! { <Withdraw id /> })}
            {delete}
        </div>
    }
}

/// What is wrong decides what the correction is called and what is packed again.
#[component]
fn Correct(id: String, corrections: Vec<Tag>) -> impl IntoView {
    let texts = texts();
    let choices = corrections
        .into_iter()
        .enumerate()
        .map(|(index, tag)| {
            view! {
                <label class="choice">
                    <input type="radio" id=format!("correct-{}", tag.word()) name="tag" value=tag.word() checked=index == 0 />
                    <span><strong>{tag.word()}</strong><br /><span class="soft">{texts.word("correction", tag.word())}</span></span>
                </label>
            }
        })
        .collect_view();
    view! {
        <button class="button" type="button" popovertarget="correct"><Icon glyph=Glyph::Compare />{texts.say("correct.open")}</button>
        <div id="correct" class="dialog" popover="auto" role="dialog" aria-labelledby="correct-title">
            <div class="dialog__head"><h2 id="correct-title">{texts.say("correct.title")}</h2></div>
            <p>{texts.say("correct.text")}</p>
            <form class="form" action="/api/app/correct-release" method="post">
                <input type="hidden" name="release" value=id />
                <fieldset class="choices"><legend class="unseen">{texts.say("correct.title")}</legend>{choices}</fieldset>
                <div class="button-row dialog__foot">
                    <button class="button" type="button" popovertarget="correct" popovertargetaction="hide">{texts.say("correct.keep")}</button>
                    <button class="button button--primary" type="submit">{texts.say("correct.submit")}</button>
                </div>
            </form>
        </div>
    }
}

/// Names what goes before it goes.
#[component]
fn Delete(id: String, package: Option<Package>) -> impl IntoView {
    let texts = texts();
    let goes = match &package {
        Some(package) => {
            let kept = package.files.iter().filter(|file| file.is_kept).map(|file| file.size);
            texts.say_with(
                "delete.packed",
                &[
                    ("files", &texts.count("files.count", kept.clone().count() as u64)),
                    ("size", &texts.size(kept.sum())),
                ],
            )
        }
        None => texts.say("delete.draft").to_owned(),
    };
    let asked = Asked {
        id: "delete",
        open: texts.say("delete.open"),
        glyph: Glyph::Delete,
        title: texts.say("delete.title").to_owned(),
        text: goes,
        action: "/api/app/delete-release".to_owned(),
        sent: ("release", id),
        keep: texts.say("delete.keep"),
        submit: texts.say("delete.submit"),
    };
    view! { <Ask asked /> }
}
