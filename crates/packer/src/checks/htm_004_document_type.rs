//! An XHTML document has another document type than its version of EPUB lets it have.
//!
//! Why: EPUB 3 documents are HTML5 and EPUB 2 documents XHTML 1.1; other types promise another language.
//!
//! Fix: Write `<!DOCTYPE html>` in an EPUB 3; in an EPUB 2 take it out, or declare XHTML 1.1.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "HTM-004", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for content in publication.contents.iter().filter(|content| content.is_xhtml) {
        let Some(kind) = &content.document_type else { continue };
        let public = kind.public.as_deref();
        let is_right = if publication.is_epub2() {
            public.is_some_and(|public| OF_EPUB_2.contains(&public))
        } else {
            public.is_none() && kind.system.as_deref().is_none_or(|system| system == "about:legacy-compat")
        };
        if !is_right {
            let found = kind.public.as_deref().or(kind.system.as_deref()).unwrap_or_default();
            report.add(place(&content.path, kind.at), &[("found", found)]);
        }
    }
}

/// The document types of EPUB 2: XHTML 1.1 and OEBPS 1.x (OPS 2.0.1, 2.2).
const OF_EPUB_2: [&str; 3] = [
    "-//W3C//DTD XHTML 1.1//EN",
    "+//ISBN 0-9673008-1-9//DTD OEB 1.2 Document//EN",
    "+//ISBN 0-9673008-1-9//DTD OEB 1.0 Document//EN",
];

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
