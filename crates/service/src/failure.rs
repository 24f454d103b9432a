//! The one type in which a use case fails, for whoever called it.

use std::{collections::BTreeMap, error::Error, fmt, io, sync::Arc};

use serde::Serialize;
use store::StoreError;

use crate::blobs::BlobError;

/// The facts of a failure by name, for the sentence that a person reads. Words are chosen where they are shown.
pub type Data = BTreeMap<&'static str, String>;

/// One field of an input, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldProblem {
    /// The field's word, such as `username` or `title`.
    pub field: &'static str,
    /// What is wrong: a stable code such as `too-short`.
    pub code: &'static str,
    /// The facts for the sentence, such as `shortest`.
    pub data: Data,
}

/// Why a use case did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FailureKind {
    /// Nobody is signed in, or the session has ended.
    SignedOut,
    /// The person may not do this.
    Forbidden,
    /// There is no such thing, or not for this person. What: `release`, `upload` …
    NotFound(&'static str),
    /// What was given cannot be taken, field by field.
    Invalid(Vec<FieldProblem>),
    /// The state of things does not allow it: a stable code such as `name-taken`, and its facts.
    Conflict(&'static str, Data),
    /// More bytes than are taken.
    TooLarge {
        /// The limit, in bytes.
        limit: u64,
    },
    /// Too many attempts.
    Busy {
        /// Seconds after which the next one is allowed.
        retry_after_s: u64,
    },
    /// Something that is needed does not answer just now.
    Unavailable,
    /// The disk is full, or what this product may use of it: nothing was stored.
    StorageFull,
    /// The group keeps as much as it may: `group`, and in bytes `quota`, `kept` and `needed`. Nothing was stored.
    GroupFull(Data),
    /// Refused on principle: a stable code such as `protected`, and its facts.
    Refused(&'static str, Data),
    /// Our fault. Nothing about it is shown besides an incident id.
    Internal,
}

/// A failure as it crosses the border: its kind, and for the log alone what was behind it.
#[derive(Clone, Serialize)]
pub struct Failure {
    /// What the caller may know.
    #[serde(flatten)]
    pub kind: FailureKind,
    #[serde(skip)]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Failure {
    /// A failure of this kind with nothing behind it.
    pub fn new(kind: FailureKind) -> Self {
        Self { kind, source: None }
    }

    /// A failure of this kind, with what was behind it.
    pub fn caused(kind: FailureKind, source: impl Error + Send + Sync + 'static) -> Self {
        Self { kind, source: Some(Arc::new(source)) }
    }

    /// Our fault.
    pub fn internal(source: impl Error + Send + Sync + 'static) -> Self {
        Self::caused(FailureKind::Internal, source)
    }

    /// What reading or writing came to: `StorageFull` when there is no room, else our fault.
    pub fn of_storage(source: impl Error + Send + Sync + 'static) -> Self {
        let kind = if is_storage_full(&source) { FailureKind::StorageFull } else { FailureKind::Internal };
        Self::caused(kind, source)
    }

    /// No such thing.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(FailureKind::NotFound(what))
    }

    /// One field that cannot be taken.
    pub fn invalid(field: &'static str, code: &'static str) -> Self {
        Self::new(FailureKind::Invalid(vec![FieldProblem { field, code, data: Data::new() }]))
    }

    /// A conflict with these facts.
    pub fn conflict<const N: usize>(code: &'static str, data: [(&'static str, String); N]) -> Self {
        Self::new(FailureKind::Conflict(code, Data::from(data)))
    }

    /// A refusal with these facts.
    pub fn refused<const N: usize>(code: &'static str, data: [(&'static str, String); N]) -> Self {
        Self::new(FailureKind::Refused(code, Data::from(data)))
    }

    /// The stable code, for JSON, texts and logs.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            FailureKind::SignedOut => "signed-out",
            FailureKind::Forbidden => "forbidden",
            FailureKind::NotFound(_) => "not-found",
            FailureKind::Invalid(_) => "invalid",
            FailureKind::Conflict(code, _) | FailureKind::Refused(code, _) => code,
            FailureKind::TooLarge { .. } => "too-large",
            FailureKind::Busy { .. } => "busy",
            FailureKind::Unavailable => "unavailable",
            FailureKind::StorageFull => "storage-full",
            FailureKind::GroupFull(_) => "group-full",
            FailureKind::Internal => "internal",
        }
    }

    /// The HTTP status (RFC 9110) that says the same.
    pub fn status(&self) -> u16 {
        match &self.kind {
            FailureKind::SignedOut => 401,
            FailureKind::Forbidden => 403,
            FailureKind::NotFound(_) => 404,
            FailureKind::Conflict(..) => 409,
            FailureKind::TooLarge { .. } => 413,
            FailureKind::Invalid(_) | FailureKind::Refused(..) => 422,
            FailureKind::Busy { .. } => 429,
            FailureKind::Internal => 500,
            FailureKind::Unavailable => 503,
            FailureKind::StorageFull | FailureKind::GroupFull(_) => 507,
        }
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Failure").field("kind", &self.kind).field("source", &self.source).finish()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy(_) => Self::caused(FailureKind::Unavailable, error),
            StoreError::Full(_) => Self::caused(FailureKind::StorageFull, error),
            other => Self::internal(other),
        }
    }
}

impl From<BlobError> for Failure {
    fn from(error: BlobError) -> Self {
        Self::of_storage(error)
    }
}

/// True when the disk is full, or a quota is used up, anywhere in the chain of causes.
fn is_storage_full(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        next = error.source();
        if let Some(io) = error.downcast_ref::<io::Error>() {
            if matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
                return true;
            }
            // The source of such an error is the cause of its cause: the cause itself is inside.
            next = io.get_ref().map_or(next, |inner| Some(inner as &(dyn Error + 'static)));
        }
    }
    false
}

/// Two failures are the same when callers cannot tell them apart.
impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_wherever_it_is_in_the_chain() {
        let full = || io::Error::from(io::ErrorKind::StorageFull);
        let deep = opendal::Error::new(opendal::ErrorKind::Unexpected, "write").set_source(full());
        for error in [
            BlobError::Disk(full()),
            BlobError::Disk(io::Error::other(BlobError::Disk(io::ErrorKind::QuotaExceeded.into()))),
            BlobError::from(deep),
        ] {
            let failure = Failure::from(error);
            assert_eq!((failure.code(), failure.status()), ("storage-full", 507), "{failure:?}");
        }
        assert_eq!(Failure::from(BlobError::Disk(io::Error::other("broken"))).code(), "internal");
    }
}
