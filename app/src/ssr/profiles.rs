//! Writing profiles.

use service::Action;

use crate::model::paths;

/// What writing a profile asks for: a new one can be made without the right to change others.
pub fn writing(is_new: bool) -> Action {
    if is_new { Action::Write } else { Action::Modify }
}

/// Names up to so many characters leave room for what tells two copies apart.
const LONGEST_TOLD_APART: usize = 31;

/// Where one more copy of a profile is written: beside those that somebody is writing already, not over them.
pub fn one_more_copy(name: &str) -> String {
    if name.chars().count() > LONGEST_TOLD_APART {
        return paths::new_profile(name);
    }
    let id = ulid::Ulid::generate().to_string().to_lowercase();
    paths::new_profile(&format!("{name}~{}", &id[id.len() - 6..]))
}
