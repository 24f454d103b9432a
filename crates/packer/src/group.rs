//! Groups and their tags.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The tag of a group, `[A-Za-z0-9]{2,30}`: the last part of every release name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupTag(String);

/// A text that is no group tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a group tag is 2 to 30 letters and digits without accents, not `{0}`")]
pub struct GroupTagError(pub String);

impl GroupTag {
    /// The fewest characters of a tag.
    pub const SHORTEST: usize = 2;
    /// The most characters of a tag.
    pub const LONGEST: usize = 30;

    /// The tag as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for GroupTag {
    type Err = GroupTagError;

    fn from_str(text: &str) -> Result<Self, GroupTagError> {
        let long_enough = (Self::SHORTEST..=Self::LONGEST).contains(&text.len());
        if long_enough && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(GroupTagError(text.to_owned()))
        }
    }
}

impl TryFrom<String> for GroupTag {
    type Error = GroupTagError;

    fn try_from(text: String) -> Result<Self, GroupTagError> {
        text.parse()
    }
}

impl From<GroupTag> for String {
    fn from(tag: GroupTag) -> Self {
        tag.0
    }
}

impl fmt::Display for GroupTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}
