//! Measurements that take longer than a test may.

mod catalogue;
mod cluster;
mod main_job;
mod packer;

pub(crate) use catalogue::seed;
pub(crate) use main_job::measure as main_job;

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::{setup, site};

/// `bench`: one of them, by name.
pub(crate) fn command(place: &Place, arguments: &[String]) -> Outcome {
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["main-job"] => {
            setup::for_building(place)?;
            site::build(place, true)?;
            main_job(place)
        }
        ["packer"] => packer::measure(place),
        ["catalogue"] => catalogue::measure(place),
        ["cluster"] => {
            setup::for_building(place)?;
            site::build(place, true)?;
            cluster::measure(place)
        }
        _ => Err(Failure::new(
            "`bench main-job`, `bench packer`, `bench catalogue` and `bench cluster` are what there is",
        )),
    }
}
