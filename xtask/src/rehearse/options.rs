//! What `rehearse` is told.

use std::path::PathBuf;
use std::time::Duration;

use crate::failure::{Failure, Outcome};

/// So many people the bars are for.
const PEOPLE: u32 = 200;
/// Long enough that everybody has done everything.
const QUIET: Duration = Duration::from_mins(2);

#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) people: u32,
    /// How long they work before anything happens.
    pub(crate) quiet: Duration,
    /// Whether the release build is rehearsed.
    pub(crate) release: bool,
    /// A program that is there already, such as that of an image, instead of one that is built.
    pub(crate) program: Option<PathBuf>,
    /// The program of the version before; the same by default.
    pub(crate) before: Option<PathBuf>,
}

impl Options {
    pub(crate) fn read(arguments: &[String]) -> Outcome<Self> {
        let mut options = Self { people: PEOPLE, quiet: QUIET, release: false, program: None, before: None };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| Failure::new(format!("`{word}` needs a value")));
            match word.as_str() {
                "--people" | "--users" => options.people = number(word, value()?, 1..=1_000)?,
                "--seconds" => options.quiet = Duration::from_secs(number(word, value()?, 1..=900)?.into()),
                "--release" => options.release = true,
                "--program" => options.program = Some(program(value()?)?),
                "--before" => options.before = Some(program(value()?)?),
                other => return Err(Failure::new(format!("`{other}` is not known here; `cargo xtask` lists what is"))),
            }
        }
        Ok(options)
    }
}

fn number(word: &str, value: &str, allowed: std::ops::RangeInclusive<u32>) -> Outcome<u32> {
    value.parse().ok().filter(|number| allowed.contains(number)).ok_or_else(|| {
        Failure::new(format!("`{word}` takes a number from {} to {}, not `{value}`", allowed.start(), allowed.end()))
    })
}

fn program(value: &str) -> Outcome<PathBuf> {
    std::fs::canonicalize(value).map_err(Failure::while_doing(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Outcome<Options> {
        Options::read(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_short_rehearsal_is_asked_for_by_its_numbers() {
        let options = read(&["--users", "20", "--seconds", "60"]).unwrap();
        assert_eq!((options.people, options.quiet), (20, Duration::from_mins(1)));
        assert_eq!(read(&[]).unwrap().people, 200);
    }

    #[test]
    fn what_makes_no_sense_is_refused_by_name() {
        for words in [&["--people", "0"][..], &["--people"], &["--seconds", "long"], &["--sideways"]] {
            let failure = read(words).unwrap_err().to_string();
            assert!(failure.contains(words[0]), "{failure}");
        }
    }
}
