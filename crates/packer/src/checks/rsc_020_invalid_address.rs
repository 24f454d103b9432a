//! An item or a link has an address with characters that are not allowed in URLs.
//!
//! Why: Spaces are written `%20` in URLs; readers need not find the file otherwise.
//!
//! Fix: Encode the spaces, or better rename the file.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-020", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for content in &publication.contents {
        for reference in content.references.iter().filter(|reference| has_broken_host(&reference.href)) {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
        }
    }
    let Some(package) = publication.package else { return };
    for item in &package.items {
        if let Some(href) = item.href.as_deref().filter(|href| href.trim().contains([' ', '\t', '\n'])) {
            report.add(publication.in_package(item.at), &[("href", href)]);
        }
    }
}

/// A blank in the name of a host: no reader can mend that, as it mends a blank in a path.
fn has_broken_host(href: &str) -> bool {
    let host = href.split_once("://").map_or("", |(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    host.trim().contains([' ', '\t', '\n'])
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_blank_in_a_host_is_told() {
        fires(RULE.code, &Book::epub3().body("<a href=\"https://www.example .com\">x</a>"), &[(CHAPTER, 8)]);
    }
}
