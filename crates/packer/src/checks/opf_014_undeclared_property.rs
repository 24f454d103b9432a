//! A document has a feature that its item does not declare.
//!
//! Why: Readers switch such features on only where they are declared.
//!
//! Fix: Add it to `properties` of the item.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-014", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for (item, path) in publication.items() {
        let Some(content) = publication.content(path) else { continue };
        let remote = ("remote-resources", content.has_remote_resources());
        for (property, is_there) in content.features().into_iter().chain([remote]) {
            if is_there && !item.has_property(property) {
                report.add(publication.in_package(item.at), &[("property", property), ("name", path)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn svg_that_is_not_declared_is_told() {
        fires(RULE.code, &Book::epub3().body("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), &[(PACKAGE, 11)]);
    }

    #[test]
    fn svg_that_is_declared_passes() {
        passes(
            RULE.code,
            &Book::epub3().body("<svg xmlns=\"http://www.w3.org/2000/svg\"/>").edit(
                PACKAGE,
                "id=\"chapter\" ",
                "id=\"chapter\" properties=\"svg\" ",
            ),
        );
    }
}
