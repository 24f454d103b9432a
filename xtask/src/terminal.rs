//! What a person reads: progress on stderr, answers on stdout.

use std::fmt::Display;
use std::io::Write;

/// Says what is going on. A closed terminal is no reason to stop.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// Gives the answer that was asked for, alone on stdout so that it can be piped.
pub(crate) fn answer(line: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Says what must not be overlooked.
pub(crate) fn warn(line: impl Display) {
    say(format_args!("\n!!! {line}\n"));
}
