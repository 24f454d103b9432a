//! Where output goes: results to the standard output, messages and progress to the standard error.

use std::{
    io::{self, ErrorKind, IsTerminal, Write},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use packer::watch::Watch;
use serde::Serialize;

use crate::{exit::Exit, interruption::Interruption};

/// How often the progress line is drawn anew: often enough to look alive, seldom enough to cost nothing.
const REDRAW: Duration = Duration::from_millis(100);
/// Characters of a label that the progress line shows: with the numbers behind it, it stays under 80 columns.
const LABEL_SHOWN: usize = 44;

/// Whether the standard error may have colours: on a terminal alone, and not where `NO_COLOR` is set.
pub(crate) fn has_colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The two outputs of the process.
#[derive(Debug)]
pub(crate) struct Terminal {
    is_interactive: bool,
    has_colour: bool,
    /// A result could not be written: whoever reads them does not have them all.
    has_lost_results: AtomicBool,
}

impl Terminal {
    /// The outputs of this process. Colour and progress are for a terminal, colour only without `NO_COLOR`.
    pub(crate) fn of_process() -> Self {
        let is_interactive = io::stderr().is_terminal();
        Self { is_interactive, has_colour: has_colour(), has_lost_results: AtomicBool::new(false) }
    }

    /// One line of the result. Control characters, which may come from a book, are shown and not sent.
    pub(crate) fn line(&self, text: &str) {
        self.text(&format!("{}\n", printable(text)));
    }

    /// A result as it is.
    pub(crate) fn text(&self, text: &str) {
        let mut output = io::stdout().lock();
        if let Err(error) = output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
            // A closed pipe is a reader that has enough.
            if error.kind() != ErrorKind::BrokenPipe {
                self.has_lost_results.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Results as JSON: the object itself when one was asked for, an array of several. An interrupted command may have
    /// fewer results than were asked for.
    pub(crate) fn json<T: Serialize>(&self, results: &[T], asked_for: usize) {
        let text = match results {
            [one] if asked_for == 1 => serde_json::to_string_pretty(one),
            several => serde_json::to_string_pretty(several),
        };
        match text {
            Ok(text) => self.text(&format!("{text}\n")),
            Err(_) => self.has_lost_results.store(true, Ordering::Relaxed),
        }
    }

    /// A message for the person: what happened, where, or what to do.
    pub(crate) fn marked(&self, mark: Mark, text: &str) {
        let (word, text) = (mark.word(), printable(text));
        let line = if self.has_colour {
            format!("\x1b[1;{}m{word}\x1b[0m: {text}", mark.colour())
        } else {
            format!("{word}: {text}")
        };
        // Nobody is left to tell when this fails.
        drop(writeln!(io::stderr().lock(), "{line}"));
    }

    /// A message that is no fault and asks for nothing.
    pub(crate) fn message(text: &str) {
        // Nobody is left to tell when this fails.
        drop(writeln!(io::stderr().lock(), "{}", printable(text)));
    }

    /// Watches slow work: draws its progress on a terminal, and stops it when somebody asks.
    pub(crate) fn watch<'a>(&self, label: &str, interruption: &'a Interruption) -> Progress<'a> {
        Progress {
            label: printable(label).chars().take(LABEL_SHOWN).collect(),
            is_shown: self.is_interactive,
            drawn: Mutex::new(None),
            interruption,
        }
    }

    /// The exit code, which is worse when results were lost.
    pub(crate) fn finish(&self, exit: Exit) -> Exit {
        if self.has_lost_results.load(Ordering::Relaxed) {
            self.marked(Mark::Error, "standard output: the results could not be written");
            return exit.max(Exit::Unreadable);
        }
        exit
    }
}

/// The word that a message begins with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    /// It did not work.
    Error,
    /// It worked, and something is to be known.
    Warning,
    /// What to do next.
    Help,
}

impl Mark {
    fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Help => "help",
        }
    }

    /// ANSI: red, yellow, cyan.
    fn colour(self) -> u8 {
        match self {
            Self::Error => 31,
            Self::Warning => 33,
            Self::Help => 36,
        }
    }
}

/// The progress of one piece of work. Dropped, its line is gone.
#[derive(Debug)]
pub(crate) struct Progress<'a> {
    label: String,
    is_shown: bool,
    drawn: Mutex<Option<Instant>>,
    interruption: &'a Interruption,
}

impl Watch for Progress<'_> {
    fn progress(&self, done: u64, total: u64) {
        if !self.is_shown || total == 0 {
            return;
        }
        let mut drawn = self.drawn.lock().unwrap_or_else(PoisonError::into_inner);
        if drawn.is_some_and(|then| then.elapsed() < REDRAW) {
            return;
        }
        *drawn = Some(Instant::now());
        let percent = u128::from(done) * 100 / u128::from(total);
        let mut output = io::stderr().lock();
        drop(write!(output, "\r\x1b[K{} {percent:>3} %", self.label).and_then(|()| output.flush()));
    }

    fn is_cancelled(&self) -> bool {
        self.interruption.is_asked()
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        let was_drawn = self.drawn.get_mut().unwrap_or_else(PoisonError::into_inner).is_some();
        if was_drawn {
            let mut output = io::stderr().lock();
            drop(write!(output, "\r\x1b[K").and_then(|()| output.flush()));
        }
    }
}

/// The text with its control characters shown: what comes from a book must not move the cursor.
fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() && character != '\n' {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_moves_the_cursor_is_shown_and_not_obeyed() {
        assert_eq!(printable("a\x1b[2Jb\rc\u{9b}d"), "a\\u{1b}[2Jb\\rc\\u{9b}d");
    }
}
