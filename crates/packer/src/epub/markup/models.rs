//! What may stand inside the elements of a document.

use roxmltree::{Node, NodeId};

use super::html::Element;

/// The elements around the one that is looked at, outermost first, with what they hold; one that is transparent holds
/// what its parent does. Asking upwards for each element would take time by depth.
#[derive(Default)]
pub(super) struct Models(Vec<Open>);

struct Open {
    id: NodeId,
    /// Where it ends in the text.
    end: usize,
    holds: Vec<&'static str>,
}

/// What an element holds of which nothing is known, or that is of another vocabulary.
const ANYTHING: &[&str] = &["any"];

impl Models {
    /// What the parent of an element holds, and what the element itself does. Elements come in the order of the text.
    pub(super) fn of(&mut self, node: Node<'_, '_>, element: &Element) -> (&[&'static str], &[&'static str]) {
        while self.0.last().is_some_and(|open| open.end <= node.range().start) {
            self.0.pop();
        }
        let parent = node.parent_element().map(|parent| parent.id());
        let parent = self.0.iter().rposition(|open| Some(open.id) == parent);
        let around = parent.map_or(ANYTHING, |parent| &self.0[parent].holds);
        let mut holds: Vec<&'static str> = Vec::new();
        let inherited = around.iter().filter(|_| element.content.contains(&"transparent"));
        for category in element.content.iter().chain(inherited).filter(|category| **category != "transparent") {
            if !holds.contains(category) {
                holds.push(category);
            }
        }
        self.0.push(Open { id: node.id(), end: node.range().end, holds });
        let around = parent.map_or(ANYTHING, |parent| &self.0[parent].holds);
        (around, self.0.last().map_or(ANYTHING, |open| &open.holds))
    }
}
