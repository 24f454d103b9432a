//! The foreign tools. A tool that is missing fails the test: `cargo xtask test` installs them.

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs a tool in a directory and gives what it said, whether it liked the archive or not.
pub(crate) fn run(directory: &Path, tool: &str, arguments: &[&str]) -> Output {
    Command::new(tool).args(arguments).current_dir(directory).output().unwrap_or_else(|error| {
        panic!(
            "`{tool}` is needed to prove the archives and cannot be started ({error}): install unar, unzip, cksfv, \
             rhash, libarchive-tools and bagit.py, or run `cargo xtask test`"
        )
    })
}

/// Runs a tool that must be content, and gives what it printed.
pub(crate) fn content(directory: &Path, tool: &str, arguments: &[&str]) -> String {
    let output = run(directory, tool, arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool} {arguments:?} complains: {text}{complaints}");
    text
}
