//! What is changing, as it changes.

use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};

use crate::{actor::Actor, failure::Failure, jobs::Progress, services::Services};

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// A release was made, changed or deleted.
    Release,
    /// A job moved on.
    Job,
    /// An upload moved on.
    Upload,
    /// A group was made.
    Group,
    /// Some events were lost: read everything that is shown again. `id` is empty.
    Lost,
}

/// Something changed. A hint, not a record: what it says may be outdated when it is heard, and it may be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// What it is about.
    pub topic: Topic,
    /// The id of the release, job or upload.
    pub id: String,
    /// The release that a job or a finished upload belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<String>,
    /// The release's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The state or status now; `deleted` when it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// What a job is at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// How far it is, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<Progress>,
}

/// The use cases of events.
#[derive(Debug, Clone, Copy)]
pub struct Events<'a> {
    pub(crate) services: &'a Services,
}

impl Events<'_> {
    /// Everything that changes from now on and that the person may see. Who is slow misses events and is told so by
    /// one of topic `lost`. Others' uploads are not told.
    pub async fn subscribe(&self, actor: &Actor) -> Result<BoxStream<'static, Event>, Failure> {
        unavailable!(self, actor)
    }
}
