//! Profiles: the rules that a release can follow, those of the product and those of the house.

mod deletion;
mod drafts;

use std::sync::Arc;

use packer::profile::{Layout, Profile, ProfileError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{ReleaseId, StoreError, Timestamp, audit::AuditAction, profiles::ProfileVersion};

pub use self::drafts::{DRAFT_DAYS, MOST_DRAFTS, Unsaved};
use crate::{
    actor::Actor,
    audit::Change,
    failure::{Data, Failure, FailureKind},
    permissions::{Action, Resource},
    releases::{self, Preview},
    services::Services,
};

/// Characters of a profile's text: twenty times the longest that comes with the product.
const LONGEST_TEXT: usize = 100_000;
/// Characters of a profile's name.
const LONGEST_NAME: usize = 40;

/// A profile, as a person chooses it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileSummary {
    /// Its name, such as `scene-ebook`.
    pub name: String,
    /// Counted from 1, raised with every change.
    pub version: u32,
    /// How it lays a package out.
    pub layout: Layout,
    /// True for one that comes with the product.
    pub built_in: bool,
}

/// A version of a profile that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SavedVersion {
    /// Counted from 1.
    pub version: u32,
    /// The TOML, as it was typed.
    pub text: String,
    /// When it was saved.
    pub created_at: Timestamp,
}

/// A profile with its text and its versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProfileView {
    /// What it is.
    pub summary: ProfileSummary,
    /// The TOML of its latest version.
    pub text: String,
    /// Every version that was saved, the newest first; of one that comes with the product there are none.
    pub versions: Vec<SavedVersion>,
    /// When it was deleted, where it is: releases follow it, and nobody can choose it.
    pub deleted_at: Option<Timestamp>,
}

/// The use cases of profiles.
#[derive(Debug, Clone, Copy)]
pub struct Profiles<'a> {
    pub(crate) services: &'a Services,
}

impl Profiles<'_> {
    /// Every profile, the default first, those of the house last.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ProfileSummary>, Failure> {
        actor.require(Resource::Profiles, Action::Read)?;
        let store = self.services.store();
        let own = store.profiles().list_latest().await?;
        let deleted = store.profiles().list_deleted().await?;
        let is_there = |version: &&ProfileVersion| deleted.iter().all(|one| one.name != version.name);
        let built_in = Profile::built_ins().map(|profile| summary(profile, true));
        let own = own.iter().filter(is_there);
        let own = own.filter_map(|version| read(version).map(|profile| summary(&profile, false)));
        Ok(built_in.chain(own).collect())
    }

    /// One profile.
    pub async fn lookup(&self, actor: &Actor, name: &str) -> Result<ProfileView, Failure> {
        actor.require(Resource::Profiles, Action::Read)?;
        if let Some(profile) = Profile::built_in(name) {
            let text = Profile::built_in_text(name).unwrap_or_default().to_owned();
            return Ok(ProfileView { summary: summary(profile, true), text, versions: Vec::new(), deleted_at: None });
        }
        let versions = self.services.store().profiles().versions(name).await?;
        let latest = versions.first().ok_or_else(|| Failure::not_found("profile"))?;
        let profile = read(latest).ok_or_else(|| Failure::not_found("profile"))?;
        let text = latest.text.clone();
        let saved =
            |one: ProfileVersion| SavedVersion { version: one.version, text: one.text, created_at: one.created_at };
        let deletion = self.services.store().profiles().deletion(name).await?;
        Ok(ProfileView {
            summary: summary(&profile, false),
            text,
            versions: versions.into_iter().map(saved).collect(),
            deleted_at: deletion.map(|deletion| deletion.deleted_at),
        })
    }

    /// The text of a copy of a profile, under a name of its own. `name` is a draft’s name, see [`drafts`](Self::drafts).
    pub async fn copy_of(&self, actor: &Actor, name: &str) -> Result<String, Failure> {
        let (from, _) = drafts::parts(name);
        let text = self.lookup(actor, from).await?.text;
        self.copied(from, &text).await
    }

    /// A text under the first name that no profile has yet: `my-plain`, `my-plain-2` and so on.
    async fn copied(&self, name: &str, text: &str) -> Result<String, Failure> {
        let taken = self.services.store().profiles().list_latest().await?;
        let is_free = |free: &String| Profile::built_in(free).is_none() && taken.iter().all(|one| one.name != *free);
        let numbered = (2..).map(|number: u32| format!("my-{name}-{number}"));
        let free = std::iter::once(format!("my-{name}")).chain(numbered).find(is_free).unwrap_or_default();
        Ok(text.replacen(&format!("name = \"{name}\""), &format!("name = \"{free}\""), 1))
    }

    /// Whether a text is a profile.
    ///
    /// # Errors
    /// `Conflict` `profile-wrong` with `line`, `column` and `message`; where it is a template that does not work, also with
    /// `template`, `template-line`, `template-column`, `fault` and its facts.
    pub async fn check(&self, actor: &Actor, text: &str) -> Result<(), Failure> {
        actor.require(Resource::Profiles, Action::Read)?;
        check_sizes("", text)?;
        proven("", text.to_owned()).await.map(drop)
    }

    /// Saves a text as the next version of the profile that it names, and forgets the draft `draft` of it. `seen` is the
    /// version that it was written from, 0 for a new profile. Gives the name.
    ///
    /// # Errors
    /// `Conflict` `profile-wrong` with `line`, `column` and `message`; `profile-built-in`; `profile-renamed` when it is
    /// another's name than that of the profile that was written; `profile-name-taken` when a new profile has the name of one
    /// that there is, deleted ones among them; `profile-deleted`; `profile-changed-meanwhile` when there is another version by now.
    pub async fn save(&self, actor: &Actor, draft: &str, text: &str, seen: u32) -> Result<String, Failure> {
        actor.require(Resource::Profiles, if seen == 0 { Action::Write } else { Action::Modify })?;
        check_sizes(draft, text)?;
        let text = lines_of(text);
        let profile = proven(draft, text.clone()).await?;
        if Profile::built_in(&profile.name).is_some() {
            return Err(Failure::conflict("profile-built-in", [("name", profile.name)]));
        }
        let mut transaction = self.services.store().begin_write().await?;
        if seen > 0 {
            deletion::require_there(&mut transaction, &profile.name).await?;
        }
        let latest = transaction.profiles().latest(&profile.name).await?.map_or(0, |latest| latest.version);
        // Saved under another name it would be a version of another profile, which nobody had looked at.
        if seen > 0 && profile.name != draft {
            return Err(Failure::conflict("profile-renamed", [("name", draft.to_owned())]));
        }
        let code = if seen == 0 { "profile-name-taken" } else { "profile-changed-meanwhile" };
        let meanwhile = || Failure::conflict(code, [("name", profile.name.clone())]);
        if latest != seen {
            return Err(meanwhile());
        }
        let version = ProfileVersion {
            name: profile.name.clone(),
            version: latest + 1,
            text,
            created_by: actor.user_id,
            created_at: self.services.now(),
        };
        match transaction.profiles().add(&version).await {
            Err(StoreError::Conflict(_)) => return Err(meanwhile()),
            other => other?,
        }
        transaction.profiles().remove_draft(actor.user_id, &drafts::kept_under(draft, seen == 0)).await?;
        let action = if latest == 0 { AuditAction::Created } else { AuditAction::Changed };
        let change = Change::new(action, Resource::Profiles, &profile.name, &profile.name)
            .after(json!({ "version": version.version }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(profile.name)
    }

    /// A release as it would be under a profile that is not saved.
    ///
    /// # Errors
    /// `Conflict` `profile-wrong`.
    pub async fn test(&self, actor: &Actor, text: &str, release: ReleaseId) -> Result<Preview, Failure> {
        actor.require(Resource::Profiles, Action::Read)?;
        check_sizes("", text)?;
        let profile = Profile::parse(text, "").map_err(|error| wrong(&error))?;
        self.services.releases().preview_under(actor, release, Arc::new(profile)).await
    }
}

/// The profile of a name that a release can begin to follow: one that is not deleted.
pub(crate) async fn find_to_choose(services: &Services, name: &str) -> Result<Option<Arc<Profile>>, Failure> {
    match services.store().profiles().deletion(name).await? {
        Some(_) => Ok(None),
        None => find(services, name).await,
    }
}

/// The profile of a name as releases follow it now: the latest version, of a deleted one, too.
pub(crate) async fn find(services: &Services, name: &str) -> Result<Option<Arc<Profile>>, Failure> {
    if let Some(profile) = Profile::built_in(name) {
        return Ok(Some(Arc::new(profile.clone())));
    }
    let latest = services.store().profiles().latest(name).await?;
    Ok(latest.as_ref().and_then(read).map(Arc::new))
}

fn summary(profile: &Profile, built_in: bool) -> ProfileSummary {
    ProfileSummary { name: profile.name.clone(), version: profile.version, layout: profile.layout, built_in }
}

/// A version as a profile: its number is the one it was saved under, whatever its text says. An older version of the
/// product may have taken what this one does not; then it is told once, and nothing follows it.
fn read(version: &ProfileVersion) -> Option<Profile> {
    match Profile::parse(&version.text, &version.name) {
        Ok(profile) => Some(Profile { version: version.version, ..profile }),
        Err(error) => {
            tracing::error!(%error, profile = version.name, version = version.version, "a saved profile cannot be read");
            None
        }
    }
}

/// A profile that keeps what its own tests say: up to a hundred releases are planned for it, away from whoever else waits.
async fn proven(draft: &str, text: String) -> Result<Profile, Failure> {
    let draft = draft.to_owned();
    let proof = tokio::task::spawn_blocking(move || Profile::prove(&text, &draft).map_err(|error| wrong(&error)));
    proof.await.map_err(Failure::internal)?
}

fn wrong(error: &ProfileError) -> Failure {
    let mut data = Data::from([
        ("line", error.line.to_string()),
        ("column", error.column.to_string()),
        ("message", error.message.lines().next().unwrap_or_default().chars().take(300).collect()),
    ]);
    if let Some(mistake) = &error.template {
        let (template, error) = &**mistake;
        data.extend(releases::template_mistake(template, error));
    }
    Failure::new(FailureKind::Conflict("profile-wrong", data))
}

/// A form gives every line the end that mail has; kept so, two versions would differ in every line.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn check_sizes(name: &str, text: &str) -> Result<(), Failure> {
    let (name, copy) = drafts::parts(name);
    if name.chars().count() > LONGEST_NAME || copy.chars().count() > drafts::LONGEST_COPY {
        return Err(Failure::invalid("name", "too-long"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Failure::invalid("text", "too-long"));
    }
    Ok(())
}
