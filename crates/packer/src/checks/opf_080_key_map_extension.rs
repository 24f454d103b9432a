//! The name of a search key map does not end in `.xml`.
//!
//! Why: Some readers find it by its name.
//!
//! Fix: Name it `….xml`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, package::KEY_MAP},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-080", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for item in package.items.iter().filter(|item| item.kind() == KEY_MAP) {
        let Some(path) = item.path.as_deref() else { continue };
        if !path.rsplit_once('.').is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("xml")) {
            report.add(publication.in_package(item.at), &[("name", path)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, KEY_MAP, PACKAGE},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn a_map_that_is_called_a_text_is_told() {
        let book = Book::dictionary().edit(PACKAGE, "search.xml", "search.txt").without(KEY_MAP);
        let book = book.file("EPUB/search.txt", Book::dictionary().content(KEY_MAP));
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(PACKAGE, 13)]);
    }
}
