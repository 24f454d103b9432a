//! One-time codes by time: RFC 6238 with what every authenticator app takes, SHA-1, six digits, thirty seconds.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use store::Timestamp;
use subtle::ConstantTimeEq;

/// Bytes of a seed: as many as the hash has (RFC 4226 §4 R6).
pub(super) const SEED_BYTES: usize = 20;
/// Milliseconds of one step.
const STEP_MS: i64 = 30_000;
/// Steps before and after the present one that are taken: clocks differ, and typing takes a while.
const TOLERANCE: u64 = 1;
/// The alphabet of base32 (RFC 4648 §6).
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The time step of a code that is right about now. Blanks in it do not count.
pub(super) fn matching_step(seed: &[u8], code: &str, now: Timestamp) -> Option<u64> {
    let given: String = code.chars().filter(|character| !character.is_whitespace()).collect();
    let present = u64::try_from(now.0 / STEP_MS).ok()?;
    let steps = present.saturating_sub(TOLERANCE)..=present + TOLERANCE;
    // Every step is compared, whichever was right.
    steps.fold(None, |found, step| {
        let is_right: bool = code_of(seed, step).as_bytes().ct_eq(given.as_bytes()).into();
        if is_right { Some(step) } else { found }
    })
}

/// The code of a time step.
fn code_of(seed: &[u8], step: u64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(seed).expect("HMAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest: [u8; 20] = mac.finalize().into_bytes().into();
    // Dynamic truncation, RFC 4226 §5.3.
    let offset = usize::from(digest[19] & 0x0f);
    let bytes = [digest[offset] & 0x7f, digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    format!("{:06}", u32::from_be_bytes(bytes) % 1_000_000)
}

/// A seed as people type it.
pub(super) fn base32(seed: &[u8]) -> String {
    let mut text = String::with_capacity(seed.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in seed {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(BASE32[(buffer >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(BASE32[(buffer << (5 - bits)) as usize & 31]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";

    #[test]
    fn the_codes_are_those_of_rfc_6238_appendix_b() {
        let cases = [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ];
        for (seconds, code) in cases {
            let now = Timestamp(seconds * 1_000);
            assert_eq!(matching_step(SEED, code, now), u64::try_from(seconds / 30).ok(), "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_further() {
        for (seconds, taken) in [(29, true), (30, true), (89, true), (90, false)] {
            let found = matching_step(SEED, "287 082", Timestamp(seconds * 1_000));
            assert_eq!(found, taken.then_some(1), "{seconds}");
        }
        for wrong in ["", "28708", "2870821", "é87082"] {
            assert_eq!(matching_step(SEED, wrong, Timestamp(59_000)), None, "{wrong}");
        }
    }

    #[test]
    fn a_seed_is_written_in_base_32() {
        assert_eq!(base32(SEED), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
