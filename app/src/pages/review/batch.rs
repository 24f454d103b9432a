//! The batch: one row a book, its state and its name, and one form for all that are chosen.

use leptos::prelude::*;
use service::{Group, ProfileSummary, ReleaseSummary, Status};

use super::fields::{GroupChoice, ProfileChoice, RightsChoice};
use crate::{components::mark::ReleaseMark, model::paths, texts::texts};

#[component]
pub fn Batch(
    releases: Vec<ReleaseSummary>,
    open: Option<String>,
    groups: Vec<Group>,
    profiles: Vec<ProfileSummary>,
) -> impl IntoView {
    let say = texts();
    let drafts = releases.iter().filter(|release| release.status == Status::Draft).count() as u64;
    // One book is reviewed by itself; the form for many is for many.
    let drafts_open = drafts > 1;
    let rows: Vec<_> = releases
        .into_iter()
        .map(|release| {
            let id = release.id.to_string();
            let current = open.as_deref() == Some(id.as_str());
            let name = release.name.clone().unwrap_or_else(|| release.file_name.clone());
            let draft = release.status == Status::Draft;
            let label = say.say_with("review.choose", &[("title", &release.title)]);
            view! {
                <tr data-row data-status=release.status.word() aria-current=current.then_some("true")>
                    <td class="batch-box">
                        <input type="checkbox" name="form[releases][]" value=id.clone() id=format!("choose-{id}")
                            aria-label=label disabled=!draft />
                    </td>
                    <td class="batch__title">
                        <a data-open id=format!("row-{id}") href=paths::review(&id)>{release.title.clone()}</a>
                        <code class="batch__name">{name}</code>
                    </td>
                    <td class="batch-state"><ReleaseMark status=release.status /></td>
                </tr>
            }
        })
        .collect();
    view! {
        <form id="batch" class="batch" method="post" action="/api/app/review-batch">
            <input type="hidden" id="batch-open" data-follow name="form[open]" value=open.clone().unwrap_or_default() />
            <div id="rows" data-live>
                <table>
                    <caption>{say.count("review.batch", rows.len() as u64)}</caption>
                    <thead>
                        <tr>
                            <th scope="col"><input type="checkbox" data-all aria-label=say.say("review.choose-all") /></th>
                            <th scope="col">{say.say("review.column-book")}</th>
                            <th scope="col">{say.say("review.column-state")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <details class="batch__change" open=drafts_open>
                <summary>{say.say("review.for-chosen")}</summary>
                <GroupChoice prefix="batch" groups chosen=String::new() />
                <ProfileChoice prefix="batch" profiles chosen=String::new() keep=true />
                <RightsChoice prefix="batch" rights=String::new() licence=String::new() note=String::new() />
                <div class="button-row">
                    <button type="submit" class="button" name="form[action]" value="apply" data-save>
                        {say.say("review.apply")}
                    </button>
                    <button type="submit" class="button button--primary" name="form[action]" value="pack" data-save>
                        {say.count("review.pack-chosen", drafts)}
                    </button>
                </div>
            </details>
        </form>
    }
}
