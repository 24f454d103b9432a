//! What is found in real books, beside what EPUBCheck finds in them.

use std::fs;
use std::path::PathBuf;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;
use crate::terminal::say;
use crate::{commands, debian, tools};

/// Java, which EPUBCheck runs on.
const PACKAGES: &[&str] = &["default-jdk-headless"];

/// `verdicts`: prints a table of the books beside the clone.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [] = commands::flags(arguments, [])?;
    let Some(folder) = place.corpus().map(|corpus| corpus.join("epub")).filter(|folder| folder.is_dir()) else {
        say("There are no books beside the clone: they lie in `shared/corpus`, or where CORPUS_DIR says.");
        return Ok(());
    };
    debian::install(place, debian::FOR_TOOLS)?;
    debian::install(place, PACKAGES)?;
    let epub_check = tools::epub_check(place)?;
    let entries = fs::read_dir(&folder).map_err(Failure::while_doing(folder.display()))?;
    let mut books: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    books.retain(|book| book.extension().is_some_and(|extension| extension == "epub"));
    books.sort();
    let mut cargo = place.cargo();
    cargo.args(["run", "--quiet", "--package", "packer", "--example", "compare_verdicts", "--"]).arg(epub_check);
    run(cargo.args(books))
}
