//! A `file:` URL is used.
//!
//! Why: It names a file of one computer; nobody else has it.
//!
//! Fix: Write a path inside the book.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::url::{self, Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-030", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (content, reference, link) in publication.links() {
        if matches!(link, Link::File) {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
        }
    }
    let Some(package) = publication.package else { return };
    let items = package.items.iter().filter_map(|item| Some((item.href.as_deref()?, item.at)));
    let links = package.metadata.iter().filter_map(|meta| Some((meta.href.as_deref()?, meta.at)));
    for (href, at) in items.chain(links) {
        if matches!(url::resolve(&package.path, href), Link::File) {
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
        fires(RULE.code, &Book::epub3().body("<a href=\"file:///etc/passwd\">x</a>"), &[(CHAPTER, 8)]);
    }
}
