//! An XHTML document of an EPUB 3 has an old document type.
//!
//! Why: EPUB 3 documents are HTML5; the old types promise another language.
//!
//! Fix: Write `<!DOCTYPE html>`.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-004", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for content in &publication.contents {
        let Some(kind) = &content.document_type else { continue };
        let is_xhtml =
            publication.declared_types.get(&content.path).is_some_and(|kind| kind == "application/xhtml+xml");
        let is_legacy = kind.system.as_deref().is_none_or(|system| system == "about:legacy-compat");
        if is_xhtml && (kind.public.is_some() || !is_legacy) {
            let found = kind.public.as_deref().or(kind.system.as_deref()).unwrap_or_default();
            report.add(place(&content.path, kind.at), &[("found", found)]);
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
    fn the_document_type_of_xhtml_1_is_told() {
        fires(
            RULE.code,
            &Book::epub3().edit(
                CHAPTER,
                "<!DOCTYPE html>",
                "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" \"x\">",
            ),
            &[(CHAPTER, 2)],
        );
    }
}
