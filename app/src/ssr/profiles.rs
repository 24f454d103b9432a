//! Writing profiles.

use service::Action;

/// What writing a profile asks for: a new one can be made without the right to change others.
pub fn writing(is_new: bool) -> Action {
    if is_new { Action::Write } else { Action::Modify }
}
