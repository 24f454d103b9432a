//! A rendition beside the first says nothing by which it could be chosen (EPUB Multiple-Rendition Publications 1.1).
//!
//! Why: It is allowed or tolerated, and some readers stumble over it.
//!
//! Fix: Correct the place that is named.

use crate::{
    checks::place,
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-017", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    let packages = publication.rootfiles.iter().filter(|rootfile| rootfile.package_path().is_some());
    for rootfile in packages.skip(1).filter(|rootfile| rootfile.selection.is_empty()) {
        report.add(place("META-INF/container.xml", rootfile.at), &[("problem", "selection-missing")]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CONTAINER},
        checks::proof::fires,
    };

    #[test]
    fn a_rendition_that_nobody_can_choose_is_told() {
        fires(RULE.code, &Book::epub3().second_rendition(""), &[(CONTAINER, 5)]);
    }
}
