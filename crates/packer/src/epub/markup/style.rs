//! Style sheets: what EPUB does not let stand in them, and what is no CSS at all.

use super::Faults;
use crate::{
    epub::css,
    xml::{Position, Tree, namespace},
};

/// Properties that a reader sets itself (EPUB 3.3, 6.3.2.2).
const OF_READERS: [&str; 2] = ["direction", "unicode-bidi"];

/// A style sheet of its own.
pub(super) fn check_bytes(bytes: &[u8], faults: &mut Faults) {
    let start = Position { line: 1, column: 1 };
    let text = match bytes {
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        _ => {
            let text = String::from_utf8_lossy(bytes);
            let charset = text.strip_prefix("@charset \"").and_then(|rest| rest.split('"').next()).unwrap_or("utf-8");
            if charset.to_ascii_lowercase().starts_with("utf-16") {
                faults.tell("CSS-003", start, &[]);
            } else if !charset.eq_ignore_ascii_case("utf-8") {
                faults.tell("CSS-004", start, &[("charset", charset)]);
            }
            check(&text, None, faults);
            return;
        }
    };
    faults.tell("CSS-003", start, &[]);
    check(&text, None, faults);
}

/// What the `style` elements of a document hold; all of one element is told at its place.
pub(super) fn check_elements(tree: &Tree<'_>, faults: &mut Faults) {
    let is_style = |node: &roxmltree::Node<'_, '_>| {
        node.tag_name().name() == "style"
            && matches!(node.tag_name().namespace(), Some(namespace::XHTML | namespace::SVG))
            && node.attribute("type").is_none_or(|kind| kind.eq_ignore_ascii_case("text/css"))
    };
    for node in tree.root().descendants().filter(is_style) {
        let css: String = node.children().filter_map(|child| child.text()).collect();
        check(&css, Some(tree.position(node)), faults);
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|found| found.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Checks a text of CSS. Its faults stand where they are in it, or all at one place.
fn check(css: &str, place: Option<Position>, faults: &mut Faults) {
    let lines = Lines::of(css);
    let at = |offset| place.unwrap_or_else(|| lines.position(offset));
    for (kind, href, offset) in css::references(css) {
        if kind == css::CssUse::Font && href.trim().is_empty() {
            faults.tell("CSS-002", at(offset), &[]);
        }
    }
    let plain = without_strings(css);
    let mut depth = 0_u32;
    let mut start = 0;
    let mut font_face = None;
    for (offset, byte) in plain.bytes().enumerate() {
        if faults.is_full() {
            return;
        }
        if !matches!(byte, b'{' | b'}' | b';') {
            continue;
        }
        let part = plain[start..offset].trim();
        let begin = offset - plain[start..offset].trim_start().len();
        if byte == b'{' {
            depth += 1;
            font_face = part.eq_ignore_ascii_case("@font-face").then_some((depth, begin, false));
        } else {
            if depth > 0 && !part.is_empty() && !part.starts_with('@') {
                declaration(part, || at(begin), faults);
                font_face = font_face.map(|(depth, begin, _)| (depth, begin, true));
            }
            if byte == b'}' {
                if let Some((_, begin, false)) = font_face.filter(|(own, ..)| *own == depth) {
                    faults.tell("CSS-019", at(begin), &[]);
                }
                font_face = None;
                depth = depth.saturating_sub(1);
            }
        }
        start = offset + 1;
    }
}

fn declaration(text: &str, at: impl FnOnce() -> Position, faults: &mut Faults) {
    match text.split_once(':').map(|(name, _)| name.trim()) {
        None | Some("") => {
            let shown: String = text.chars().take(40).collect();
            faults.tell("CSS-008", at(), &[("found", &shown)]);
        }
        Some(name) if OF_READERS.iter().any(|own| own.eq_ignore_ascii_case(name)) => {
            faults.tell("CSS-001", at(), &[("property", name)]);
        }
        Some(_) => {}
    }
}

/// Where the lines of a text begin.
struct Lines<'css> {
    css: &'css str,
    starts: Vec<usize>,
}

impl<'css> Lines<'css> {
    fn of(css: &'css str) -> Self {
        let starts = [0].into_iter().chain(css.match_indices('\n').map(|(end, _)| end + 1)).collect();
        Self { css, starts }
    }

    fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let before = self.css.get(self.starts[line - 1]..offset).unwrap_or_default();
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Position { line: number(line), column: number(before.chars().count() + 1) }
    }
}

/// The same length with blanks in the place of comments, strings and what stands in `url(…)`: none of them has a part
/// of the grammar.
fn without_strings(css: &str) -> String {
    let mut out = css.as_bytes().to_vec();
    let mut offset = 0;
    while offset < out.len() {
        let rest = &css.as_bytes()[offset..];
        let end = match rest {
            [b'/', b'*', ..] => 2 + length_until(&rest[2..], b"*/"),
            [quote @ (b'"' | b'\''), ..] => 1 + quoted(&rest[1..], *quote),
            [b'\\', _, ..] => 2,
            _ if rest.len() > 4 && rest[..4].eq_ignore_ascii_case(b"url(") => 4 + length_until(&rest[4..], b")"),
            _ => {
                offset += 1;
                continue;
            }
        };
        let end = (offset + end).min(out.len());
        // What is left stands for a value.
        out[offset..end].fill(b' ');
        out[offset] = if rest[0] == b'/' { b' ' } else { b'x' };
        offset = end;
    }
    // What is not ASCII says nothing of the grammar either, and its bytes must not be cut.
    out.iter().map(|byte| if byte.is_ascii() { char::from(*byte) } else { 'x' }).collect()
}

fn length_until(bytes: &[u8], end: &[u8]) -> usize {
    bytes.windows(end.len()).position(|found| found == end).map_or(bytes.len(), |at| at + end.len())
}

/// A string ends with its quote, or with its line.
fn quoted(bytes: &[u8], quote: u8) -> usize {
    let mut offset = 0;
    while let Some(byte) = bytes.get(offset) {
        match byte {
            b'\\' => offset += 1,
            b'\n' => return offset,
            _ if *byte == quote => return offset + 1,
            _ => {}
        }
        offset += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(css: &str) -> Vec<(&'static str, u32)> {
        let mut faults = Faults::default();
        check_bytes(css.as_bytes(), &mut faults);
        faults.0.iter().map(|fault| (fault.code, fault.at.line)).collect()
    }

    #[test]
    fn what_real_style_sheets_do_is_no_fault() {
        for css in [
            "",
            "<!-- p { margin: 0 } -->",
            "@import 'a;b.css'; @namespace url(http://n.example/);",
            "p { background: url(data:image/png;base64,AAAA==) ; content: \"a;}\" }",
            "@media screen { a:hover { color: red; } @page { margin: 1em } }",
            "a { color: red; &:hover { color: blue } }",
            "p { *zoom: 1; filter: progid:DXImageTransform.Microsoft.gradient(a='#1',b='#2'); } /* { ; */",
            "p { margin: 0;; }\n\n}",
            ".é { font-family: \"é;\" }",
        ] {
            assert_eq!(found(css), [], "{css}");
        }
    }

    #[test]
    fn each_fault_has_its_code_and_line() {
        assert_eq!(found("p {\n direction: rtl }"), [("CSS-001", 2)]);
        assert_eq!(found("@font-face { src: url('') }"), [("CSS-002", 1)]);
        assert_eq!(found("@charset \"ISO-8859-1\";"), [("CSS-004", 1)]);
        assert_eq!(found("p {\n\n :black; }"), [("CSS-008", 3)]);
        assert_eq!(found("p { color red; }"), [("CSS-008", 1)]);
        assert_eq!(found("\n@font-face { }"), [("CSS-019", 2)]);
    }

    #[test]
    fn wide_characters_are_read_in_both_orders() {
        for order in [u16::to_be_bytes, u16::to_le_bytes] {
            let bytes: Vec<u8> = "\u{feff}p { direction: rtl }".encode_utf16().flat_map(order).collect();
            let mut faults = Faults::default();
            check_bytes(&bytes, &mut faults);
            assert_eq!(faults.0.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["CSS-003", "CSS-001"]);
        }
    }

    #[test]
    fn the_time_of_a_long_style_sheet_grows_with_its_length_alone() {
        let long = "p { direction: rtl; color: red; }\n".repeat(100_000);
        assert_eq!(found(&long).len(), super::super::MOST_FAULTS);
        assert_eq!(found(&long.replace('\n', " ")).len(), super::super::MOST_FAULTS);
    }

    #[test]
    fn broken_style_sheets_end() {
        for css in ["{", "}", "@font-face{", "p{x", "'", "/*", "url(", "\\", "é{é", "p{\\é:"] {
            let _ = found(css);
        }
    }
}
