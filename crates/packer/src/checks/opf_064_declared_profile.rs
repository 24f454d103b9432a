//! A publication says by `dc:type` what it is, and is judged by the profile of EPUB for that.
//!
//! Why: More is asked of a dictionary, an index or a preview than of a book.
//!
//! Fix: Nothing, when it is so; else take the `dc:type` out.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-064", severity: Severity::Info, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if let Some(profile) = publication.declared_profile {
        let at = publication.package.and_then(|package| package.metadata_at).unwrap_or_default();
        report.add(publication.in_package(at), &[("value", profile.word())]);
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
    fn a_preview_that_says_so_is_told() {
        let book = Book::epub3().metadata("<dc:type>preview</dc:type><dc:source>urn:isbn:9780000000002</dc:source>");
        fires(RULE.code, &book, &[(PACKAGE, 3)]);
    }
}
