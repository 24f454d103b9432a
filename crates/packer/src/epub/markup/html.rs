//! The vocabulary and the content models of XHTML.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use roxmltree::{Node, NodeId};

use super::{Faults, models::Models};
use crate::{
    epub::single::Version,
    xml::{Tree, namespace, text_of},
};

/// One row of the table.
pub(super) struct Element {
    places: Vec<&'static str>,
    pub(super) content: Vec<&'static str>,
    attributes: Vec<&'static str>,
    required: Vec<&'static str>,
}

static ELEMENTS: LazyLock<HashMap<&'static str, Element>> = LazyLock::new(|| {
    let rows = include_str!("html.table").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.filter_map(|row| {
        let mut columns = row.split('|').map(|column| column.split_whitespace().collect::<Vec<_>>());
        let (name, places, content, own) = (columns.next()?, columns.next()?, columns.next()?, columns.next()?);
        let required = own.iter().filter_map(|name| name.strip_suffix('!')).collect();
        let attributes = own.iter().map(|name| name.trim_end_matches('!')).collect();
        Some((*name.first()?, Element { places, content, attributes, required }))
    })
    .collect()
});

/// Attributes of every element (HTML, 3.2.6, with RDFa and microdata as EPUB 3.3 lets them in).
static GLOBAL: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "accesskey autocapitalize autocorrect autofocus class contenteditable dir draggable enterkeyhint \
    hidden id inert inputmode is itemid itemprop itemref itemscope itemtype lang nonce popover role slot spellcheck style \
    tabindex title translate writingsuggestions about content datatype inlist prefix property rel resource rev src typeof \
    vocab href",
    )
});
/// Attributes of RDFa that other elements than those of the table have only with it.
const OF_RDFA: [&str; 5] = ["content", "rel", "rev", "src", "href"];
/// States and properties of WAI-ARIA 1.2 and 1.3, without `aria-`.
static ARIA: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    words(
        "activedescendant atomic autocomplete braillelabel brailleroledescription busy checked colcount colindex \
    colindextext colspan controls current describedby description details disabled dropeffect errormessage expanded flowto \
    grabbed haspopup hidden invalid keyshortcuts label labelledby level live modal multiline multiselectable orientation \
    owns placeholder posinset pressed readonly relevant required roledescription rowcount rowindex rowindextext rowspan \
    selected setsize sort valuemax valuemin valuenow valuetext",
    )
});
/// Elements that came with HTML 5: EPUB 2 does not know them.
const NEWER: [&str; 30] = [
    "article",
    "aside",
    "audio",
    "bdi",
    "canvas",
    "data",
    "datalist",
    "details",
    "dialog",
    "embed",
    "figcaption",
    "figure",
    "footer",
    "header",
    "hgroup",
    "main",
    "mark",
    "meter",
    "nav",
    "output",
    "picture",
    "progress",
    "search",
    "section",
    "source",
    "summary",
    "template",
    "time",
    "track",
    "video",
];
/// What may not stand in itself or in another, at any depth (HTML, content models of each).
const NOT_INSIDE: [(&str, &[&str]); 9] = [
    ("a", &["a"]),
    ("button", &["a", "button", "input", "select", "textarea", "label", "iframe", "embed"]),
    ("label", &["label"]),
    ("form", &["form"]),
    ("dfn", &["dfn"]),
    ("header", &["header", "footer", "main"]),
    ("footer", &["header", "footer", "main"]),
    ("address", &["address", "header", "footer"]),
    ("caption", &["table"]),
];

fn words(list: &'static str) -> HashSet<&'static str> {
    list.split_whitespace().collect()
}

/// What the rules of one element ask about others.
#[derive(Default)]
struct Known<'tree> {
    /// The names of image maps.
    maps: HashSet<&'tree str>,
    /// The elements that hold a `meta` with a `charset`.
    with_charset: HashSet<NodeId>,
}

impl<'tree> Known<'tree> {
    fn of(tree: &'tree Tree<'_>) -> Self {
        let mut known = Self::default();
        for node in tree.root().descendants().filter(|node| is_xhtml(*node)) {
            match node.tag_name().name() {
                "map" => known.maps.extend(node.attribute("name")),
                "meta" if node.has_attribute("charset") => {
                    known.with_charset.extend(node.parent_element().map(|parent| parent.id()));
                }
                _ => {}
            }
        }
        known
    }
}

pub(super) fn check(tree: &Tree<'_>, version: Version, faults: &mut Faults) {
    let known = Known::of(tree);
    let mut models = Models::default();
    for node in tree.root().descendants().filter(|node| is_xhtml(*node)) {
        let name = node.tag_name().name();
        if version == Version::Two {
            if NEWER.contains(&name) {
                faults.error(tree.position(node), "element-unknown", &[("element", name)]);
            }
            inside(tree, node, &NOT_INSIDE[..1], faults);
            continue;
        }
        // A hyphen makes an element somebody's own (HTML, 4.13.3).
        if name.contains('-') {
            continue;
        }
        let Some(element) = ELEMENTS.get(name) else {
            faults.error(tree.position(node), "element-unknown", &[("element", name)]);
            continue;
        };
        let (around, own) = models.of(node, element);
        place(tree, node, element, around, faults);
        attributes(tree, node, element, faults);
        text(tree, node, own, faults);
        inside(tree, node, &NOT_INSIDE, faults);
        special(tree, node, &known, faults);
    }
}

pub(super) fn is_xhtml(node: Node<'_, '_>) -> bool {
    node.is_element() && node.tag_name().namespace() == Some(namespace::XHTML)
}

/// Whether an element may stand in its parent.
fn place(tree: &Tree<'_>, node: Node<'_, '_>, element: &Element, holds: &[&str], faults: &mut Faults) {
    let Some(parent) = node.parent_element() else {
        if node.tag_name().name() != "html" {
            faults.error(
                tree.position(node),
                "element-misplaced",
                &[("element", node.tag_name().name()), ("parent", "/")],
            );
        }
        return;
    };
    // What stands in another vocabulary, the other vocabulary tells.
    if !is_xhtml(parent) {
        return;
    }
    let name = node.tag_name().name();
    let is_in = |category: &str| element.places.contains(&category) && holds.contains(&category);
    let is_phrasing_in_flow = element.places.contains(&"phrasing") && holds.contains(&"flow");
    let fits = holds.contains(&"any")
        || holds.contains(&name)
        || ["flow", "phrasing", "metadata"].into_iter().any(is_in)
        || is_phrasing_in_flow
        || element.places.contains(&parent.tag_name().name());
    if !fits {
        let data = [("element", name), ("parent", parent.tag_name().name())];
        faults.error(tree.position(node), "element-misplaced", &data);
    }
}

fn attributes(tree: &Tree<'_>, node: Node<'_, '_>, element: &Element, faults: &mut Faults) {
    let name = node.tag_name().name();
    let has_rdfa =
        ["property", "typeof", "rel", "resource", "about", "vocab"].iter().any(|one| node.has_attribute(*one));
    for attribute in node.attributes() {
        let own = attribute.name();
        let is_known = match attribute.namespace() {
            Some(namespace::OPS) => matches!(own, "type" | "prefix"),
            Some(_) => true,
            None => {
                let is_global = GLOBAL.contains(own);
                element.attributes.contains(&own)
                    || element.attributes.contains(&"any")
                    || is_global && (has_rdfa || !OF_RDFA.contains(&own))
                    || own.starts_with("on")
                    || ["data-", "its-"].iter().any(|own_of_others| own.starts_with(own_of_others))
                    || own.strip_prefix("aria-").is_some_and(|own| ARIA.contains(own))
            }
        };
        if attribute.namespace().is_none() && own.starts_with("data-") && !is_data_name(own) {
            faults.tell("HTM-061", tree.position(node), &[("attribute", own)]);
        }
        if !is_known {
            faults.error(tree.position(node), "attribute-unknown", &[("element", name), ("attribute", own)]);
        }
    }
    for required in element.required.iter().filter(|required| !node.has_attribute(**required)) {
        faults.error(tree.position(node), "attribute-missing", &[("element", name), ("attribute", required)]);
    }
    let values: [(&str, &[&str]); 2] = [("hidden", &["", "hidden", "until-found"]), ("dir", &["ltr", "rtl", "auto"])];
    for (attribute, allowed) in values {
        if let Some(value) = node.attribute(attribute)
            && !allowed.iter().any(|known| known.eq_ignore_ascii_case(value))
        {
            let data = [("element", name), ("attribute", attribute), ("value", value)];
            faults.error(tree.position(node), "attribute-value", &data);
        }
    }
}

/// True for the name of an attribute that holds data of one's own (HTML, 3.2.6.6).
fn is_data_name(name: &str) -> bool {
    let own = name.strip_prefix("data-").unwrap_or_default();
    own.starts_with(|first: char| first.is_alphanumeric() || first == '_')
        && !own.contains(|character: char| character.is_ascii_uppercase())
}

/// Text where only elements may stand.
fn text(tree: &Tree<'_>, node: Node<'_, '_>, holds: &[&str], faults: &mut Faults) {
    let takes_text = ["any", "flow", "phrasing", "text"].iter().any(|category| holds.contains(category));
    let has_text =
        node.children().any(|child| child.is_text() && child.text().is_some_and(|text| !text.trim().is_empty()));
    if has_text && !takes_text {
        faults.error(tree.position(node), "text-misplaced", &[("element", node.tag_name().name())]);
    }
}

/// What may not stand inside another, at any depth.
fn inside(tree: &Tree<'_>, node: Node<'_, '_>, rules: &[(&str, &[&str])], faults: &mut Faults) {
    let name = node.tag_name().name();
    for (outer, _) in rules.iter().filter(|(_, inner)| inner.contains(&name)) {
        let is_inside = node.ancestors().skip(1).any(|above| is_xhtml(above) && above.tag_name().name() == *outer);
        if is_inside {
            faults.error(tree.position(node), "element-inside", &[("element", name), ("parent", outer)]);
        }
    }
}

/// What one row of a table cannot say.
fn special(tree: &Tree<'_>, node: Node<'_, '_>, known: &Known<'_>, faults: &mut Faults) {
    let at = || tree.position(node);
    let children = || node.children().filter(|child| is_xhtml(*child));
    let count = |name: &str| children().filter(|child| child.tag_name().name() == name).count();
    match node.tag_name().name() {
        "html" => {
            for part in ["head", "body"] {
                if count(part) == 0 {
                    faults.error(at(), "element-missing", &[("element", part), ("parent", "html")]);
                }
            }
        }
        "head" => match children().find(|child| child.tag_name().name() == "title") {
            None => faults.warn(at(), "title-missing", &[]),
            Some(title) if text_of(title).is_empty() => {
                faults.error(tree.position(title), "element-empty", &[("element", "title")]);
            }
            Some(_) => {}
        },
        "meta" => {
            let is_type = node.attribute("http-equiv").is_some_and(|kind| kind.eq_ignore_ascii_case("content-type"));
            let content = node.attribute("content").unwrap_or_default().to_ascii_lowercase();
            let charset = content.split_once("charset=").map(|(_, charset)| charset.trim());
            if is_type && charset != Some("utf-8") {
                let data = [("element", "meta"), ("attribute", "content"), ("value", content.as_str())];
                faults.error(at(), "attribute-value", &data);
            }
            let has_charset = node.parent_element().is_some_and(|head| known.with_charset.contains(&head.id()));
            if is_type && has_charset {
                faults.error(at(), "charset-twice", &[]);
            }
        }
        "img" | "object" => {
            if let Some(map) = node.attribute("usemap") {
                let name = map.strip_prefix('#').unwrap_or_default();
                if name.is_empty() || !known.maps.contains(name) {
                    faults.error(at(), "reference-unknown", &[("attribute", "usemap"), ("id", map)]);
                }
            }
        }
        "link" => {
            let rel = node.attribute("rel").unwrap_or_default().to_ascii_lowercase();
            let is = |word: &str| rel.split_ascii_whitespace().any(|one| one == word);
            if is("alternate")
                && is("stylesheet")
                && node.attribute("title").is_none_or(|title| title.trim().is_empty())
            {
                faults.tell("CSS-015", at(), &[]);
            }
        }
        "map" => {
            if let (Some(id), Some(name)) = (node.attribute("id"), node.attribute("name"))
                && id != name
            {
                faults.error(at(), "attribute-value", &[("element", "map"), ("attribute", "name"), ("value", name)]);
            }
        }
        _ => {}
    }
    let value = match node.tag_name().name() {
        "a" | "area" | "link" => "href",
        "audio" | "embed" | "iframe" | "img" | "source" | "track" | "video" => "src",
        "object" => "data",
        "meta" => "content",
        _ => "itemprop",
    };
    // The attribute is the value of the property (HTML, 5.2.4).
    if node.has_attribute("itemprop") && !node.has_attribute(value) {
        let data = [("element", node.tag_name().name()), ("attribute", value)];
        faults.error(at(), "attribute-missing", &data);
    }
    // By its name alone an attribute of any namespace would be found.
    let own = node.attributes().find(|attribute| attribute.namespace().is_none() && attribute.name() == "lang");
    if let (Some(one), Some(other)) = (own.map(|own| own.value()), node.attribute((namespace::XML, "lang")))
        && !one.eq_ignore_ascii_case(other)
    {
        faults.error(at(), "languages-differ", &[("value", one), ("other", other)]);
    }
}

#[cfg(test)]
mod tests {
    use super::{super::proof, *};

    #[test]
    fn every_row_of_the_table_is_read_and_names_only_what_there_is() {
        let categories = ["flow", "phrasing", "metadata", "text", "any", "nothing", "transparent"];
        let rows = include_str!("html.table").lines().filter(|line| line.contains('|') && !line.starts_with('#'));
        assert_eq!(ELEMENTS.len(), rows.count());
        for (name, element) in ELEMENTS.iter() {
            for other in element.places.iter().chain(&element.content) {
                assert!(categories.contains(other) || ELEMENTS.contains_key(other), "{name}: {other}");
            }
        }
    }

    #[test]
    fn a_charset_is_said_once_and_one_of_a_script_is_another() {
        let twice = "<meta charset=\"utf-8\"/><meta http-equiv=\"content-type\" content=\"text/html; charset=utf-8\"/>";
        assert_eq!(found_in_head(twice), ["charset-twice"]);
        let of_a_script = twice.replace("<meta charset=\"utf-8\"/>", "<script charset=\"utf-8\"></script>");
        assert!(found_in_head(&of_a_script).is_empty());
    }

    #[test]
    fn two_languages_of_one_element_are_told() {
        assert_eq!(found("<p lang=\"en\" xml:lang=\"fr\">x</p>"), ["languages-differ"]);
        assert_eq!(found("<p xml:lang=\"fr\" lang=\"en\">x</p>"), ["languages-differ"]);
        assert!(found("<p lang=\"EN\" xml:lang=\"en\">x</p>").is_empty());
    }

    #[test]
    fn what_stands_where_it_may_is_no_fault() {
        for body in [
            "<p>a <em>b</em><br/><img src=\"a.png\" alt=\"\"/></p>",
            "<ul><li>a<ul><li>b</li></ul></li></ul>",
            "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
            "<a href=\"#x\" id=\"x\"><div>block in a link</div></a>",
            "<figure><img src=\"a.png\" alt=\"\"/><figcaption>c</figcaption></figure>",
            "<dl><div><dt>a</dt><dd>b</dd></div></dl>",
            "<x-own any=\"1\"><p>mine</p></x-own>",
            "<p data-a-b=\"1\" aria-label=\"x\" onclick=\"x()\">a</p>",
            "<ruby>a<rp>(</rp><rt>b</rt><rp>)</rp></ruby>",
        ] {
            assert!(found(body).is_empty(), "{body}: {:?}", found(body));
        }
    }

    #[test]
    fn what_comes_behind_another_vocabulary_is_judged_again() {
        let drawing = "<svg xmlns=\"http://www.w3.org/2000/svg\"><foreignObject><p>x</p></foreignObject></svg>";
        assert_eq!(found(&format!("<p><x-own>{drawing}</x-own><div>a</div></p>")), ["element-misplaced"]);
        assert_eq!(found("<p><ins><del><i>b</i><div>a</div></del></ins></p>"), ["element-misplaced"]);
    }

    #[test]
    fn what_stands_where_it_may_not_is_told() {
        for (body, problem) in [
            ("<p><div>a</div></p>", "element-misplaced"),
            ("<ul>text<li>a</li></ul>", "text-misplaced"),
            ("<a href=\"#\"><span><a href=\"#\">b</a></span></a>", "element-inside"),
            ("<blink>a</blink>", "element-unknown"),
            ("<p colour=\"red\">a</p>", "attribute-unknown"),
            ("<img alt=\"\"/>", "attribute-missing"),
            ("<p dir=\"up\">a</p>", "attribute-value"),
        ] {
            assert_eq!(found(body), [problem], "{body}");
        }
    }

    fn found(body: &str) -> Vec<&'static str> {
        proof::found(&proof::xhtml(body), |tree, faults| check(tree, Version::Three, faults))
    }

    fn found_in_head(head: &str) -> Vec<&'static str> {
        let document = proof::xhtml("").replace("</head>", &format!("{head}</head>"));
        proof::found(&document, |tree, faults| check(tree, Version::Three, faults))
    }
}
