//! Runs the binary in a directory of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::Value;
use tempfile::TempDir;

/// A directory in which the binary runs.
pub(crate) struct Place(TempDir);

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) results: String,
    pub(crate) messages: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The binary, ready to run here.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ebook-scene-packer"));
        command.args(arguments).current_dir(self.path()).env_remove("NO_COLOR");
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().unwrap())
    }

    /// Packs as most tests want it: one group, one licence, one day, into `out`.
    pub(crate) fn pack(&self, arguments: &[&str]) -> Run {
        let common = ["pack", "--group", "GRP", "--rights", "CC-BY-4.0", "--date", "2026-11-22"];
        let out: &[&str] = if arguments.contains(&"--out") { &[] } else { &["--out", "out"] };
        self.run(&[&common, out, arguments].concat())
    }

    /// Every name in a directory here, sorted; none when it is not there.
    pub(crate) fn names(&self, directory: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path().join(directory)) else { return Vec::new() };
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Runs a foreign tool in a directory here; it must be content.
    pub(crate) fn foreign(&self, directory: &str, tool: &str, arguments: &[&str]) -> String {
        let output = Command::new(tool).args(arguments).current_dir(self.path().join(directory)).output();
        let output = output.unwrap_or_else(|error| {
            panic!(
                "`{tool}` is needed to prove the packages and cannot be started ({error}): install unar, unzip, \
                 cksfv, rhash and libarchive-tools, or run `cargo xtask test`"
            )
        });
        let run = Run::of(&output);
        assert_eq!(run.code, 0, "{tool} {arguments:?} complains: {run:?}");
        run.results
    }
}

impl Run {
    pub(crate) fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            results: String::from_utf8(output.stdout.clone()).unwrap(),
            messages: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// The same run, which ended with this code.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{}{}", self.results, self.messages);
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.results).unwrap_or_else(|error| panic!("{error} in {}", self.results))
    }
}
