//! FlateDecode with its predictors (ISO 32000-2, 7.4.4): the one filter that structure and metadata are packed with.

use std::io::Read;

use flate2::read::ZlibDecoder;

use super::object::{Dictionary, Object};

/// Unpacks at most `most` bytes; nothing when there are more, or the predictor makes no sense. What can be unpacked of a
/// damaged stream is kept: readers show that too.
pub(super) fn inflate(packed: &[u8], parameters: &Dictionary, most: u64) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut decoder = ZlibDecoder::new(packed).take(most.saturating_add(1));
    let mut chunk = [0; 16 * 1024];
    // An error is the end of what can be read.
    while let Ok(count) = decoder.read(&mut chunk) {
        if count == 0 {
            break;
        }
        bytes.extend_from_slice(&chunk[..count]);
    }
    if bytes.len() as u64 > most || bytes.is_empty() {
        return None;
    }
    let number = |name: &str, otherwise: usize| match parameters.get(name) {
        Some(object) => object.integer().and_then(|number| usize::try_from(number).ok()),
        None => Some(otherwise),
    };
    match parameters.get("Predictor").and_then(Object::integer).unwrap_or(1) {
        1 => Some(bytes),
        10..=15 => {
            let bits = number("Colors", 1)?.checked_mul(number("BitsPerComponent", 8)?)?;
            let row = bits.checked_mul(number("Columns", 1)?)?.div_ceil(8);
            unpredict(&bytes, row, bits.div_ceil(8).max(1))
        }
        // TIFF's predictor is for images.
        _ => None,
    }
}

/// PNG's filters: each row begins with the number of the one that it was written with.
fn unpredict(bytes: &[u8], row: usize, step: usize) -> Option<Vec<u8>> {
    if row == 0 || row > bytes.len() {
        return None;
    }
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len());
    let mut above = vec![0; row];
    for line in bytes.chunks(row + 1) {
        let (filter, values) = line.split_first()?;
        let start = out.len();
        for (index, value) in values.iter().enumerate() {
            let left = if index >= step { out[start + index - step] } else { 0 };
            let up = above[index];
            let corner = if index >= step { above[index - step] } else { 0 };
            let predicted = match filter {
                0 => 0,
                1 => left,
                2 => up,
                3 => u8::midpoint(left, up),
                4 => paeth(left, up, corner),
                _ => return None,
            };
            out.push(value.wrapping_add(predicted));
        }
        above[..values.len()].copy_from_slice(&out[start..]);
    }
    Some(out)
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let estimate = a + b - c;
    let (to_left, to_up, to_corner) = ((estimate - a).abs(), (estimate - b).abs(), (estimate - c).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}
