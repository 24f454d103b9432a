//! An item has a property that its media type cannot have.
//!
//! Why: Readers look for it on items of another kind and do not find it.
//!
//! Fix: Move the property to the item that it describes.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-012", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for item in &package.items {
        let kind = item.kind();
        let is_xhtml = kind == "application/xhtml+xml";
        for property in &item.properties {
            let fits = match property.as_str() {
                "cover-image" => kind.starts_with("image/"),
                "nav" | "mathml" | "svg" | "switch" | "data-nav" => is_xhtml,
                "scripted" => is_xhtml || kind == "image/svg+xml",
                _ => true,
            };
            if !fits {
                report.add(publication.in_package(item.at), &[("property", property), ("kind", &kind)]);
            }
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
    fn a_cover_image_that_is_no_image_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "properties=\"cover-image\"", ""),
            &[(PACKAGE, 12)],
        );
    }
}
