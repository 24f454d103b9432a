//! A row of steps: each is timed, a failed one does not hide the next, the end tells all.

use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::terminal::{answer, say};

#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<Step>,
    closing_lines: Vec<String>,
    not_run: Vec<String>,
}

#[derive(Debug)]
struct Step {
    name: &'static str,
    took: Duration,
    failure: Option<Failure>,
}

impl Steps {
    /// Runs one step. Its failure is kept for the end; `false` says that it failed.
    pub(crate) fn run(&mut self, name: &'static str, step: impl FnOnce() -> Outcome) -> bool {
        self.run_and_keep(name, || (Vec::new(), step()))
    }

    /// The same for a program that sums up in its last lines; they are shown again at the end.
    pub(crate) fn run_and_keep(&mut self, name: &'static str, step: impl FnOnce() -> (Vec<String>, Outcome)) -> bool {
        say(format_args!("\n== {name}"));
        let start = Instant::now();
        let (lines, outcome) = step();
        let failure = outcome.err();
        if let Some(failure) = &failure {
            say(format_args!("FAILED {name}: {failure}"));
        }
        let well = failure.is_none();
        self.closing_lines.extend(lines);
        self.done.push(Step { name, took: start.elapsed(), failure });
        well
    }

    /// A step that cannot be run here, and why: said now, and again at the end. It is no failure, and never silence.
    pub(crate) fn not_run(&mut self, name: &'static str, why: &Failure) {
        let line = format!("NOT RUN: {name}: {why}");
        say(format_args!("\n== {line}"));
        self.not_run.push(line);
    }

    /// The table, what the test runners said last, and one line with the whole.
    pub(crate) fn finish(self) -> Outcome {
        let mut total = Duration::ZERO;
        answer("");
        for step in &self.done {
            total += step.took;
            let mark = if step.failure.is_some() { "FAILED" } else { "ok" };
            answer(format_args!("{:>8}  {:<34} {mark}", clock(step.took), step.name));
        }
        for line in &self.closing_lines {
            answer(line);
        }
        for line in &self.not_run {
            answer(line);
        }
        let failed: Vec<&str> = self.done.iter().filter(|step| step.failure.is_some()).map(|step| step.name).collect();
        if failed.is_empty() {
            let all = if self.not_run.is_empty() { "all passed" } else { "all that were run passed" };
            answer(format_args!("total {}: {} steps, {all}", clock(total), self.done.len()));
            Ok(())
        } else {
            answer(format_args!("total {}: {} of {} steps FAILED", clock(total), failed.len(), self.done.len()));
            Err(Failure::new(format!("failed: {}", failed.join(", "))))
        }
    }
}

/// Minutes and seconds, the first rounded down, the second to a tenth.
fn clock(duration: Duration) -> String {
    let tenths = duration.as_millis() / 100;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_whole_and_the_next_one_still_runs() {
        let mut steps = Steps::default();
        let mut reached = false;
        assert!(!steps.run("first", || Err(Failure::new("no"))));
        assert!(steps.run("second", || {
            reached = true;
            Ok(())
        }));
        assert!(reached);
        assert_eq!(steps.finish().unwrap_err().to_string(), "failed: first");
    }

    #[test]
    fn what_was_not_run_is_kept_for_the_end_and_is_no_failure() {
        let mut steps = Steps::default();
        steps.not_run("elsewhere", &Failure::new("there is no way there"));
        assert_eq!(steps.not_run, ["NOT RUN: elsewhere: there is no way there"]);
        steps.finish().unwrap();
    }

    #[test]
    fn a_duration_reads_as_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_millis(0)), "0:00.0");
        assert_eq!(clock(Duration::from_millis(61_250)), "1:01.2");
        assert_eq!(clock(Duration::from_hours(1)), "60:00.0");
    }
}
