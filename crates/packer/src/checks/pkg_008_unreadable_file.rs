//! A file of the book cannot be unpacked.
//!
//! Why: The archive is cut off or damaged, or packed by a method that EPUB does not allow; what cannot be unpacked
//! cannot be read.
//!
//! Fix: Download or export the book again; if the file is whole, make the archive again, deflated or stored.

use crate::{
    checks::{Alone, Report, Rule},
    container::ReadError,
    epub::Publication,
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-008", severity: Severity::Fatal, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for (path, error) in &publication.unread {
        if matches!(error, ReadError::Damaged | ReadError::Method(_)) {
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
    fn a_file_packed_by_an_unknown_method_is_told() {
        fires(RULE.code, &Book::epub3().change(CHAPTER, |entry| entry.method = 99), &[(CHAPTER, 0)]);
    }
}
