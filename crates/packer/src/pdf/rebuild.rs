//! Objects found by looking through the whole file, where its own list of them does not help.

use std::{
    collections::HashMap,
    io::{Read, SeekFrom},
};

use super::file::{Location, Stop};
use crate::{inspect::Source, limits::Limits, watch::Watch};

/// Bytes that are looked at at once.
const CHUNK: usize = 256 << 10;
/// Bytes that are looked at again with the next chunk: the longest head of an object, `4294967295 65535 obj`.
const OVERLAP: usize = 32;
/// Trailers that are kept.
const MOST_TRAILERS: usize = 100;

/// What was found, by offsets from the header.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The last object of each number: an update stands behind what it updates.
    pub(super) locations: HashMap<u32, Location>,
    /// Where trailers begin.
    pub(super) trailers: Vec<u64>,
}

/// Looks through a file from its header on. Memory does not grow with it.
pub(super) fn scan(source: &mut dyn Source, start: u64, limits: &Limits, watch: &dyn Watch) -> Result<Found, Stop> {
    let mut found = Found::default();
    source.seek(SeekFrom::Start(start))?;
    let mut window: Vec<u8> = Vec::new();
    let mut base = 0_u64;
    loop {
        if watch.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let kept = window.len();
        Read::take(&mut *source, CHUNK as u64).read_to_end(&mut window)?;
        let is_last = window.len() == kept;
        let whole = if is_last { window.len() } else { window.len().saturating_sub(OVERLAP) };
        for at in 0..whole {
            look(&window, at, base, limits, &mut found);
        }
        if is_last {
            return Ok(found);
        }
        // What stands before a head tells whether it is one.
        let keep = whole.saturating_sub(OVERLAP);
        base += keep as u64;
        window.drain(..keep);
    }
}

fn look(window: &[u8], at: usize, base: u64, limits: &Limits, found: &mut Found) {
    match window[at] {
        b'o' if window[at..].starts_with(b"obj") => {
            if let Some((number, offset)) = head_before(window, at)
                && (found.locations.len() < limits.pdf_objects || found.locations.contains_key(&number))
            {
                found.locations.insert(number, Location::At(base + offset as u64));
            }
        }
        b't' if window[at..].starts_with(b"trailer") => {
            let offset = base + at as u64;
            if found.trailers.len() < MOST_TRAILERS && !found.trailers.contains(&offset) {
                found.trailers.push(offset);
            }
        }
        _ => {}
    }
}

/// `12 0 ` before `obj`: the number and where it begins.
fn head_before(window: &[u8], end: usize) -> Option<(u32, usize)> {
    let (_, generation_at) = number_before(window, end)?;
    let (number, at) = number_before(window, generation_at)?;
    Some((u32::try_from(number).ok()?, at))
}

/// The number that ends before some white space, and where it begins.
fn number_before(window: &[u8], end: usize) -> Option<(u64, usize)> {
    let space = window[..end].iter().rev().take_while(|byte| super::lexer::is_space(**byte)).count();
    let digits_end = end - space;
    let digits = window[..digits_end].iter().rev().take(OVERLAP).take_while(|byte| byte.is_ascii_digit()).count();
    if space == 0 || digits == 0 || space > OVERLAP {
        return None;
    }
    let at = digits_end - digits;
    Some((std::str::from_utf8(&window[at..digits_end]).ok()?.parse().ok()?, at))
}
