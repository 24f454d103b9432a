//! The people: a program of their own, told by files when to stop.

use std::fs;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::figures::{Kept, Request, read_kept, read_requests};
use super::options::Options;
use super::stage::{ADMIN, Stage};
use super::{not_in_time, proxy};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::Background;
use crate::program::run;

/// An account costs a password hash: two hundred take their time on a busy machine.
const ACCOUNTS_LIMIT: Duration = Duration::from_mins(10);
/// Everybody looks at everything they did.
const PROOF_LIMIT: Duration = Duration::from_mins(10);
/// From the first sign-in to the last, a person: in a morning people come one after the other, and each sign-in costs a
/// password hash.
const BETWEEN_ARRIVALS: Duration = Duration::from_millis(300);

#[derive(Debug)]
pub(crate) struct People {
    program: Background,
    folder: PathBuf,
    number: u32,
}

/// Compiles them.
pub(crate) fn build(place: &Place) -> Outcome {
    run(place.cargo().args(["build", "--package", "server", "--example", "people"]))
}

impl People {
    pub(crate) fn send(place: &Place, options: &Options, stage: &Stage) -> Outcome<Self> {
        let folder = stage.folder().to_owned();
        let mut variables = vec![("ADMIN_USERNAME", ADMIN.0.to_owned()), ("ADMIN_PASSWORD", ADMIN.1.to_owned())];
        if let Some(corpus) = place.corpus() {
            variables.push(("CORPUS_DIR", corpus.display().to_string()));
        }
        let arguments = [
            format!("https://localhost:{}", stage.proxy.https),
            proxy::certificate(&folder).display().to_string(),
            folder.display().to_string(),
            options.people.to_string(),
            BETWEEN_ARRIVALS.as_millis().to_string(),
        ];
        let program = place.target.join("debug/examples/people");
        let arguments = arguments.each_ref().map(String::as_str);
        let program = Background::start_told(place, &variables, &program, &arguments, &folder.join("people.log"))?;
        Ok(Self { program, folder, number: options.people })
    }

    /// Until everybody has an account.
    pub(crate) fn wait_until_they_work(&mut self) -> Outcome {
        let begun = Instant::now();
        while !self.folder.join("working").exists() {
            self.still_there()?;
            if begun.elapsed() > ACCOUNTS_LIMIT {
                return Err(not_in_time("that everybody had an account"));
            }
            sleep(Duration::from_millis(200));
        }
        Ok(())
    }

    /// Until the last of them has signed in.
    pub(crate) fn arrive(&mut self) -> Outcome {
        self.work_for(BETWEEN_ARRIVALS * self.number)
    }

    pub(crate) fn work_for(&mut self, duration: Duration) -> Outcome {
        let begun = Instant::now();
        while begun.elapsed() < duration {
            self.still_there()?;
            sleep(Duration::from_millis(200).min(duration.saturating_sub(begun.elapsed())));
        }
        Ok(())
    }

    /// Tells them to stop; then they look whether everything is there.
    pub(crate) fn stop(&mut self) -> Outcome<Vec<Kept>> {
        let stop = self.folder.join("stop");
        fs::write(&stop, "").map_err(Failure::while_doing(stop.display()))?;
        let kept = self.folder.join("kept.tsv");
        let begun = Instant::now();
        while self.program.still_runs().is_ok() {
            if begun.elapsed() > PROOF_LIMIT {
                return Err(not_in_time("that everybody had looked whether all is there"));
            }
            sleep(Duration::from_millis(200));
        }
        let text = fs::read_to_string(&kept).map_err(|_| self.ended_early())?;
        read_kept(&text)
    }

    /// Every request of theirs.
    pub(crate) fn requests(&self) -> Outcome<Vec<Request>> {
        let path = self.folder.join("requests.tsv");
        read_requests(&fs::read_to_string(&path).map_err(Failure::while_doing(path.display()))?)
    }

    fn still_there(&mut self) -> Outcome {
        self.program.still_runs().map_err(|_| self.ended_early())
    }

    fn ended_early(&self) -> Failure {
        let said = fs::read_to_string(self.folder.join("people.log")).unwrap_or_default();
        Failure::new(format!("the people went home:\n{said}"))
    }
}
