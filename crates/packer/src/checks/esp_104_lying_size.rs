//! An entry unpacks to another size than it declares.
//!
//! Why: Tools that trust the number lose the rest or wait for what never comes.
//!
//! Fix: Make the archive again.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    container::ReadError,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-104", severity: Severity::Error, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    for (path, error) in opened.unread {
        if let ReadError::Size(declared) = error {
            report.add(Place::file(path), &[("name", path), ("declared", &declared.to_string())]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_size_that_is_too_small_is_told() {
        fires(RULE.code, &Book::epub3().lying_size(10), &[(CHAPTER, 0)]);
    }

    #[test]
    fn a_size_that_is_too_large_is_told() {
        fires(RULE.code, &Book::epub3().lying_size(9000), &[(CHAPTER, 0)]);
    }
}
