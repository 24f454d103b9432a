//! The identifier of the NCX is not that of the package.
//!
//! Why: Some readers take them for two books and lose the table of contents.
//!
//! Fix: Write the identifier of the package into `dtb:uid`.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::Publication,
    finding::Severity,
    xml::collapse,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "NCX-001", severity: Severity::Error, alone: Alone::Nothing, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    let Some(package) = publication.package else { return };

    let Some((uid, at)) = publication.ncx.as_ref().and_then(|ncx| ncx.uid.clone()) else { return };
    let path = publication.ncx.as_ref().map(|ncx| ncx.path.as_str()).unwrap_or_default();

    let unique = package.dc("identifier").find(|meta| meta.id.is_some() && meta.id == package.unique_identifier);
    let Some(unique) = unique else { return };
    if collapse(&uid) != unique.text {
        report.add(place(path, at), &[("ncx", &uid), ("package", &unique.text)]);
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, NCX},
        checks::proof::fires,
    };

    #[test]
    fn another_identifier_in_the_ncx_is_told() {
        fires(RULE.code, &Book::epub2().edit(NCX, "urn:uuid:7", "urn:uuid:8"), &[(NCX, 4)]);
    }
}
