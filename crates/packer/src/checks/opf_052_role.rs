//! A role of an EPUB 2 is not of the list of roles.
//!
//! Why: Readers show creators by their roles (MARC code list for relators).
//!
//! Fix: Use a code of the list, or `oth.` with a name of your own.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-052", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| package.is_epub2()) else { return };

    for meta in package.dc("creator").chain(package.dc("contributor")) {
        let Some(role) = meta.role.as_deref() else { continue };
        let is_code = role.len() == 3 && role.bytes().all(|byte| byte.is_ascii_lowercase());
        if !is_code && !role.starts_with("oth.") {
            report.add(publication.in_package(meta.at), &[("role", role)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_word_is_told() {
        fires(
            RULE.code,
            &Book::epub2()
                .metadata("<dc:creator opf:role=\"author\" xmlns:opf=\"http://www.idpf.org/2007/opf\">A</dc:creator>"),
            &[(PACKAGE, 7)],
        );
    }
}
