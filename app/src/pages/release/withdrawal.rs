//! A release that is withdrawn: what it says, and the way back; and the dialog that withdraws one.

use leptos::prelude::*;
use service::{Action, Actor, Release, Resource, withdrawals::LONGEST_REASON};

use crate::{
    components::{
        ask::{Ask, Asked},
        form::returned_error,
        icon::{Glyph, Icon},
        raw_text::text_of_area,
    },
    error::FieldProblem,
    model::paths,
    texts::{Texts, texts, time::machine_time},
};

/// True for somebody who may withdraw it or offer it again.
pub(super) fn speaks_for(actor: &Actor, release: &Release) -> bool {
    let is_of = release.summary.group.as_ref().is_none_or(|group| actor.is_of(group.id));
    is_of && actor.may(Resource::Releases, Action::Modify)
}

/// Who withdrew it, when and why; nothing for a release that is offered.
#[component]
pub(super) fn Withdrawn(texts: Texts, release: Release, actor: Actor) -> impl IntoView {
    let may_offer = speaks_for(&actor, &release);
    let id = release.summary.id.to_string();
    let is_removed = release.packages.first().is_some_and(|package| package.files_removed_at.is_some());
    let stays = match (is_removed, release.book.source_removed_at) {
        (true, _) => "withdraw.removed",
        (false, Some(_)) => "withdraw.stays-alone",
        (false, None) => "withdraw.stays",
    };
    release.withdrawal.map(|withdrawal| {
        let at = withdrawal.withdrawn_at.0;
        view! {
            <div class="alert alert--refused">
                <Icon glyph=Glyph::Refused />
                <div class="stack stack--tight">
                    <p>
                        {texts.say_with("withdraw.by", &[("name", &withdrawal.withdrawn_by_name)])}" "
                        <time datetime=machine_time(at)>{texts.moment(at)}</time>
                    </p>
                    <blockquote class="quoted"><p>{withdrawal.reason}</p></blockquote>
                    <p>{texts.say(stays)}</p>
                    {may_offer.then(|| view! {
                        <form action="/api/app/offer-release" method="post">
                            <input type="hidden" name="release" value=id />
                            <button class="button" type="submit">{texts.say("withdraw.offer")}</button>
                        </form>
                    })}
                </div>
            </div>
        }
    })
}

/// Says what will be seen before it is. A reason that was not taken is asked for again, in the page,
/// with what was typed.
#[component]
pub(super) fn Withdraw(id: String) -> impl IntoView {
    let texts = texts();
    let error = returned_error("/api/app/withdraw-release");
    let problem = error.as_ref().and_then(|error| error.field("reason"));
    let given = problem.and_then(FieldProblem::given).cloned().unwrap_or_default();
    let problem = problem.map(|problem| said(texts, problem));
    let is_wrong = problem.is_some();
    let back = is_wrong.then(|| paths::release(&id));
    let asked = Asked {
        id: "withdraw",
        open: texts.say("withdraw.open"),
        glyph: Glyph::Refused,
        title: texts.say("withdraw.title").to_owned(),
        text: texts.say("withdraw.text").to_owned(),
        action: "/api/app/withdraw-release".to_owned(),
        sent: ("release", id),
        keep: texts.say("withdraw.keep"),
        submit: texts.say("withdraw.submit"),
    };
    view! {
        <Ask asked back>
            <div class="field">
                <label for="field-reason">{texts.say("withdraw.reason")}</label>
                <textarea id="field-reason" name="reason" rows="3" required=true maxlength=LONGEST_REASON.to_string()
                    autofocus=is_wrong aria-invalid=is_wrong.then_some("true")
                    aria-describedby=if is_wrong { "reason-hint reason-problem" } else { "reason-hint" }>{text_of_area(&given)}</textarea>
                <p class="field__hint" id="reason-hint">{texts.say_with("withdraw.reason-hint", &[("longest", &LONGEST_REASON)])}</p>
                {problem.map(|problem| view! {
                    <p class="field__problem" id="reason-problem"><Icon glyph=Glyph::Wrong /> <span>{problem}</span></p>
                })}
            </div>
        </Ask>
    }
}

/// What is wrong with a reason, with the limit and how long it is.
fn said(texts: Texts, problem: &FieldProblem) -> String {
    let fact = |name: &str| problem.data.get(name).cloned().unwrap_or_default();
    let (longest, present) = (fact("longest"), fact("present"));
    match problem.code.as_str() {
        "required" => texts.say_with("withdraw.reason-missing", &[("longest", &longest)]),
        "too-long" => texts.say_with("withdraw.reason-too-long", &[("longest", &longest), ("present", &present)]),
        _ => texts.field_problem(problem),
    }
}
