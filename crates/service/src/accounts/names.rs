//! What people may be called.

use crate::failure::{Data, FieldProblem};

/// The most characters of a username.
pub const LONGEST_USERNAME: usize = 60;
/// The most characters of a name to show.
pub const LONGEST_DISPLAY_NAME: usize = 100;

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
    fn a_name_to_show_stands_on_one_line() {
        assert_eq!(display_name(" Zoë K. ").unwrap(), "Zoë K.");
        assert_eq!(display_name("a\nb").unwrap_err().code, "invalid");
        assert_eq!(display_name(&"é".repeat(101)).unwrap_err().code, "too-long");
    }
}
