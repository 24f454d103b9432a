//! The text of a style sheet and its references: `url(…)` and `@import`, with comments and other strings passed over.

/// A style sheet of its own.
#[derive(Debug)]
pub struct StyleSheet {
    /// Its text; what cannot be decoded stands as U+FFFD in it.
    pub text: String,
    /// A byte order mark says that it is UTF-16.
    pub is_utf16: bool,
}

impl StyleSheet {
    /// Decodes UTF-16 where a byte order mark says so, else UTF-8.
    pub fn decode(bytes: &[u8]) -> Self {
        match bytes {
            [0xFE, 0xFF, rest @ ..] => Self { text: wide(rest, u16::from_be_bytes), is_utf16: true },
            [0xFF, 0xFE, rest @ ..] => Self { text: wide(rest, u16::from_le_bytes), is_utf16: true },
            _ => Self { text: String::from_utf8_lossy(bytes).into_owned(), is_utf16: false },
        }
    }
}

fn wide(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    char::decode_utf16(units).map(|found| found.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// How a style sheet refers to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CssUse {
    /// `@import`.
    Import,
    /// The `src` of an `@font-face`.
    Font,
    /// Any other `url(…)`: an image.
    Image,
}

/// Each reference with its use and the offset at which it begins.
pub fn references(css: &str) -> Vec<(CssUse, String, usize)> {
    let mut found = Vec::new();
    let mut scanner = Scanner { css, offset: 0 };
    let (mut is_import, mut depth, mut font_depth) = (false, 0_u32, None);
    let mut is_font_next = false;
    while let Some(token) = scanner.next_token() {
        match token {
            Token::At(name) => {
                is_import = name.eq_ignore_ascii_case("import");
                is_font_next = name.eq_ignore_ascii_case("font-face");
            }
            Token::Open => {
                depth += 1;
                if is_font_next {
                    font_depth = Some(depth);
                    is_font_next = false;
                }
            }
            Token::Close => {
                if font_depth == Some(depth) {
                    font_depth = None;
                }
                depth = depth.saturating_sub(1);
            }
            Token::End => is_import = false,
            Token::Url(url, offset) if !url.starts_with('#') => {
                let kind = if is_import {
                    CssUse::Import
                } else if font_depth.is_some() {
                    CssUse::Font
                } else {
                    CssUse::Image
                };
                // `@namespace` has a URL that is a name, not a reference: it is not in a block.
                if is_import || depth > 0 || kind == CssUse::Import {
                    found.push((kind, url, offset));
                }
            }
            Token::Text(text, offset) if is_import => found.push((CssUse::Import, text, offset)),
            // A fragment alone leads into the document that uses the style sheet.
            Token::Url(..) | Token::Text(..) => {}
        }
    }
    found
}

/// The references of a `style` attribute, which is the inside of one block.
pub fn attribute_references(style: &str) -> Vec<String> {
    let block = format!("x{{{style}}}");
    references(&block).into_iter().map(|(_, url, _)| url).collect()
}

enum Token {
    At(String),
    Open,
    Close,
    End,
    Url(String, usize),
    Text(String, usize),
}

struct Scanner<'css> {
    css: &'css str,
    offset: usize,
}

impl Scanner<'_> {
    fn next_token(&mut self) -> Option<Token> {
        loop {
            let rest = &self.css[self.offset..];
            let first = rest.chars().next()?;
            let start = self.offset;
            if rest.starts_with("/*") {
                self.offset += rest.find("*/").map_or(rest.len(), |end| end + 2);
            } else if let Some(open) = url_open(rest) {
                self.offset += open;
                return Some(Token::Url(self.url(), start));
            } else if matches!(first, '"' | '\'') {
                self.offset += 1;
                return Some(Token::Text(self.quoted(first), start));
            } else if first == '@' {
                let name: String = rest[1..].chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect();
                self.offset += 1 + name.len();
                return Some(Token::At(name));
            } else {
                self.offset += first.len_utf8();
                match first {
                    '\\' => self.offset += self.css[self.offset..].chars().next().map_or(0, char::len_utf8),
                    '{' => return Some(Token::Open),
                    '}' => return Some(Token::Close),
                    ';' => return Some(Token::End),
                    // A name such as `my-url(` is no `url(`.
                    _ if first.is_alphanumeric() => self.skip_name(),
                    _ => {}
                }
            }
        }
    }

    fn skip_name(&mut self) {
        let rest = &self.css[self.offset..];
        self.offset += rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
    }

    fn url(&mut self) -> String {
        let rest = &self.css[self.offset..];
        self.offset += rest.len() - rest.trim_start().len();
        let rest = &self.css[self.offset..];
        if let Some(quote) = rest.chars().next().filter(|first| matches!(first, '"' | '\'')) {
            self.offset += 1;
            return self.quoted(quote);
        }
        let end = rest.find(')').unwrap_or(rest.len());
        self.offset += end;
        rest[..end].trim_end().replace('\\', "")
    }

    fn quoted(&mut self, quote: char) -> String {
        let mut out = String::new();
        let mut characters = self.css[self.offset..].chars();
        while let Some(next) = characters.next() {
            self.offset += next.len_utf8();
            match next {
                '\\' => {
                    let Some(escaped) = characters.next() else { break };
                    self.offset += escaped.len_utf8();
                    if escaped != '\n' {
                        out.push(escaped);
                    }
                }
                // A string ends with its line when its quote is missing.
                '\n' => break,
                _ if next == quote => break,
                _ => out.push(next),
            }
        }
        out
    }
}

fn url_open(rest: &str) -> Option<usize> {
    rest.get(..4).filter(|start| start.eq_ignore_ascii_case("url(")).map(str::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_fonts_and_images_are_told_apart_and_comments_passed_over() {
        let css = "/* url(no) */ @import 'a.css'; @import url(b.css);\n@namespace url(http://n.example/);\
                   @font-face { src: url(\"f.otf\") } p::before { content: 'url(no)'; background: URL( i.png ) }";
        let found: Vec<_> = references(css).into_iter().map(|(kind, url, _)| (kind, url)).collect();
        let expected =
            [(CssUse::Import, "a.css"), (CssUse::Import, "b.css"), (CssUse::Font, "f.otf"), (CssUse::Image, "i.png")];
        assert_eq!(found, expected.map(|(kind, url)| (kind, url.to_owned())));
    }

    #[test]
    fn wide_characters_are_read_in_both_orders() {
        for order in [u16::to_be_bytes, u16::to_le_bytes] {
            let bytes: Vec<u8> = "\u{feff}p { background: url(é.png) }".encode_utf16().flat_map(order).collect();
            let sheet = StyleSheet::decode(&bytes);
            assert!(sheet.is_utf16);
            assert_eq!(references(&sheet.text).pop().map(|(_, url, _)| url), Some("é.png".to_owned()));
        }
    }

    #[test]
    fn broken_style_sheets_end() {
        for css in ["url(", "@", "'", "\\", "p { x: url('", "/*", "@import 'é"] {
            let _ = references(css);
        }
    }
}
