//! `Content-Disposition` (RFC 6266): the name a download is saved under.

use std::fmt::Write as _;

use axum::http::HeaderValue;

/// An attachment of this name: plainly for old clients, exactly (RFC 8187) for all others where that differs.
pub fn attachment(name: &str) -> Option<HeaderValue> {
    let is_plain = |character: char| character.is_ascii_graphic() && !matches!(character, '"' | '\\' | '%' | '/');
    let plain: String =
        name.chars().map(|character| if is_plain(character) || character == ' ' { character } else { '_' }).collect();
    let mut value = format!("attachment; filename=\"{plain}\"");
    if plain != name {
        value.push_str("; filename*=UTF-8''");
        for byte in name.bytes() {
            // The `attr-char` of RFC 8187; everything else is escaped.
            if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
                value.push(char::from(byte));
            } else {
                // Writing to a String cannot fail.
                let _ = write!(value, "%{byte:02X}");
            }
        }
    }
    HeaderValue::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str) -> String {
        attachment(name).unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            text("a\"; x=\"b\r\n.zip"),
            "attachment; filename=\"a_; x=_b__.zip\"; filename*=UTF-8''a%22%3B%20x%3D%22b%0D%0A.zip"
        );
    }

    #[test]
    fn a_plain_name_stands_alone_and_any_other_exactly_too() {
        assert_eq!(text("Some.Name-GRP.zip"), "attachment; filename=\"Some.Name-GRP.zip\"");
        assert_eq!(text("Été.zip"), "attachment; filename=\"_t_.zip\"; filename*=UTF-8''%C3%89t%C3%A9.zip");
    }
}
