//! The base of the volume names: six characters that stand for a release.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Six lower-case base-36 digits. With a two-digit number behind them they make DOS names (8.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VolumeId(String);

/// How many volume ids there are: 36⁶.
#[cfg(feature = "engine")]
const COUNT: u64 = 36_u64.pow(6);

/// The volume id of a release: the SHA-256 of its name, read as a number with the first byte highest, modulo 36⁶.
///
/// `clash` counts how often the id was already taken: 0 hashes the name alone, 1 the name and `#1`, 2 and `#2`.
#[cfg(feature = "engine")]
pub fn derive(name: &crate::name::ReleaseName, clash: u32) -> VolumeId {
    use sha2::Digest;

    let text = if clash == 0 { name.to_string() } else { format!("{name}#{clash}") };
    let hash = sha2::Sha256::digest(text.as_bytes());
    let mut number = hash.iter().fold(0, |rest, byte| (rest * 256 + u64::from(*byte)) % COUNT);
    let mut digits = [b'0'; 6];
    for digit in digits.iter_mut().rev() {
        *digit = b"0123456789abcdefghijklmnopqrstuvwxyz"[usize::try_from(number % 36).unwrap_or_default()];
        number /= 36;
    }
    VolumeId(digits.iter().map(|digit| char::from(*digit)).collect())
}

/// A text that is no volume id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a volume id is six lower-case letters and digits, not `{0}`")]
pub struct VolumeIdError(pub String);

impl VolumeId {
    /// The id as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for VolumeId {
    type Err = VolumeIdError;

    fn from_str(text: &str) -> Result<Self, VolumeIdError> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        if text.len() == 6 && digits { Ok(Self(text.to_owned())) } else { Err(VolumeIdError(text.to_owned())) }
    }
}

impl TryFrom<String> for VolumeId {
    type Error = VolumeIdError;

    fn try_from(text: String) -> Result<Self, VolumeIdError> {
        text.parse()
    }
}

impl From<VolumeId> for String {
    fn from(id: VolumeId) -> Self {
        id.0
    }
}

impl fmt::Display for VolumeId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
