//! How words are pronounced (EPUB 3 Text-to-Speech Enhancements 1.0, 2.2).

use super::Faults;
use crate::xml::{Tree, namespace};

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let is_silent = |sound: &str| sound.trim().is_empty();
    for node in
        tree.root().descendants().filter(|node| node.attribute((namespace::SPEECH, "ph")).is_some_and(is_silent))
    {
        faults.tell("HTM-007", tree.position(node), &[]);
    }
}
