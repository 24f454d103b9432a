//! A file name has characters that OCF does not allow (OCF, section 4.2.3).
//!
//! Why: Such names cannot be stored on every system, so the book cannot be unzipped there.
//!
//! Fix: Rename the file and every reference to it.

use crate::{
    checks::{Alone, Report, Rule},
    epub::{Publication, publication::Extent},
    finding::{Place, Severity},
};

/// The rule.
pub(super) const RULE: Rule = Rule { code: "PKG-009", severity: Severity::Error, alone: Alone::Package, check };

fn check(publication: &Publication<'_>, report: &mut Report) {
    match publication.extent {
        Extent::Whole => {
            for entry in publication.files().filter(|entry| entry.is_utf8) {
                tell(Place::file(&entry.path), &entry.path, report);
            }
        }
        // Without a container, the manifest tells the names.
        Extent::Document => {
            for (item, path) in publication.items() {
                tell(publication.in_package(item.at), path, report);
            }
        }
    }
}

fn tell(place: Place, path: &str, report: &mut Report) {
    let found: Vec<String> = forbidden(path).iter().map(|c| format!("U+{:04X}", u32::from(*c))).collect();
    if !found.is_empty() {
        report.add(place, &[("name", path), ("characters", &found.join(", "))]);
    }
}

/// Tag characters are allowed only as the end of an emoji flag.
fn forbidden(path: &str) -> Vec<char> {
    let mut found = Vec::new();
    let mut is_flag = false;
    for c in path.chars() {
        let is_tag = ('\u{e0020}'..='\u{e007f}').contains(&c);
        if is_forbidden(c) && !(is_flag && is_tag) && !found.contains(&c) {
            found.push(c);
        }
        is_flag = c == '\u{1f3f4}' || (is_flag && is_tag);
    }
    found
}

fn is_forbidden(c: char) -> bool {
    matches!(c, '"' | '*' | ':' | '<' | '>' | '?' | '\\' | '|' | '\u{7f}')
        || c.is_control()
        || matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{ffff}')
        || matches!(c, '\u{e0000}'..='\u{e0fff}' | '\u{f0000}'..)
        || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::{
        builder::{Book, PACKAGE},
        checks::proof::{fires, passes},
    };

    #[test]
    fn a_colon_in_a_file_name_is_told() {
        fires(
            RULE.code,
            &Book::epub3().item("a", "a:b.css", "text/css", "", "").edit(PACKAGE, "a:b.css", "./a:b.css"),
            &[("EPUB/a:b.css", 0)],
        );
    }

    #[test]
    fn letters_of_any_script_and_flags_pass() {
        passes(RULE.code, &Book::epub3().item("a", "été-война-\u{1f3f4}\u{e0067}\u{e007f}.css", "text/css", "", ""));
    }
}
