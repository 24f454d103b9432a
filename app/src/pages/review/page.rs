//! The two addresses of the review: the batch without a release open, and with one.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use service::{
    Action, BatchProgress, Draft, Group, Others, ProfileSummary, ReleaseSummary, Resource, Room, Standing, Upload,
};

use super::{Batch, DropZone, ReleaseReview, Reviewed};
use crate::{
    components::{
        form::{FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
    error::AppError,
    islands::Review,
    model::paths,
    ssr::{convert::convert, guard, packing, review},
    texts::texts,
};

struct Desk {
    person: String,
    uploads: Vec<Upload>,
    rooms: Vec<Room>,
    upload_max_bytes: u64,
    names: String,
    releases: Vec<ReleaseSummary>,
    /// There are more than are shown.
    more: bool,
    /// How those of them stand that are decided.
    standings: Vec<Standing>,
    progress: Option<BatchProgress>,
    groups: Vec<Group>,
    profiles: Vec<ProfileSummary>,
    reviewed: Option<Reviewed>,
}

/// Where books are dropped.
#[component]
pub fn NewPage() -> impl IntoView {
    loaded(desk(None, None), show)
}

/// One release of the batch, open.
#[component]
pub fn ReviewPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get("release").unwrap_or_default();
    let doors = ["/api/app/review-save", "/api/app/review-pack", "/api/app/retry-job"];
    let error = doors.into_iter().find_map(returned_error);
    loaded(desk(Some(id), error), show)
}

async fn desk(open: Option<String>, error: Option<AppError>) -> Result<Desk, AppError> {
    let (actor, services) = guard::signed_in()?;
    // Whoever sees no groups and no profiles reviews without choosing any.
    let groups = if actor.may(Resource::Groups, Action::Read) {
        services.groups().list(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    let profiles = if actor.may(Resource::Profiles, Action::Read) {
        services.profiles().list(&actor).await.map_err(convert)?
    } else {
        Vec::new()
    };
    let (uploads, rooms) = if actor.may(Resource::Books, Action::Write) {
        let uploads = services.uploads().open(&actor).await.map_err(convert)?;
        (uploads, services.quotas().own(&actor).await.map_err(convert)?)
    } else {
        (Vec::new(), Vec::new())
    };
    let reviewed = match open {
        Some(id) => {
            let release = review::release(&services, &actor, &id).await?;
            let only_group = review::only_group(&actor, &groups, &release);
            // What is shown is what will be packed.
            let draft = Draft { group: only_group.map(Some), ..Draft::default() };
            let preview =
                services.releases().preview_with(&actor, release.summary.id, &draft).await.map_err(convert)?;
            let group = release.summary.group.as_ref().map(|group| group.id);
            let is_theirs = actor.sees_release_of(release.summary.created_by, group);
            // Whoever only looks at what waits in the inbox is not at it.
            let others = if is_theirs && actor.may(Resource::Releases, Action::Modify) {
                services.releases().look(&actor, release.summary.id).await.map_err(convert)?
            } else {
                Others::default()
            };
            let duplicates = services.releases().duplicates(&actor, release.summary.id).await.map_err(convert)?;
            let (groups, profiles) = (groups.clone(), profiles.clone());
            let mut form = review::shown(&release);
            if let Some(group) = only_group {
                form.group = Some(group.to_string());
            }
            if let Some(AppError::Invalid { fields } | AppError::RestSaved { fields }) = &error {
                form.take_back(fields);
            }
            Some(Reviewed { release, preview, form, groups, profiles, duplicates, others, error })
        }
        None => None,
    };
    let (releases, more) = review::desk(&services, &actor).await?;
    let standings = review::standings(&services, &actor, &releases).await?;
    Ok(Desk {
        uploads,
        rooms,
        upload_max_bytes: services.settings().upload_max_bytes,
        person: actor.user_id.to_string(),
        names: review::names(&services)?,
        releases,
        more,
        standings,
        progress: packing::progress(&services, &actor).await?,
        groups,
        profiles,
        reviewed,
    })
}

fn show(desk: Desk) -> AnyView {
    let say = texts();
    let open = desk.reviewed.as_ref().map(|reviewed| reviewed.form.release.clone());
    let title = match &desk.reviewed {
        Some(reviewed) => reviewed.release.summary.title.clone(),
        None => say.say("review.new-title").to_owned(),
    };
    let is_open = open.is_some();
    let jump = is_open.then(|| {
        view! { <a href="#review">{say.say_with("review.jump", &[("title", &title)])}</a> }
    });
    let as_table = !is_open && use_query_map().get_untracked().get("view").is_some_and(|view| view == "table");
    let done = [("packed", "review.packed"), ("changed", "review.changed")].into_iter().find_map(|(what, text)| {
        let number: u64 = use_query_map().get_untracked().get(what)?.parse().ok()?;
        let packed = (what == "packed").then(|| view! { " "<a href=paths::OWN_PACKED>{say.say("review.see-packed")}</a> });
        Some(view! {
            <div class="alert alert--good" role="status"><Icon glyph=Glyph::Good /><p>{say.count(text, number)}{packed}</p></div>
        })
    });
    view! {
        <Frame title topics="release job upload">
            <div id="desk" class="desk" data-open=is_open.then_some("") data-view=as_table.then_some("table")>
                // Where all stands in one column, the keys come to the list before the open book.
                <p id="desk-jump" class="desk__jump" data-live>{jump}</p>
                <aside class="desk__batch" aria-label=say.say("review.new-title")>
                    <DropZone person=desk.person open=desk.uploads upload_max_bytes=desk.upload_max_bytes names=desk.names rooms=desk.rooms />
                    <FormError error=returned_error("/api/app/upload-discard") />
                    // It stays until the next answer to the batch, and outlives the last of its rows.
                    <div id="batch-said" data-answer="batch"><FormError error=returned_error("/api/app/review-batch") />{done}</div>
                    <Batch releases=desk.releases more=desk.more standings=desk.standings open as_table progress=desk.progress groups=desk.groups profiles=desk.profiles />
                </aside>
                <div id="review" class="desk__review">
                    {match desk.reviewed {
                        Some(reviewed) => view! { <ReleaseReview reviewed /> }.into_any(),
                        None => view! {
                            <div class="nothing-open">
                                <h1>{say.say("review.new-title")}</h1>
                                <p>{say.say("review.nothing-open")}</p>
                            </div>
                        }
                        .into_any(),
                    }}
                </div>
            </div>
            <Review />
        </Frame>
    }
    .into_any()
}
