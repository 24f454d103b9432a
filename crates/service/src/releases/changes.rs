//! What a person changes, checked field by field.

use std::sync::Arc;

use packer::{
    overrides::{ValueFault, WrongValue},
    profile::Profile,
    rights::{self, Rights, RightsError},
};
use store::groups::Group;

use super::{Draft, RightsInput};
use crate::{
    actor::Actor,
    failure::{Data, Failure, FieldProblem},
    profiles,
    services::Services,
};

/// The parts of a change that are not fields of the book, checked. What is absent stays as it is.
#[derive(Debug, Default)]
#[expect(clippy::option_option, reason = "unchanged, none and some are three things")]
pub(super) struct Changes {
    pub(super) group: Option<Option<Group>>,
    pub(super) profile: Option<Arc<Profile>>,
    pub(super) rights: Option<Option<Rights>>,
    pub(super) problems: Vec<FieldProblem>,
}

impl Changes {
    pub(super) async fn read(services: &Services, actor: &Actor, draft: &Draft) -> Result<Self, Failure> {
        let mut changes = Self::default();
        match draft.group {
            None => {}
            Some(None) => changes.group = Some(None),
            Some(Some(id)) => match services.store().groups().lookup(id).await?.filter(|group| actor.is_of(group.id)) {
                Some(group) => changes.group = Some(Some(group)),
                None => changes.problems.push(problem("group", "unknown", Data::new())),
            },
        }
        if let Some(name) = &draft.profile {
            match profiles::find_to_choose(services, name).await? {
                Some(profile) => changes.profile = Some(profile),
                None => changes.problems.push(problem("profile", "unknown", Data::new())),
            }
        }
        match draft.rights.as_ref().map(rights).transpose() {
            Ok(rights) => changes.rights = rights,
            Err(wrong) => changes.problems.push(wrong),
        }
        Ok(changes)
    }
}

fn rights(input: &RightsInput) -> Result<Option<Rights>, FieldProblem> {
    if input.basis.trim().is_empty() {
        return Ok(None);
    }
    rights::parse(&input.basis, input.note.as_deref()).map(Some).map_err(|error| match error {
        RightsError::Basis { text, suggestion } => {
            let code = if suggestion.is_some() { "no-licence-but" } else { "no-licence" };
            let suggestion = suggestion.map(|suggestion| ("suggestion", suggestion));
            problem("rights", code, [("basis", text)].into_iter().chain(suggestion).collect())
        }
        RightsError::NoteMissing(_) => problem("rights_note", "required", Data::new()),
        RightsError::NoteTooLong(length) => {
            let data = [("longest", rights::LONGEST_NOTE.to_string()), ("length", length.to_string())];
            problem("rights_note", "too-long", data.into())
        }
    })
}

/// What is wrong with the value of a field.
pub(super) fn field_problem(wrong: &WrongValue) -> FieldProblem {
    value_problem(wrong.field.word(), &wrong.fault)
}

/// The same where the field goes by its word.
pub(super) fn value_problem(field: &'static str, fault: &ValueFault) -> FieldProblem {
    problem(field, fault.code(), fault.data().into_iter().collect())
}

fn problem(field: &'static str, code: &'static str, data: Data) -> FieldProblem {
    FieldProblem { field, code, data }
}
