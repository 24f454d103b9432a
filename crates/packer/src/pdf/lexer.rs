//! From bytes to objects (ISO 32000-2, 7.2 and 7.3). Whatever the bytes are, it ends and its memory is bounded by them.

use super::object::{Dictionary, Object, Reference};

/// Arrays and dictionaries inside each other: real files need a dozen, the stack allows some hundreds.
const DEEPEST: usize = 64;

/// Reads objects from bytes.
#[derive(Debug)]
pub(super) struct Lexer<'bytes> {
    bytes: &'bytes [u8],
    /// Where it reads.
    pub(super) at: usize,
}

impl<'bytes> Lexer<'bytes> {
    pub(super) fn new(bytes: &'bytes [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &'bytes [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes white space and comments.
    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let line = self.rest().iter().position(|byte| matches!(byte, b'\r' | b'\n'));
                self.at += line.unwrap_or(self.rest().len());
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// Takes a keyword when it is next.
    pub(super) fn take(&mut self, keyword: &str) -> bool {
        self.skip_space();
        let is_next = self.rest().starts_with(keyword.as_bytes());
        if is_next {
            self.at += keyword.len();
        }
        is_next
    }

    /// A whole number that is not negative.
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        self.skip_space();
        let digits = self.rest().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let text = std::str::from_utf8(&self.rest()[..digits]).ok()?;
        let number = text.parse().ok()?;
        self.at += digits;
        Some(number)
    }

    /// The next object; nothing where there is none that can be read.
    pub(super) fn object(&mut self) -> Option<Object> {
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Option<Object> {
        if depth > DEEPEST {
            return None;
        }
        self.skip_space();
        match self.peek()? {
            b'/' => Some(Object::Name(self.name())),
            b'(' => Some(Object::String(self.literal_string())),
            b'[' => self.array(depth),
            b'<' if self.rest().starts_with(b"<<") => self.dictionary(depth).map(Object::Dictionary),
            b'<' => Some(Object::String(self.hexadecimal_string())),
            b'+' | b'-' | b'.' | b'0'..=b'9' => Some(self.reference().unwrap_or_else(|| self.number())),
            _ if self.take("true") => Some(Object::Boolean(true)),
            _ if self.take("false") => Some(Object::Boolean(false)),
            _ if self.take("null") => Some(Object::Null),
            _ => None,
        }
    }

    /// `12 0 R`; nothing when it is a number alone.
    fn reference(&mut self) -> Option<Object> {
        let start = self.at;
        let found = (|| {
            let number = u32::try_from(self.unsigned()?).ok()?;
            let generation = u16::try_from(self.unsigned()?).ok()?;
            self.skip_space();
            let is_reference =
                self.peek() == Some(b'R') && self.bytes.get(self.at + 1).is_none_or(|next| !is_regular(*next));
            is_reference.then_some(Reference { number, generation })
        })();
        self.at = if found.is_some() { self.at + 1 } else { start };
        found.map(Object::Reference)
    }

    fn number(&mut self) -> Object {
        let length = self.rest().iter().take_while(|byte| matches!(byte, b'+' | b'-' | b'.' | b'0'..=b'9')).count();
        let text = std::str::from_utf8(&self.rest()[..length]).unwrap_or_default();
        self.at += length;
        if let Ok(number) = text.parse() {
            return Object::Integer(number);
        }
        text.parse().map_or(Object::Null, Object::Real)
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| is_regular(*byte)) {
            self.at += 1;
            let escaped = (byte == b'#').then(|| hexadecimal(self.bytes.get(self.at..self.at + 2)?)).flatten();
            match escaped {
                Some(escaped) => {
                    self.at += 2;
                    name.push(escaped);
                }
                None => name.push(byte),
            }
        }
        name
    }

    fn literal_string(&mut self) -> Vec<u8> {
        self.at += 1;
        let (mut text, mut depth) = (Vec::new(), 1_u32);
        while let Some(byte) = self.peek() {
            self.at += 1;
            match byte {
                b'(' => depth += 1,
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        return text;
                    }
                }
                b'\\' => {
                    text.extend(self.escape());
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    /// What stands behind a backslash; nothing for the end of a line.
    fn escape(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 12,
            b'\r' => {
                self.at += usize::from(self.peek() == Some(b'\n'));
                return None;
            }
            b'\n' => return None,
            b'0'..=b'7' => {
                let mut code = u16::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit) = self.peek().filter(|byte| matches!(byte, b'0'..=b'7')) else { break };
                    self.at += 1;
                    code = code * 8 + u16::from(digit - b'0');
                }
                // More than a byte can hold loses its highest bit, as the standard has it.
                (code & 0xff) as u8
            }
            other => other,
        })
    }

    fn hexadecimal_string(&mut self) -> Vec<u8> {
        self.at += 1;
        let end = self.rest().iter().position(|byte| *byte == b'>').unwrap_or(self.rest().len());
        let mut digits: Vec<u8> = self.rest()[..end].iter().copied().filter(u8::is_ascii_hexdigit).collect();
        if digits.len() % 2 == 1 {
            digits.push(b'0');
        }
        self.at = (self.at + end + 1).min(self.bytes.len());
        digits.chunks(2).filter_map(hexadecimal).collect()
    }

    fn array(&mut self, depth: usize) -> Option<Object> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            if self.take("]") {
                return Some(Object::Array(items));
            }
            items.push(self.nested(depth + 1)?);
        }
    }

    fn dictionary(&mut self, depth: usize) -> Option<Dictionary> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            if self.take(">>") {
                return Some(Dictionary(entries));
            }
            if self.peek() != Some(b'/') {
                return None;
            }
            let name = self.name();
            entries.push((name, self.nested(depth + 1)?));
        }
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn hexadecimal(digits: &[u8]) -> Option<u8> {
    u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<Object> {
        Lexer::new(text.as_bytes()).object()
    }

    #[test]
    fn every_kind_of_object_is_read() {
        assert_eq!(read(" % note\n true"), Some(Object::Boolean(true)));
        assert_eq!(read("-17"), Some(Object::Integer(-17)));
        assert_eq!(read("+.5"), Some(Object::Real(0.5)));
        assert_eq!(read("/A#42c"), Some(Object::Name(b"ABc".to_vec())));
        assert_eq!(read("(a(b)\\)\\101\\\nc)"), Some(Object::String(b"a(b))Ac".to_vec())));
        assert_eq!(read("<41 4>"), Some(Object::String(b"A@".to_vec())));
        assert_eq!(read("12 3 R"), Some(Object::Reference(Reference { number: 12, generation: 3 })));
        assert_eq!(
            read("[1 2 3 0 R]"),
            Some(Object::Array(vec![
                Object::Integer(1),
                Object::Integer(2),
                Object::Reference(Reference { number: 3, generation: 0 })
            ]))
        );
        let Some(Object::Dictionary(dictionary)) = read("<< /A 1 /B << /C null >> /A 2 >>") else { panic!() };
        assert_eq!(dictionary.get("A"), Some(&Object::Integer(2)));
        assert_eq!(dictionary.get("B").unwrap().dictionary().unwrap().get("C"), Some(&Object::Null));
    }

    #[test]
    fn what_is_nested_without_end_or_cut_is_no_object() {
        assert_eq!(read(&"[".repeat(100_000)), None);
        assert_eq!(read(&"<</A".repeat(100_000)), None);
        assert_eq!(read("<< /A 1"), None);
        assert_eq!(read("(open"), Some(Object::String(b"open".to_vec())));
        assert_eq!(read("garbage"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut lexer = Lexer::new(&bytes);
            while lexer.object().is_some() {
                prop_assert!(lexer.at <= bytes.len());
            }
        }

        #[test]
        fn an_integer_is_read_as_it_was_written(number in any::<i64>()) {
            prop_assert_eq!(read(&number.to_string()), Some(Object::Integer(number)));
        }
    }
}
