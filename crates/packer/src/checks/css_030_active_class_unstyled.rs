//! A document with a media overlay has no style for what is read aloud.
//!
//! Why: Nothing shows which words are read.
//!
//! Fix: Style the class in a style sheet of the document.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "CSS-030", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let is_declared = ["media:active-class", "media:playback-active-class"]
        .into_iter()
        .any(|property| package.primary(property).next().is_some());
    if !is_declared {
        return;
    }
    for (_, path) in publication.items().filter(|(item, _)| item.media_overlay.is_some()) {
        if publication.content(path).is_some_and(|content| !content.has_styles) {
            report.add(Place::file(path), &[("name", path)]);
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
    fn a_document_without_styles_is_told() {
        fires(
            RULE.code,
            &Book::epub3().read_aloud().metadata("<meta property=\"media:active-class\">on</meta>"),
            &[(CHAPTER, 0)],
        );
    }
}
