//! What a file weighs on its way to a browser.

use std::fs;
use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::run;

/// Bytes of a file once compressed as much as can be; the compressed file is left at `packed`.
pub(crate) fn weigh(place: &Place, file: &Path, packed: &Path) -> Outcome<u64> {
    let output = format!("--output={}", packed.display());
    run(place.program("brotli").args(["--quality=11", "--force", &output]).arg(file))?;
    length(packed)
}

/// Bytes of a file.
pub(crate) fn length(path: &Path) -> Outcome<u64> {
    Ok(fs::metadata(path).map_err(Failure::while_doing(path.display()))?.len())
}
