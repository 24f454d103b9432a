//! The two headers of an entry contradict each other.
//!
//! Why: Different tools then see different books.
//!
//! Fix: Make the archive again.

use crate::{
    checks::{ContainerRule, OpenContainer, Report},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: ContainerRule = ContainerRule { code: "ESP-109", severity: Severity::Warning, check };

fn check(opened: &OpenContainer<'_>, report: &mut Report) {
    for entry in opened.container.entries() {
        let Some(header) = &entry.header else { continue };
        let agrees = header.local.as_ref().is_some_and(|local| local.has_same_name && local.has_same_method);
        if !agrees {
            report.add(Place::file(&entry.path), &[("name", &entry.path)]);
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
    fn another_name_in_the_local_header_is_told() {
        fires(
            RULE.code,
            &Book::epub3().change(CHAPTER, |entry| entry.local_name = Some(b"EPUB/other.xhtml".to_vec())),
            &[(CHAPTER, 0)],
        );
    }
}
