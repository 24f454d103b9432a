//! Between the form of the review and the use cases.

use packer::{date::ReleaseDate, rights::RightsBasis};
use service::{
    Action, Actor, Draft, Edit, Failure, FieldChange, Group, GroupId, Release, ReleaseId, ReleaseQuery, ReleaseSummary,
    Resource, RightsInput, Services, Sort, Standing, Status,
};

use super::{
    convert::{answer_with, convert, told},
    packing,
};
use crate::{
    error::{AppError, FieldProblem, LeftOut},
    model::{
        paths,
        review_form::{BatchForm, ReviewForm},
    },
};

/// The most releases of one batch form: as many as one drop may bring.
const BATCH: usize = 200;

/// The most releases that are named with why they were not packed: they stand in an address.
const TOLD: usize = 10;
/// The most characters of a title that is named there.
const TITLE: usize = 60;

/// The release of a form.
pub async fn release(services: &Services, actor: &Actor, id: &str) -> Result<Release, AppError> {
    let id = release_id(id)?;
    services.releases().lookup(actor, id).await.map_err(convert)
}

/// What decides the name of a book that is dropped, for the packer in the browser: JSON of [`packer::name::of_book::Chosen`].
pub fn names(services: &Services) -> Result<String, AppError> {
    let chosen = services.releases().chosen_for_new().map_err(convert)?;
    serde_json::to_string(&chosen).map_err(|error| convert(Failure::internal(error)))
}

/// An id as it stands in an address or a form.
pub fn release_id(id: &str) -> Result<ReleaseId, AppError> {
    id.parse().map_err(|_| answer_with(AppError::not_found("release")))
}

/// The form as the page shows it before anything is typed.
pub fn shown(release: &Release) -> ReviewForm {
    let summary = &release.summary;
    let mut form = ReviewForm {
        release: summary.id.to_string(),
        version: summary.version,
        group: Some(summary.group.as_ref().map(|group| group.id.to_string()).unwrap_or_default()),
        profile: summary.profile.clone(),
        date: release.release_date.to_string(),
        ..ReviewForm::default()
    };
    if let Some(fields) = &release.fields {
        form.show(fields);
    }
    if let Some(rights) = &release.rights {
        match &rights.basis {
            RightsBasis::Licence(id) => {
                "licence".clone_into(&mut form.rights);
                form.licence.clone_from(id);
            }
            basis => basis.word().clone_into(&mut form.rights),
        }
        form.rights_note = rights.note.clone().unwrap_or_default();
    }
    form
}

/// The group of whoever is in one alone, for a draft that has none yet: there is nothing to choose. It is stored with the
/// next field that is saved.
pub fn only_group(actor: &Actor, groups: &[Group], release: &Release) -> Option<GroupId> {
    let &[only] = actor.groups.as_slice() else { return None };
    let is_open = release.editable && release.summary.group.is_none() && actor.may(Resource::Releases, Action::Modify);
    groups.iter().map(|group| group.id).find(|id| is_open && *id == only)
}

/// The form with the group that it asks to be made.
pub async fn with_group(services: &Services, actor: &Actor, mut form: ReviewForm) -> Result<ReviewForm, AppError> {
    let tag = form.new_group.trim();
    if !tag.is_empty() {
        let groups = services.groups().list(actor).await.map_err(convert)?;
        // Sent twice, or known already: the group is what was meant.
        let known = groups.into_iter().find(|group| group.tag.to_string().eq_ignore_ascii_case(tag));
        form.group = Some(match known {
            Some(group) => group.id.to_string(),
            None => services.groups().create(actor, tag).await.map_err(convert).map_err(of_new_group)?.id.to_string(),
        });
    }
    Ok(form)
}

/// What is wrong with the tag stands where it was typed.
fn of_new_group(error: AppError) -> AppError {
    let AppError::Invalid { mut fields } = error else { return error };
    for problem in &mut fields {
        "new_group".clone_into(&mut problem.field);
    }
    AppError::Invalid { fields }
}

/// Saves what was changed, and leads back to the page. A field that is not taken holds up no other: the rest is saved, and
/// what was typed in it goes back with the error, so that a page without script shows it again.
pub async fn save(services: &Services, actor: &Actor, form: ReviewForm) -> Result<(), AppError> {
    let release = release(services, actor, &form.release).await?;
    let form = with_group(services, actor, form).await?;
    let Some(edit) = edit(&form, &release)? else { return Ok(()) };
    let id = release.summary.id;
    // A release with its book is large; it belongs on the heap.
    match Box::pin(services.releases().edit(actor, id, edit.clone())).await.map_err(convert) {
        Ok(_) => Ok(()),
        Err(AppError::Invalid { mut fields }) => {
            let rest = without(edit, &fields, &form, &release);
            if rest != (Edit { expected_version: rest.expected_version, ..Edit::default() }) {
                Box::pin(services.releases().edit(actor, id, rest)).await.map_err(convert)?;
            }
            form.give_back(&mut fields);
            Err(AppError::RestSaved { fields })
        }
        Err(error) => Err(error),
    }
}

/// An edit without the fields that are wrong in it.
fn without(mut edit: Edit, wrong: &[FieldProblem], form: &ReviewForm, release: &Release) -> Edit {
    let is_wrong = |word: &str| wrong.iter().any(|problem| problem.field == word);
    edit.changes.retain(|change| !is_wrong(change.field.word()));
    if is_wrong("group") {
        edit.group = None;
    }
    if is_wrong("profile") {
        edit.profile = None;
    }
    if is_wrong("rights") || is_wrong("rights_note") {
        // Where only the note is wrong, what was stated before is still meant.
        let is_another = form.basis() != shown(release).basis();
        edit.rights = if is_another { taken_back(release) } else { None };
    }
    edit
}

/// Rights that somebody is just replacing are no longer meant: until the others are whole, nothing is packed under them.
fn taken_back(release: &Release) -> Option<RightsInput> {
    release.rights.is_some().then(|| rights_input(None, ""))
}

/// What was changed in the form, or nothing. A change of the same field by somebody else meanwhile is told by the version.
pub fn edit(form: &ReviewForm, release: &Release) -> Result<Option<Edit>, AppError> {
    let draft = draft(form, release)?;
    if draft == Draft::default() {
        return Ok(None);
    }
    let mut edit = Edit::from(draft);
    edit.expected_version = (form.version > 0).then_some(form.version);
    Ok(Some(edit))
}

/// What was changed in the form, for the preview.
pub fn draft(form: &ReviewForm, release: &Release) -> Result<Draft, AppError> {
    let shown = shown(release);
    let changes =
        form.changes(&shown).into_iter().map(|(field, values)| FieldChange { field, values }).collect::<Vec<_>>();
    if form.only_mends() {
        return Ok(Draft { changes, ..Draft::default() });
    }
    let group = match &form.group {
        Some(group) if form.group != shown.group => Some(group_id(group)?),
        _ => None,
    };
    let profile = (form.profile != shown.profile && !form.profile.is_empty()).then(|| form.profile.clone());
    let same_rights = form.basis() == shown.basis() && form.rights_note.trim() == shown.rights_note.trim();
    // A basis without what it needs beside it waits: the other fields are saved meanwhile.
    let rights = if form.is_half_stated() {
        taken_back(release)
    } else {
        (!same_rights).then(|| rights_input(form.basis(), &form.rights_note))
    };
    let release_date = if form.date == shown.date || form.date.is_empty() { None } else { Some(date(&form.date)?) };
    Ok(Draft { changes, group, profile, rights, release_date })
}

/// Where the page of a form is; the answer of a plain form leads there. Said only when all is done: the way back of what
/// fails carries why, and this would take its place.
pub fn show(release: &str) {
    crate::ssr::convert::lead_to(&paths::review(release));
}

/// What keeps a release on the desk: everything that is not packed yet.
const ON_THE_DESK: [Status; 5] = [Status::Inspecting, Status::Draft, Status::Packing, Status::Refused, Status::Failed];

/// One change for every chosen release. What one of them does not take is told together, after the others have it.
pub async fn change_batch(services: &Services, actor: &Actor, form: &BatchForm) -> Result<(), AppError> {
    if form.action == "pack-ready" {
        let desk = desk(services, actor).await?.0;
        let standings = standings(services, actor, &desk).await?;
        let ready = standings.iter().filter(|one| one.is_ready()).map(|one| one.release).collect();
        let packed = pack_all(services, actor, ready, Vec::new()).await?;
        crate::ssr::convert::lead_to(&paths::with(&back(form), "packed", &packed.to_string()));
        return Ok(());
    }
    let ids = form.releases.iter().take(BATCH).map(|id| release_id(id)).collect::<Result<Vec<_>, _>>()?;
    if ids.is_empty() {
        return Err(refused("nothing-chosen"));
    }
    if form.is_value_without_field() {
        return Err(refused("value-without-field"));
    }
    if form.is_half_stated() {
        return Err(half_stated());
    }
    let change = Edit {
        group: if form.group.is_empty() { None } else { Some(group_id(&form.group)?) },
        profile: (!form.profile.is_empty()).then(|| form.profile.clone()),
        rights: form.basis().map(|basis| rights_input(Some(basis), &form.rights_note)),
        changes: form.change().map(|(field, values)| FieldChange { field, values }).into_iter().collect(),
        ..Edit::default()
    };
    if form.action == "apply" && change == Edit::default() {
        return Err(refused("no-change-chosen"));
    }
    let mut changed = Vec::new();
    let mut failures = Vec::new();
    for id in ids {
        let outcome = if change == Edit::default() {
            Ok(())
        } else {
            services.releases().edit(actor, id, change.clone()).await.map(drop)
        };
        match outcome {
            Ok(()) => changed.push(id),
            Err(failure) => failures.push((id, failure)),
        }
    }
    if form.action == "pack" {
        // Nothing is packed under values that it did not take.
        let packed = pack_all(services, actor, changed, failures).await?;
        crate::ssr::convert::lead_to(&paths::with(&back(form), "packed", &packed.to_string()));
        return Ok(());
    }
    let changed = changed.len() as u64;
    if failures.is_empty() {
        crate::ssr::convert::lead_to(&paths::with(&back(form), "changed", &changed.to_string()));
        return Ok(());
    }
    let (left_out, more) = left_out(services, actor, failures).await;
    Err(answer_with(AppError::NotAllChanged { changed, left_out, more }))
}

/// Has releases packed and says how many are; `failures` are those that came not so far. Those that are not packed are told,
/// each with why.
pub(super) async fn pack_all(
    services: &Services,
    actor: &Actor,
    ids: Vec<ReleaseId>,
    mut failures: Vec<(ReleaseId, Failure)>,
) -> Result<u64, AppError> {
    let mut jobs = Vec::new();
    for (id, outcome) in services.releases().pack_ready(actor, ids).await.map_err(convert)? {
        match outcome {
            Ok(job) => jobs.push(job),
            Err(failure) => failures.push((id, failure)),
        }
    }
    let packed = jobs.len() as u64;
    if let Some(first) = jobs.into_iter().min().filter(|_| packed > 1) {
        packing::remember(first);
    }
    if failures.is_empty() {
        return Ok(packed);
    }
    let (left_out, more) = left_out(services, actor, failures).await;
    Err(answer_with(AppError::NotAllPacked { packed, left_out, more }))
}

/// Those that did not get what the others got, and how many there are besides, that are not named.
pub(super) async fn left_out(
    services: &Services,
    actor: &Actor,
    failures: Vec<(ReleaseId, Failure)>,
) -> (Vec<LeftOut>, u64) {
    let more = failures.len().saturating_sub(TOLD) as u64;
    let mut left_out = Vec::new();
    for (id, failure) in failures.into_iter().take(TOLD) {
        // One that is gone meanwhile has no title; that it is gone is the reason.
        let release = services.releases().lookup(actor, id).await.ok();
        let title: String = release.map(|release| release.summary.title).unwrap_or_default();
        left_out.push(LeftOut { title: title.chars().take(TITLE).collect(), error: told(failure) });
    }
    (left_out, more)
}

/// A form that asks for nothing, told by its own sentence.
fn refused(code: &str) -> AppError {
    answer_with(AppError::Conflict { code: code.to_owned(), data: std::collections::BTreeMap::new() })
}

/// The page that the form of the batch was on.
fn back(form: &BatchForm) -> String {
    match form.open.as_str() {
        "" => paths::NEW.to_owned(),
        "table" => paths::NEW_TABLE.to_owned(),
        release => paths::review(release),
    }
}

/// One's own releases that wait for something, the newest first, and whether there are more than are shown.
pub async fn desk(services: &Services, actor: &Actor) -> Result<(Vec<ReleaseSummary>, bool), AppError> {
    let mut query = ReleaseQuery {
        status: ON_THE_DESK.to_vec(),
        mine: true,
        sort: Sort::Created,
        descending: true,
        limit: 100,
        ..ReleaseQuery::default()
    };
    let mut rows = Vec::new();
    loop {
        let page = services.releases().list(actor, &query).await.map_err(convert)?;
        rows.extend(page.items);
        match page.next {
            Some(next) if rows.len() < BATCH => query.after = Some(next),
            next => return Ok((rows, next.is_some())),
        }
    }
}

/// How those of the desk stand that have what only a person can decide: which are ready to be packed, and what keeps others.
pub async fn standings(services: &Services, actor: &Actor, desk: &[ReleaseSummary]) -> Result<Vec<Standing>, AppError> {
    services.releases().standings(actor, desk).await.map_err(convert)
}

/// A basis was chosen and its licence or its note is missing.
pub fn half_stated() -> AppError {
    answer_with(AppError::Invalid { fields: vec![problem("rights", "required")] })
}

fn rights_input(basis: Option<&str>, note: &str) -> RightsInput {
    let note = note.trim();
    RightsInput { basis: basis.unwrap_or_default().to_owned(), note: (!note.is_empty()).then(|| note.to_owned()) }
}

fn group_id(text: &str) -> Result<Option<GroupId>, AppError> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| answer_with(AppError::Invalid { fields: vec![problem("group", "invalid")] }))
}

fn date(text: &str) -> Result<ReleaseDate, AppError> {
    text.parse().map_err(|_| answer_with(AppError::Invalid { fields: vec![problem("date", "no-release-date")] }))
}

/// One field that is wrong.
pub fn problem(field: &str, code: &str) -> FieldProblem {
    FieldProblem { field: field.to_owned(), code: code.to_owned(), data: std::collections::BTreeMap::new() }
}
