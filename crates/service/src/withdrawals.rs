//! Withdrawing a release: it stays where it was, says so with a reason, and its package is no longer offered, until
//! somebody takes that back.

use serde_json::json;
pub use store::withdrawals::Withdrawal;
use store::{ReleaseId, StoreError, audit::AuditAction, releases::Release};

use crate::{
    actor::Actor,
    audit::Change,
    events::{Event, Topic},
    failure::{Data, Failure, FailureKind, FieldProblem},
    permissions::{Action, Resource},
    services::Services,
};

/// The most characters of a reason: a paragraph.
pub const LONGEST_REASON: usize = 500;

/// The use cases of withdrawals.
#[derive(Debug, Clone, Copy)]
pub struct Withdrawals<'a> {
    pub(crate) services: &'a Services,
}

impl Withdrawals<'_> {
    /// Withdraws a packed release. Everybody who sees it reads the reason, and so does whoever has its verify link.
    ///
    /// # Errors
    /// `Invalid` on `reason` (`required`, `too-long`, each with `longest` and `present`, in characters); `Conflict`
    /// `not-packed` or `already-withdrawn`; `Forbidden` for somebody who is not in its group.
    pub async fn withdraw(&self, actor: &Actor, id: ReleaseId, reason: &str) -> Result<(), Failure> {
        actor.require(Resource::Releases, Action::Modify)?;
        let mut transaction = self.services.store().begin_write().await?;
        let release = of_own_group(actor, transaction.releases().hold(id).await?)?;
        let reason = checked(reason)?;
        if transaction.packages().list_of(id).await?.is_empty() {
            return Err(Failure::conflict("not-packed", [("status", release.status.word().to_owned())]));
        }
        let withdrawn_at = self.services.now();
        let (reason, withdrawn_by) = (reason.as_str(), actor.user_id);
        let new = store::withdrawals::NewWithdrawal { release_id: id, reason, withdrawn_by, withdrawn_at };
        match transaction.withdrawals().add(&new).await {
            Err(StoreError::Conflict(_)) => return Err(Failure::conflict("already-withdrawn", [])),
            other => other?,
        }
        let change = Change::new(AuditAction::Changed, Resource::Releases, id, name(&release))
            .between(json!({ "withdrawn": null }), json!({ "withdrawn": reason }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.services.events().tell(Event::of(Topic::Release, id)).await;
        Ok(())
    }

    /// Offers a withdrawn release again.
    ///
    /// # Errors
    /// `Conflict` `not-withdrawn`; `Forbidden` for somebody who is not in its group.
    pub async fn take_back(&self, actor: &Actor, id: ReleaseId) -> Result<(), Failure> {
        actor.require(Resource::Releases, Action::Modify)?;
        let mut transaction = self.services.store().begin_write().await?;
        let release = of_own_group(actor, transaction.releases().hold(id).await?)?;
        let Some(before) = transaction.withdrawals().of_release(id).await? else {
            return Err(Failure::conflict("not-withdrawn", []));
        };
        transaction.withdrawals().remove(id).await?;
        let change = Change::new(AuditAction::Changed, Resource::Releases, id, name(&release))
            .between(json!({ "withdrawn": before.reason }), json!({ "withdrawn": null }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.services.events().tell(Event::of(Topic::Release, id)).await;
        Ok(())
    }
}

/// Refuses to give away what is withdrawn.
pub(crate) async fn require_offered(services: &Services, id: ReleaseId) -> Result<(), Failure> {
    match services.store().withdrawals().of_release(id).await? {
        Some(_) => Err(Failure::conflict("withdrawn", [("release", id.to_string())])),
        None => Ok(()),
    }
}

/// The release, for somebody who sees it and speaks for its group: whoever made it goes on seeing it when they have left.
fn of_own_group(actor: &Actor, release: Option<Release>) -> Result<Release, Failure> {
    let release = actor.seen(release)?;
    if release.group_id.is_some_and(|group| !actor.is_of(group)) {
        return Err(Failure::new(FailureKind::Forbidden));
    }
    Ok(release)
}

fn name(release: &Release) -> &str {
    release.name.as_ref().unwrap_or(&release.listing.title)
}

/// A reason as it is kept. A form ends its lines as mail does; here, as where it was typed, an end is one character.
fn checked(reason: &str) -> Result<String, Failure> {
    let reason = reason.replace("\r\n", "\n").trim().to_owned();
    let present = reason.chars().count();
    let code = match present {
        0 => "required",
        1..=LONGEST_REASON => return Ok(reason),
        _ => "too-long",
    };
    let data = Data::from([("longest", LONGEST_REASON.to_string()), ("present", present.to_string())]);
    Err(Failure::new(FailureKind::Invalid(vec![FieldProblem { field: "reason", code, data }])))
}
