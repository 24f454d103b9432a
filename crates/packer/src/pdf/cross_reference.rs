//! The list of objects, as a table or as a stream (ISO 32000-2, 7.5.4 and 7.5.8).

use super::{
    file::Location,
    lexer::Lexer,
    object::{Dictionary, Object},
};
use crate::limits::Limits;

/// One section of the list. Objects that it frees are left out.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) entries: Vec<(u32, Location)>,
    pub(super) trailer: Dictionary,
}

/// A table with its trailer; nothing when the bytes end before it does, or it is none.
pub(super) fn of_table(bytes: &[u8], limits: &Limits) -> Option<Section> {
    let mut lexer = Lexer::new(bytes);
    if !lexer.take("xref") {
        return None;
    }
    let mut entries = Vec::new();
    while !lexer.take("trailer") {
        let first = lexer.unsigned()?;
        let count = lexer.unsigned()?;
        for index in 0..count {
            let offset = lexer.unsigned()?;
            lexer.unsigned()?;
            let is_used = lexer.take("n");
            if !is_used && !lexer.take("f") {
                return None;
            }
            if let Some(number) = first.checked_add(index).and_then(|number| u32::try_from(number).ok())
                && is_used
                && entries.len() < limits.pdf_objects
            {
                entries.push((number, Location::At(offset)));
            }
        }
    }
    match lexer.object()? {
        Object::Dictionary(trailer) => Some(Section { entries, trailer }),
        _ => None,
    }
}

/// A stream, unpacked; its dictionary is the trailer.
pub(super) fn of_stream(trailer: Dictionary, bytes: &[u8], limits: &Limits) -> Option<Section> {
    let whole = |object: &Object| object.integer().and_then(|number| usize::try_from(number).ok());
    let widths: Vec<usize> = trailer.get("W")?.array()?.iter().filter_map(whole).collect();
    let [kind_width, first_width, second_width] = widths[..] else { return None };
    let row = kind_width.checked_add(first_width)?.checked_add(second_width)?;
    if row == 0 || widths.iter().any(|width| *width > 8) {
        return None;
    }
    let size = trailer.get("Size").and_then(Object::integer).unwrap_or(0);
    let index: Vec<i64> = match trailer.get("Index").and_then(Object::array) {
        Some(index) => index.iter().filter_map(Object::integer).collect(),
        None => vec![0, size],
    };
    let mut rows = bytes.chunks_exact(row);
    let mut entries = Vec::new();
    for range in index.chunks_exact(2) {
        for offset in 0..range[1].max(0) {
            let Some(fields) = rows.next() else { return Some(Section { entries, trailer }) };
            let (kind, rest) = fields.split_at(kind_width);
            // The index in a stream is a hint that some makers get wrong: objects are found by their numbers.
            let first = &rest[..first_width];
            // Without a width the kind is 1.
            let kind = if kind_width == 0 { 1 } else { big_endian(kind) };
            let location = match kind {
                1 => Some(Location::At(big_endian(first))),
                2 => u32::try_from(big_endian(first)).ok().map(Location::In),
                _ => None,
            };
            let number = range[0].checked_add(offset).and_then(|number| u32::try_from(number).ok());
            if let Some(entry) = number.zip(location).filter(|_| entries.len() < limits.pdf_objects) {
                entries.push(entry);
            }
        }
    }
    Some(Section { entries, trailer })
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}
