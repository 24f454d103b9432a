//! Findings on the rights of a release: what is missing, and where the book says otherwise.

use super::{Rights, RightsBasis, basis::licence};
use crate::finding::{Finding, FindingCode, Severity};

/// Nobody has said on what ground the group may publish the book.
pub const NO_BASIS: FindingCode = FindingCode::new("ESP-601");
/// The book itself says something else about its rights.
pub const BOOK_SAYS_OTHERWISE: FindingCode = FindingCode::new("ESP-602");
/// The basis needs a note, and there is none.
pub const NO_NOTE: FindingCode = FindingCode::new("ESP-603");
/// The basis is no licence that SPDX lists.
pub const UNKNOWN_LICENCE: FindingCode = FindingCode::new("ESP-604");

/// What a text in a book says of its rights.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Statement {
    PublicDomain,
    Licence(String),
    Reserved,
}

/// What there is to say of the rights of a release. `stated` is what the book says, each text as written.
pub fn findings(rights: Option<&Rights>, stated: &[String]) -> Vec<Finding> {
    let Some(rights) = rights else { return vec![Finding::new(NO_BASIS, Severity::Error)] };
    let mut findings = Vec::new();
    let basis = rights.basis.word();
    if rights.basis.needs_note() && rights.note.as_deref().is_none_or(|note| note.trim().is_empty()) {
        findings.push(Finding::new(NO_NOTE, Severity::Error).with("basis", basis));
    }
    if let RightsBasis::Licence(id) = &rights.basis
        && licence(id).is_err()
    {
        findings.push(Finding::new(UNKNOWN_LICENCE, Severity::Error).with("basis", id));
    }
    for text in stated {
        if statement(text).is_some_and(|statement| contradicts(&statement, &rights.basis)) {
            let finding = Finding::new(BOOK_SAYS_OTHERWISE, Severity::Warning);
            findings
                .push(finding.with("basis", basis).with("stated", crate::resolve::one_line(text).unwrap_or_default()));
        }
    }
    findings
}

/// Own work and permission stand beside anything that a book says but a gift to the public.
fn contradicts(statement: &Statement, basis: &RightsBasis) -> bool {
    match basis {
        RightsBasis::PublicDomain => *statement != Statement::PublicDomain,
        RightsBasis::OwnWork | RightsBasis::Permission => *statement == Statement::PublicDomain,
        RightsBasis::Licence(id) => match statement {
            Statement::PublicDomain => !is_public_domain_id(id),
            Statement::Licence(stated) => !is_version_of(id, stated),
            Statement::Reserved => true,
        },
    }
}

/// True when the id is the stated one, or one of its versions where the book states none.
fn is_version_of(id: &str, stated: &str) -> bool {
    let (id, stated) = (id.to_ascii_uppercase(), stated.to_ascii_uppercase());
    id.strip_prefix(&stated).is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('-').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()))
    })
}

fn is_public_domain_id(id: &str) -> bool {
    let id = id.to_ascii_uppercase();
    id.starts_with("CC0") || id.starts_with("CC-PDDC") || id.starts_with("CC-PDM") || id == "UNLICENSE"
}

/// What a text says, where it says it in one of the ways that books use. A licence weighs more than "all rights
/// reserved", which stands beside it in many books by habit.
fn statement(text: &str) -> Option<Statement> {
    const PUBLIC_DOMAIN: [&str; 5] =
        ["public domain", "domaine public", "gemeinfrei", "dominio público", "publicdomain/"];
    const RESERVED: [&str; 5] = [
        "all rights reserved",
        "tous droits réservés",
        "alle rechte vorbehalten",
        "todos los derechos reservados",
        "tutti i diritti riservati",
    ];
    let lower = text.to_lowercase();
    if let Some(licence) = creative_commons(&lower) {
        return Some(licence);
    }
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    // "not in the public domain" is said by books that are not; silence is better than a wrong warning.
    if says(&PUBLIC_DOMAIN) && !lower.contains("not in the public domain") {
        Some(Statement::PublicDomain)
    } else if says(&RESERVED) {
        Some(Statement::Reserved)
    } else {
        None
    }
}

/// A Creative Commons licence by its link (`creativecommons.org/licenses/by-sa/4.0`) or its id (`CC BY-SA 4.0`), as an
/// SPDX id, without the version where the text has none.
fn creative_commons(lower: &str) -> Option<Statement> {
    if lower.contains("creativecommons.org/publicdomain") || has_word_start(lower, "cc0") {
        return Some(Statement::PublicDomain);
    }
    let rest = match lower.split_once("creativecommons.org/licenses/") {
        Some((_, rest)) => rest,
        None => lower
            .split_once("cc by")
            .or_else(|| lower.split_once("cc-by"))
            .map(|(before, _)| &lower[before.len() + 3..])?,
    };
    let end = rest.find(|character: char| !(character.is_ascii_alphanumeric() || "-./ ".contains(character)));
    let mut parts = rest[..end.unwrap_or(rest.len())].split(['/', ' ']).filter(|part| !part.is_empty());
    let terms = parts.next()?.trim_end_matches('.').to_ascii_uppercase();
    let version = parts.next().map(|part| part.trim_end_matches(['.', '-']));
    let version = version.filter(|part| part.starts_with(|first: char| first.is_ascii_digit()));
    Some(Statement::Licence(match version {
        Some(version) => format!("CC-{terms}-{version}"),
        None => format!("CC-{terms}"),
    }))
}

fn has_word_start(text: &str, word: &str) -> bool {
    text.split(|character: char| !character.is_ascii_alphanumeric()).any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(basis: &str, note: Option<&str>, stated: &str) -> Vec<String> {
        let rights = Rights { basis: basis.to_owned().into(), note: note.map(ToOwned::to_owned) };
        let findings = findings(Some(&rights), &[stated.to_owned()]);
        findings.iter().map(|finding| finding.code.to_string()).collect()
    }

    #[test]
    fn a_release_without_a_basis_or_a_note_or_with_an_unknown_licence_says_so() {
        assert_eq!(findings(None, &[])[0].code, NO_BASIS);
        assert_eq!(codes("own-work", None, ""), ["ESP-603"]);
        assert_eq!(codes("MY-LICENCE", None, ""), ["ESP-604"]);
        assert!(codes("permission", Some("letter"), "").is_empty());
    }

    #[test]
    fn a_book_that_says_otherwise_is_a_warning() {
        for (basis, stated, is_otherwise) in [
            ("CC-BY-4.0", "© 2020 A. Writer. All rights reserved.", true),
            ("CC-BY-4.0", "This work is under https://creativecommons.org/licenses/by/4.0/", false),
            ("CC-BY-4.0", "CC BY-SA 4.0", true),
            ("CC-BY-SA-4.0", "CC BY-SA", false),
            ("CC-BY-SA-4.0", "CC-BY-SA-3.0.", true),
            ("CC-BY-SA-3.0", "CC-BY-SA-3.0.", false),
            ("CC0-1.0", "Public domain in the USA.", false),
            ("CC-BY-4.0", "Domaine public", true),
            ("public-domain", "Tous droits réservés", true),
            ("public-domain", "http://creativecommons.org/publicdomain/zero/1.0/", false),
            ("own-work", "All rights reserved", false),
            ("own-work", "Public domain", true),
            ("permission", "CC BY 4.0", false),
            ("CC-BY-4.0", "Copyright 2020", false),
            ("public-domain", "This is not in the public domain.", false),
        ] {
            let found = codes(basis, Some("a note"), stated);
            assert_eq!(found == ["ESP-602"], is_otherwise, "{basis}: {stated}: {found:?}");
        }
    }
}
