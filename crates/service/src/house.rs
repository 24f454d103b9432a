//! What the house decides for itself: how long things are kept. Everything else the process is told at its start.

use std::{collections::BTreeMap, time::Duration};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{audit::AuditAction, old_packages::PackageCount, sources::SourceCount, users::Role};

use crate::{
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind, FieldProblem},
    permissions::{Action, Resource},
    services::Services,
    settings::Told,
};

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// How long what is kept, each between the limits that [`Keeping::LIMITS`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeping {
    /// Hours that an upload may lie untouched before it is thrown away.
    pub upload_hours: u32,
    /// Days that a job stays with its log after it ended.
    pub job_days: u32,
    /// Days that an entry of the audit log stays.
    pub audit_days: u32,
    /// Days that the source of a release stays after it was packed; 0 for as long as nobody deletes it.
    pub source_days: u32,
    /// Days that a package stays after it was made; 0 for as long as nobody deletes it.
    pub package_days: u32,
}

impl Default for Keeping {
    fn default() -> Self {
        Self { upload_hours: 24, job_days: 90, audit_days: 730, source_days: 0, package_days: 0 }
    }
}

impl Keeping {
    /// Each value by its name, with the least and the most. An upload must outlast a night's sleep of a laptop, and what was
    /// changed by whom the question that is asked a month later.
    pub const LIMITS: [(&'static str, u32, u32); 5] = [
        ("source_days", 1, 3_650),
        ("package_days", 1, 3_650),
        ("upload_hours", 1, 720),
        ("job_days", 1, 3_650),
        ("audit_days", 30, 3_650),
    ];

    /// True for what stays until somebody deletes it where its value is 0, besides the values between its limits.
    pub fn may_stay(name: &str) -> bool {
        matches!(name, "source_days" | "package_days")
    }

    /// The value of a name of [`Keeping::LIMITS`].
    pub fn get(&self, name: &str) -> u32 {
        match name {
            "source_days" => self.source_days,
            "package_days" => self.package_days,
            "upload_hours" => self.upload_hours,
            "job_days" => self.job_days,
            _ => self.audit_days,
        }
    }

    /// True when a change from `before` to this throws away what was changed by whom earlier than before.
    pub fn asks_for_password(&self, before: &Self) -> bool {
        self.audit_days < before.audit_days
    }

    pub(crate) fn uploads(&self) -> Duration {
        HOUR * self.upload_hours
    }

    pub(crate) fn jobs(&self) -> Duration {
        DAY * self.job_days
    }

    pub(crate) fn audit(&self) -> Duration {
        DAY * self.audit_days
    }

    /// How long sources are kept, when not until somebody deletes them.
    pub(crate) fn sources(&self) -> Option<Duration> {
        (self.source_days > 0).then(|| DAY * self.source_days)
    }

    /// How long packages are kept, when not until somebody deletes them.
    pub(crate) fn packages(&self) -> Option<Duration> {
        (self.package_days > 0).then(|| DAY * self.package_days)
    }

    /// True where a value lies between its limits, or says that a thing stays that may.
    fn fits(name: &str, value: u32) -> bool {
        let between = |(known, least, most): &(&str, u32, u32)| *known == name && (*least..=*most).contains(&value);
        (value == 0 && Self::may_stay(name)) || Self::LIMITS.iter().any(between)
    }

    /// What is stored; a value that is not, or that a later version no longer takes, is the product's.
    fn of(stored: &BTreeMap<String, u32>) -> Self {
        let usual = Self::default();
        let value = |name: &str| {
            stored.get(name).copied().filter(|value| Self::fits(name, *value)).unwrap_or_else(|| usual.get(name))
        };
        Self {
            upload_hours: value("upload_hours"),
            job_days: value("job_days"),
            audit_days: value("audit_days"),
            source_days: value("source_days"),
            package_days: value("package_days"),
        }
    }

    fn problems(&self) -> Vec<FieldProblem> {
        let wrong = Self::LIMITS.into_iter().filter(|(name, ..)| !Self::fits(name, self.get(name)));
        wrong
            .map(|(field, least, most)| FieldProblem {
                field,
                code: "not-between",
                data: [("least", least.to_string()), ("most", most.to_string())].into(),
            })
            .collect()
    }
}

/// What the next round of housekeeping throws away under a way of keeping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Outlook {
    /// Jobs with their logs.
    pub jobs: u64,
    /// Entries of the audit log.
    pub audit: u64,
    /// Sources of packed releases.
    pub sources: u64,
    /// The bytes of those.
    pub source_bytes: u64,
    /// Packages.
    pub packages: u64,
    /// The bytes of those.
    pub package_bytes: u64,
}

/// The use cases of the house's settings.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    pub(crate) services: &'a Services,
}

impl House<'_> {
    /// How long what is kept now.
    pub async fn keeping(&self, actor: &Actor) -> Result<Keeping, Failure> {
        actor.require(Resource::Settings, Action::Read)?;
        self.services.keeping().await
    }

    /// What would go under another way of keeping, before anybody decides.
    ///
    /// # Errors
    /// `Invalid` with `not-between` on each value that is out of its limits.
    pub async fn outlook(&self, actor: &Actor, keeping: &Keeping) -> Result<Outlook, Failure> {
        actor.require(Resource::Settings, Action::Read)?;
        check(keeping)?;
        let (store, now) = (self.services.store(), self.services.now());
        let sources = match keeping.sources() {
            Some(kept) => store.books().count_unneeded_sources(now.before(kept)).await?,
            None => SourceCount::default(),
        };
        let packages = match keeping.packages() {
            Some(kept) => store.packages().count_old(now.before(kept)).await?,
            None => PackageCount::default(),
        };
        Ok(Outlook {
            sources: sources.sources,
            source_bytes: sources.bytes,
            packages: packages.packages,
            package_bytes: packages.bytes,
            jobs: store.jobs().count_ended(now.before(keeping.jobs())).await?,
            audit: store.audit().count_before(now.before(keeping.audit())).await?,
        })
    }

    /// Keeps from now on as it says. `seen` is what the person saw before. A shorter time for the audit log asks for the
    /// password of the person (`current`): nobody at an open session of theirs throws away what it says of them.
    ///
    /// # Errors
    /// `Invalid` with `not-between`, or on `current` (`wrong`); `Busy`; `Conflict` `settings-changed-meanwhile`; `Forbidden`
    /// with a personal token.
    pub async fn change(
        &self,
        actor: &Actor,
        seen: &Keeping,
        keeping: &Keeping,
        current: &SecretString,
    ) -> Result<(), Failure> {
        actor.require(Resource::Settings, Action::Modify)?;
        // A shorter time throws entries of the audit log away: whoever finds a token covers no tracks with it.
        actor.session()?;
        check(keeping)?;
        // What was seen is what is there, or nothing is changed.
        if keeping.asks_for_password(seen) {
            self.services.accounts().require_password(actor, current).await?;
        }
        let mut transaction = self.services.store().begin_write().await?;
        // A setting that nobody has changed has no row that could be held, and an administrator there always is: of two
        // who change settings at once the second sees what the first has changed.
        transaction.users().hold_active_with_role(&Role::ADMIN).await?;
        let before = Keeping::of(&transaction.house_settings().all().await?);
        if before != *seen {
            return Err(Failure::conflict("settings-changed-meanwhile", []));
        }
        let now = self.services.now();
        for (name, ..) in Keeping::LIMITS.into_iter().filter(|(name, ..)| before.get(name) != keeping.get(name)) {
            transaction.house_settings().put(name, keeping.get(name), now).await?;
        }
        let change = Change::new(AuditAction::Changed, Resource::Settings, "keeping", "keeping")
            .between(json!(before), json!(keeping));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(())
    }

    /// Every variable of the environment, with what this process was told. No secret is among it.
    pub fn told(&self, actor: &Actor) -> Result<&[Told], Failure> {
        actor.require(Resource::Settings, Action::Read)?;
        Ok(&self.services.settings().told)
    }
}

impl Services {
    /// How long what is kept.
    pub(crate) async fn keeping(&self) -> Result<Keeping, Failure> {
        Ok(Keeping::of(&self.store().house_settings().all().await?))
    }
}

fn check(keeping: &Keeping) -> Result<(), Failure> {
    let problems = keeping.problems();
    if problems.is_empty() { Ok(()) } else { Err(Failure::new(FailureKind::Invalid(problems))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_and_no_longer_taken_is_the_products() {
        let stored = [("upload_hours", 48), ("job_days", 0), ("source_days", 4_000), ("unknown", 7)];
        let stored = stored.map(|(name, number)| (name.to_owned(), number)).into();
        assert_eq!(Keeping::of(&stored), Keeping { upload_hours: 48, ..Keeping::default() });
        assert_eq!(Keeping::of(&[("source_days".to_owned(), 0)].into()), Keeping::default());
        assert_eq!(Keeping::default().problems(), []);
        assert_eq!(Keeping { source_days: 3_651, ..Keeping::default() }.problems()[0].field, "source_days");
        assert_eq!(Keeping { audit_days: 1, ..Keeping::default() }.problems()[0].field, "audit_days");
    }
}
