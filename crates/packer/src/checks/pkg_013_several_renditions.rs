//! An EPUB 2 names several package documents.
//!
//! Why: EPUB 2 knows only one; readers take any of them.
//!
//! Fix: Keep one `rootfile` with the media type of package documents.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-013", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let mut packages = publication.rootfiles.iter().filter(|rootfile| rootfile.package_path().is_some());
    if publication.is_epub2() && packages.next().is_some() && packages.next().is_some() {
        report.add(Place::file("META-INF/container.xml"), &[]);
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
    fn a_second_package_document_in_epub_2_is_told() {
        fires(
            RULE.code,
            &Book::epub2().edit(
                CONTAINER,
                "</rootfiles>",
                "<rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>",
            ),
            &[("META-INF/container.xml", 0)],
        );
    }
}
