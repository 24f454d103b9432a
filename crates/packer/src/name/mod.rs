//! Release names, as parsed values.

/// The name of a release.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReleaseName(String);

impl std::fmt::Display for ReleaseName {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}
