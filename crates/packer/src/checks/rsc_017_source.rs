//! A publication that is made from another does not name it.
//!
//! Why: It is allowed or tolerated, and some readers stumble over it.
//!
//! Fix: Correct the place that is named.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{EpubProfile, Publication},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-017", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let is_derived = match publication.profile {
        EpubProfile::Preview => true,
        EpubProfile::Edupub => package.has_type("teacher-edition"),
        _ => false,
    };
    if is_derived && package.dc("source").next().is_none() {
        let at = publication.in_package(package.metadata_at.unwrap_or(package.at));
        report.add(at, &[("problem", "source-missing")]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn a_preview_of_nothing_is_told() {
        let book = Book::epub3().metadata("<dc:type>preview</dc:type>");
        fires_as(EpubProfile::Preview, RULE.code, &book, &[(PACKAGE, 3)]);
    }

    #[test]
    fn an_edition_for_teachers_of_no_other_is_told() {
        let book = Book::edupub().metadata("<dc:type>teacher-edition</dc:type>");
        fires_as(EpubProfile::Edupub, RULE.code, &book, &[(PACKAGE, 3)]);
    }
}
