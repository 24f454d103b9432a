//! What is changing, as it changes.

use std::time::Duration;

use cache::Ring;
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use serde::{Deserialize, Serialize};
use store::{ReleaseId, Timestamp, UserId};

use crate::{
    actor::Actor,
    failure::{Failure, FailureKind},
    jobs::Progress,
    permissions::{Action, Resource},
    services::Services,
};

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

impl Event {
    pub(crate) fn of(topic: Topic, id: impl Into<String>) -> Self {
        Self { topic, id: id.into(), release: None, version: None, state: None, stage: None, progress: None }
    }

    pub(crate) fn with_state(mut self, state: &str) -> Self {
        self.state = Some(state.to_owned());
        self
    }

    pub(crate) fn with_release(mut self, release: Option<ReleaseId>) -> Self {
        self.release = release.map(|release| release.to_string());
        self
    }
}

/// An event on its way, with whom it is for.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    /// Nobody in particular: everybody.
    only: Option<UserId>,
    event: Event,
}

/// The channel of the bell.
const CHANNEL: &str = "events";

/// How often it is asked whether somebody who listens still may: as long as a session is not looked up again.
const ASKED_EVERY: Duration = Duration::from_mins(1);

/// The use cases of events.
#[derive(Debug, Clone, Copy)]
pub struct Events<'a> {
    pub(crate) services: &'a Services,
}

impl Events<'_> {
    /// Everything that changes from now on and that the person may see. Who is slow misses events and is told so by
    /// one of topic `lost`. Others' uploads are not told.
    /// It ends within a minute and a little once the session or the token has ended, or no longer allows it.
    #[expect(clippy::unused_async, reason = "with Redis it waits until it listens")]
    pub async fn subscribe(&self, actor: &Actor) -> Result<BoxStream<'static, Event>, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let user = actor.user_id;
        let rings = self.services.inner.cache.bell.listen(CHANNEL);
        let rings = rings.map(move |ring| heard(&ring, user));
        // Where nothing happens it is asked, too, whether whoever listens still may.
        let ticks = stream::unfold(tokio::time::interval(ASKED_EVERY / 4), |mut ticks| async {
            ticks.tick().await;
            Some((None, ticks))
        });
        let listener = Listener {
            services: self.services.clone(),
            actor: actor.clone(),
            asked_at: self.services.now(),
            heard: stream::select(rings, ticks).boxed(),
        };
        Ok(stream::unfold(listener, Listener::next).boxed())
    }

    /// A mark of what this node has heard of so far. Where it is still the same after [`subscribe`](Self::subscribe),
    /// whoever took it before they read has missed nothing.
    pub fn mark(&self) -> String {
        self.services.inner.cache.bell.mark()
    }

    /// Tells everybody.
    pub(crate) async fn tell(&self, event: Event) {
        self.ring(&Told { only: None, event }).await;
    }

    /// Tells one person.
    pub(crate) async fn tell_only(&self, user: UserId, event: Event) {
        self.ring(&Told { only: Some(user), event }).await;
    }

    async fn ring(&self, told: &Told) {
        let Ok(message) = serde_json::to_vec(told) else { return };
        if let Err(error) = self.services.inner.cache.bell.ring(CHANNEL, message.into()).await {
            tracing::debug!(%error, "an event was not told");
        }
    }
}

/// Somebody who listens for as long as they may.
struct Listener {
    services: Services,
    actor: Actor,
    asked_at: Timestamp,
    /// What was heard; nothing for what is not for them, and from time to time.
    heard: BoxStream<'static, Option<Event>>,
}

impl Listener {
    async fn next(mut self) -> Option<(Event, Self)> {
        loop {
            let event = self.heard.next().await?;
            if !self.may_listen().await {
                return None;
            }
            if let Some(event) = event {
                // Who hears of a change looks, and must not be shown what was before it.
                self.services.has_changed(self.actor.means).await;
                return Some((event, self));
            }
        }
    }

    async fn may_listen(&mut self) -> bool {
        let now = self.services.now();
        if now.since(self.asked_at) < ASKED_EVERY {
            return true;
        }
        self.asked_at = now;
        match self.services.accounts().still(&self.actor).await {
            Ok(actor) => actor.may(Resource::Releases, Action::Read),
            // A database that does not answer has not said no.
            Err(failure) => failure.kind != FailureKind::SignedOut,
        }
    }
}

fn heard(ring: &Ring, user: UserId) -> Option<Event> {
    match ring {
        Ring::Lost => Some(Event::of(Topic::Lost, "")),
        Ring::Message(message) => {
            let told: Told = serde_json::from_slice(message).ok()?;
            told.only.is_none_or(|only| only == user).then_some(told.event)
        }
    }
}
