//! A data navigation document is in the spine.
//!
//! Why: It is for programs: a reader that shows it shows lists of places.
//!
//! Fix: Take it out of the spine.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-077", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for (reference, item) in publication.spine().filter(|(_, item)| item.has_property("data-nav")) {
        report.add(publication.in_package(reference.at), &[("name", item.href.as_deref().unwrap_or_default())]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, NAVIGATION, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn data_to_be_read_through_are_told() {
        let navigation = Book::epub3().content(NAVIGATION).to_vec();
        let book =
            Book::epub3().item("data", "data.xhtml", "application/xhtml+xml", "properties=\"data-nav\"", navigation);
        fires(RULE.code, &book.spine("data", ""), &[(PACKAGE, 16)]);
    }
}
