//! What may stand where in a content document, and with which attributes: rules as data, and one small engine that reads
//! them. It works while the document is in memory; only what it found stays.

mod dictionary;
mod edupub;
mod html;
mod identifiers;
mod index;
mod key_map;
mod mapping;
mod mathematics;
mod models;
mod navigation;
mod ncx;
mod overlay;
mod prefixes;
#[cfg(test)]
mod proof;
mod speech;
mod style;
mod svg;
mod switch;

use roxmltree::Node;

use super::{css::StyleSheet, profile::EpubProfile, single::Demands, single::Version};
use crate::xml::{Position, Tree, namespace};

/// Faults of one document that are kept: more say nothing new.
const MOST_FAULTS: usize = 500;

/// Bytes of a value that a fault names: longer ones are no value that somebody looks for.
const MOST_VALUE_BYTES: usize = 256;

/// Something that its specification does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkupFault {
    /// Where.
    pub at: Position,
    /// The code of the rule that tells it.
    pub code: &'static str,
    /// The word of its text, where the code has several.
    pub problem: &'static str,
    /// What the text names: the element, the attribute, the value.
    pub data: Vec<(&'static str, String)>,
}

/// Collects faults.
#[derive(Debug, Default)]
struct Faults(Vec<MarkupFault>);

impl Faults {
    fn error(&mut self, at: Position, problem: &'static str, data: &[(&'static str, &str)]) {
        self.add("RSC-005", at, problem, data);
    }

    fn warn(&mut self, at: Position, problem: &'static str, data: &[(&'static str, &str)]) {
        self.add("RSC-017", at, problem, data);
    }

    /// What has a code of its own.
    fn tell(&mut self, code: &'static str, at: Position, data: &[(&'static str, &str)]) {
        self.add(code, at, "", data);
    }

    fn is_full(&self) -> bool {
        self.0.len() >= MOST_FAULTS
    }

    fn add(&mut self, code: &'static str, at: Position, problem: &'static str, data: &[(&'static str, &str)]) {
        if !self.is_full() {
            let cut = |value: &str| value[..value.floor_char_boundary(MOST_VALUE_BYTES)].to_owned();
            let data = data.iter().map(|(name, value)| (*name, cut(value))).collect();
            self.0.push(MarkupFault { at, code, problem, data });
        }
    }
}

/// Checks an NCX.
pub(super) fn check_ncx(tree: &Tree<'_>) -> Vec<MarkupFault> {
    let mut faults = Faults::default();
    ncx::check(tree, &mut faults);
    faults.0
}

/// Checks a style sheet.
pub(super) fn check_style_sheet(sheet: &StyleSheet) -> Vec<MarkupFault> {
    let mut faults = Faults::default();
    style::check_sheet(sheet, &mut faults);
    faults.0
}

/// Checks a search key map.
pub(super) fn check_key_map(tree: &Tree<'_>) -> Vec<MarkupFault> {
    let mut faults = Faults::default();
    key_map::check(tree, &mut faults);
    faults.0
}

/// Checks a document that maps one rendition to another.
pub(super) fn check_mapping(tree: &Tree<'_>) -> Vec<MarkupFault> {
    let mut faults = Faults::default();
    mapping::check(tree, &mut faults);
    faults.0
}

/// True when `epub:type` of an element has this value.
fn has_type(node: Node<'_, '_>, kind: &str) -> bool {
    let kinds = node.attribute((namespace::OPS, "type")).unwrap_or_default();
    kinds.split_ascii_whitespace().any(|own| own == kind)
}

/// Checks the markup of a content document.
pub(super) fn check(tree: &Tree<'_>, demands: Demands, is_navigation: bool) -> Vec<MarkupFault> {
    let version = demands.version;
    let mut faults = Faults::default();
    let is_xhtml = tree.root().tag_name().namespace() == Some(namespace::XHTML);
    if is_xhtml || tree.root().tag_name().namespace() == Some(namespace::SVG) {
        html::check(tree, version, &mut faults);
        identifiers::check(tree, &mut faults);
        style::check_elements(tree, &mut faults);
    }
    if version == Version::Three {
        svg::check(tree, &mut faults);
        mathematics::check(tree, &mut faults);
        speech::check(tree, &mut faults);
        switch::check(tree, &mut faults);
        overlay::check(tree, &mut faults);
        prefixes::check(tree, &mut faults);
        if is_navigation {
            navigation::check(tree, &mut faults);
        }
        match demands.profile {
            EpubProfile::Dictionary => dictionary::check(tree, &mut faults),
            EpubProfile::Edupub if is_xhtml => edupub::check(tree, &mut faults),
            EpubProfile::Index if is_xhtml => index::check(tree, &mut faults),
            _ => {}
        }
    }
    faults.0
}
