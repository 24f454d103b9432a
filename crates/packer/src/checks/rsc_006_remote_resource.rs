//! A document loads something from the network that must be in the book.
//!
//! Why: Without the network it is missing, and with it somebody learns who reads what.
//!
//! Fix: Put the file into the book.

use std::collections::HashSet;

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    epub::content::Use,
    epub::url::Link,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-006", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let remote = publication.remote_items();
    let mut used = HashSet::new();
    for (content, reference, link) in publication.links() {
        let Link::Remote(target) = link else { continue };
        let declared = remote.get(&target).map(|item| item.kind()).unwrap_or_default();
        let is_stream = declared.starts_with("audio/") || declared.starts_with("video/");
        let is_allowed = match reference.kind {
            Use::Hyperlink | Use::Citation => true,
            Use::Audio | Use::Video | Use::Font => !publication.is_epub2(),
            _ => is_stream && !publication.is_epub2(),
        };
        if !matches!(reference.kind, Use::Hyperlink | Use::Citation) {
            used.insert(target.clone());
        }
        if !is_allowed {
            report.add(place(&content.path, reference.at), &[("url", &target)]);
        }
    }
    let is_scripted = publication.contents.iter().any(|content| content.is_scripted);
    for (target, item) in remote.iter().filter(|(target, _)| !used.contains(*target) && !is_scripted) {
        let kind = item.kind();
        if !(kind.starts_with("audio/") || kind.starts_with("video/") || kind.contains("font")) {
            report.add(publication.in_package(item.at), &[("url", target)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_remote_image_is_told() {
        fires(
            RULE.code,
            &Book::epub3().body("<img src=\"https://x.example/a.png\" alt=\"\"/>").edit(
                PACKAGE,
                "id=\"chapter\" ",
                "id=\"chapter\" properties=\"remote-resources\" ",
            ),
            &[(CHAPTER, 8)],
        );
    }
}
