//! What the tests of the markup rules share.

use super::Faults;
use crate::{
    limits::Limits,
    xml::{Text, Tree},
};

/// What a check finds in a document: of each fault the word of its text, or its code where that has one text alone.
pub(super) fn found(document: &str, check: impl FnOnce(&Tree<'_>, &mut Faults)) -> Vec<&'static str> {
    let text = Text::decode(document.as_bytes(), &Limits::default()).unwrap();
    let tree = Tree::parse(&text, &Limits::default()).unwrap();
    let mut faults = Faults::default();
    check(&tree, &mut faults);
    faults.0.into_iter().map(|fault| if fault.problem.is_empty() { fault.code } else { fault.problem }).collect()
}

/// An XHTML document with this body.
pub(super) fn xhtml(body: &str) -> String {
    format!(
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\">\
         <head><title>t</title></head><body>{body}</body></html>"
    )
}
