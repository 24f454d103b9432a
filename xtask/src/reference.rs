//! The reference of findings: `docs/reference/findings.md`, from the texts of the checks.

use crate::commands::flags;
use crate::failure::Outcome;
use crate::place::Place;
use crate::program::run;

/// Writes it. That it is up to date is one of the tests.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [] = flags(arguments, [])?;
    let mut cargo = place.cargo();
    cargo.args(["test", "--quiet", "--package", "packer", "--all-features", "--test", "release", "reference"]);
    run(cargo.env("WRITE_REFERENCE", "1"))
}
