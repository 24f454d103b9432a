//! Metadata refine what they cannot, or more than once.
//!
//! Why: A rule of the format is broken; readers may refuse the book or leave out what they cannot read.
//!
//! Fix: Correct the place that is named as the EPUB specification has it.

use std::collections::{HashMap, HashSet};

use crate::{
    checks::{Alone, Report, Rule},
    epub::Publication,
    epub::package::{Meta, Vocabulary},
    epub::url,
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-005", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package.filter(|package| !package.is_epub2()) else { return };

    let by_id: HashMap<&str, &Meta> =
        package.metadata.iter().filter_map(|meta| Some((meta.id.as_deref()?, meta))).collect();
    let mut seen = HashSet::new();
    let refining: HashSet<(&str, &str)> = package
        .metadata
        .iter()
        .filter_map(|meta| Some((meta.property.as_deref()?, meta.refines.as_deref()?)))
        .collect();
    for (property, other) in [("authority", "term"), ("term", "authority")] {
        for meta in package.metadata.iter().filter(|meta| meta.property.as_deref() == Some(property)) {
            if meta.refines.as_deref().is_some_and(|refined| !refining.contains(&(other, refined))) {
                let data = [("problem", "companion-missing"), ("property", property), ("value", other)];
                report.add(publication.in_package(meta.at), &data);
            }
        }
    }
    let mut add = |meta: &Meta, problem: &str, property: &str, value: &str| {
        let data = [("problem", problem), ("property", property), ("value", value)];
        report.add(publication.in_package(meta.at), &data);
    };
    for meta in &package.metadata {
        if meta.property.as_deref() == Some("source-of") && meta.text != "pagination" {
            add(meta, "property-value", "source-of", &meta.text);
        }
        let Some(property) = meta.property.as_deref() else { continue };
        let Some(refines) = meta.refines.as_deref() else {
            if REFINING.iter().any(|(known, _)| *known == property) {
                add(meta, "refines-missing", property, "");
            }
            continue;
        };
        if url::scheme(refines).is_some() {
            add(meta, "refines-absolute", property, refines);
            continue;
        }
        if ONCE.contains(&property) && !seen.insert((property, refines)) {
            add(meta, "refines-repeats", property, refines);
            continue;
        }
        let Some(target) = meta.refined_id().and_then(|id| by_id.get(id)) else { continue };
        let Some((_, targets)) = REFINING.iter().find(|(known, _)| *known == property) else { continue };
        let own = if target.vocabulary == Vocabulary::DublinCore {
            target.element.as_str()
        } else {
            target.property.as_deref().unwrap_or_default()
        };
        if !targets.is_empty() && !targets.contains(&own) {
            add(meta, "refines-other", property, refines);
        }
    }
}

/// What each property may refine; nothing where it is not told (EPUB 3.3, appendix D.3).
const REFINING: [(&str, &[&str]); 8] = [
    ("authority", &["subject"]),
    ("collection-type", &["belongs-to-collection"]),
    ("display-seq", &[]),
    ("group-position", &[]),
    ("role", &["creator", "contributor", "publisher"]),
    ("source-of", &["source"]),
    ("term", &["subject"]),
    ("title-type", &["title"]),
];
/// Properties that may refine an element only once.
const ONCE: [&str; 8] = [
    "authority",
    "collection-type",
    "display-seq",
    "file-as",
    "group-position",
    "term",
    "title-type",
    "identifier-type",
];

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_role_of_a_title_is_told() {
        fires(
            RULE.code,
            &Book::epub3()
                .edit(PACKAGE, "<dc:title>", "<dc:title id=\"t\">")
                .metadata("<meta refines=\"#t\" property=\"role\">aut</meta>"),
            &[(PACKAGE, 8)],
        );
    }

    #[test]
    fn a_role_of_a_creator_passes() {
        passes(RULE.code, &Book::epub3().metadata("<dc:creator id=\"c\">A</dc:creator><meta refines=\"#c\" property=\"role\">aut</meta><meta refines=\"#c\" property=\"role\">ill</meta>"));
    }
}
