//! The package as it would be, live.

use std::collections::BTreeMap;

use packer::{
    info::TemplateError,
    overrides,
    plan::{Plan, PlanError},
    rights, volume_id,
};

use super::{
    Draft, Preview, Problem,
    changes::{self, Changes},
    stored::{Stored, stored_rights},
};
use crate::{
    actor::Actor,
    failure::{Data, Failure, FailureKind, FieldProblem},
    services::Services,
};

/// How many times a volume id that is taken is derived anew: with 36⁶ of them the second is nearly always free.
const MOST_CLASHES: u32 = 100;

/// The preview of a release with values that are not saved. What cannot be used is said in it and left out.
pub(super) async fn preview(
    services: &Services,
    actor: &Actor,
    mut stored: Stored,
    draft: &Draft,
) -> Result<Preview, Failure> {
    let mut problems = Vec::new();
    apply(services, actor, &mut stored, draft, &mut problems).await?;
    let mut preview = Preview {
        version: stored.release.version,
        name: None,
        components: Vec::new(),
        fields: None,
        nfo_text: String::new(),
        diz_text: String::new(),
        files: Vec::new(),
        volume_id: None,
        volumes: None,
        volume_size: None,
        findings: Vec::new(),
        blocking: Vec::new(),
        problems: Vec::new(),
        ready: false,
    };
    problems.extend(problems_of_book(&stored));
    preview.fields = stored.inspection.as_ref().map(|inspection| stored.resolution(inspection).fields);
    match planned(&stored) {
        Some(Ok(plan)) => {
            let plan = free_volume_id(services, &stored, plan).await?;
            if let Some(holder) = name_holder(services, &stored, &plan).await? {
                let data = [("name", plan.name.to_string()), ("release", holder)];
                problems.push(problem("name", "name-taken", data));
            }
            fill(&mut preview, plan);
        }
        Some(Err(wrong)) => problems.push(wrong),
        None => {}
    }
    if stored.group.is_none() {
        problems.push(problem("group", "required", []));
    }
    if stored.release.rights_basis.is_none() {
        problems.push(problem("rights", "required", []));
    }
    preview.ready = problems.is_empty() && preview.blocking.is_empty();
    preview.problems = problems;
    Ok(preview)
}

/// What keeps anything from being packed from the book.
pub(super) fn problems_of_book(stored: &Stored) -> Vec<Problem> {
    let unread = stored.inspection.is_none().then(|| problem("book", "not-inspected", []));
    let removed = stored.book.source_removed_at.map(|_| problem("book", "source-removed", []));
    unread.into_iter().chain(removed).collect()
}

/// The plan of a release, or why there is none; nothing while its book has not been read.
pub(super) fn planned(stored: &Stored) -> Option<Result<Plan, Problem>> {
    let inspection = stored.inspection.as_ref()?;
    Some(match stored.profile() {
        Ok(profile) => {
            let plan = stored.plan(inspection, profile, stored.release.volume_id.as_ref());
            plan.map_err(|error| problem_of(&error))
        }
        Err(_) => Err(problem("profile", "unknown", [])),
    })
}

/// Puts the values of a draft in the place of the stored ones, as far as they can be used.
async fn apply(
    services: &Services,
    actor: &Actor,
    stored: &mut Stored,
    draft: &Draft,
    problems: &mut Vec<Problem>,
) -> Result<(), Failure> {
    for change in &draft.changes {
        if let Err(error) = overrides::put(&mut stored.release.overrides, change.field, &change.values) {
            problems.push(changes::field_problem(&error).into());
        }
    }
    let changes = Changes::read(services, actor, draft).await?;
    for wrong in changes.problems {
        problems.push(wrong.into());
    }
    if let Some(group) = changes.group {
        stored.release.group_id = group.as_ref().map(|group| group.id);
        stored.group = group;
    }
    if let Some(profile) = changes.profile {
        stored.release.profile.clone_from(&profile.name);
        stored.profile = Some(profile);
    }
    if let Some(rights) = changes.rights {
        (stored.release.rights_basis, stored.release.rights_note) = stored_rights(rights);
    }
    if let Some(date) = draft.release_date {
        stored.release.release_date = date;
    }
    Ok(())
}

/// The same plan with a volume id that no other release of the group and year has.
pub(super) async fn free_volume_id(services: &Services, stored: &Stored, plan: Plan) -> Result<Plan, Failure> {
    let (Some(group), Some(_), Some(inspection)) = (&stored.group, &plan.volume_id, &stored.inspection) else {
        return Ok(plan);
    };
    let date = stored.release.release_date;
    for clash in 0..MOST_CLASHES {
        let id = volume_id::derive(&plan.name, clash);
        let holder = services.store().releases().find_by_volume_id(group.id, date, &id).await?;
        if holder.is_some_and(|holder| holder.id != stored.release.id) {
            continue;
        }
        if plan.volume_id.as_ref() == Some(&id) {
            return Ok(plan);
        }
        return stored.plan(inspection, stored.profile()?, Some(&id)).map_err(|error| plan_failure(&error));
    }
    Err(Failure::conflict("volume-ids-taken", [("name", plan.name.to_string())]))
}

async fn name_holder(services: &Services, stored: &Stored, plan: &Plan) -> Result<Option<String>, Failure> {
    let Some(group) = &stored.group else { return Ok(None) };
    let holder = services.store().releases().find_by_name(group.id, &plan.name.to_string()).await?;
    Ok(holder.filter(|holder| holder.id != stored.release.id).map(|holder| holder.id.to_string()))
}

fn fill(preview: &mut Preview, plan: Plan) {
    preview.name = Some(plan.name.to_string());
    preview.components = plan.components;
    preview.fields = Some(plan.fields);
    preview.nfo_text = plan.nfo_text;
    preview.diz_text = plan.diz.first().map(|diz| String::from_utf8_lossy(diz).into_owned()).unwrap_or_default();
    preview.files = plan.files;
    preview.volume_id = plan.volume_id;
    preview.volumes = plan.volumes;
    preview.volume_size = plan.volume_size;
    preview.findings = plan.findings;
    // The missing rights basis is a problem already, one that the form has a field for.
    let told = |index: &usize| preview.findings.get(*index).is_some_and(|finding| finding.code == rights::NO_BASIS);
    preview.blocking = plan.blocking.into_iter().filter(|index| !told(index)).collect();
}

pub(super) fn problem<const N: usize>(part: &str, code: &str, data: [(&str, String); N]) -> Problem {
    let data = data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>();
    Problem { part: part.to_owned(), code: code.to_owned(), data }
}

fn problem_of(error: &PlanError) -> Problem {
    match error {
        PlanError::Protected(scheme) => problem("book", "protected", [("scheme", scheme.clone())]),
        PlanError::Format { profile, format } => {
            let data = [("profile", profile.clone()), ("format", format.to_string())];
            problem("profile", "format-not-accepted", data)
        }
        PlanError::TooLarge { size, limit } => {
            problem("book", "too-large", [("size", size.to_string()), ("limit", limit.to_string())])
        }
        PlanError::Template { template, error } => {
            let data = template_mistake(template, error).into_iter().map(|(name, value)| (name.to_owned(), value));
            Problem { part: template.to_lowercase(), code: "template".to_owned(), data: data.collect() }
        }
        PlanError::Field { field, fault } => changes::value_problem(field, fault).into(),
    }
}

impl From<FieldProblem> for Problem {
    fn from(wrong: FieldProblem) -> Self {
        let data = wrong.data.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { part: wrong.field.to_owned(), code: wrong.code.to_owned(), data }
    }
}

/// A mistake in a template of the NFO or the DIZ, as a code and its facts.
pub(crate) fn template_mistake(template: &str, error: &TemplateError) -> Data {
    let place = [
        ("template", template.to_owned()),
        ("template-line", error.line.to_string()),
        ("template-column", error.column.to_string()),
        ("fault", error.fault.code().to_owned()),
    ];
    place.into_iter().chain(error.fault.data()).collect()
}

/// Why there can be no package, for whoever asked for one.
pub(super) fn plan_failure(error: &PlanError) -> Failure {
    match error {
        PlanError::Protected(scheme) => Failure::refused("protected", [("scheme", scheme.clone())]),
        PlanError::TooLarge { limit, .. } => Failure::new(FailureKind::TooLarge { limit: *limit }),
        PlanError::Format { profile, format } => {
            let data = [("profile", profile.clone()), ("format", format.to_string())];
            Failure::refused("format-not-accepted", data)
        }
        PlanError::Template { template, error } => {
            Failure::new(FailureKind::Conflict("template", template_mistake(template, error)))
        }
        PlanError::Field { field, fault } => {
            Failure::new(FailureKind::Invalid(vec![changes::value_problem(field, fault)]))
        }
    }
}
