//! What people may be called.

use crate::failure::{Data, FieldProblem};

/// The most characters of a username.
pub const LONGEST_USERNAME: usize = 60;
/// The most characters of a name to show.
pub const LONGEST_DISPLAY_NAME: usize = 100;

/// The most characters of an address (RFC 5321, without the angle brackets of its path).
pub const LONGEST_EMAIL: usize = 254;
/// The most characters before its `@`.
const LONGEST_LOCAL_PART: usize = 64;

/// A username in its proper form: letters and digits of any script, and `. _ - @ +`.
pub(super) fn username(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    length("username", text, 2, LONGEST_USERNAME)?;
    let is_allowed = |character: char| character.is_alphanumeric() || "._-@+".contains(character);
    if text.chars().all(is_allowed) { Ok(text.to_owned()) } else { Err(problem("username", "invalid", Data::new())) }
}

/// A name to show in its proper form: anything that stands on one line.
pub(super) fn display_name(text: &str) -> Result<String, FieldProblem> {
    let text = text.trim();
    length("display_name", text, 1, LONGEST_DISPLAY_NAME)?;
    if text.chars().any(char::is_control) {
        return Err(problem("display_name", "invalid", Data::new()));
    }
    Ok(text.to_owned())
}

/// An address of mail in its proper form, none for an empty text. Of what RFC 5321 allows what people have: nothing that is
/// quoted, nothing beyond ASCII, no bare number as its host.
pub(super) fn email(text: &str) -> Result<Option<String>, FieldProblem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    length("email", text, 1, LONGEST_EMAIL)?;
    let is_atom = |atom: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~-".contains(&byte);
        !atom.is_empty() && atom.bytes().all(allowed)
    };
    let is_label = |label: &str| {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len())
            && label.bytes().all(allowed)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_good = text.split_once('@').is_some_and(|(local, host)| {
        local.len() <= LONGEST_LOCAL_PART
            && local.split('.').all(is_atom)
            && host.split('.').all(is_label)
            && !host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
    });
    if is_good { Ok(Some(text.to_owned())) } else { Err(problem("email", "invalid", Data::new())) }
}

fn length(field: &'static str, text: &str, shortest: usize, longest: usize) -> Result<(), FieldProblem> {
    let found = text.chars().count();
    if found < shortest {
        let code = if found == 0 { "required" } else { "too-short" };
        return Err(problem(field, code, Data::from([("shortest", shortest.to_string())])));
    }
    if found > longest {
        return Err(problem(field, "too-long", Data::from([("longest", longest.to_string())])));
    }
    Ok(())
}

fn problem(field: &'static str, code: &'static str, data: Data) -> FieldProblem {
    FieldProblem { field, code, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usernames_are_of_letters_digits_and_five_signs() {
        assert_eq!(username(" Zoë.K-1_@+ ").unwrap(), "Zoë.K-1_@+");
        for (text, code) in [("", "required"), ("a", "too-short"), ("a b", "invalid"), ("a\u{0}b", "invalid")] {
            assert_eq!(username(text).unwrap_err().code, code, "{text:?}");
        }
        assert_eq!(username(&"a".repeat(61)).unwrap_err().code, "too-long");
    }

    #[test]
    fn an_address_is_one_address_and_nothing_that_would_be_more_in_a_letter() {
        assert_eq!(email("  ").unwrap(), None);
        for good in [
            "zoe.k+books@example.org",
            "Ada@mail.example-press.co.uk",
            "root@localhost",
            "o'hara@xn--bcher-kva.example",
        ] {
            assert_eq!(email(good).unwrap().as_deref(), Some(good));
        }
        for bad in [
            "ada",
            "@example.org",
            "ada@",
            "a b@example.org",
            "ada@example.org, eve@example.org",
            "ada@example.org\r\nBcc: eve@example.org",
            "Ada <ada@example.org>",
            "ada@@example.org",
            "ada.@example.org",
            "ada@example..org",
            "ada@-example.org",
            "ada@127.0.0.1",
            "ada@[127.0.0.1]",
            "\"a b\"@example.org",
            "zoë@example.org",
        ] {
            assert_eq!(email(bad).unwrap_err().code, "invalid", "{bad:?}");
        }
        assert_eq!(email(&format!("{}@example.org", "a".repeat(65))).unwrap_err().code, "invalid");
        assert_eq!(email(&format!("a@{}.org", "b.".repeat(130))).unwrap_err().code, "too-long");
    }

    #[test]
    fn a_name_to_show_stands_on_one_line() {
        assert_eq!(display_name(" Zoë K. ").unwrap(), "Zoë K.");
        assert_eq!(display_name("a\nb").unwrap_err().code, "invalid");
        assert_eq!(display_name(&"é".repeat(101)).unwrap_err().code, "too-long");
    }
}
