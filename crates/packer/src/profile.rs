//! Profiles: the rules that a release follows, as data.

use serde::{Deserialize, Serialize};

/// How a package is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// RAR volumes in stored ZIPs, NFO, SFV, SHA256SUMS, manifest.
    SceneEbook,
    /// The book as it is, NFO, SHA256SUMS, manifest, cover.
    Plain,
}

/// One profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// `scene-ebook`, `plain`, or a name of one's own.
    pub name: String,
    /// Counted from 1, raised with every change.
    pub version: u32,
    /// The layout.
    pub layout: Layout,
}
