//! The image that stands for a `picture` is of a type that readers need not know.
//!
//! Why: It is what every reader shows, so every reader must know its type.
//!
//! Fix: Use GIF, JPEG, PNG, SVG or WebP.

use crate::{
    checks::{Alone, Report, Rule, pictures},
    epub::{Publication, content::PicturePart},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-003", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    pictures::tell_foreign(publication, PicturePart::Image, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_foreign_image_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .item("j", "j.jpg", "image/jpeg", "", crate::builder::image::jpeg(9, 9))
                .item("x", "x.xyz", "image/vnd.xyz", "fallback=\"j\"", "x")
                .body("<picture><img src=\"x.xyz\" alt=\"x\"/></picture>"),
            &[(CHAPTER, 8)],
        );
    }
}
