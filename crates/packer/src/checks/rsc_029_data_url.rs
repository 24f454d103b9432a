//! A `data:` URL stands where it is not allowed.
//!
//! Why: Readers refuse to open it, for safety.
//!
//! Fix: Put the data into a file of the book.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-029", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, reference, link) in publication.links() {
        if matches!(link, Link::Data(_)) && reference.kind == Use::Hyperlink {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
        }
    }
    let Some(package) = publication.package else { return };
    let items = package.items.iter().filter_map(|item| Some((item.href.as_deref()?, item.at)));
    let links = package.metadata.iter().filter_map(|meta| Some((meta.href.as_deref()?, meta.at)));
    for (href, at) in items.chain(links) {
        if matches!(url::resolve(&package.path, href), Link::Data(_)) {
            report.add(publication.in_package(at), &[("href", href)]);
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
    fn it_is_told_in_a_link() {
        fires(RULE.code, &Book::epub3().body("<a href=\"data:text/html,x\">x</a>"), &[(CHAPTER, 8)]);
    }
}
