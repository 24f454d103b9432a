//! Profiles: the rules that a release can follow.

use packer::profile::{Layout, Profile};
use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    failure::Failure,
    permissions::{Action, Resource},
    services::Services,
};

/// A profile, as a person chooses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileSummary {
    /// Its name, such as `scene-ebook`.
    pub name: String,
    /// Counted from 1, raised with every change.
    pub version: u32,
    /// How it lays a package out.
    pub layout: Layout,
}

impl ProfileSummary {
    fn of(profile: &Profile) -> Self {
        Self { name: profile.name.clone(), version: profile.version, layout: profile.layout }
    }
}

/// The use cases of profiles.
#[derive(Debug, Clone, Copy)]
pub struct Profiles<'a> {
    pub(crate) services: &'a Services,
}

impl Profiles<'_> {
    /// Every profile, the default first.
    #[expect(clippy::unused_async, reason = "profiles of one's own come from the database")]
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ProfileSummary>, Failure> {
        actor.require(Resource::Profiles, Action::Read)?;
        let _ = self.services;
        Ok(Profile::built_ins().map(ProfileSummary::of).collect())
    }
}
