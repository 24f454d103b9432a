//! Rules that no compiler knows, read off the text of the repository.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::read;

/// A room of the house grows beyond this when it holds two things.
const LONGEST_FILE_LINES: usize = 450;

struct Rule {
    /// Why a line is wrong.
    meaning: &'static str,
    /// The files it is about.
    files: fn(&str) -> bool,
    /// Whether a line breaks it.
    broken_by: fn(&str) -> bool,
}

const RULES: &[Rule] = &[
    Rule {
        meaning: "a path of one machine",
        files: |path| !path.starts_with("xtask/src/house_rules") && !is_lock(path),
        broken_by: names_a_machine_path,
    },
    Rule {
        meaning: "an inline style: the content security policy forbids it, use a class",
        files: |path| path.starts_with("app/src/") || is(path, "html"),
        broken_by: |line| has_word(line, "style=") || has_word(line, "style:"),
    },
    Rule {
        meaning: "a colour outside style/tokens.css",
        files: |path| path.starts_with("style/") && is(path, "css") && path != "style/tokens.css",
        broken_by: names_a_colour,
    },
    Rule {
        meaning: "a test that is switched off",
        files: |path| (is(path, "rs") || is(path, "ts")) && !path.starts_with("xtask/src/house_rules"),
        broken_by: |line| {
            ["#[ignore", "test.skip(", "test.fixme(", "test.only(", "describe.skip(", "describe.only("]
                .iter()
                .any(|mark| line.contains(mark))
        },
    },
    Rule {
        meaning: "waiting for time instead of for a state",
        files: |path| path.starts_with("end2end/") && is(path, "ts"),
        broken_by: |line| line.contains("waitForTimeout("),
    },
    Rule {
        meaning: "a failure that is swallowed",
        files: |path| is(path, "sh") || path.starts_with(".ci/") || path.ends_with("Dockerfile"),
        broken_by: |line| line.contains("|| true"),
    },
];

pub(crate) fn check(place: &Place) -> Outcome {
    let files = read(place.program("git").args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]))?;
    let mut faults = String::new();
    for path in files.split('\0').filter(|path| !path.is_empty()) {
        // What is no text, or was deleted and not yet committed, breaks no rule about text.
        if let Ok(text) = fs::read_to_string(place.root.join(path)) {
            read_file(path, &text, &mut faults);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.trim_end())) }
}

fn read_file(path: &str, text: &str, faults: &mut String) {
    for rule in RULES.iter().filter(|rule| (rule.files)(path)) {
        for (number, line) in text.lines().enumerate().filter(|(_, line)| (rule.broken_by)(line)) {
            // Writing to a String does not fail.
            let _ = writeln!(faults, "{path}:{}: {}: {}", number + 1, rule.meaning, line.trim());
        }
    }
    let lines = text.lines().count();
    if (is(path, "rs") || is(path, "ts")) && lines > LONGEST_FILE_LINES {
        let _ =
            writeln!(faults, "{path}: {lines} lines: more than one thing lives here (at most {LONGEST_FILE_LINES})");
    }
}

/// Whether a file's name ends so.
fn is(path: &str, ending: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == ending)
}

fn is_lock(path: &str) -> bool {
    is(path, "lock") || path.ends_with("package-lock.json")
}

/// A folder of one machine, as a path of its own: `https://example.org/home/x` is none.
fn names_a_machine_path(line: &str) -> bool {
    ["/work/", "/root/", "/home/", "/tmp/", "/Users/"].iter().any(|folder| {
        line.match_indices(folder).any(|(position, _)| {
            let before = line[..position].chars().next_back();
            before.is_none_or(|character| !(character.is_alphanumeric() || "./$}_-*".contains(character)))
        })
    })
}

/// A colour written out: `#1a2b3c`, `rgb(…)`, `oklch(…)`. A link to a fragment is none.
fn names_a_colour(line: &str) -> bool {
    let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "lab(", "lch("];
    functions.iter().any(|function| has_word(line, function))
        || line.match_indices('#').any(|(position, _)| {
            let digits = line[position + 1..].chars().take_while(char::is_ascii_hexdigit).count();
            let after = line[position + 1 + digits..].chars().next();
            matches!(digits, 3 | 4 | 6 | 8)
                && line.contains(':')
                && after.is_none_or(|character| " ;,)".contains(character))
        })
}

/// Whether a word stands in a line, not as the end of a longer one (`list-style:`, `font_style=`).
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(position, _)| {
        let before = line[..position].chars().next_back();
        before.is_none_or(|character| !(character.is_alphanumeric() || "-_.".contains(character)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> String {
        let mut faults = String::new();
        read_file(path, text, &mut faults);
        faults
    }

    #[test]
    fn a_path_of_one_machine_is_found_with_its_line() {
        assert!(faults("docs/a.md", "fine\nsee /home/me/x\n").starts_with("docs/a.md:2: a path of one machine"));
        assert_eq!(faults("docs/a.md", "https://example.org/home/x and ./tmp/x and $HOME/tmp/x\n"), "");
    }

    #[test]
    fn an_inline_style_is_found_and_a_longer_word_is_not() {
        assert!(faults("app/src/page.rs", "<p style=\"color: red\">").contains("inline style"));
        assert!(faults("app/src/page.rs", "<p style:width=\"1px\">").contains("inline style"));
        assert_eq!(faults("app/src/page.rs", "let font_style=1; list-style: none"), "");
    }

    #[test]
    fn a_colour_stands_in_the_tokens_only() {
        assert!(faults("style/button.css", "color: #1a2b3c;").contains("colour"));
        assert!(faults("style/button.css", "color: oklch(40% 0.1 200);").contains("colour"));
        assert_eq!(faults("style/button.css", "background: url(#inkwell); color: var(--ink);"), "");
        assert_eq!(faults("style/tokens.css", "--ink: #1a2b3c;"), "");
    }

    #[test]
    fn a_test_that_is_switched_off_or_waits_for_time_is_found() {
        assert!(faults("crates/x/src/a.rs", "#[ignore = \"later\"]").contains("switched off"));
        assert!(faults("end2end/tests/a.spec.ts", "test.skip('x', …)").contains("switched off"));
        assert!(faults("end2end/tests/a.spec.ts", "await page.waitForTimeout(5)").contains("waiting for time"));
        assert_eq!(faults("crates/x/src/a.rs", "bytes.iter().skip(3)"), "");
    }

    #[test]
    fn a_swallowed_failure_is_found() {
        assert!(faults(".ci/run", "make || true").contains("swallowed"));
    }

    #[test]
    fn a_file_that_holds_too_much_is_found() {
        assert!(faults("a.rs", &"x\n".repeat(LONGEST_FILE_LINES + 1)).contains("more than one thing"));
        assert_eq!(faults("a.rs", &"x\n".repeat(LONGEST_FILE_LINES)), "");
    }
}
