//! A document says another media type of a file than the manifest.
//!
//! Why: Readers that believe the document do not show the file.
//!
//! Fix: Correct the one that is wrong.

use crate::{
    checks::place,
    checks::{Alone, Report, Rule},
    epub::{Publication, url::Link},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-013", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if publication.is_epub2() {
        return;
    }
    for (content, reference, link) in publication.links() {
        let (Link::Inside(inside), Some(said)) = (link, reference.media_type.as_deref()) else { continue };
        let declared = publication.declared_types.get(&inside.path).filter(|kind| !kind.is_empty());
        if let Some(declared) = declared.filter(|declared| *declared != said) {
            let data = [("href", reference.href.as_str()), ("value", said), ("kind", declared)];
            report.add(place(&content.path, reference.at), &data);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER, image},
        checks::proof::fires,
    };

    #[test]
    fn a_picture_of_another_type_is_told() {
        let picture = "<picture><source srcset=\"a.png\" type=\"image/webp\"/><img src=\"a.png\" alt=\"a\"/></picture>";
        let book = Book::epub3().item("a", "a.png", "image/png", "", image::png(1, 1));
        fires(RULE.code, &book.clone().body(picture), &[(CHAPTER, 8)]);
        fires(RULE.code, &book.body(&picture.replace("webp", "png")), &[]);
    }
}
