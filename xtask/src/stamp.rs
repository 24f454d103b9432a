//! What has passed, and for which commit: `deploy/preflight.sh` asks before a deployment.

use std::fs;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::read;
use crate::terminal::say;

/// What can have passed; the name of the file.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Passed {
    /// `cargo xtask test`.
    Tests,
    /// `cargo xtask coverage`, of all crates.
    Coverage,
    /// `cargo xtask check`: what is generated is what is written, and every link leads somewhere.
    Documents,
}

impl Passed {
    fn name(self) -> &'static str {
        match self {
            Self::Tests => "tests",
            Self::Coverage => "coverage",
            Self::Documents => "documents",
        }
    }
}

/// Writes down that it has passed for the commit that stands here. With changes that are in no commit there is nothing to
/// write: they are what was tested.
pub(crate) fn write(place: &Place, passed: &[Passed]) -> Outcome {
    if !place.root.join(".git").exists() {
        return Ok(());
    }
    let changes = read(place.program("git").args(["status", "--porcelain"]))?;
    if !changes.is_empty() {
        say(format_args!("There are changes that are in no commit: nothing is written down for deploy/preflight.sh."));
        return Ok(());
    }
    let commit = read(place.program("git").args(["rev-parse", "HEAD"]))?;
    let folder = place.root.join(".checked");
    fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    for passed in passed {
        let file = folder.join(passed.name());
        fs::write(&file, &commit).map_err(Failure::while_doing(file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::process::Command;

    use super::*;

    fn git(folder: &Path, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.current_dir(folder).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(arguments);
        let output = git.output().expect("git");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    #[test]
    fn a_commit_is_written_down_and_changes_are_not() {
        let folder = std::env::temp_dir().join(format!("stamp-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        git(&folder, &["init", "--quiet"]);
        fs::write(folder.join(".gitignore"), "/.checked\n").expect("written");
        git(&folder, &["add", "."]);
        git(&folder, &["commit", "--quiet", "--message", "One"]);
        let mut place = Place::find().expect("a place");
        place.root.clone_from(&folder);
        let stamp = |what: &str| fs::read_to_string(folder.join(".checked").join(what)).ok();

        write(&place, &[Passed::Tests, Passed::Documents]).expect("written");
        assert_eq!(stamp("tests"), Some(git(&folder, &["rev-parse", "HEAD"])));
        assert_eq!((stamp("documents").is_some(), stamp("coverage")), (true, None));

        fs::write(folder.join("new"), "").expect("written");
        write(&place, &[Passed::Coverage]).expect("nothing to say");
        assert_eq!(stamp("coverage"), None);
        fs::remove_dir_all(&folder).expect("removed");
    }
}
