//! A path would lead out of the directory in which the book is unzipped.
//!
//! Why: Unzipped without care it overwrites files of the person who opens it.
//!
//! Fix: Do not use this archive; make it again from the files of the book.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-105", severity: Severity::Error, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    for entry in opened.container.entries() {
        let path = &entry.path;
        let climbs = path.split(['/', '\\']).any(|segment| segment == "..");
        let has_drive = path.as_bytes().get(1) == Some(&b':') && path.as_bytes()[0].is_ascii_alphabetic();
        if climbs || has_drive || path.starts_with(['/', '\\']) {
            report.add(Place::file(path), &[("name", path)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_path_that_climbs_is_told() {
        fires(RULE.code, &Book::epub3().named(b"../evil.css"), &[("../evil.css", 0)]);
    }

    #[test]
    fn an_absolute_path_is_told() {
        fires(RULE.code, &Book::epub3().named(b"/etc/evil.css"), &[("/etc/evil.css", 0)]);
    }
}
