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

/// The commit that stood here, with nothing changed, when something began that may pass.
#[derive(Debug)]
pub(crate) struct Beginning {
    /// None in a folder that is no clone, and with changes that are in no commit: they are what is tested.
    commit: Option<String>,
}

impl Beginning {
    /// Looks before anything of what is to pass is read.
    pub(crate) fn of(place: &Place) -> Outcome<Self> {
        Ok(Self { commit: commit_without_changes(place)? })
    }

    /// Writes down that these have passed for the commit of the beginning. Where another one stands here by now, or
    /// something was changed meanwhile, part of it was tested and part of something else, and nothing is written.
    pub(crate) fn write(self, place: &Place, passed: &[Passed]) -> Outcome {
        if !is_clone(place) {
            return Ok(());
        }
        let nothing = "nothing is written down for deploy/preflight.sh.";
        let Some(commit) = self.commit else {
            say(format_args!("At the beginning there were changes that are in no commit: {nothing}"));
            return Ok(());
        };
        match commit_without_changes(place)? {
            Some(now) if now == commit => {}
            Some(_) => {
                say(format_args!("Another commit stands here than at the beginning: {nothing}"));
                return Ok(());
            }
            None => {
                say(format_args!("By now there are changes that are in no commit: {nothing}"));
                return Ok(());
            }
        }
        let folder = place.root.join(".checked");
        fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
        for passed in passed {
            let file = folder.join(passed.name());
            fs::write(&file, &commit).map_err(Failure::while_doing(file.display()))?;
        }
        Ok(())
    }
}

fn is_clone(place: &Place) -> bool {
    place.root.join(".git").exists()
}

fn commit_without_changes(place: &Place) -> Outcome<Option<String>> {
    if !is_clone(place) || !read(place.program("git").args(["status", "--porcelain"]))?.is_empty() {
        return Ok(None);
    }
    read(place.program("git").args(["rev-parse", "HEAD"])).map(Some)
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::process::Command;

    use super::*;

    fn git(folder: &Path, arguments: &[&str]) -> String {
        let mut git = Command::new("git");
        git.current_dir(folder).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(arguments);
        let output = git.output().expect("git");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// A clone of one commit, gone with the test.
    struct Room {
        folder: PathBuf,
        place: Place,
    }

    impl Room {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("stamp-{name}-{}", std::process::id()));
            fs::create_dir_all(&folder).expect("a folder");
            git(&folder, &["init", "--quiet"]);
            fs::write(folder.join(".gitignore"), "/.checked\n").expect("written");
            git(&folder, &["add", "."]);
            git(&folder, &["commit", "--quiet", "--message", "One"]);
            let mut place = Place::find().expect("a place");
            place.root.clone_from(&folder);
            Self { folder, place }
        }

        fn begin(&self) -> Beginning {
            Beginning::of(&self.place).expect("a beginning")
        }

        fn commit(&self) {
            git(&self.folder, &["commit", "--quiet", "--allow-empty", "--message", "Another"]);
        }

        fn stamp(&self, what: &str) -> Option<String> {
            fs::read_to_string(self.folder.join(".checked").join(what)).ok()
        }
    }

    impl Drop for Room {
        fn drop(&mut self) {
            fs::remove_dir_all(&self.folder).expect("removed");
        }
    }

    #[test]
    fn the_commit_of_the_beginning_is_written_down() {
        let room = Room::new("good");
        let head = git(&room.folder, &["rev-parse", "HEAD"]);
        room.begin().write(&room.place, &[Passed::Tests, Passed::Documents]).expect("written");
        assert_eq!(room.stamp("tests"), Some(head));
        assert_eq!((room.stamp("documents").is_some(), room.stamp("coverage")), (true, None));
    }

    #[test]
    fn what_moved_meanwhile_is_not_written_down() {
        let room = Room::new("moved");
        let begun = room.begin();
        room.commit();
        begun.write(&room.place, &[Passed::Tests]).expect("nothing to say");
        assert_eq!(room.stamp("tests"), None, "neither of the two was tested whole");

        // What an earlier run has written stays: it is of the commit that it names.
        let first = git(&room.folder, &["rev-parse", "HEAD"]);
        room.begin().write(&room.place, &[Passed::Tests]).expect("written");
        let begun = room.begin();
        room.commit();
        begun.write(&room.place, &[Passed::Tests]).expect("nothing to say");
        assert_eq!(room.stamp("tests"), Some(first));
    }

    #[test]
    fn changes_before_and_meanwhile_are_not_written_down() {
        let room = Room::new("changed");
        let new = room.folder.join("new");
        let begun = room.begin();
        fs::write(&new, "").expect("written");
        begun.write(&room.place, &[Passed::Coverage]).expect("nothing to say");
        assert_eq!(room.stamp("coverage"), None, "changed meanwhile");

        let begun = room.begin();
        fs::remove_file(&new).expect("removed");
        begun.write(&room.place, &[Passed::Coverage]).expect("nothing to say");
        assert_eq!(room.stamp("coverage"), None, "changed at the beginning");
    }
}
