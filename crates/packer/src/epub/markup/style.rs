//! Style sheets: what EPUB does not let stand in them, and what is no CSS at all.

use super::Faults;
use crate::{
    epub::css::{self, StyleSheet},
    xml::{Places, Position, Tree, namespace},
};

/// Properties that a reader sets itself (EPUB 3.3, 6.3.2.2).
const OF_READERS: [&str; 2] = ["direction", "unicode-bidi"];

/// A style sheet of its own.
pub(super) fn check_sheet(sheet: &StyleSheet, faults: &mut Faults) {
    let start = Position { line: 1, column: 1 };
    let charset = sheet.text.strip_prefix("@charset \"").and_then(|rest| rest.split('"').next()).unwrap_or("utf-8");
    if sheet.is_utf16 || charset.to_ascii_lowercase().starts_with("utf-16") {
        faults.tell("CSS-003", start, &[]);
    } else if !charset.eq_ignore_ascii_case("utf-8") {
        faults.tell("CSS-004", start, &[("charset", charset)]);
    }
    let places = Places::of(&sheet.text);
    check(&sheet.text, |offset| places.position(&sheet.text, offset), faults);
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
        check(&css, |_| tree.position(node), faults);
    }
}

/// Checks a text of CSS; `at` gives the place of an offset into it.
fn check(css: &str, at: impl Fn(usize) -> Position, faults: &mut Faults) {
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
        check_sheet(&StyleSheet::decode(css.as_bytes()), &mut faults);
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
    fn wide_characters_are_told_and_checked_nonetheless() {
        let bytes: Vec<u8> = "\u{feff}p { direction: rtl }".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mut faults = Faults::default();
        check_sheet(&StyleSheet::decode(&bytes), &mut faults);
        assert_eq!(faults.0.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["CSS-003", "CSS-001"]);
    }

    #[test]
    fn of_endless_faults_the_first_are_kept() {
        let long = "p { direction: rtl; color: red; }\n".repeat(10_000);
        assert_eq!(found(&long).len(), super::super::MOST_FAULTS);
    }

    #[test]
    fn the_time_grows_with_the_length_and_not_with_its_square() {
        // Nanoseconds that this thread has worked: what others do on the machine meanwhile does not count.
        let worked = || {
            let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
            u64::try_from(time.tv_sec).unwrap() * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap()
        };
        let time = |rules: usize| {
            let sheet = "p { color: red; src: url(a.png) } ".repeat(rules);
            let fastest = (0..3).map(|_| {
                let start = worked();
                assert_eq!(found(&sheet), []);
                worked() - start
            });
            fastest.min().unwrap()
        };
        let (short, long) = (time(2_000), time(32_000));
        // Sixteen times the length: about sixteen times the time, where its square would be 256 times.
        assert!(long < short * 64, "{short} ns, {long} ns");
    }

    #[test]
    fn broken_style_sheets_end() {
        for css in ["{", "}", "@font-face{", "p{x", "'", "/*", "url(", "\\", "é{é", "p{\\é:"] {
            let _ = found(css);
        }
    }
}
