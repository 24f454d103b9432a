//! A role of an EPUB 2 is not of the list of roles.
//!
//! Why: Readers show creators by their roles (MARC code list for relators).
//!
//! Fix: Use a code of the list, or `oth.` with a name of your own.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, relators},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-052", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for meta in package.dc("creator").chain(package.dc("contributor")) {
        let Some(role) = meta.role.as_deref() else { continue };
        if !relators::is_relator(role) && !role.starts_with("oth.") {
            report.add(publication.in_package(meta.at), &[("role", role)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_word_and_a_code_of_no_list_are_told() {
        for role in ["author", "xyz"] {
            fires(RULE.code, &of_role(role), &[(PACKAGE, 7)]);
        }
    }

    #[test]
    fn codes_of_the_list_and_of_ones_own_pass() {
        for role in ["aut", "oth.typist"] {
            passes(RULE.code, &of_role(role));
        }
    }

    fn of_role(role: &str) -> Book {
        Book::epub2().metadata(&format!(
            "<dc:creator opf:role=\"{role}\" xmlns:opf=\"http://www.idpf.org/2007/opf\">A</dc:creator>"
        ))
    }
}
