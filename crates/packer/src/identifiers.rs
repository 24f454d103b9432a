//! Numbers that identify a book.

use isbn::{Isbn10, Isbn13};

/// The digits of a valid ISBN-13, made from an ISBN-10 where that is written; with hyphens, spaces or `ISBN` or without.
pub fn isbn13(value: &str) -> Option<String> {
    let lower = value.trim().to_ascii_lowercase();
    let rest = lower.trim_start_matches("urn:").trim_start_matches("isbn").trim_start_matches([':', ' ', '-']);
    let digits: String = rest.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2010}' | '\u{2011}')).collect();
    if digits.len() == 13 && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        // 979-0 is a number for printed music, not for books.
        let isbn: Isbn13 = digits.parse().ok()?;
        return (!digits.starts_with("9790")).then(|| isbn.to_string().replace('-', "")).map(|_| digits);
    }
    if digits.len() == 10 && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x') {
        let isbn: Isbn10 = digits.to_ascii_uppercase().parse().ok()?;
        let long = Isbn13::from(isbn).to_string();
        return Some(long.replace('-', ""));
    }
    None
}
