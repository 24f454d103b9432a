//! A link is an alternative and something else.
//!
//! Why: It changes what the others mean.
//!
//! Fix: Give each its own `link`.

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-089", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    for meta in package.metadata.iter().filter(|meta| meta.element == "link") {
        let mut words = meta.rel.as_deref().unwrap_or_default().split_ascii_whitespace();
        if words.clone().count() > 1 && words.any(|word| word == "alternate") {
            report.add(publication.in_package(meta.at), &[]);
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
    fn an_alternative_that_is_more_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .metadata("<link rel=\"alternate acquire\" href=\"https://a.example/\" media-type=\"text/html\"/>"),
            &[(PACKAGE, 8)],
        );
    }
}
