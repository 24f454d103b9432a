//! An identifier says that it is a UUID and is none.
//!
//! Why: Programs that read it as one refuse it or take it for another.
//!
//! Fix: Write a UUID, or do not call it one.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-085", severity: Severity::Warning, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    for meta in package.dc("identifier") {
        let lower = meta.text.to_ascii_lowercase();
        let told = lower.strip_prefix("urn:uuid:");
        let is_scheme = meta.scheme.as_deref().is_some_and(|scheme| scheme.eq_ignore_ascii_case("uuid"));
        let value = told.or_else(|| is_scheme.then_some(lower.as_str()));
        if let Some(value) = value.filter(|value| !is_uuid(value)) {
            report.add(publication.in_package(meta.at), &[("value", value)]);
        }
    }
}

/// Hexadecimal digits in groups of 8, 4, 4, 4 and 12.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    digits && groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::fires,
    };

    #[test]
    fn a_uuid_that_is_none_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<dc:identifier>urn:uuid:1-2</dc:identifier>"), &[(PACKAGE, 8)]);
    }
}
