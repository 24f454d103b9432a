//! A property is deprecated.
//!
//! Why: New readers need not know it.
//!
//! Fix: Use what the current EPUB specification has in its place.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-086", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in &package.metadata {
        if meta.property.as_deref() == Some("rendition:viewport") {
            report.add(publication.in_package(meta.at), &[("property", "rendition:viewport")]);
        }
        for rel in meta.rel.as_deref().unwrap_or_default().split_ascii_whitespace() {
            if matches!(rel, "marc21xml-record" | "mods-record" | "onix-record" | "xmp-record" | "xml-signature") {
                report.add(publication.in_package(meta.at), &[("property", rel)]);
            }
        }
        let is_portrait = meta.property.as_deref() == Some("rendition:spread") && meta.text == "portrait";
        if is_portrait {
            report.add(publication.in_package(meta.at), &[("property", "portrait")]);
        }
    }
    for reference in &package.spine {
        if reference.properties.iter().any(|property| property == "rendition:spread-portrait") {
            report.add(publication.in_package(reference.at), &[("property", "rendition:spread-portrait")]);
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
    fn a_viewport_in_the_metadata_is_told() {
        fires(
            RULE.code,
            &Book::epub3().metadata("<meta property=\"rendition:viewport\">width=1</meta>"),
            &[(PACKAGE, 8)],
        );
    }
}
