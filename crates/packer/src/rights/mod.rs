//! The rights basis that every release records before it can be packed.

#[cfg(feature = "engine")]
mod basis;
#[cfg(feature = "engine")]
mod comparison;

use serde::{Deserialize, Serialize};

#[cfg(feature = "engine")]
pub use basis::{LONGEST_NOTE, RightsError, parse};
#[cfg(feature = "engine")]
pub use comparison::{BOOK_SAYS_OTHERWISE, NO_BASIS, NO_NOTE, UNKNOWN_LICENCE, findings};

/// Why a group may publish a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rights {
    /// On what ground.
    pub basis: RightsBasis,
    /// Who gave permission, why it is in the public domain, or a link. Required for every basis but a licence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The ground itself, written `own-work`, `permission`, `public-domain` or an SPDX id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum RightsBasis {
    /// The group made it.
    OwnWork,
    /// The rights holder allowed it.
    Permission,
    /// No rights are left.
    PublicDomain,
    /// An open licence, by its SPDX id. That the id exists is checked by the engine.
    Licence(String),
}

impl RightsBasis {
    /// True when the note must say something.
    pub fn needs_note(&self) -> bool {
        !matches!(self, Self::Licence(_))
    }

    /// The text it is written as.
    pub fn word(&self) -> &str {
        match self {
            Self::OwnWork => "own-work",
            Self::Permission => "permission",
            Self::PublicDomain => "public-domain",
            Self::Licence(id) => id,
        }
    }
}

impl From<String> for RightsBasis {
    fn from(text: String) -> Self {
        match text.as_str() {
            "own-work" => Self::OwnWork,
            "permission" => Self::Permission,
            "public-domain" => Self::PublicDomain,
            _ => Self::Licence(text),
        }
    }
}

impl From<RightsBasis> for String {
    fn from(basis: RightsBasis) -> Self {
        basis.word().to_owned()
    }
}
