//! How far the checks agree with EPUBCheck, on files of its own test suite that lie beside the clone.

use crate::commands;
use crate::failure::Outcome;
use crate::place::Place;
use crate::program::run;
use crate::terminal::say;

/// `score [--list]`: prints how many scenarios agree, and with `--list` those that do not.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [lists] = commands::flags(arguments, ["--list"])?;
    let Some(suite) = place.root.parent().map(|parent| parent.join("shared/epubcheck")).filter(|path| path.is_dir())
    else {
        say(
            "The scenarios are not here: they lie in `shared/epubcheck` beside the clone, and are not ours to pass on.",
        );
        return Ok(());
    };
    let mut cargo = place.cargo();
    cargo.args(["run", "--quiet", "--package", "packer", "--example", "score", "--"]).arg(suite);
    run(cargo.args(lists.then_some("--list")))
}
