//! An item or a link has an address with characters that are not allowed in URLs.
//!
//! Why: What is not encoded, readers need not find: a space is written `%20` in a URL.
//!
//! Fix: Encode the characters, or better rename the file.

use crate::{
    checks::{Alone, Report, Rule, place},
    epub::{Publication, url},
    finding::Severity,
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "RSC-020", severity: Severity::Error, alone: Alone::Any, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    for content in &publication.contents {
        for reference in content.references.iter().filter(|reference| !is_valid(&reference.href)) {
            report.add(place(&content.path, reference.at), &[("href", &reference.href)]);
        }
    }
    let Some(package) = publication.package else { return };
    for item in &package.items {
        if let Some(href) = item.href.as_deref().filter(|href| !is_valid(href)) {
            report.add(publication.in_package(item.at), &[("href", href)]);
        }
    }
}

/// True when every character is one that URLs may have (URL Standard, 1.3, 4.3). Schemes other than those of the
/// network write their own way.
fn is_valid(href: &str) -> bool {
    let href = href.trim();
    let rest = match url::scheme(href) {
        Some((scheme, rest)) if scheme == "http" || scheme == "https" => rest,
        Some(_) => return true,
        None => href,
    };
    // An address of version 6 stands in brackets.
    let host = rest.strip_prefix("//").map_or("", |rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let is_literal = host.starts_with('[') && host.ends_with(']');
    let rest = if is_literal { &rest[2 + host.len()..] } else { rest };
    rest.matches('#').count() <= 1 && rest.chars().all(is_allowed)
}

fn is_allowed(character: char) -> bool {
    match character {
        '!' | '#' | '$' | '%' | '&' | '\'' | '(' | ')' | '*' | '+' | ',' | '-' | '.' | '/' | ':' | ';' | '=' | '?'
        | '@' | '_' | '~' => true,
        _ if character.is_ascii() => character.is_ascii_alphanumeric(),
        _ => character >= '\u{a0}',
    }
}

#[cfg(test)]
mod tests {
    use super::{RULE, is_valid};
    use crate::{
        builder::{Book, CHAPTER},
        checks::proof::fires,
    };

    #[test]
    fn a_blank_in_a_host_is_told() {
        fires(RULE.code, &Book::epub3().body("<a href=\"https://www.example .com\">x</a>"), &[(CHAPTER, 8)]);
    }

    #[test]
    fn what_urls_may_have_is_valid() {
        for href in
            ["a%20b.xhtml#é", "http://[::1]/a", "mailto:a b", "https://a.example/?q=a+b&c=(d)", "../a/b~c'd", ""]
        {
            assert!(is_valid(href), "{href}");
        }
        for href in ["a b.xhtml", "a.xhtml#[b]", "https://a.example/a|b", "a#b#c", "a{b}", "https://a b/"] {
            assert!(!is_valid(href), "{href}");
        }
    }
}
