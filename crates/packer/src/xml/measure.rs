//! A document is measured before it is parsed: the parser builds its whole tree, so size, depth and the expansion of
//! entities must be known first. What is malformed here passes; the parser tells it with its place.

use std::collections::HashMap;

use super::Fault;
use crate::limits::Limits;

/// Bytes of the name of an entity that are looked at: names may overlap, and each is as long as what has no end.
const LONGEST_NAME: usize = 64;

/// An `<!ENTITY …>` of the internal subset.
pub(super) struct Declaration<'text> {
    pub(super) name: &'text str,
    /// What it stands for; empty when it is external.
    pub(super) value: &'text str,
    pub(super) is_external: bool,
    pub(super) offset: usize,
}

/// Bytes of one node and of one attribute in a tree of the parser.
const NODE_BYTES: u64 = 72;
const ATTRIBUTE_BYTES: u64 = 80;

/// What the tree of a document takes while it is built. The parser makes room for a node for each `<` and for an
/// attribute for each `=`, wherever they stand, and for twice as many whenever there are more.
#[derive(Debug, Default)]
struct Tree {
    nodes: u64,
    reserved_nodes: u64,
    reserved_attributes: u64,
}

impl Tree {
    fn of(text: &str) -> Self {
        let count = |sign| memchr::memchr_iter(sign, text.as_bytes()).count() as u64;
        Self { nodes: 0, reserved_nodes: count(b'<'), reserved_attributes: count(b'=') }
    }

    fn bytes(&self) -> u64 {
        let mut room = self.reserved_nodes.max(4);
        let mut nodes = room;
        while room < self.nodes {
            // The old room is there until the new one is filled.
            nodes = room * 3;
            room *= 2;
        }
        nodes.saturating_mul(NODE_BYTES).saturating_add(self.reserved_attributes.saturating_mul(ATTRIBUTE_BYTES))
    }
}

/// Refuses what is larger than the limits; gives the nodes that it may have.
pub(super) fn measure(text: &str, limits: &Limits) -> Result<u32, Fault> {
    let most = limits.tree_bytes.saturating_add((text.len() as u64).saturating_mul(limits.tree_ratio));
    // However the room for them grows, so many fit.
    let most_nodes = u32::try_from(most / (3 * NODE_BYTES)).unwrap_or(u32::MAX);
    let mut tree = Tree::of(text);
    if tree.bytes() > most {
        return Err(Fault::Nodes(most_nodes));
    }
    let mut depth = 0_u32;
    // The namespaces in scope inside each open element, and what copying them costs so far.
    let (mut scopes, mut copied) = (vec![0_u64], 0_u64);
    let bytes = text.as_bytes();
    let mut offset = 0;
    while let Some(found) = memchr::memchr(b'<', &bytes[offset..]) {
        offset += found;
        let rest = &text[offset..];
        // Text before it is a node, too.
        tree.nodes += u64::from(found > 0) + u64::from(!rest.starts_with("</"));
        if rest.starts_with("<!--") {
            offset += until(rest, "-->");
        } else if rest.starts_with("<![CDATA[") {
            offset += until(rest, "]]>");
        } else if rest.starts_with("<?") {
            offset += until(rest, "?>");
        } else if rest.starts_with("<!DOCTYPE") {
            offset += document_type_length(rest);
        } else if rest.starts_with("</") {
            depth = depth.saturating_sub(1);
            if scopes.len() > 1 {
                scopes.pop();
            }
            offset += until(rest, ">");
        } else {
            let (length, attributes) = tag(rest);
            if attributes > limits.element_attributes {
                return Err(Fault::Attributes(limits.element_attributes));
            }
            let declared = if attributes == 0 { 0 } else { rest[..length].matches("xmlns").count() as u64 };
            let scope = scopes.last().copied().unwrap_or_default();
            if declared > 0 {
                copied = copied.saturating_add(scope.saturating_mul(declared + 1));
                if copied > limits.namespaces {
                    return Err(Fault::Attributes(limits.element_attributes));
                }
            }
            let is_empty = length >= 2 && bytes[offset + length - 2] == b'/';
            if !is_empty {
                depth += 1;
                scopes.push(scope + declared);
                if depth > limits.document_depth {
                    return Err(Fault::Depth(limits.document_depth));
                }
            }
            offset += length;
        }
    }
    if tree.bytes() > most {
        return Err(Fault::Nodes(most_nodes));
    }
    expansion(text, limits)?;
    let nodes = u32::try_from(tree.nodes).unwrap_or(u32::MAX).saturating_add(1);
    Ok(most_nodes.max(nodes))
}

/// Where the document type declaration begins, when there is one before the first element.
pub(super) fn document_type_offset(text: &str) -> Option<usize> {
    let mut offset = 0;
    loop {
        offset += text[offset..].find('<')?;
        let rest = &text[offset..];
        if rest.starts_with("<!DOCTYPE") {
            return Some(offset);
        } else if rest.starts_with("<!--") {
            offset += until(rest, "-->");
        } else if rest.starts_with("<?") {
            offset += until(rest, "?>");
        } else {
            return None;
        }
    }
}

/// The entities that the document declares itself, one more than `most` where there are more.
pub(super) fn entity_declarations(text: &str, most: usize) -> Vec<Declaration<'_>> {
    let mut declarations = Vec::new();
    let Some(start) = document_type_offset(text) else { return declarations };
    let subset = &text[start..start + document_type_length(&text[start..])];
    let mut offset = 0;
    while let Some(found) = subset[offset..].find("<!ENTITY") {
        offset += found;
        let rest = subset[offset + 8..].trim_start();
        let rest = rest.strip_prefix('%').map_or(rest, str::trim_start);
        let head = &rest[..rest.floor_char_boundary(LONGEST_NAME)];
        let end = head.find([' ', '\t', '\r', '\n', '>', '"', '\'']).unwrap_or(head.len());
        let (name, definition) = rest.split_at(end);
        let definition = definition.trim_start();
        let is_external = definition.starts_with("SYSTEM") || definition.starts_with("PUBLIC");
        let quote = definition.chars().next().filter(|first| matches!(first, '"' | '\''));
        let value = quote.and_then(|quote| definition[1..].split(quote).next()).unwrap_or_default();
        if declarations.len() > most {
            break;
        }
        declarations.push(Declaration { name, value, is_external, offset: start + offset });
        offset += 8;
    }
    declarations
}

/// The size that all entities together expand to, worst case, must stay within the limit of a document.
fn expansion(text: &str, limits: &Limits) -> Result<(), Fault> {
    let declarations = entity_declarations(text, limits.entities);
    if declarations.is_empty() {
        return Ok(());
    }
    if declarations.len() > limits.entities {
        return Err(Fault::Expansion(limits.document_bytes));
    }
    let values: HashMap<&str, &str> = declarations.iter().map(|entity| (entity.name, entity.value)).collect();
    let mut sizes = HashMap::new();
    let refused = || Fault::Expansion(limits.document_bytes);
    let mut total = 0_u64;
    for name in references(text) {
        let size = expanded(name, &values, &mut sizes, 0).ok_or_else(refused)?;
        total = total.saturating_add(size);
        if total > limits.document_bytes {
            return Err(refused());
        }
    }
    Ok(())
}

/// Entities inside each other, deeper than any book has a reason for; beyond it they may stand in themselves.
const ENTITY_DEPTH: u8 = 8;

fn expanded<'text>(
    name: &'text str,
    values: &HashMap<&'text str, &'text str>,
    sizes: &mut HashMap<&'text str, u64>,
    depth: u8,
) -> Option<u64> {
    if let Some(size) = sizes.get(name) {
        return Some(*size);
    }
    if depth > ENTITY_DEPTH {
        return None;
    }
    let Some(value) = values.get(name) else { return Some(0) };
    let mut size = value.len() as u64;
    for inner in references(value) {
        size = size.saturating_add(expanded(inner, values, sizes, depth + 1)?);
    }
    sizes.insert(name, size);
    Some(size)
}

fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split('&').skip(1).filter_map(|after| {
        let end = after.bytes().take(64).position(|byte| byte == b';')?;
        Some(&after[..end])
    })
}

fn until(text: &str, end: &str) -> usize {
    text.find(end).map_or(text.len(), |found| found + end.len())
}

/// The length of a start tag and the number of its attributes; quotes may hold `>`.
fn tag(text: &str) -> (usize, u32) {
    let (mut quote, mut attributes) = (None, 0);
    for (offset, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'=') => attributes += 1,
            (None, b'>') => return (offset + 1, attributes),
            _ => {}
        }
    }
    (text.len(), attributes)
}

fn document_type_length(text: &str) -> usize {
    let (mut quote, mut is_inside) = (None, false);
    let mut offset = 0;
    let bytes = text.as_bytes();
    while offset < bytes.len() {
        let byte = bytes[offset];
        match (quote, byte) {
            (None, b'<') if bytes[offset..].starts_with(b"<!--") => {
                offset += until(&text[offset..], "-->");
                continue;
            }
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'[') => is_inside = true,
            (None, b']') => is_inside = false,
            (None, b'>') if !is_inside => return offset + 1,
            _ => {}
        }
        offset += 1;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits {
            tree_bytes: 100 * 3 * NODE_BYTES,
            tree_ratio: 0,
            document_depth: 5,
            element_attributes: 3,
            document_bytes: 1000,
            ..Limits::default()
        }
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_refused_before_it_is_parsed() {
        assert_eq!(measure(&"<a>".repeat(6), &limits()), Err(Fault::Depth(5)));
        // Room for a node and for an attribute is made for each sign, wherever it stands.
        assert_eq!(measure(&"<a/>".repeat(301), &limits()), Err(Fault::Nodes(100)));
        assert_eq!(measure(&format!("<a><![CDATA[{}]]></a>", "<".repeat(300)), &limits()), Err(Fault::Nodes(100)));
        assert_eq!(measure(&format!("<a>{}</a>", "=".repeat(300)), &limits()), Err(Fault::Nodes(100)));
        // Where texts have it grow, for thrice as many.
        assert_eq!(measure(&"<a/>b<a/>".repeat(48), &limits()), Ok(145));
        assert_eq!(measure(&"<a/>b".repeat(101), &limits()), Err(Fault::Nodes(100)));
        assert_eq!(measure("<a b='' c='' d='' e=''/>", &limits()), Err(Fault::Attributes(3)));
        assert_eq!(measure("<a b='>' c='/>'><!-- <a><a> --><![CDATA[<a><a>]]></a>", &limits()), Ok(100));
    }

    #[test]
    fn entities_that_grow_or_stand_in_themselves_are_refused() {
        let laughs = "<!DOCTYPE a [<!ENTITY b '0123456789'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'>\
                      <!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>]><a>&d;</a>";
        assert_eq!(measure(laughs, &limits()), Err(Fault::Expansion(1000)));
        let circle = "<!DOCTYPE a [<!ENTITY b '&c;'><!ENTITY c '&b;'>]><a>&b;</a>";
        assert_eq!(measure(circle, &limits()), Err(Fault::Expansion(1000)));
        assert_eq!(measure("<!DOCTYPE a [<!ENTITY b 'x'>]><a>&b;</a>", &limits()), Ok(100));
    }

    #[test]
    fn a_long_document_may_have_more_nodes_than_a_short_one() {
        let limits = Limits { tree_ratio: 10, ..limits() };
        assert_eq!(measure(&"<a/>".repeat(301), &limits), Ok(302));
    }
}
