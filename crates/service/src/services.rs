//! Everything together.

use std::sync::Arc;

use cache::{Cache, Clock};
use store::{Store, Timestamp};
use tokio::sync::{Notify, watch};

use crate::{
    accounts::{Accounts, Passwords},
    blobs::Blobs,
    events::Events,
    groups::Groups,
    health::HealthCheck,
    housekeeping::Housekeeping,
    jobs::Jobs,
    packages::Packages,
    profiles::Profiles,
    releases::{Inspections, Releases},
    settings::Settings,
    uploads::Uploads,
    views::Views,
};

/// The door to every use case. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Services {
    pub(crate) inner: Arc<Inner>,
}

/// What every use case can reach.
#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) blobs: Blobs,
    pub(crate) cache: Cache,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) passwords: Passwords,
    pub(crate) inspections: Inspections,
    pub(crate) new_jobs: Notify,
    /// How many times a running job was asked to stop: workers of this node look at once.
    pub(crate) cancellations: watch::Sender<u64>,
}

impl Services {
    /// Puts the parts together. Nothing is read or written yet.
    pub fn new(store: Store, blobs: Blobs, cache: Cache, settings: Settings, clock: Arc<dyn Clock>) -> Self {
        let (passwords, inspections) = (Passwords::default(), Inspections::default());
        let (new_jobs, cancellations) = (Notify::new(), watch::Sender::new(0));
        let inner = Inner { store, blobs, cache, settings, clock, passwords, inspections, new_jobs, cancellations };
        Self { inner: Arc::new(inner) }
    }

    /// People and sessions.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts { services: self }
    }

    /// Groups.
    pub fn groups(&self) -> Groups<'_> {
        Groups { services: self }
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

    /// The settings that it was made with.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp(self.inner.clock.now_ms())
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn blobs(&self) -> &Blobs {
        &self.inner.blobs
    }
}
