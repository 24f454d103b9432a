//! A property has a prefix that is not declared.
//!
//! Why: Nobody can tell what the property means.
//!
//! Fix: Declare it in `prefix` of the package element.

use std::collections::HashSet;

use crate::{
    checks::{Alone, RESERVED_PREFIXES, Report, Rule},
    epub::Publication,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "OPF-028", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let declared: HashSet<&str> = package
        .prefix
        .as_deref()
        .unwrap_or_default()
        .split_ascii_whitespace()
        .filter_map(|word| word.strip_suffix(':'))
        .collect();
    let metas = package.metadata.iter().flat_map(|meta| {
        let own = [&meta.property, &meta.rel, &meta.scheme.clone().filter(|_| meta.property.is_some())];
        let words: Vec<String> =
            own.into_iter().flatten().flat_map(|words| words.split_ascii_whitespace().map(str::to_owned)).collect();
        words.into_iter().map(|word| (word, meta.at))
    });
    let items = package.items.iter().flat_map(|item| item.properties.iter().map(|word| (word.clone(), item.at)));
    let spine = package.spine.iter().flat_map(|one| one.properties.iter().map(|word| (word.clone(), one.at)));
    let collections = package.collections.iter().flat_map(|collection| &collection.properties);
    let collections = collections.map(|meta| (meta.property.clone(), meta.at));
    for (property, at) in metas.chain(items).chain(spine).chain(collections) {
        let Some((prefix, name)) = property.split_once(':') else { continue };
        let is_url = name.starts_with("//");
        if !prefix.is_empty()
            && !name.is_empty()
            && !is_url
            && !RESERVED_PREFIXES.contains(&prefix)
            && !declared.contains(prefix)
        {
            report.add(publication.in_package(at), &[("prefix", prefix), ("property", &property)]);
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
    fn a_prefix_that_nobody_declares_is_told() {
        fires(RULE.code, &Book::epub3().metadata("<meta property=\"my:own\">x</meta>"), &[(PACKAGE, 8)]);
    }
}
