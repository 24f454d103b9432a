//! A publication has a dictionary and does not say that it is one.
//!
//! Why: Readers offer as a dictionary only what says so.
//!
//! Fix: Add `dc:type` dictionary to the metadata.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{EpubProfile, Publication},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-079", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let is_known = publication.profile == EpubProfile::Dictionary || package.has_type(EpubProfile::Dictionary.word());
    if !is_known && publication.contents.iter().any(|content| content.has_dictionary) {
        report.add(publication.in_package(package.metadata_at.unwrap_or(package.at)), &[]);
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
    fn a_dictionary_that_does_not_say_so_is_told() {
        let dictionary = "<section epub:type=\"dictionary\"><article><p><dfn>a</dfn></p></article></section>";
        fires(RULE.code, &Book::epub3().body(dictionary), &[(PACKAGE, 3)]);
    }
}
