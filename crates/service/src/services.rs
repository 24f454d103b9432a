//! Everything together.

use std::sync::Arc;

use bytes::Bytes;
use cache::{Cache, CacheError, Clock};
use store::{AuditIds, Store, Timestamp};
use tokio::sync::{Notify, watch};

use crate::{
    accounts::{Accounts, Passwords},
    audit::Audit,
    blobs::Blobs,
    events::Events,
    groups::Groups,
    health::HealthCheck,
    house::House,
    housekeeping::Housekeeping,
    inbox::Inbox,
    jobs::Jobs,
    letters::Letters,
    packages::Packages,
    profiles::Profiles,
    quotas::Quotas,
    releases::{Inspections, Releases, Standings},
    roles::Roles,
    settings::Settings,
    uploads::Uploads,
    verify_links::VerifyLinks,
    views::Views,
    withdrawals::Withdrawals,
    worker,
};

/// The door to every use case. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    pub(crate) inner: Arc<Inner>,
    /// The database, as this caller may read it.
    store: Store,
}

/// What every use case can reach.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) blobs: Blobs,
    pub(crate) cache: Cache,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) audit_ids: AuditIds,
    pub(crate) passwords: Passwords,
    pub(crate) inspections: Inspections,
    pub(crate) standings: Standings,
    pub(crate) new_jobs: Notify,
    pub(crate) new_letters: Notify,
    /// How many times a running job was asked to stop: workers of this node look at once.
    pub(crate) cancellations: watch::Sender<u64>,
}

impl Services {
    /// Connections to the database that are open, and those of them that nobody uses at the moment.
    pub fn database_connections(&self) -> (u32, usize) {
        self.store().connections()
    }

    /// What the cache knows under a key, counted as found or not.
    pub(crate) async fn remembered(&self, key: &str) -> Result<Option<Bytes>, CacheError> {
        let found = self.inner.cache.values.get(key).await;
        let result = if matches!(found, Ok(Some(_))) { "hit" } else { "miss" };
        metrics::counter!("cache_lookups_total", "result" => result).increment(1);
        found
    }

    /// Puts the parts together. Nothing is read or written yet.
    pub fn new(store: Store, blobs: Blobs, cache: Cache, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let (passwords, inspections, standings) = (Passwords::default(), Inspections::default(), Standings::default());
        let (new_jobs, new_letters, cancellations) = (Notify::new(), Notify::new(), watch::Sender::new(0));
        let audit_ids = AuditIds::default();
        let inner = Inner {
            blobs,
            cache,
            settings,
            clock,
            audit_ids,
            passwords,
            inspections,
            standings,
            new_jobs,
            new_letters,
            cancellations,
        };
        Self { inner: Arc::new(inner), store }
    }

    /// The same use cases for who may be answered with what was true a few seconds ago.
    pub(crate) fn allowing_lag(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), store: self.store.allowing_lag() }
    }

    /// Tells the workers of every node that there is work.
    pub(crate) async fn wake_workers(&self) {
        self.inner.new_jobs.notify_one();
        self.ring(worker::WAKE).await;
    }

    /// Tells the workers of every node that a running job is to stop.
    pub(crate) async fn stop_jobs(&self) {
        self.inner.cancellations.send_modify(|count| *count += 1);
        self.ring(worker::STOP).await;
    }

    async fn ring(&self, message: &'static [u8]) {
        let rung = self.inner.cache.bell.ring(worker::CHANNEL, Bytes::from_static(message)).await;
        if let Err(error) = rung {
            tracing::debug!(%error, "other nodes look for themselves, within a second");
        }
    }

    /// People and sessions.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { services: self }
    }

    /// Roles.
    pub fn roles(&self) -> Roles<'_> {
        Roles { services: self }
    }

    /// What was changed by whom.
    pub fn audit(&self) -> Audit<'_> {
        Audit { services: self }
    }

    /// Letters that are to be sent.
    pub fn letters(&self) -> Letters<'_> {
        Letters { services: self }
    }

    /// Books that contributors sent in.
    pub fn inbox(&self) -> Inbox<'_> {
        Inbox { services: self }
    }

    /// Groups.
    pub fn groups(&self) -> Groups<'_> {
        Groups { services: self }
    }

    /// How many bytes groups keep, and may keep.
    pub fn quotas(&self) -> Quotas<'_> {
        Quotas { services: self }
    }

    /// Views of the catalogue that people keep.
    pub fn views(&self) -> Views<'_> {
        Views { services: self }
    }

    /// Books on their way in.
    pub fn uploads(&self) -> Uploads<'_> {
        Uploads { services: self }
    }

    /// Releases.
    pub fn releases(&self) -> Releases<'_> {
        Releases { services: self }
    }

    /// Packages and their files.
    pub fn packages(&self) -> Packages<'_> {
        Packages { services: self }
    }

    /// Slow work.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs { services: self }
    }

    /// What is changing.
    pub fn events(&self) -> Events<'_> {
        Events { services: self }
    }

    /// The rules that releases can follow.
    pub fn profiles(&self) -> Profiles<'_> {
        Profiles { services: self }
    }

    /// How the node is.
    pub fn health(&self) -> HealthCheck<'_> {
        HealthCheck { services: self }
    }

    /// What has to be thrown away from time to time.
    pub fn housekeeping(&self) -> Housekeeping<'_> {
        Housekeeping { services: self }
    }

    /// Links with which anybody compares a package with what was released.
    pub fn verify_links(&self) -> VerifyLinks<'_> {
        VerifyLinks { services: self }
    }

    /// Releases whose package is no longer offered.
    pub fn withdrawals(&self) -> Withdrawals<'_> {
        Withdrawals { services: self }
    }

    /// What the house decides for itself.
    pub fn house(&self) -> House<'_> {
        House { services: self }
    }

    /// The settings that it was made with.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.inner.clock.now_ms())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }
}
