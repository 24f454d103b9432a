//! The base of the volume names: six characters that stand for a release.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Six lower-case base-36 digits. With a two-digit number behind them they make DOS names (8.3).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct VolumeId(String);

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
