//! What the event stream tells a page: that something changed, and where.

use serde::{Deserialize, Serialize};

/// One ring of the bell. It says what to look at again, never what it now is: a page reads the state anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bell {
    /// `release`, `job`, `upload`, `group`, or [`Bell::EVERYTHING`].
    pub topic: String,
    /// The id of the thing.
    pub id: String,
    /// The release that a job or an upload belongs to.
    #[serde(default)]
    pub release: Option<String>,
}

impl Bell {
    /// The topic of a bell that concerns every page: some were not heard, and nobody knows which.
    pub const EVERYTHING: &str = "lost";

    /// True when a page that listens to `topics` (words, each `topic` or `topic:id`) has to look again. A page of one
    /// release hears its jobs too.
    pub fn concerns(&self, topics: &str) -> bool {
        if self.topic == Self::EVERYTHING {
            return true;
        }
        topics.split_ascii_whitespace().any(|wanted| match wanted.split_once(':') {
            Some(("release", id)) if self.release.as_deref() == Some(id) => true,
            Some((topic, id)) => topic == self.topic && id == self.id,
            None => wanted == self.topic,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_hears_its_own_topics_only() {
        let bell = Bell { topic: "job".into(), id: "01A".into(), release: Some("01R".into()) };
        assert!(bell.concerns("release job"));
        assert!(bell.concerns("job:01A"));
        assert!(bell.concerns("release:01R"));
        assert!(!bell.concerns("job:01B release release:01S"));
        assert!(!bell.concerns(""));
    }

    #[test]
    fn every_page_hears_that_something_was_lost() {
        let bell: Bell = serde_json::from_str(r#"{"topic":"lost","id":""}"#).unwrap();
        assert!(bell.concerns("job:01B"));
    }
}
