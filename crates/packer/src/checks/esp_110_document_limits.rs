//! A document is larger than the limits.
//!
//! Why: Documents of that size exhaust readers as well.
//!
//! Fix: Split the document.

use crate::{
    checks::{Alone, Report, Rule},
    container::ReadError,
    epub::Publication,
    finding::{Place, Severity},
    xml::Fault,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "ESP-110", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let unread = publication.unread.iter().filter_map(|(path, error)| match error {
        ReadError::TooLarge(limit) => Some((path, "bytes", *limit)),
        _ => None,
    });
    let faults = publication.faults.iter().filter_map(|(path, fault)| match fault {
        Fault::Bytes(limit) => Some((path, "bytes", *limit)),
        Fault::Nodes(limit) => Some((path, "nodes", u64::from(*limit))),
        Fault::Depth(limit) => Some((path, "depth", u64::from(*limit))),
        Fault::Attributes(limit) => Some((path, "attributes", u64::from(*limit))),
        _ => None,
    });
    for (path, measure, limit) in unread.chain(faults) {
        report.add(Place::file(path), &[("name", path), ("measure", measure), ("limit", &limit.to_string())]);
    }
    for (package, (measure, limit)) in
        publication.package.iter().flat_map(|package| package.passed.iter().map(move |passed| (package, passed)))
    {
        let data = [("name", package.path.as_str()), ("measure", *measure), ("limit", &limit.to_string())];
        report.add(Place::file(&package.path), &data);
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
    fn elements_that_are_too_deep_are_told() {
        fires(RULE.code, &Book::epub3().body(&("<div>".repeat(600) + &"</div>".repeat(600))), &[(CHAPTER, 0)]);
    }
}
