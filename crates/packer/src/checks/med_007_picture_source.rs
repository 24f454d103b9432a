//! A source of a `picture` is of a type that readers need not know, and does not say so.
//!
//! Why: Readers must know the type before they load the image.
//!
//! Fix: Add `type`.

use crate::{
    checks::{Alone, Report, Rule, pictures},
    epub::{Publication, content::PicturePart},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "MED-007", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    pictures::tell_foreign(publication, PicturePart::UntypedSource, report);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_foreign_source_without_type_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .item("j", "j.jpg", "image/jpeg", "", crate::builder::image::jpeg(9, 9))
                .item("x", "x.xyz", "image/vnd.xyz", "fallback=\"j\"", "x")
                .body("<picture><source srcset=\"x.xyz\"/><img src=\"j.jpg\" alt=\"x\"/></picture>"),
            &[(CHAPTER, 8)],
        );
    }
}
