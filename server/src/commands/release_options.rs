//! Options that `pack` and `name` share: profile and fields.

use std::time::{SystemTime, UNIX_EPOCH};

use packer::{date::ReleaseDate, metadata::Overrides, overrides, profile::Profile};

use super::failure::Failure;

/// The built-in profile of a name.
pub(super) fn profile(name: &str) -> Result<&'static Profile, Failure> {
    Profile::built_in(name).ok_or_else(|| {
        Failure::usage(format!("--profile: there is no profile `{name}`"), format!("there are {}", profile_names()))
    })
}

/// The names of the built-in profiles, for a person.
pub(super) fn profile_names() -> String {
    Profile::built_ins().iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The fields from `FIELD=VALUE`, one after the other.
pub(super) fn fields(assignments: &[String]) -> Result<Overrides, Failure> {
    let mut fields = Overrides::default();
    for assignment in assignments {
        overrides::set(&mut fields, assignment)
            .map_err(|error| Failure::usage(format!("--set {assignment}: {error}"), "write --set FIELD=VALUE"))?;
    }
    Ok(fields)
}

/// Today in UTC.
pub(super) fn today() -> Result<ReleaseDate, Failure> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    i64::try_from(seconds).ok().and_then(ReleaseDate::from_unix_seconds).ok_or_else(|| {
        Failure::usage("the clock of this machine shows no year from 1980 to 2107", "set the clock, or give --date")
    })
}
