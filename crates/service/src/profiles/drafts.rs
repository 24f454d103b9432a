//! What somebody is writing for a profile and has not saved.

use packer::profile::Profile;
use serde::Serialize;
use store::profiles::ProfileDraft;

use super::{LONGEST_NAME, Profiles, check_sizes, deletion, lines_of};
use crate::{
    actor::Actor,
    failure::Failure,
    permissions::{Action, Resource},
};

/// The most drafts of one person: more than anybody goes on with, and a list of them that can still be read. Each copy that
/// somebody begins is one, so there would be no end of them; one more takes the place of the one that was left longest.
pub const MOST_DRAFTS: usize = 50;
/// Days that a draft is kept after the last key: what was left for a season is not gone on with.
pub const DRAFT_DAYS: u64 = 90;

/// The most characters of what tells two copies of one profile apart.
pub(super) const LONGEST_COPY: usize = 8;

/// Something that was begun and is not saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsaved {
    /// The draft's name: the profile that it is a version of; or the one that it is a copy of, with a mark of its own behind
    /// a tilde where there may be several copies.
    pub draft: String,
    /// The profile.
    pub profile: String,
    /// True for a copy, which is to be a profile of its own.
    pub is_new: bool,
}

impl Profiles<'_> {
    /// What one is writing and has not saved, the last first.
    pub async fn drafts(&self, actor: &Actor) -> Result<Vec<Unsaved>, Failure> {
        actor.require(Resource::Profiles, Action::Read)?;
        let keys = self.services.store().profiles().drafts_of(actor.user_id).await?;
        Ok(keys.iter().map(|key| unsaved(key)).collect())
    }

    /// What one was writing for a profile and did not save; with `is_new`, for a copy of it that is to be a new one.
    pub async fn draft(&self, actor: &Actor, name: &str, is_new: bool) -> Result<Option<ProfileDraft>, Failure> {
        actor.require(Resource::Profiles, to_write(is_new))?;
        Ok(self.services.store().profiles().draft(actor.user_id, &kept_under(name, is_new)).await?)
    }

    /// Keeps what one is writing, whatever is wrong with it. `seen` is the version that it was begun from, 0 for a new
    /// profile that is a copy of this one. A text that is still what it was begun from is no draft. At most [`MOST_DRAFTS`]
    /// of one person are kept.
    ///
    /// # Errors
    /// `Invalid` on `name` or `text`; `Conflict` `profile-deleted` for the next version of a profile that is deleted.
    pub async fn keep_draft(&self, actor: &Actor, name: &str, text: &str, seen: u32) -> Result<(), Failure> {
        let is_new = seen == 0;
        actor.require(Resource::Profiles, to_write(is_new))?;
        check_sizes(name, text)?;
        let draft = ProfileDraft { text: lines_of(text), seen };
        let is_unchanged =
            self.beginning(name, seen).await?.is_some_and(|text| text.trim_end() == draft.text.trim_end());
        let key = kept_under(name, is_new);
        let mut transaction = self.services.store().begin_write().await?;
        if !is_new {
            // A deletion takes the drafts with it: the next key must not bring one back.
            deletion::require_there(&mut transaction, &key).await?;
        }
        if is_unchanged {
            transaction.profiles().remove_draft(actor.user_id, &key).await?;
        } else {
            transaction.profiles().put_draft(actor.user_id, &key, &draft, self.services.now()).await?;
            let kept = transaction.profiles().drafts_of(actor.user_id).await?;
            for left in kept.iter().filter(|one| **one != key).skip(MOST_DRAFTS - 1) {
                transaction.profiles().remove_draft(actor.user_id, left).await?;
            }
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

    /// The text that a draft was begun from; nothing when it is no longer there.
    async fn beginning(&self, name: &str, seen: u32) -> Result<Option<String>, Failure> {
        let (name, _) = parts(name);
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
}

/// The profile that a draft is of, and what tells it from other copies of that; nothing where there is one.
pub(super) fn parts(draft: &str) -> (&str, &str) {
    draft.split_once('~').unwrap_or((draft, ""))
}

/// What a draft is kept under. No profile has a name that begins so: a copy and an edit do not share a draft, and no two
/// copies that are told apart.
pub(super) fn kept_under(draft: &str, is_new: bool) -> String {
    let (profile, copy) = parts(draft);
    let key = match (is_new, copy) {
        (false, _) => return profile.to_owned(),
        (true, "") => format!("+{profile}"),
        (true, copy) => format!("+{copy}+{profile}"),
    };
    key.chars().take(LONGEST_NAME).collect()
}

/// What is kept under a key.
fn unsaved(key: &str) -> Unsaved {
    let Some(rest) = key.strip_prefix('+') else {
        return Unsaved { draft: key.to_owned(), profile: key.to_owned(), is_new: false };
    };
    let (copy, profile) = rest.split_once('+').unwrap_or(("", rest));
    let draft = if copy.is_empty() { profile.to_owned() } else { format!("{profile}~{copy}") };
    Unsaved { draft, profile: profile.to_owned(), is_new: true }
}

/// What writing a profile asks for.
fn to_write(is_new: bool) -> Action {
    if is_new { Action::Write } else { Action::Modify }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_copies_and_an_edit_are_kept_apart_and_found_again() {
        for (draft, is_new) in [("plain", false), ("plain", true), ("plain~1a2b3c", true)] {
            let found = unsaved(&kept_under(draft, is_new));
            assert_eq!((found.draft.as_str(), found.profile.as_str(), found.is_new), (draft, "plain", is_new));
        }
        assert_ne!(kept_under("plain~1", true), kept_under("plain~2", true));
        let longest = "a".repeat(LONGEST_NAME);
        assert_eq!(kept_under(&format!("{longest}~12345678"), true).chars().count(), LONGEST_NAME);
    }
}
