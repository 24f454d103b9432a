//! An entry is a symbolic link.
//!
//! Why: It may lead to files of the person who opens the book; we do not follow it.
//!
//! Fix: Put the file itself into the book.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-107", severity: Severity::Error, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    for entry in opened.container.entries().iter().filter(|entry| entry.is_link) {
        report.add(Place::file(&entry.path), &[("name", &entry.path)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_symbolic_link_is_told() {
        fires(RULE.code, &Book::epub3().link("EPUB/passwd", "/etc/passwd"), &[("EPUB/passwd", 0)]);
    }
}
