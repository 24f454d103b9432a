//! What a release begins with, before anybody has chosen anything.

use packer::{metadata::Overrides, name::of_book::Chosen, profile::Profile};

use super::stored::{no_group, today};
use crate::{failure::Failure, services::Services};

/// The profile of a new release.
pub(crate) fn profile() -> Result<&'static Profile, Failure> {
    let none = || Failure::internal(std::io::Error::other("there is no built-in profile"));
    Profile::built_ins().next().ok_or_else(none)
}

/// What decides its name.
pub(super) fn chosen(services: &Services) -> Result<Chosen, Failure> {
    Ok(Chosen {
        group: no_group().map_err(Failure::internal)?,
        date: today(services.now())?,
        naming: profile()?.naming.clone(),
        fixes: profile()?.fixes.clone(),
        set: Overrides::default(),
    })
}
