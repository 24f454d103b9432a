//! A document of an EPUB 2 is declared as text/html.
//!
//! Why: EPUB documents are XHTML, and readers go by the media type.
//!
//! Fix: Declare it as application/xhtml+xml.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-035", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for item in package.items.iter().filter(|item| item.kind() == "text/html" && !package.is_oeb) {
        report.add(publication.in_package(item.at), &[]);
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
    fn html_in_epub_2_is_told() {
        fires(RULE.code, &Book::epub2().edit(PACKAGE, "application/xhtml+xml", "text/html"), &[(PACKAGE, 10)]);
    }
}
