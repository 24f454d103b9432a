//! Incidents: what nobody foresaw, logged once with an id that the person sees too.

use std::{error::Error, fmt::Write as _};

/// Letters that cannot be mistaken for one another when read aloud.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A new incident id, such as `8k2x-9fq4`: forty random bits.
pub(crate) fn new_id() -> String {
    let random: u64 = rand::random();
    (0..8).fold(String::with_capacity(9), |mut id, position| {
        if position == 4 {
            id.push('-');
        }
        let index = usize::try_from((random >> (position * 5)) & 31).unwrap_or_default();
        id.push(char::from(ALPHABET[index]));
        id
    })
}

/// Logs the error with all its causes and returns the id it is found under.
pub(crate) fn report(error: &(dyn Error + 'static)) -> String {
    let incident = new_id();
    tracing::error!(incident, error = causes(error), "unforeseen failure");
    incident
}

/// The error and everything that led to it, in one line.
pub(crate) fn causes(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        // Writing to a String cannot fail.
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}
