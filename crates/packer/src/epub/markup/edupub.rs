//! The structure of documents for education (EDUPUB profile of EPUB 3, sections and their titles).

use roxmltree::Node;

use super::{Faults, has_type, html::is_xhtml};
use crate::xml::{Tree, text_of};

/// The elements that make a section of the outline.
const SECTIONS: [&str; 5] = ["body", "article", "aside", "nav", "section"];
/// Of those, the ones that must have a title.
const TITLED: [&str; 3] = ["body", "article", "section"];
/// What stands around a title and its subtitle.
const AROUND_TITLES: [&str; 2] = ["header", "hgroup"];
/// The deepest level of a heading.
const DEEPEST: u32 = 6;

pub(super) fn check(tree: &Tree<'_>, faults: &mut Faults) {
    let elements = || tree.root().descendants().filter(|node| is_xhtml(*node));
    for body in elements().filter(|node| node.tag_name().name() == "body") {
        section(tree, body, None, faults);
    }
    for subtitle in elements().filter(|node| has_type(*node, "subtitle")) {
        if subtitle.parent_element().is_some_and(is_section) {
            faults.error(tree.position(subtitle), "subtitle-misplaced", &[]);
        }
    }
    let has = |attributes: &[&str]| elements().find(|node| attributes.iter().any(|one| node.has_attribute(*one)));
    if let Some(first) = has(&["itemscope", "itemprop", "itemtype"])
        && has(&["typeof", "vocab", "property", "resource"]).is_none()
    {
        faults.tell("HTM-051", tree.position(first), &[]);
    }
}

/// A section and those inside it; `expected` is the level that its title must have, where that is known.
fn section(tree: &Tree<'_>, node: Node<'_, '_>, expected: Option<u32>, faults: &mut Faults) {
    let name = node.tag_name().name();
    let label = node.attribute("aria-label").map(str::trim).filter(|label| !label.is_empty());
    let title = title_of(node);
    if let Some(title) = title {
        let text = said(title);
        if text.is_empty() {
            faults.error(tree.position(title), "element-empty", &[("element", title.tag_name().name())]);
        } else if label == Some(text.as_str()) {
            faults.error(tree.position(node), "label-repeats", &[("value", &text)]);
        }
    } else if label.is_none() && TITLED.contains(&name) && (name != "body" || has_content_of_its_own(node)) {
        faults.error(tree.position(node), "section-untitled", &[("element", name)]);
    }
    let found = title.and_then(level);
    if let (Some(title), Some(found), Some(expected)) = (title, found, expected)
        && found != expected.min(DEEPEST)
    {
        let data = [("value", &*found.to_string()), ("other", &*expected.min(DEEPEST).to_string())];
        faults.error(tree.position(title), "heading-level", &data);
    }
    // A body that is named but has no heading is the first level. What stands in a section of a wrong level is counted
    // from the right one.
    let own = expected.or(found).or_else(|| label.filter(|_| name == "body").map(|_| 1));
    for inner in sections_in(node) {
        section(tree, inner, own.map(|own| own + 1), faults);
    }
}

fn is_section(node: Node<'_, '_>) -> bool {
    is_xhtml(node) && SECTIONS.contains(&node.tag_name().name())
}

/// The outermost sections inside an element.
fn sections_in<'a, 'input>(node: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    let is_outermost = move |inner: &Node<'_, '_>| {
        is_section(*inner) && inner.ancestors().skip(1).find(|above| is_section(*above)) == Some(node)
    };
    node.descendants().skip(1).filter(is_outermost)
}

/// The heading of a section: one of its children, or one inside its header.
fn title_of<'a, 'input>(node: Node<'a, 'input>) -> Option<Node<'a, 'input>> {
    let around = node.children().filter(|child| is_xhtml(*child) && AROUND_TITLES.contains(&child.tag_name().name()));
    let inside = around.flat_map(|around| around.descendants());
    node.children().chain(inside).find(|child| is_xhtml(*child) && level(*child).is_some())
}

/// The level of a heading; nothing for what is none.
fn level(node: Node<'_, '_>) -> Option<u32> {
    if node.attribute("role").is_some_and(|role| role.trim() == "heading") {
        // Without a level a heading is of the second (WAI-ARIA 1.2, heading).
        return Some(node.attribute("aria-level").and_then(|level| level.trim().parse().ok()).unwrap_or(2));
    }
    let digit = node.tag_name().name().strip_prefix('h')?;
    digit.parse().ok().filter(|level| (1..=DEEPEST).contains(level))
}

/// True when a body holds more than sections.
fn has_content_of_its_own(body: Node<'_, '_>) -> bool {
    body.children().any(|child| {
        child.is_element() && !is_section(child)
            || child.text().is_some_and(|text| child.is_text() && !text.trim().is_empty())
    })
}

/// What a heading says: its text and what stands for its pictures.
fn said(heading: Node<'_, '_>) -> String {
    let pictures = heading.descendants().filter_map(|node| node.attribute("alt").or(node.attribute("aria-label")));
    let mut said = text_of(heading);
    for picture in pictures {
        said.push_str(picture.trim());
    }
    said
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn sections_have_titles_of_their_level() {
        for (body, expected) in [
            ("<section><h1>A</h1><section><h2>B</h2></section></section>", &[][..]),
            ("<section><h2>A</h2><section><h3>B</h3></section></section>", &[][..]),
            ("<section><header><h1>A</h1><p epub:type=\"subtitle\">b</p></header></section>", &[][..]),
            ("<section aria-label=\"A\"><p>b</p></section>", &[][..]),
            ("<section><span role=\"heading\" aria-level=\"1\">A</span></section>", &[][..]),
            ("<section><p>a</p></section>", &["section-untitled"][..]),
            ("<p>a</p><section><h3>B</h3></section>", &["section-untitled"][..]),
            ("<section><h1><img src=\"a.png\" alt=\"\"/></h1></section>", &["element-empty"][..]),
            ("<section><h1>A</h1><section><h3>B</h3></section></section>", &["heading-level"][..]),
            ("<section aria-label=\"A\"><h1>A</h1></section>", &["label-repeats"][..]),
            ("<section><h1>A</h1><p epub:type=\"subtitle\">b</p></section>", &["subtitle-misplaced"][..]),
            ("<section><h1>A</h1><p itemscope=\"\">b</p></section>", &["HTM-051"][..]),
            ("<section><h1 property=\"name\">A</h1><p itemscope=\"\">b</p></section>", &[][..]),
        ] {
            assert_eq!(proof::found(&proof::xhtml(body), check), expected, "{body}");
        }
    }
}
