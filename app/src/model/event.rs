//! What the event stream tells a page: that something changed, and where.

use serde::{Deserialize, Serialize};

/// One ring of the bell. It says what to look at again, never what it now is: a page reads the state anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bell {
    /// `release`, `job` or `upload`.
    pub topic: String,
    /// The id of the thing.
    pub id: String,
}

impl Bell {
    /// The topic of a bell that concerns every page: the stream was away, and nobody knows what was missed.
    pub const EVERYTHING: &str = "*";

    /// True when a page that listens to `topics` (words, each `topic` or `topic:id`) has to look again.
    pub fn concerns(&self, topics: &str) -> bool {
        if self.topic == Self::EVERYTHING {
            return true;
        }
        topics.split_ascii_whitespace().any(|wanted| match wanted.split_once(':') {
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
        let bell = Bell { topic: "job".into(), id: "01A".into() };
        assert!(bell.concerns("release job"));
        assert!(bell.concerns("job:01A"));
        assert!(!bell.concerns("job:01B release"));
        assert!(!bell.concerns(""));
    }
}
