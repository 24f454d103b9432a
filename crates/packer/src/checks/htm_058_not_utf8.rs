//! An XHTML document of an EPUB 3 is UTF-16.
//!
//! Why: HTML documents are UTF-8 (HTML, 4.2.5.4); readers may show other characters.
//!
//! Fix: Save it as UTF-8.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
    xml::Oddity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-058", severity: Severity::Error, alone: Alone::Content, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for content in publication.contents.iter().filter(|content| content.is_xhtml) {
        if content.oddities.contains(&Oddity::Utf16) {
            report.add(Place::file(&content.path), &[]);
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
    fn utf_16_is_told() {
        fires(
            RULE.code,
            &Book::epub3().change(CHAPTER, |entry| {
                let text = String::from_utf8(entry.bytes().to_vec()).unwrap().replace("UTF-8", "UTF-16");
                let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
                entry.set(wide);
            }),
            &[(CHAPTER, 0)],
        );
    }
}
