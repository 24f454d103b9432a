//! Profiles: the rules that a release can follow, those of the product and those of the house.

use std::sync::Arc;

use packer::profile::{Layout, Profile, ProfileError};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{
    ReleaseId, StoreError, Timestamp,
    audit::AuditAction,
    profiles::{ProfileDraft, ProfileVersion},
};

use crate::{
    actor::Actor,
    audit::Change,
    failure::Failure,
    permissions::{Action, Resource},
    releases::Preview,
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
        let own = self.services.store().profiles().list_latest().await?;
        let built_in = Profile::built_ins().map(|profile| summary(profile, true));
        let own = own.iter().filter_map(|version| read(version).map(|profile| summary(&profile, false)));
        Ok(built_in.chain(own).collect())
    }

    /// One profile.
    pub async fn lookup(&self, actor: &Actor, name: &str) -> Result<ProfileView, Failure> {
        actor.require(Resource::Profiles, Action::Read)?;
        if let Some(profile) = Profile::built_in(name) {
            let text = Profile::built_in_text(name).unwrap_or_default().to_owned();
            return Ok(ProfileView { summary: summary(profile, true), text, versions: Vec::new() });
        }
        let versions = self.services.store().profiles().versions(name).await?;
        let latest = versions.first().ok_or_else(|| Failure::not_found("profile"))?;
        let profile = read(latest).ok_or_else(|| Failure::not_found("profile"))?;
        let text = latest.text.clone();
        let saved =
            |one: ProfileVersion| SavedVersion { version: one.version, text: one.text, created_at: one.created_at };
        Ok(ProfileView { summary: summary(&profile, false), text, versions: versions.into_iter().map(saved).collect() })
    }

    /// What one was writing for a profile and did not save; with `is_new`, for a copy of it that is to be a new one.
    pub async fn draft(&self, actor: &Actor, name: &str, is_new: bool) -> Result<Option<ProfileDraft>, Failure> {
        actor.require(Resource::Profiles, to_write(is_new))?;
        Ok(self.services.store().profiles().draft(actor.user_id, &kept_under(name, is_new)).await?)
    }

    /// Keeps what one is writing, whatever is wrong with it. `seen` is the version that it was begun from, 0 for a new
    /// profile that is a copy of this one. A text that is still what it was begun from is no draft.
    ///
    /// # Errors
    /// `Invalid` on `name` or `text`.
    pub async fn keep_draft(&self, actor: &Actor, name: &str, text: &str, seen: u32) -> Result<(), Failure> {
        let is_new = seen == 0;
        actor.require(Resource::Profiles, to_write(is_new))?;
        check_sizes(name, text)?;
        let draft = ProfileDraft { text: lines_of(text), seen };
        let is_unchanged =
            self.beginning(name, seen).await?.is_some_and(|text| text.trim_end() == draft.text.trim_end());
        let mut transaction = self.services.store().begin_write().await?;
        if is_unchanged {
            transaction.profiles().remove_draft(actor.user_id, &kept_under(name, is_new)).await?;
        } else {
            transaction
                .profiles()
                .put_draft(actor.user_id, &kept_under(name, is_new), &draft, self.services.now())
                .await?;
        }
        transaction.commit().await?;
        Ok(())
    }

    /// Throws away what one was writing.
    pub async fn discard_draft(&self, actor: &Actor, name: &str, is_new: bool) -> Result<(), Failure> {
        actor.require(Resource::Profiles, to_write(is_new))?;
        let mut transaction = self.services.store().begin_write().await?;
        transaction.profiles().remove_draft(actor.user_id, &kept_under(name, is_new)).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The text of a copy of a profile, under a name of its own.
    pub async fn copy_of(&self, actor: &Actor, name: &str) -> Result<String, Failure> {
        let text = self.lookup(actor, name).await?.text;
        self.copied(name, &text).await
    }

    /// A text under the first name that no profile has yet: `my-plain`, `my-plain-2` and so on.
    async fn copied(&self, name: &str, text: &str) -> Result<String, Failure> {
        let taken = self.services.store().profiles().list_latest().await?;
        let is_free = |free: &String| Profile::built_in(free).is_none() && taken.iter().all(|one| one.name != *free);
        let numbered = (2..).map(|number: u32| format!("my-{name}-{number}"));
        let free = std::iter::once(format!("my-{name}")).chain(numbered).find(is_free).unwrap_or_default();
        Ok(text.replacen(&format!("name = \"{name}\""), &format!("name = \"{free}\""), 1))
    }

    /// The text that a draft was begun from; nothing when it is no longer there.
    async fn beginning(&self, name: &str, seen: u32) -> Result<Option<String>, Failure> {
        if let Some(text) = Profile::built_in_text(name) {
            return Ok(if seen == 0 { Some(self.copied(name, text).await?) } else { None });
        }
        let versions = self.services.store().profiles().versions(name).await?;
        let mut versions = versions.into_iter();
        Ok(match seen {
            0 => match versions.next() {
                Some(latest) => Some(self.copied(name, &latest.text).await?),
                None => None,
            },
            seen => versions.find(|version| version.version == seen).map(|version| version.text),
        })
    }

    /// Whether a text is a profile.
    ///
    /// # Errors
    /// `Conflict` `profile-wrong` with `line`, `column` and `message`.
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
    /// that there is; `profile-changed-meanwhile` when there is another version by now.
    pub async fn save(&self, actor: &Actor, draft: &str, text: &str, seen: u32) -> Result<String, Failure> {
        actor.require(Resource::Profiles, if seen == 0 { Action::Write } else { Action::Modify })?;
        check_sizes(draft, text)?;
        let text = lines_of(text);
        let profile = proven(draft, text.clone()).await?;
        if Profile::built_in(&profile.name).is_some() {
            return Err(Failure::conflict("profile-built-in", [("name", profile.name)]));
        }
        let mut transaction = self.services.store().begin_write().await?;
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
        transaction.profiles().remove_draft(actor.user_id, &kept_under(draft, seen == 0)).await?;
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

/// The profile of a name as releases follow it now: the latest version.
pub(crate) async fn find(services: &Services, name: &str) -> Result<Option<Arc<Profile>>, Failure> {
    if let Some(profile) = Profile::built_in(name) {
        return Ok(Some(Arc::new(profile.clone())));
    }
    let latest = services.store().profiles().latest(name).await?;
    Ok(latest.as_ref().and_then(read).map(Arc::new))
}

/// What a draft is kept under. No profile has a name that begins so: a copy and an edit do not share a draft.
fn kept_under(name: &str, is_new: bool) -> String {
    if is_new { format!("+{name}").chars().take(LONGEST_NAME).collect() } else { name.to_owned() }
}

/// What writing a profile asks for.
fn to_write(is_new: bool) -> Action {
    if is_new { Action::Write } else { Action::Modify }
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
    let data = [
        ("line", error.line.to_string()),
        ("column", error.column.to_string()),
        ("message", error.message.lines().next().unwrap_or_default().chars().take(300).collect()),
    ];
    Failure::conflict("profile-wrong", data)
}

/// A form gives every line the end that mail has; kept so, two versions would differ in every line.
fn lines_of(text: &str) -> String {
    text.replace("\r\n", "\n")
}

fn check_sizes(name: &str, text: &str) -> Result<(), Failure> {
    if name.chars().count() > LONGEST_NAME {
        return Err(Failure::invalid("name", "too-long"));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Failure::invalid("text", "too-long"));
    }
    Ok(())
}
