//! Packages: what was packed, file by file or whole.

use std::ops::Range;

use packer::hash::{Crc32, Sha256};
use serde::{Deserialize, Serialize};
use store::{
    Timestamp,
    id::{PackageId, ReleaseId, UserId},
};

use crate::{actor::Actor, blobs::ByteStream, failure::Failure, services::Services};

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageFile {
    /// Its place in the package's order, from 0.
    pub position: u32,
    /// The path inside the package's directory.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// Its CRC-32.
    pub crc32: Crc32,
    /// Its SHA-256.
    pub sha256: Sha256,
}

/// A package without its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageSummary {
    /// Its id.
    pub id: PackageId,
    /// The release's revision that it is, from 1.
    pub revision: u32,
    /// The release name it was packed under.
    pub name: String,
    /// Bytes of all files.
    pub size: u64,
    /// When it was packed.
    pub created_at: Timestamp,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its id.
    pub id: PackageId,
    /// The release.
    pub release_id: ReleaseId,
    /// The release's revision that it is, from 1.
    pub revision: u32,
    /// The release name it was packed under: the name of its directory.
    pub name: String,
    /// The base of the volume names, where the layout has volumes.
    pub volume_id: Option<String>,
    /// The profile it was packed under.
    pub profile: String,
    /// The profile's version then.
    pub profile_version: u32,
    /// The files, in order.
    pub files: Vec<PackageFile>,
    /// Bytes of all files.
    pub size: u64,
    /// Who packed it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// A whole package as one file: a ZIP without compression, the same bytes each time.
pub struct PackageArchive {
    /// `<release name>.zip`.
    pub file_name: String,
    /// The exact size of the whole archive in bytes, whatever range was asked for.
    pub size: u64,
    /// A text that changes when the bytes do, for `ETag`, without quotes.
    pub entity_tag: String,
    /// The bytes of the range that was asked for.
    pub body: ByteStream,
}

/// The use cases of packages.
#[derive(Debug, Clone, Copy)]
pub struct Packages<'a> {
    pub(crate) services: &'a Services,
}

impl Packages<'_> {
    /// A package.
    pub async fn lookup(&self, actor: &Actor, id: PackageId) -> Result<Package, Failure> {
        unavailable!(self, actor, id)
    }

    /// One file, or a range of its bytes. A range beyond the end is cut to it.
    pub async fn open_file(
        &self,
        actor: &Actor,
        id: PackageId,
        position: u32,
        range: Option<Range<u64>>,
    ) -> Result<(PackageFile, ByteStream), Failure> {
        unavailable!(self, actor, id, position, range)
    }

    /// The whole package as one ZIP, or a range of its bytes. A range beyond the end is cut to it.
    pub async fn open_archive(
        &self,
        actor: &Actor,
        id: PackageId,
        range: Option<Range<u64>>,
    ) -> Result<PackageArchive, Failure> {
        unavailable!(self, actor, id, range)
    }
}

impl std::fmt::Debug for PackageArchive {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PackageArchive")
            .field("file_name", &self.file_name)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}
