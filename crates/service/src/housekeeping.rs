//! What is thrown away from time to time: abandoned uploads, ended sessions and jobs, profiles that
//! somebody left unfinished, sources and packages that are kept for so long only, blobs that nobody needs.

use std::{error::Error as _, time::Duration};

use futures::TryStreamExt;
use packer::hash::Sha256;
use serde::Serialize;
use store::{Timestamp, UploadId};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{failure::Failure, old_packages, profiles::DRAFT_DAYS, services::Services, sources};

/// Between two rounds.
const ROUND: Duration = Duration::from_hours(1);
/// How long sessions stay that have run out: for whoever asks what happened.
const ENDED_SESSIONS: Duration = Duration::from_hours(30 * 24);
/// How long a profile stays that somebody began to write and left.
const LEFT_DRAFTS: Duration = Duration::from_hours(DRAFT_DAYS * 24);
/// How long bytes without a row are left alone: longer than anything takes from the bytes to the row.
const YOUNG: Duration = Duration::from_hours(24);

/// What one round threw away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    /// Uploads that nobody went on with.
    pub uploads: u64,
    /// Sessions past their time.
    pub sessions: u64,
    /// Links for a new password that have run out.
    pub links: u64,
    /// Jobs that ended long ago.
    pub jobs: u64,
    /// Entries of the audit log that are too old.
    pub audit: u64,
    /// Profiles that somebody began to write and left.
    pub drafts: u64,
    /// Sources of releases that were packed long ago.
    pub sources: u64,
    /// Packages that were made long ago.
    pub packages: u64,
    /// Blobs that nobody needs.
    pub blobs: u64,
}

/// The use cases of housekeeping.
#[derive(Debug, Clone, Copy)]
pub struct Housekeeping<'a> {
    pub(crate) services: &'a Services,
}

impl Housekeeping<'_> {
    /// One round.
    pub async fn sweep(&self) -> Result<Swept, Failure> {
        let uploads = self.services.uploads().collect_abandoned().await?;
        let keeping = self.services.keeping().await?;
        let mut transaction = self.services.store().begin_write().await?;
        let now = self.services.now();
        let sessions = transaction.sessions().delete_expired(now.before(ENDED_SESSIONS)).await?;
        let links = transaction.reset_links().delete_expired(now).await?
            + transaction.email_links().delete_expired(now).await?;
        let jobs = transaction.jobs().delete_ended(now.before(keeping.jobs())).await?;
        let audit = transaction.audit().delete_before(now.before(keeping.audit())).await?;
        let drafts = transaction.profiles().delete_drafts_before(now.before(LEFT_DRAFTS)).await?;
        transaction.commit().await?;
        let sources = sources::remove_old(self.services, &keeping).await?;
        let packages = old_packages::remove_old(self.services, &keeping).await?;
        let blobs = self.sweep_named().await? + self.sweep_unnamed().await?;
        Ok(Swept { uploads, sessions, links, jobs, audit, drafts, sources, packages, blobs })
    }

    /// A round now and every hour, until told to stop, which breaks a round off. A round that fails is logged, and the next one tries again.
    pub async fn run(&self, shutdown: CancellationToken) {
        let mut rounds = tokio::time::interval(ROUND);
        rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = rounds.tick() => {}
            }
            // Each step may break off anywhere, and the next round does the rest.
            let swept = tokio::select! {
                () = shutdown.cancelled() => return,
                swept = self.sweep() => swept,
            };
            match swept {
                Ok(swept) => tracing::info!(?swept, "housekeeping is done"),
                Err(error) => {
                    let cause = error.source().map(ToString::to_string);
                    tracing::error!(%error, cause, "housekeeping failed");
                }
            }
        }
    }

    /// Blobs that lost the race between being stored and being referred to, or whose removal broke off, those of refused
    /// books included.
    async fn sweep_named(&self) -> Result<u64, Failure> {
        let blobs = self.services.blobs();
        let mut stored = blobs.list("sha256/").await?;
        let mut count = 0;
        while let Some(stored) = stored.try_next().await? {
            let hash = stored.key.rsplit('/').next().unwrap_or_default().parse::<Sha256>();
            let Some(hash) = hash.ok().filter(|_| self.is_old(stored.written_at)) else { continue };
            if self.services.store().blobs().is_needed(&hash).await? {
                continue;
            }
            let removing = blobs.begin_removing(self.services.store()).await?;
            // Meanwhile somebody may have stored the same bytes again.
            if !self.services.store().blobs().is_needed(&hash).await? {
                blobs.remove(&removing, &hash).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    /// What was being written when its process ended, and parts of uploads that no row knows of.
    async fn sweep_unnamed(&self) -> Result<u64, Failure> {
        let blobs = self.services.blobs();
        let mut count = 0;
        let mut stored = blobs.list("incoming/").await?;
        while let Some(stored) = stored.try_next().await? {
            if self.is_old(stored.written_at) {
                blobs.remove_key(&stored.key).await?;
                count += 1;
            }
        }
        let mut stored = blobs.list("uploads/").await?;
        while let Some(stored) = stored.try_next().await? {
            let id = stored.key.split('/').nth(1).and_then(|id| id.parse::<UploadId>().ok());
            let Some(id) = id.filter(|_| self.is_old(stored.written_at)) else { continue };
            if self.services.store().uploads().lookup(id).await?.is_none() {
                blobs.remove_key(&stored.key).await?;
                count += 1;
            }
        }
        Ok(count)
    }

    fn is_old(self, written_at: Option<Timestamp>) -> bool {
        written_at.is_some_and(|at| self.services.now().since(at) > YOUNG)
    }
}
