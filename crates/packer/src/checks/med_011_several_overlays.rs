//! A document is read aloud by more than one media overlay.
//!
//! Why: Readers know only the one that its item names.
//!
//! Fix: Put everything about one document into one overlay.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::overlays,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-011", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let items = publication.items_by_path();
    for (path, overlays) in overlays::readers(publication) {
        let Some(item) = items.get(path.as_str()).filter(|_| overlays.len() > 1) else { continue };
        report.add(publication.in_package(item.at), &[("name", &path)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn two_overlays_are_told() {
        fires(
            RULE.code,
            &Book::epub3().read_aloud().item("mp", "b.smil", "application/smil+xml", "", crate::builder::READ_ALOUD),
            &[(PACKAGE, 12)],
        );
    }
}
