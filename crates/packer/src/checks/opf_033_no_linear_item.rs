//! The spine has no linear item.
//!
//! Why: A reader that turns the pages has nothing to show.
//!
//! Fix: Take `linear="no"` away from the items that are read in order.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-033", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    if let Some(at) = package.spine_at.filter(|_| !package.spine.is_empty())
        && package.spine.iter().all(|reference| !reference.is_linear)
    {
        report.add(publication.in_package(at), &[]);
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
    fn a_spine_without_linear_items_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(PACKAGE, "idref=\"chapter\"", "idref=\"chapter\" linear=\"no\"").edit(
                NAVIGATION,
                "chapter.xhtml",
                "chapter.xhtml#one",
            ),
            &[(PACKAGE, 13)],
        );
    }
}
