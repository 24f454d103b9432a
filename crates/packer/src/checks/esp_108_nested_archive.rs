//! The book has an archive inside.
//!
//! Why: Readers do not open it; it often was packed by mistake, and it may hide something.
//!
//! Fix: Take it out of the book.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-108", severity: Severity::Warning, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    for entry in opened.files() {
        let lower = entry.path.to_ascii_lowercase();
        if ENDS.iter().any(|end| lower.ends_with(end)) {
            report.add(Place::file(&entry.path), &[("name", &entry.path)]);
        }
    }
}

const ENDS: [&str; 9] = [".zip", ".epub", ".rar", ".7z", ".tar", ".gz", ".xz", ".cbz", ".cbr"];

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_book_in_a_book_is_told() {
        fires(RULE.code, &Book::epub3().file("EPUB/other.epub", "PK"), &[("EPUB/other.epub", 0)]);
    }
}
