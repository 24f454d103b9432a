//! An image is what it is declared to be and has the extension of another kind.
//!
//! Why: Some readers go by the extension and do not show it.
//!
//! Fix: Rename the file.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-022", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, head) in &publication.images {
        let extension = path.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
        let usual: &[&str] = match head.media_type {
            Some("image/jpeg") => &["jpg", "jpeg", "jpe"],
            Some("image/png") => &["png"],
            Some("image/gif") => &["gif"],
            _ => continue,
        };
        let declared = publication.declared_types.get(path.as_str()).map(String::as_str);
        if declared == head.media_type && !usual.contains(&extension.as_str()) {
            let kind = head.media_type.unwrap_or_default();
            report.add(Place::file(path), &[("kind", kind), ("extension", &extension)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{builder::Book, checks::proof::fires};

    #[test]
    fn a_png_named_jpg_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("i", "i.jpg", "image/png", "", *b"\x89PNG\r\n\x1a\n"),
            &[("EPUB/i.jpg", 0)],
        );
    }
}
