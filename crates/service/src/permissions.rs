//! Who may do what: resource × action, by role. The built-in roles are this table; the house's own are in the database.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
pub use store::permissions::{Action, Exception, OwnRole, Resource};

use crate::actor::Role;

/// What somebody may do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grants(BTreeSet<(Resource, Action)>);

impl Grants {
    /// Everything.
    pub fn all() -> Self {
        Resource::ALL.iter().flat_map(|resource| Action::ALL.iter().map(|action| (*resource, *action))).collect()
    }

    /// What a built-in role allows; nothing for any other.
    pub fn of_built_in(role: &Role) -> Self {
        let table: &[(Resource, &[Action])] = match role.word() {
            "admin" => return Self::all(),
            "editor" => &EDITOR,
            "viewer" => &VIEWER,
            "contributor" => &CONTRIBUTOR,
            _ => &[],
        };
        table.iter().flat_map(|(resource, actions)| actions.iter().map(|action| (*resource, *action))).collect()
    }

    /// True when the action on the resource is among them.
    pub fn allow(&self, resource: Resource, action: Action) -> bool {
        self.0.contains(&(resource, action))
    }

    /// True when nothing is missing that the others have.
    pub fn contain(&self, others: &Self) -> bool {
        others.0.is_subset(&self.0)
    }

    /// In order.
    pub fn iter(&self) -> impl Iterator<Item = (Resource, Action)> {
        self.0.iter().copied()
    }

    /// These, with what exceptions add and take away.
    pub(crate) fn with(mut self, exceptions: &[Exception]) -> Self {
        for Exception { resource, action, allowed } in exceptions {
            if *allowed {
                self.0.insert((*resource, *action));
            } else {
                self.0.remove(&(*resource, *action));
            }
        }
        self
    }

    /// Those that also fulfil a condition.
    pub(crate) fn only(mut self, condition: impl Fn(Resource, Action) -> bool) -> Self {
        self.0.retain(|(resource, action)| condition(*resource, *action));
        self
    }
}

impl FromIterator<(Resource, Action)> for Grants {
    fn from_iter<I: IntoIterator<Item = (Resource, Action)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

const EVERYTHING: [Action; 4] = [Action::Read, Action::Write, Action::Modify, Action::Delete];
const NOT_DELETED: [Action; 3] = [Action::Read, Action::Write, Action::Modify];

/// What use cases ask for. Of what else a role or an exception may say nothing comes: no page offers it.
pub const ASKED: [(Resource, &[Action]); 9] = [
    (Resource::Books, &NOT_DELETED),
    (Resource::Releases, &EVERYTHING),
    (Resource::Profiles, &EVERYTHING),
    (Resource::Users, &NOT_DELETED),
    (Resource::Roles, &EVERYTHING),
    (Resource::Groups, &NOT_DELETED),
    (Resource::Jobs, &NOT_DELETED),
    (Resource::Settings, &[Action::Read, Action::Modify]),
    (Resource::Audit, &[Action::Read]),
];

/// True for a permission that some use case asks for.
pub fn is_asked(resource: Resource, action: Action) -> bool {
    ASKED.iter().any(|(asked, actions)| *asked == resource && actions.contains(&action))
}

const EDITOR: [(Resource, &[Action]); 6] = [
    (Resource::Books, &EVERYTHING),
    (Resource::Releases, &EVERYTHING),
    (Resource::Jobs, &EVERYTHING),
    (Resource::Groups, &NOT_DELETED),
    (Resource::Profiles, &[Action::Read]),
    (Resource::Templates, &[Action::Read]),
];

const VIEWER: [(Resource, &[Action]); 6] = [
    (Resource::Books, &[Action::Read]),
    (Resource::Releases, &[Action::Read]),
    (Resource::Jobs, &[Action::Read]),
    (Resource::Groups, &[Action::Read]),
    (Resource::Profiles, &[Action::Read]),
    (Resource::Templates, &[Action::Read]),
];

const CONTRIBUTOR: [(Resource, &[Action]); 1] = [(Resource::Books, &[Action::Write])];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_role_is_in_the_table_and_no_other_name_is() {
        for role in Role::BUILT_IN {
            assert_ne!(Grants::of_built_in(&role), Grants::default(), "{role}");
        }
        assert_eq!(Grants::of_built_in(&"Admin".parse().unwrap()), Grants::default());
    }

    #[test]
    fn exceptions_add_and_take_away() {
        let viewer = Grants::of_built_in(&Role::VIEWER);
        let changed = viewer.clone().with(&[
            Exception { resource: Resource::Audit, action: Action::Read, allowed: true },
            Exception { resource: Resource::Jobs, action: Action::Read, allowed: false },
        ]);
        assert!(changed.allow(Resource::Audit, Action::Read) && !changed.allow(Resource::Jobs, Action::Read));
        assert!(!viewer.contain(&changed) && Grants::all().contain(&changed));
    }
}
