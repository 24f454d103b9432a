//! What leads to a package: the checks, the claim of the name, the job, all in one transaction. And what leads back.

use packer::plan::{Plan, PlannedFile};
use serde_json::json;
use store::{
    Constraint, GroupId, JobId, PackageId, ReleaseId, StoreError, Timestamp, Transaction,
    audit::AuditAction,
    books::Book,
    inbox::InboxState,
    jobs::{JobKind, NewJob},
    releases::{Changed, NameClaim, Status},
};

use super::{
    Releases,
    preview::{free_volume_id, plan_failure},
    stored::{Stored, scheme},
};
use crate::{
    actor::Actor,
    audit::Change,
    failure::{Failure, FailureKind, FieldProblem},
    packages::require_kept,
    permissions::{Action, Resource},
    quotas, request,
    services::Services,
};

/// How often a name is looked at anew when others take names at the same instant.
const MOST_CLAIMS: usize = 5;

/// Why work on a release was given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GivenUp<'a> {
    /// A person stopped it.
    Cancelled,
    /// It failed, with this code.
    Failed(&'a str),
}

impl Releases<'_> {
    pub(super) async fn enqueue_pack(&self, actor: &Actor, id: ReleaseId) -> Result<JobId, Failure> {
        let mut transaction = self.begin_packing(actor, id).await?;
        let release = transaction.releases().lookup(id).await?;
        let release = release.ok_or_else(|| Failure::not_found("release"))?;
        let group = release.group_id;
        let job = enqueue(&mut transaction, self.services, actor, JobKind::Pack, id, group, None).await?;
        let title = &release.listing.title;
        let change = Change::new(AuditAction::Packed, Resource::Releases, id, title)
            .after(json!({ "job": job, "group": group }));
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.services.wake_workers().await;
        Ok(job)
    }

    pub(super) async fn enqueue_verify(&self, actor: &Actor, id: ReleaseId) -> Result<JobId, Failure> {
        let store = self.services.store();
        let release = actor.seen(store.releases().lookup(id).await?)?;
        let packages = store.packages().list_of(id).await?;
        let package = packages.first().ok_or_else(|| not_in_status("not-packed", release.status))?;
        let mut transaction = self.begin_verifying(id, Some(package.id)).await?;
        let group = release.group_id;
        let job = enqueue(&mut transaction, self.services, actor, JobKind::Verify, id, group, Some(package.id)).await?;
        let change = Change::new(AuditAction::Verified, Resource::Releases, id, &package.name);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        self.services.wake_workers().await;
        Ok(job)
    }

    /// Checks that a package is kept, in a transaction that the caller adds its job to and commits: until then it stays.
    pub(crate) async fn begin_verifying(
        &self,
        id: ReleaseId,
        package: Option<PackageId>,
    ) -> Result<Transaction, Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        transaction.releases().hold(id).await?.ok_or_else(|| Failure::not_found("release"))?;
        let package = match package {
            Some(package) => transaction.packages().lookup(package).await?,
            None => None,
        };
        require_kept(package.ok_or_else(|| Failure::not_found("package"))?.files_removed_at.is_none())?;
        Ok(transaction)
    }

    /// Checks that a release can be packed and takes its name, in a transaction that the caller adds its job to and
    /// commits.
    ///
    /// # Errors
    /// `Invalid` with `unknown` on `group` for a group that the person is not in, as when it is chosen; `GroupFull` where
    /// the group may not keep the package, too.
    pub(crate) async fn begin_packing(&self, actor: &Actor, id: ReleaseId) -> Result<Transaction, Failure> {
        actor.require(Resource::Releases, Action::Modify)?;
        for _ in 0..MOST_CLAIMS {
            let stored = Stored::seen_by(self.services, actor, id).await?;
            // Whoever made a release goes on seeing it, but releases nothing in the name of a group they have left.
            if stored.release.group_id.is_some_and(|group| !actor.is_of(group)) {
                return Err(Failure::invalid("group", "unknown"));
            }
            let plan = self.packable(&stored).await?;
            // How long a bag becomes is known when it is written; what it holds is known now.
            let held = |file: &PlannedFile| file.contains.iter().filter_map(|part| part.size).sum::<u64>();
            let bytes = plan.files.iter().map(|file| file.size.unwrap_or_else(|| held(file))).sum();
            let claim = NameClaim { name: plan.name.to_string(), volume_id: plan.volume_id, bytes };
            let mut transaction = self.services.store().begin_write().await?;
            transaction.releases().hold(id).await?.ok_or_else(|| Failure::not_found("release"))?;
            if let Some(group) = stored.release.group_id {
                quotas::claim(&mut transaction, group, bytes).await?;
            }
            let now = self.services.now();
            match transaction.releases().begin_packing(id, stored.release.version, &claim, now).await {
                Ok(Changed::Saved { .. }) => {
                    // A book that somebody packs waits for nobody any more.
                    if transaction.inbox().end_of_release(id, InboxState::Taken, actor.user_id, now).await? {
                        let change = Change::new(AuditAction::Taken, Resource::Books, id, &stored.book.file_name)
                            .after(json!({ "group": stored.release.group_id }));
                        self.services.record(&mut transaction, actor, change).await?;
                    }
                    return Ok(transaction);
                }
                Ok(Changed::Meanwhile { version }) => return Err(changed_meanwhile(version)),
                Ok(Changed::Gone) => return Err(Failure::not_found("release")),
                // Another release took the name or the volume id between the look and here: the next look says which.
                Err(StoreError::Conflict(Constraint::ReleaseName | Constraint::VolumeId)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Failure::new(FailureKind::Unavailable))
    }

    /// Puts a release whose book could not be read back to where its book is being read, in a transaction that the
    /// caller commits.
    pub(crate) async fn begin_inspecting(&self, id: ReleaseId) -> Result<Transaction, Failure> {
        let mut transaction = self.services.store().begin_write().await?;
        let release = transaction.releases().hold(id).await?.ok_or_else(|| Failure::not_found("release"))?;
        if !matches!(release.status, Status::Failed | Status::Inspecting) {
            return Err(not_in_status("job-not-retryable", release.status));
        }
        let (status, now) = (Status::Inspecting, self.services.now());
        transaction.releases().record_inspected(id, release.version, status, None, &release.listing, now).await?;
        Ok(transaction)
    }

    /// The plan of a release, when nothing keeps it from being packed.
    async fn packable(&self, stored: &Stored) -> Result<Plan, Failure> {
        let release = &stored.release;
        if let Some(scheme) = stored.inspection.as_ref().and_then(|inspection| scheme(&inspection.protection)) {
            return Err(Failure::refused("protected", [("scheme", scheme.to_owned())]));
        }
        require_source(&stored.book)?;
        let inspection = stored.inspection.as_ref().filter(|_| is_packable(release.status));
        let inspection = inspection.ok_or_else(|| not_in_status("not-packable", release.status))?;
        let required = [("group", stored.group.is_none()), ("rights", release.rights_basis.is_none())];
        let missing = required.into_iter().filter(|(_, missing)| *missing);
        let problems: Vec<_> =
            missing.map(|(field, _)| FieldProblem { field, code: "required", data: [].into() }).collect();
        if !problems.is_empty() {
            return Err(Failure::new(FailureKind::Invalid(problems)));
        }
        let plan = stored.plan(inspection, stored.profile()?, None).map_err(|error| plan_failure(&error))?;
        if !plan.blocking.is_empty() {
            let codes = plan.blocking.iter().filter_map(|&index| plan.findings.get(index));
            let codes: Vec<&str> = codes.map(|finding| finding.code.as_str()).collect();
            return Err(Failure::conflict("blocked", [("findings", codes.join(" "))]));
        }
        let holder = match &stored.group {
            Some(group) => self.services.store().releases().find_by_name(group.id, &plan.name.to_string()).await?,
            None => None,
        };
        if let Some(holder) = holder.filter(|holder| holder.id != release.id) {
            let data = [("name", plan.name.to_string()), ("release", holder.id.to_string())];
            return Err(Failure::conflict("name-taken", data));
        }
        free_volume_id(self.services, stored, plan).await
    }
}

/// Leads a release back from work that was given up.
pub(crate) async fn give_up(
    transaction: &mut Transaction,
    kind: JobKind,
    id: ReleaseId,
    why: GivenUp<'_>,
    now: Timestamp,
) -> Result<(), Failure> {
    match kind {
        JobKind::Verify => {}
        JobKind::Pack => {
            let (status, refusal) = match why {
                GivenUp::Cancelled => (Status::Draft, None),
                GivenUp::Failed(code) => (Status::Failed, Some(code)),
            };
            transaction.releases().give_up_packing(id, status, refusal, now).await?;
        }
        JobKind::Inspect => {
            let release = transaction.releases().hold(id).await?;
            // One that was refused or begun anew meanwhile has gone on without this work.
            let Some(release) = release.filter(|release| release.status == Status::Inspecting) else { return Ok(()) };
            let code = match why {
                GivenUp::Cancelled => "cancelled",
                GivenUp::Failed(code) => code,
            };
            let (status, listing) = (Status::Failed, &release.listing);
            let releases = transaction.releases();
            releases.record_inspected(id, release.version, status, Some(code), listing, now).await?;
        }
    }
    Ok(())
}

async fn enqueue(
    transaction: &mut Transaction,
    services: &Services,
    actor: &Actor,
    kind: JobKind,
    release: ReleaseId,
    group: Option<GroupId>,
    package: Option<PackageId>,
) -> Result<JobId, Failure> {
    let now = services.now();
    let job = NewJob {
        id: JobId::new(now, rand::random()),
        kind,
        release_id: Some(release),
        package_id: package,
        group_id: group,
        run_after: now,
        created_by: Some(actor.user_id),
        request_id: request::id(),
    };
    transaction.jobs().enqueue(&job, now).await?;
    Ok(job.id)
}

/// Refuses to begin what needs a source that is no longer kept.
pub(super) fn require_source(book: &Book) -> Result<(), Failure> {
    match book.source_removed_at {
        Some(_) => Err(Failure::conflict("source-removed", [])),
        None => Ok(()),
    }
}

/// True when a release in this status can be changed and packed.
pub(super) fn is_packable(status: Status) -> bool {
    matches!(status, Status::Draft | Status::Failed)
}

pub(super) fn not_in_status(code: &'static str, status: Status) -> Failure {
    Failure::conflict(code, [("status", status.word().to_owned())])
}

pub(super) fn changed_meanwhile(version: i64) -> Failure {
    Failure::conflict("changed-meanwhile", [("version", version.to_string())])
}
