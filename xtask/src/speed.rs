//! Figures of the browser: how fast the first pages are on a slow phone, how a long list scrolls, how typing keeps up.

use crate::commands::flags;
use crate::failure::Outcome;
use crate::place::Place;
use crate::{debian, end_to_end, setup, site};

/// `speed`: builds a release, then measures it in the browser of the tests. A limit that does not hold is a failure.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    let [built] = flags(arguments, ["--built"])?;
    setup::for_building(place)?;
    debian::install(place, end_to_end::PACKAGES)?;
    debian::install(place, &["chromium"])?;
    if !built {
        site::build(place, true)?;
    }
    // One at a time: two would measure each other.
    let only = ["--project=figures", "--workers=1"].map(str::to_owned);
    end_to_end::run(place, true, None, &only).1
}
