//! A server of ours in the background: it ends with us, however we end.

use std::fmt::Display;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::succeeds;

/// Long enough for a database to write its pages, short enough to notice one that hangs.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// A running server, stopped by its process id when dropped.
#[derive(Debug)]
pub(crate) struct Background {
    child: Child,
}

impl Background {
    /// Starts `program`; both outputs go to `log`.
    ///
    /// The kernel sends it SIGTERM when this process dies, be it by Ctrl-C or SIGKILL: a failed or interrupted test
    /// leaves no server behind. It has its own process group, so that Ctrl-C reaches it only in that way.
    pub(crate) fn start(place: &Place, program: &str, arguments: &[String], log: &Path) -> Outcome<Self> {
        let mut command = place.program("setpriv");
        command.args(["--pdeathsig", "TERM", "--", program]).args(arguments);
        let child = detached(&mut command, log)?.spawn();
        Ok(Self { child: child.map_err(Failure::while_doing(format_args!("starting {program}")))? })
    }

    /// The same for a program that is told variables of its own.
    pub(crate) fn start_told<Name: Display>(
        place: &Place,
        variables: &[(Name, String)],
        program: &Path,
        arguments: &[&str],
        log: &Path,
    ) -> Outcome<Self> {
        let told = variables.iter().map(|(name, value)| format!("{name}={value}"));
        let rest = arguments.iter().map(|argument| (*argument).to_owned());
        let whole: Vec<String> = told.chain([program.display().to_string()]).chain(rest).collect();
        Self::start(place, "env", &whole, log)
    }

    /// Its process id: the starter becomes the server itself.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// As a power cut would: nothing is written any more.
    pub(crate) fn kill(&mut self) -> Outcome {
        self.child.kill().map_err(Failure::while_doing("killing a server"))?;
        self.child.wait().map(drop).map_err(Failure::while_doing("waiting for a server"))
    }

    /// Fails when the server has ended by itself.
    pub(crate) fn still_runs(&mut self) -> Outcome {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            Ok(Some(status)) => Err(Failure::new(format!("it ended with {status}"))),
            Err(error) => Err(Failure::new(format!("it cannot be watched: {error}"))),
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if self.still_runs().is_err() {
            return;
        }
        terminate(self.child.id());
        let start = Instant::now();
        while start.elapsed() < STOP_LIMIT {
            if self.still_runs().is_err() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        // It had its time; what it holds is a test's.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Lets a command outlive this process's terminal group, with its outputs in a file.
pub(crate) fn detached<'command>(command: &'command mut Command, log: &Path) -> Outcome<&'command mut Command> {
    let file = File::create(log).map_err(Failure::while_doing(log.display()))?;
    let again = file.try_clone().map_err(Failure::while_doing(log.display()))?;
    Ok(command.stdin(Stdio::null()).stdout(file).stderr(again).process_group(0))
}

/// The last lines of a log, so many at most; nothing of one that is not there.
pub(crate) fn last_lines(log: &Path, most: usize) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let from = text.lines().count().saturating_sub(most);
    text.lines().skip(from).collect::<Vec<_>>().join("\n")
}

/// Asks one process to end.
pub(crate) fn terminate(id: u32) -> bool {
    succeeds(Command::new("kill").args(["-TERM", &id.to_string()]))
}

/// Whether a process with this id lives.
pub(crate) fn lives(id: u32) -> bool {
    Path::new("/proc").join(id.to_string()).is_dir()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_told_its_variables_and_its_log_ends_with_what_it_said_last() {
        let place = Place::find().unwrap();
        let log = std::env::temp_dir().join(format!("xtask-told-{}.log", std::process::id()));
        let variables = [("GREETING", "three of them".to_owned())];
        let script = ["-c", "echo one; echo two; echo $GREETING"];
        let mut server = Background::start_told(&place, &variables, Path::new("sh"), &script, &log).unwrap();
        while server.still_runs().is_ok() {
            sleep(Duration::from_millis(10));
        }
        assert_eq!(last_lines(&log, 2), "two\nthree of them");
        assert_eq!(last_lines(&log, 9), "one\ntwo\nthree of them");
        std::fs::remove_file(&log).unwrap();
        assert_eq!(last_lines(&log, 9), "");
    }

    #[test]
    fn a_server_ends_when_it_is_dropped() {
        let place = Place::find().unwrap();
        let log = std::env::temp_dir().join(format!("xtask-background-{}.log", std::process::id()));
        let server = Background::start(&place, "sleep", &["600".to_owned()], &log).unwrap();
        let id = server.id();
        assert!(lives(id));
        drop(server);
        assert!(!lives(id));
        std::fs::remove_file(log).unwrap();
    }
}
