//! The manifest declares a file in `META-INF`.
//!
//! Why: That directory belongs to the container; readers do not serve books from it.
//!
//! Fix: Move the file.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-025", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (item, path) in publication.items().filter(|(_, path)| path.starts_with("META-INF/")) {
        report.add(publication.in_package(item.at), &[("name", path)]);
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
    fn an_item_in_meta_inf_is_told() {
        fires(
            RULE.code,
            &Book::epub3().declared("a", "../META-INF/a.css", "text/css", "").file("META-INF/a.css", ""),
            &[(PACKAGE, 12)],
        );
    }
}
