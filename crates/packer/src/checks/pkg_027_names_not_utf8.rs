//! A file name is not UTF-8.
//!
//! Why: Nobody can tell which characters are meant, so the book cannot be unzipped everywhere.
//!
//! Fix: Zip the book with a tool that writes UTF-8 names.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "PKG-027", severity: Severity::Fatal, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    // One tells all: they come from the same tool.
    if let Some(entry) = opened.container.entries().iter().find(|entry| !entry.is_utf8) {
        report.add(Place::file(&entry.path), &[("name", &entry.path)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_name_in_latin_1_is_told() {
        fires(RULE.code, &Book::epub3().named(b"EPUB/\xe9.css"), &[("EPUB/\u{fffd}.css", 0)]);
    }
}
