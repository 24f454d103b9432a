//! A resource is obfuscated and is no font.
//!
//! Why: Only fonts may be obfuscated; readers undo it for nothing else.
//!
//! Fix: Store the file as it is, or correct its media type.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-026", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let items = publication.items_by_path();
    for resource in publication.encrypted.iter().filter(|resource| resource.is_obfuscation()) {
        let Some(item) = items.get(resource.path.as_str()) else { continue };
        let kind = item.kind();
        let is_font = FONTS.contains(&kind.as_str()) || (publication.is_epub2() && kind.contains("font"));
        if !is_font {
            report.add(place("META-INF/encryption.xml", resource.at), &[("name", &resource.path), ("kind", &kind)]);
        }
    }
}

/// The media types of fonts that EPUB 3 lists.
const FONTS: [&str; 9] = [
    "font/ttf",
    "font/otf",
    "font/woff",
    "font/woff2",
    "application/font-sfnt",
    "application/vnd.ms-opentype",
    "application/font-woff",
    "application/x-font-ttf",
    "application/font-woff2",
];

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::Book,
        checks::proof::{fires, passes},
    };

    #[test]
    fn an_obfuscated_style_sheet_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a.css", "text/css", "", "").encryption(
                "EPUB/a.css",
                "http://www.idpf.org/2008/embedding",
                "",
            ),
            &[("META-INF/encryption.xml", 4)],
        );
    }

    #[test]
    fn an_obfuscated_font_passes() {
        passes(
            RULE.code,
            &Book::epub3().item("a", "a.otf", "font/otf", "", "x").encryption(
                "EPUB/a.otf",
                "http://www.idpf.org/2008/embedding",
                "",
            ),
        );
    }
}
