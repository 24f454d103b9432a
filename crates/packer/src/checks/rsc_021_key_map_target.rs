//! A search key map leads to what is no content document.
//!
//! Why: Readers show a word only in a document of the book.
//!
//! Fix: Let it lead to the document where the word stands.

use crate::{
    checks::place,
    checks::{Alone, Report, Rule},
    epub::{Publication, content::Use, url::Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-021", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, reference, link) in publication.links() {
        let Link::Inside(inside) = link else { continue };
        let kind = publication.declared_types.get(&inside.path);
        let is_content = |kind: &String| kind == "application/xhtml+xml" || kind == "image/svg+xml";
        if reference.kind == Use::SearchKey && kind.is_some_and(|kind| !is_content(kind)) {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, KEY_MAP},
        checks::proof::fires_as,
        epub::EpubProfile,
    };

    #[test]
    fn a_word_in_a_style_sheet_is_told() {
        let book = Book::dictionary().item("a", "a.css", "text/css", "", "");
        let book = book.edit(KEY_MAP, "chapter.xhtml#one", "a.css");
        fires_as(EpubProfile::Dictionary, RULE.code, &book, &[(KEY_MAP, 1)]);
    }
}
