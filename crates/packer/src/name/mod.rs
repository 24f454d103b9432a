//! Release names, as parsed values.

/// The name of a release.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseName(String);
