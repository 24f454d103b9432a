//! Identifiers: one type for each thing, all of them ULIDs written as 26 characters.
//!
//! Their text is the only door: `FromStr` reads it, `Display` writes it, serde and the database go through both.

use std::{
    fmt,
    str::FromStr,
    sync::{Mutex, PoisonError},
    time::{Duration, UNIX_EPOCH},
};

use serde::{Deserialize, Serialize};
use ulid::{Generator, Overflow, Ulid};

use crate::Timestamp;

/// A text that is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what} id")]
pub struct IdError {
    /// What it should have identified, in lower case.
    pub what: &'static str,
    /// The text.
    pub text: String,
}

/// Declares the identifier of one thing.
macro_rules! id {
    ($name:ident, $what:literal) => {
        #[doc = concat!("Identifies one ", $what, ". Later ones sort after earlier ones.")]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Ulid);

        impl $name {
            /// A new identifier from the caller's clock and the caller's source of randomness, of which 80 bits are used.
            pub fn new(now: Timestamp, random: u128) -> Self {
                Self(Ulid::from_parts(u64::try_from(now.0).unwrap_or(0), random))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let id = Ulid::from_string(text).ok().map(Self);
                // One id has one text: lower case and look-alike letters would make a second URL for the same thing.
                id.filter(|id| id.to_string() == text).ok_or_else(|| IdError { what: $what, text: text.to_owned() })
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        crate::cell::through_text!($name);
    };
}

id!(UserId, "user");
id!(SessionId, "session");
id!(GroupId, "group");
id!(UploadId, "upload");
id!(BookId, "book");
id!(ReleaseId, "release");
id!(PackageId, "package");
id!(JobId, "job");
id!(NodeId, "node");
id!(TokenId, "token");
id!(AuditId, "audit entry");
id!(InboxId, "inbox entry");
id!(LetterId, "letter");

/// Makes the identifiers of audit entries: each sorts after those that were made before it here, within a millisecond, too,
/// and while the clock is set back. Of several processes the clocks alone say what came first.
#[derive(Debug, Default)]
pub struct AuditIds(Mutex<Generator>);

impl AuditIds {
    /// The next one, made now.
    pub fn next(&self, now: Timestamp) -> AuditId {
        // A panic of another thread left a generator as good as any.
        let mut generator = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = UNIX_EPOCH + Duration::from_millis(u64::try_from(now.0).unwrap_or(0));
        AuditId(generator.generate_from_datetime(now).unwrap_or_else(Overflow::commit_overflow_increment))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_audit_entries_sort_as_they_were_made_whatever_the_clock_does() {
        let ids = AuditIds::default();
        let times = [5, 5, 5, 4, 6, 6];
        let made: Vec<AuditId> = times.map(|now| ids.next(Timestamp(now))).to_vec();
        assert!(made.is_sorted() && made.windows(2).all(|two| two[0] < two[1]), "{made:?}");
        assert!(AuditId::new(Timestamp(6), 0) <= made[4] && made[3] < AuditId::new(Timestamp(6), 0), "{made:?}");
    }

    #[test]
    fn an_id_has_one_text_and_that_text_is_the_only_door() {
        let id = ReleaseId::new(Timestamp(1_700_000_000_000), 7);
        let text = id.to_string();
        assert_eq!(text.len(), 26);
        assert_eq!(text.parse(), Ok(id));
        assert_eq!(serde_json::from_str::<ReleaseId>(&format!("\"{text}\"")).ok(), Some(id));
        let too_large = "8".repeat(26);
        for wrong in [text.to_lowercase(), text[1..].to_owned(), too_large, String::new(), "é".repeat(13)] {
            assert!(wrong.parse::<ReleaseId>().is_err(), "{wrong}");
            assert!(serde_json::from_value::<ReleaseId>(wrong.into()).is_err());
        }
    }

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let earlier = JobId::new(Timestamp(1), u128::MAX);
        let later = JobId::new(Timestamp(2), 0);
        assert!(earlier < later && earlier.to_string() < later.to_string());
    }
}
