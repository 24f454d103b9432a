//! A link for reading aloud names what is no sound.
//!
//! Why: Readers play sound only.
//!
//! Fix: Name a sound file and its type.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-095", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in package.metadata.iter().filter(|meta| meta.element == "link") {
        let is_voicing = meta.rel.as_deref().unwrap_or_default().split_ascii_whitespace().any(|word| word == "voicing");
        let Some(kind) = meta.media_type.as_deref().filter(|kind| is_voicing && !kind.starts_with("audio/")) else {
            continue;
        };
        report.add(publication.in_package(meta.at), &[("kind", kind)]);
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
    fn a_text_for_reading_aloud_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .metadata("<link rel=\"voicing\" refines=\"#t\" href=\"https://a.example/\" media-type=\"text/html\"/>")
                .edit(PACKAGE, "<dc:title>", "<dc:title id=\"t\">"),
            &[(PACKAGE, 8)],
        );
    }
}
