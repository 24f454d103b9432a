//! An index collection names what is no XHTML document (EPUB Indexes 1.0).
//!
//! Why: Readers find the index only in XHTML documents.
//!
//! Fix: Take the link out, or correct it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-071", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let items = publication.items_by_path();
    let is_index = |role: &String| role == "index" || role == "index-group";
    for collection in package.collections.iter().filter(|collection| collection.roles.iter().any(is_index)) {
        for link in &collection.links {
            let item = link.path.as_deref().and_then(|path| items.get(path));
            if item.is_some_and(|item| item.kind() != "application/xhtml+xml") {
                report.add(publication.in_package(link.at), &[("href", &link.href)]);
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
    fn a_style_sheet_in_an_index_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "").edit(
                PACKAGE,
                "</package>",
                "<collection role=\"index\"><link href=\"a.css\"/></collection></package>",
            ),
            &[(PACKAGE, 17)],
        );
    }
}
