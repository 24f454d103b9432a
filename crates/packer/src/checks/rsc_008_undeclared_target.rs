//! A reference leads to a file that the manifest does not declare.
//!
//! Why: Readers may leave out what the manifest does not list.
//!
//! Fix: Declare the file.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-008", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let items = publication.items_by_path();
    let remote = publication.remote_items();
    for (content, reference, link) in publication.links() {
        let is_undeclared = match &link {
            Link::Inside(inside) => {
                publication.has_file(&inside.path)
                    && !items.contains_key(inside.path.as_str())
                    // EPUB CFIs begin at the package document.
                    && publication.package.is_none_or(|package| package.path != inside.path)
                    && !publication.renditions.other_items.contains(&inside.path)
            }
            Link::Remote(target) => {
                matches!(reference.kind, Use::Audio | Use::Video | Use::Font)
                    && !publication.is_epub2()
                    && !remote.contains_key(target)
            }
            _ => false,
        };
        if is_undeclared {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_link_to_an_undeclared_file_is_told() {
        fires(
            RULE.code,
            &Book::epub3().file("EPUB/a.xhtml", "<a/>").body("<a href=\"a.xhtml\">x</a>"),
            &[(CHAPTER, 8)],
        );
    }
}
