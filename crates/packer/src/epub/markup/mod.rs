//! What may stand where in a content document, and with which attributes: rules as data, and one small engine that reads
//! them. It works while the document is in memory; only what it found stays.

mod html;
mod identifiers;
mod mathematics;
mod navigation;
mod overlay;
mod svg;
mod switch;

use super::single::Version;
use crate::xml::{Position, Tree, namespace};

/// Faults of one document that are kept: more say nothing new.
const MOST_FAULTS: usize = 500;

/// Something that its specification does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupFault {
    /// Where.
    pub at: Position,
    /// The word of its text.
    pub problem: &'static str,
    /// What the text names: the element, the attribute, the value.
    pub data: Vec<(&'static str, String)>,
    /// True when readers bear it.
    pub is_warning: bool,
}

/// Collects faults.
#[derive(Debug, Default)]
struct Faults(Vec<MarkupFault>);

impl Faults {
    fn error(&mut self, at: Position, problem: &'static str, data: &[(&'static str, &str)]) {
        self.add(at, problem, data, false);
    }

    fn warn(&mut self, at: Position, problem: &'static str, data: &[(&'static str, &str)]) {
        self.add(at, problem, data, true);
    }

    fn add(&mut self, at: Position, problem: &'static str, data: &[(&'static str, &str)], is_warning: bool) {
        if self.0.len() < MOST_FAULTS {
            let data = data.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
            self.0.push(MarkupFault { at, problem, data, is_warning });
        }
    }
}

/// Checks the markup of a content document.
pub(super) fn check(tree: &Tree<'_>, version: Version, is_navigation: bool) -> Vec<MarkupFault> {
    let mut faults = Faults::default();
    let is_xhtml = tree.root().tag_name().namespace() == Some(namespace::XHTML);
    if is_xhtml || tree.root().tag_name().namespace() == Some(namespace::SVG) {
        html::check(tree, version, &mut faults);
        identifiers::check(tree, &mut faults);
    }
    if version == Version::Three {
        svg::check(tree, &mut faults);
        mathematics::check(tree, &mut faults);
        switch::check(tree, &mut faults);
        overlay::check(tree, &mut faults);
        if is_navigation {
            navigation::check(tree, &mut faults);
        }
    }
    faults.0
}
