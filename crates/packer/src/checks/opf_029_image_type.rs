//! An image is of another kind than its media type says.
//!
//! Why: Readers that trust the manifest cannot show it.
//!
//! Fix: Correct the media type or convert the image.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-029", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, head) in publication.images.iter().filter(|(_, head)| !head.is_short) {
        let declared = publication.declared_types.get(path.as_str()).map(String::as_str).unwrap_or_default();
        let declared = if declared == "image/jpg" { "image/jpeg" } else { declared };
        if head.media_type != Some(declared) && !publication.protection.is_refused() {
            report.add(Place::file(path), &[("name", path), ("declared", declared)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_png_declared_as_jpeg_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("i", "i.png", "image/jpeg", "", *b"\x89PNG\r\n\x1a\n"),
            &[("EPUB/i.png", 0)],
        );
    }
}
