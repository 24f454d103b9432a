//! A container with several renditions has no metadata of the publication as a whole.
//!
//! Why: Readers cannot tell that the renditions are one publication.
//!
//! Fix: Add `META-INF/metadata.xml`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, renditions::METADATA},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-019", severity: Severity::Warning, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    if !publication.is_epub2() && !publication.renditions.others.is_empty() && !publication.has_file(METADATA) {
        report.add(Place::file("META-INF/container.xml"), &[]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, CONTAINER},
        checks::proof::fires,
        epub::renditions::METADATA,
    };

    #[test]
    fn renditions_of_nothing_are_told() {
        let book = Book::epub3().second_rendition("rendition:layout=\"reflowable\"");
        fires(RULE.code, &book.without(METADATA), &[(CONTAINER, 0)]);
    }
}
