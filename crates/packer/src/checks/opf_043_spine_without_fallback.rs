//! The spine names an item of another kind without a fallback.
//!
//! Why: Readers need not be able to show it.
//!
//! Fix: Give it a fallback that is XHTML or SVG.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::fallback,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-043", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    for (reference, item) in publication.spine() {
        let kind = item.kind();
        // OPF-042 tells these in an EPUB 2.
        let is_told =
            package.is_epub2() && matches!(kind.as_str(), "image/jpeg" | "image/png" | "image/gif" | "text/css");
        if !kind.is_empty() && !is_told && item.fallback.is_none() && !fallback::is_content(&kind, package.is_epub2()) {
            report.add(publication.in_package(reference.at), &[("kind", &kind)]);
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
    fn sound_in_the_spine_is_told() {
        fires(RULE.code, &Book::epub3().item("a", "a.mp3", "audio/mpeg", "", "x").spine("a", ""), &[(PACKAGE, 16)]);
    }
}
