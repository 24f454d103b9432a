//! What somebody sees of releases.

use super::route::Test;
use crate::{GroupId, UserId, cell::Value, placeholders::placeholders};

/// What somebody sees: the releases of their groups, and their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisibleTo {
    /// Who.
    pub user: UserId,
    /// Their groups.
    pub groups: Vec<GroupId>,
}

impl VisibleTo {
    /// The same as a part of a filter.
    pub(super) fn test(&self) -> Test {
        let (condition, values) = self.condition();
        let hidden = ["r.created_by", "r.group_id"]
            .into_iter()
            .fold(condition.clone(), |text, column| text.replace(column, &format!("({column} || '')")));
        let mut ids = vec!["SELECT id AS release_id FROM releases WHERE created_by = ?".to_owned()];
        if !self.groups.is_empty() {
            let places = placeholders(self.groups.len());
            ids.push(format!("SELECT id AS release_id FROM releases WHERE group_id IN ({places})"));
        }
        Test { condition: hidden, is_ordered: ids.len() == 1, is_collected: false, ids, values }
    }

    /// The condition on releases under the name `r`, and its values.
    pub(crate) fn condition(&self) -> (String, Vec<Value>) {
        let mut values = vec![Value::from(self.user)];
        if self.groups.is_empty() {
            return ("r.created_by = ?".to_owned(), values);
        }
        values.extend(self.groups.iter().map(Value::from));
        (format!("(r.created_by = ? OR r.group_id IN ({}))", placeholders(self.groups.len())), values)
    }
}
