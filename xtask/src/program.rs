//! Running other programs: said aloud, and a failure is a sentence.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::process::{Command, Stdio};
use std::thread;

use crate::failure::{Failure, Outcome};
use crate::terminal::say;

/// Runs a program to its end; what it prints is seen at once.
pub(crate) fn run(command: &mut Command) -> Outcome {
    say(format_args!("$ {}", shown(command)));
    let status = command.stdin(Stdio::null()).status().map_err(not_started(command))?;
    if status.success() { Ok(()) } else { Err(ended_badly(command, status)) }
}

/// Runs a program for its answer on stdout.
pub(crate) fn read(command: &mut Command) -> Outcome<String> {
    let output = command.stdin(Stdio::null()).output().map_err(not_started(command))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(Failure::new(format!("{}\n{}", ended_badly(command, output.status), said.trim_end())))
    }
}

/// Whether a program exists and ends well; what it prints is not shown.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs a program, shows what it prints, and keeps the lines in which it sums up.
///
/// The lines come back also when it failed: they say what.
pub(crate) fn run_and_keep(command: &mut Command, keep: fn(&str) -> bool) -> (Vec<String>, Outcome) {
    say(format_args!("$ {}", shown(command)));
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = match child.map_err(not_started(command)) {
        Ok(child) => child,
        Err(failure) => return (Vec::new(), Err(failure)),
    };
    let errors = child.stderr.take().map(|pipe| thread::spawn(move || pass_on(pipe, std::io::stderr(), keep)));
    let mut kept = child.stdout.take().map(|pipe| pass_on(pipe, std::io::stdout(), keep)).unwrap_or_default();
    kept.extend(errors.and_then(|thread| thread.join().ok()).unwrap_or_default());
    let outcome = match child.wait() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(ended_badly(command, status)),
        Err(error) => Err(Failure::new(format!("waiting for {}: {error}", shown(command)))),
    };
    (kept, outcome)
}

fn pass_on(from: impl Read, mut to: impl Write, keep: fn(&str) -> bool) -> Vec<String> {
    let mut kept = Vec::new();
    let mut lines = BufReader::new(from);
    let mut line = Vec::new();
    while matches!(lines.read_until(b'\n', &mut line), Ok(read) if read > 0) {
        // A closed terminal does not stop a test.
        let _ = to.write_all(&line);
        let text = String::from_utf8_lossy(&line);
        if keep(&text) {
            kept.push(text.trim().to_owned());
        }
        line.clear();
    }
    kept
}

fn not_started(command: &Command) -> impl FnOnce(std::io::Error) -> Failure {
    let name = command.get_program().to_string_lossy().into_owned();
    move |error| {
        if error.kind() == ErrorKind::NotFound {
            Failure::new(format!("{name} is not here; `cargo xtask setup` brings what the build and the tests need"))
        } else {
            Failure::new(format!("{name} could not be started: {error}"))
        }
    }
}

fn ended_badly(command: &Command, status: std::process::ExitStatus) -> Failure {
    Failure::new(format!("{} ended with {status}", shown(command)))
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|argument| argument.to_string_lossy().into_owned()));
    words.join(" ")
}
