//! The characters of a document, whatever its encoding, and where they stand in it.

use std::collections::HashSet;

use super::{
    Fault, Oddity, Position,
    entities::character,
    measure::entity_declarations,
    places::{Places, number},
};
use crate::limits::Limits;

/// A decoded document.
#[derive(Debug)]
pub struct Text {
    characters: String,
    places: Places,
    /// At this offset stands the character of a named entity; so many characters were left out so far.
    replaced: Vec<(usize, usize)>,
    /// What is wrong with it, without keeping it from being read.
    pub oddities: Vec<Oddity>,
    /// The public and system identifiers of its document type, where it has one.
    pub document_type: Option<DocumentType>,
}

/// A document type declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentType {
    /// The public identifier.
    pub public: Option<String>,
    /// The system identifier.
    pub system: Option<String>,
    /// Where it begins.
    pub at: Position,
}

impl Text {
    /// Decodes the bytes of a document: UTF-8, UTF-16, or a declared encoding of one byte a character.
    pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Self, Fault> {
        if bytes.len() as u64 > limits.document_bytes {
            return Err(Fault::Bytes(limits.document_bytes));
        }
        let mut oddities = Vec::new();
        let text = characters(bytes, &mut oddities)?;
        let mut decoded =
            Self { places: Places::of(&text), characters: text, replaced: Vec::new(), oddities, document_type: None };
        decoded.document_type = decoded.read_document_type();
        if let Some(version) = declared_version(&decoded.characters).filter(|version| *version != "1.0") {
            let version = version.chars().take(16).collect();
            decoded.oddities.push(Oddity::Version(version));
        }
        let declared = entity_declarations(&decoded.characters, limits.entities);
        for entity in declared.iter().filter(|entity| entity.is_external) {
            let at = decoded.position(entity.offset);
            decoded.oddities.push(Oddity::ExternalEntity { name: entity.name.to_owned(), at });
        }
        let is_xhtml = decoded.document_type.as_ref().is_some_and(|kind| {
            [&kind.public, &kind.system].into_iter().flatten().any(|id| id.contains("XHTML") || id.contains("oeb"))
        });
        if is_xhtml {
            let own: HashSet<String> = declared.iter().map(|entity| entity.name.to_owned()).collect();
            decoded.replace_entities(&own);
        }
        Ok(decoded)
    }

    /// The characters, named XHTML entities already replaced.
    pub fn as_str(&self) -> &str {
        &self.characters
    }

    /// Line and column, in the document as it was given, of an offset into [`Self::as_str`].
    pub fn position(&self, offset: usize) -> Position {
        let (at, start) = self.places.position_and_line(&self.characters, offset);
        let more = self.left_out_before(offset) - self.left_out_before(start);
        Position { line: at.line, column: at.column.saturating_add(number(more)) }
    }

    /// The place in the document as it was given, of a place in [`Self::as_str`].
    pub(super) fn original(&self, at: Position) -> Position {
        let Some(start) = self.places.line_start(at.line) else { return at };
        let rest = &self.characters[start..];
        let nth = rest.char_indices().nth(at.column.saturating_sub(1) as usize);
        self.position(start + nth.map_or(rest.len(), |(offset, _)| offset))
    }

    fn left_out_before(&self, offset: usize) -> usize {
        let count = self.replaced.partition_point(|(place, _)| *place < offset);
        count.checked_sub(1).map_or(0, |last| self.replaced[last].1)
    }

    /// A few characters of the source at a place of the parsed text.
    pub(super) fn snippet(&self, line: u32, column: u32) -> String {
        let Some(start) = self.places.line_start(line) else { return String::new() };
        let rest = self.characters[start..].lines().next().unwrap_or_default();
        rest.chars().skip((column as usize).saturating_sub(1)).take(32).collect::<String>().trim().to_owned()
    }

    fn read_document_type(&self) -> Option<DocumentType> {
        let offset = super::measure::document_type_offset(&self.characters)?;
        let mut rest = self.characters[offset..].strip_prefix("<!DOCTYPE")?.trim_start();
        rest = rest.trim_start_matches(|c: char| !c.is_whitespace() && c != '>' && c != '[').trim_start();
        let (public, system) = if let Some(after) = rest.strip_prefix("PUBLIC") {
            let (public, after) = quoted(after)?;
            (Some(public), quoted(after).map(|(system, _)| system))
        } else if let Some(after) = rest.strip_prefix("SYSTEM") {
            (None, quoted(after).map(|(system, _)| system))
        } else {
            (None, None)
        };
        let owned = |text: &str| text.chars().take(256).collect::<String>();
        Some(DocumentType { public: public.map(owned), system: system.map(owned), at: self.position(offset) })
    }

    fn replace_entities(&mut self, own: &HashSet<String>) {
        if !self.characters.contains('&') {
            return;
        }
        let mut out = String::with_capacity(self.characters.len());
        let mut left_out = 0;
        let mut rest = self.characters.as_str();
        while let Some(start) = rest.find('&') {
            out.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.bytes().take(12).position(|byte| byte == b';');
            let name = end.map(|end| &rest[1..end]).filter(|name| !own.contains(*name));
            if let (Some(end), Some(found)) = (end, name.and_then(character)) {
                left_out += end;
                self.replaced.push((out.len(), left_out));
                out.push(found);
                rest = &rest[end + 1..];
            } else {
                out.push('&');
                rest = &rest[1..];
            }
        }
        out.push_str(rest);
        self.places = Places::of(&out);
        self.characters = out;
    }
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let quote = text.chars().next().filter(|first| matches!(first, '"' | '\''))?;
    text[1..].split_once(quote)
}

fn characters(bytes: &[u8], oddities: &mut Vec<Oddity>) -> Result<String, Fault> {
    match bytes {
        [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] | [b'<', 0, 0, 0, ..] => {
            Err(Fault::Encoding("UTF-32".to_owned()))
        }
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes, oddities),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes, oddities),
        [b'<', 0, _, 0, ..] => utf16(bytes, u16::from_le_bytes, oddities),
        [0, b'<', 0, _, ..] => utf16(bytes, u16::from_be_bytes, oddities),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        _ => declared(bytes, oddities),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16, oddities: &mut Vec<Oddity>) -> Result<String, Fault> {
    oddities.push(Oddity::Utf16);
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: Result<String, _> = char::decode_utf16(units).collect();
    match text {
        Ok(text) if bytes.len().is_multiple_of(2) => Ok(text),
        _ => Err(Fault::Malformed { at: Position { line: 1, column: 1 }, found: "UTF-16".to_owned() }),
    }
}

fn utf8(bytes: &[u8]) -> Result<String, Fault> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        let bad = bytes.get(error.valid_up_to()).copied().unwrap_or_default();
        Fault::Malformed { at: Position { line: number(line), column: number(column) }, found: format!("0x{bad:02X}") }
    })
}

/// Without a byte order mark the XML declaration decides; one byte a character, or UTF-8.
fn declared(bytes: &[u8], oddities: &mut Vec<Oddity>) -> Result<String, Fault> {
    let Some(name) = declared_name(bytes) else { return utf8(bytes) };
    let upper = name.to_ascii_uppercase();
    match upper.as_str() {
        "UTF-8" => utf8(bytes),
        "US-ASCII" | "ASCII" => {
            oddities.push(Oddity::Encoding(name));
            utf8(bytes)
        }
        "ISO-8859-1" | "LATIN1" | "WINDOWS-1252" | "ISO-8859-15" => {
            oddities.push(Oddity::Encoding(name));
            Ok(bytes.iter().map(|byte| char::from(*byte)).collect())
        }
        // Declared UTF-16 without its bytes: the declaration is wrong, the bytes are read as they are.
        "UTF-16" | "UTF-16LE" | "UTF-16BE" => {
            oddities.push(Oddity::Utf16);
            utf8(bytes)
        }
        _ => Err(Fault::Encoding(name)),
    }
}

fn declared_name(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(256)];
    let head = String::from_utf8_lossy(head);
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?;
    quoted(after).map(|(name, _)| name.chars().take(40).collect())
}

/// The version that the XML declaration names.
fn declared_version(text: &str) -> Option<&str> {
    let declaration = text.strip_prefix("<?xml")?.split_once("?>")?.0;
    let value = declaration.split_once("version")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value[1..].split(quote).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Tree;

    #[test]
    fn columns_count_the_characters_of_the_document_as_it_was_given() {
        let source = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" \"x\">\n<p>&eacute;t&eacute; <b/></p>";
        let text = Text::decode(source.as_bytes(), &Limits::default()).unwrap();
        let tree = Tree::parse(&text, &Limits::default()).unwrap();
        assert_eq!(tree.root().text(), Some("été "));
        let bold = tree.root().last_element_child().unwrap();
        assert_eq!(tree.position(bold), Position { line: 2, column: 22 });
    }

    #[test]
    fn utf_16_is_read_and_noted_and_utf_32_is_refused() {
        let mut bytes = vec![0xff, 0xfe];
        bytes.extend("<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes));
        let text = Text::decode(&bytes, &Limits::default()).unwrap();
        assert_eq!((text.as_str(), &text.oddities[..]), ("<a>é</a>", &[Oddity::Utf16][..]));
        let fault = Text::decode(&[0xff, 0xfe, 0, 0, b'<', 0, 0, 0], &Limits::default()).unwrap_err();
        assert_eq!(fault, Fault::Encoding("UTF-32".to_owned()));
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_named_with_their_place() {
        let fault = Text::decode(b"<a>\n\xc3\xa9\xff</a>", &Limits::default()).unwrap_err();
        assert_eq!(fault, Fault::Malformed { at: Position { line: 2, column: 2 }, found: "0xFF".to_owned() });
    }

    #[test]
    fn a_declared_latin_1_is_read_and_noted() {
        let text = Text::decode(b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", &Limits::default()).unwrap();
        assert!(text.as_str().ends_with("<a>é</a>"));
        assert_eq!(text.oddities, [Oddity::Encoding("iso-8859-1".to_owned())]);
    }
}
