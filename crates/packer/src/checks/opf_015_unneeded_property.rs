//! An item declares a feature that its document does not have.
//!
//! Why: Readers may warn of it or show the document in a slower way.
//!
//! Fix: Take it out of `properties` of the item.

use crate::{
    checks::{Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-015", severity: Severity::Error, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for (item, path) in publication.items() {
        let Some(content) = publication.content(&path) else { continue };
        for (property, is_there) in content.features() {
            if !is_there && item.has_property(property) {
                report.add(publication.in_package(item.at), &[("property", property), ("name", &path)]);
            }
        }
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
    fn a_script_that_is_declared_and_absent_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(PACKAGE, "id=\"chapter\" ", "id=\"chapter\" properties=\"scripted\" "),
            &[(PACKAGE, 11)],
        );
    }
}
