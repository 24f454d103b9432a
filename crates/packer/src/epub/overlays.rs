//! Which media overlays read which documents aloud.

use std::collections::BTreeMap;

use super::{content::Use, publication::Publication, url::Link};

/// For each document that is read aloud, the overlays that do so, each once.
pub fn readers<'p>(publication: &'p Publication<'_>) -> BTreeMap<String, Vec<&'p str>> {
    let mut readers: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (content, _, link) in publication.links().filter(|(_, reference, _)| reference.kind == Use::Overlaid) {
        let Link::Inside(inside) = link else { continue };
        let overlays = readers.entry(inside.path).or_default();
        if overlays.last() != Some(&content.path.as_str()) {
            overlays.push(&content.path);
        }
    }
    readers
}
