//! Packages: what was packed, file by file or whole.

mod archive;

use std::ops::Range;

use futures::TryStreamExt;
use packer::{
    hash::{Crc32, Sha256},
    info::{cp437, template::LONGEST_OUTPUT},
};
use serde::{Deserialize, Serialize};
use store::{PackageId, ReleaseId, Timestamp, UserId};

use self::archive::Archive;
use crate::{
    actor::Actor,
    blobs::ByteStream,
    failure::Failure,
    permissions::{Action, Resource},
    services::Services,
    withdrawals::require_offered,
};

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
    /// False where the house keeps packages for so long only, and its bytes are gone.
    pub is_kept: bool,
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
    /// When its book and volumes were thrown away, where the house keeps packages for so long only.
    pub files_removed_at: Option<Timestamp>,
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
    /// When its book and volumes were thrown away, where the house keeps packages for so long only.
    pub files_removed_at: Option<Timestamp>,
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
        let package = self.found(actor, id).await?;
        let files = self.services.store().packages().files(id).await?;
        Ok(Package {
            id,
            release_id: package.release_id,
            revision: package.revision,
            name: package.name,
            volume_id: package.volume_id.map(|id| id.to_string()),
            profile: package.profile,
            profile_version: package.profile_version,
            files: files.into_iter().map(PackageFile::from).collect(),
            size: package.size,
            created_by: package.created_by,
            created_at: package.created_at,
            files_removed_at: package.files_removed_at,
        })
    }

    /// What one file is, when it can be opened.
    ///
    /// # Errors
    /// `Conflict` `withdrawn`, or `package-removed` where its bytes are no longer kept.
    pub async fn file(&self, actor: &Actor, id: PackageId, position: u32) -> Result<PackageFile, Failure> {
        let package = self.found(actor, id).await?;
        require_offered(self.services, package.release_id).await?;
        let file = self.services.store().packages().file(id, position).await?;
        let file = PackageFile::from(file.ok_or_else(|| Failure::not_found("file"))?);
        require_kept(file.is_kept)?;
        Ok(file)
    }

    /// One file, or a range of its bytes. A range beyond the end is cut to it.
    ///
    /// # Errors
    /// As [`file`](Self::file).
    pub async fn open_file(
        &self,
        actor: &Actor,
        id: PackageId,
        position: u32,
        range: Option<Range<u64>>,
    ) -> Result<(PackageFile, ByteStream), Failure> {
        let file = self.file(actor, id, position).await?;
        let body = self.services.blobs().read(&file.sha256, cut(range, file.size)).await?;
        Ok((file, body))
    }

    /// The NFO of a package as a viewer shows it, with its place in the package. Nothing for a package without one.
    pub async fn nfo(&self, actor: &Actor, id: PackageId) -> Result<Option<(u32, String)>, Failure> {
        self.found(actor, id).await?;
        let files = self.services.store().packages().files(id).await?;
        let is_nfo = |path: &str| !path.contains('/') && path.to_ascii_lowercase().ends_with(".nfo");
        let nfo =
            files.into_iter().find(|file| is_nfo(&file.path) && file.is_kept && file.size <= LONGEST_OUTPUT as u64);
        let Some(nfo) = nfo else { return Ok(None) };
        let body = self.services.blobs().read(&nfo.sha256, 0..nfo.size).await?;
        let chunks: Vec<_> = body.try_collect().await.map_err(Failure::of_storage)?;
        Ok(Some((nfo.position, cp437::shown(&chunks.concat()))))
    }

    /// The whole package as one ZIP, or a range of its bytes. A range beyond the end is cut to it.
    ///
    /// # Errors
    /// `Conflict` `withdrawn`, or `package-removed` where its bytes are no longer kept.
    pub async fn open_archive(
        &self,
        actor: &Actor,
        id: PackageId,
        range: Option<Range<u64>>,
    ) -> Result<PackageArchive, Failure> {
        let package = self.found(actor, id).await?;
        require_offered(self.services, package.release_id).await?;
        require_kept(package.files_removed_at.is_none())?;
        let store = self.services.store();
        let release = store.releases().lookup(package.release_id).await?;
        let release = release.ok_or_else(|| Failure::not_found("release"))?;
        let files = store.packages().files(id).await?;
        let archive = Archive::new(&package.name, release.release_date, &files)?;
        let size = archive.size;
        Ok(PackageArchive {
            file_name: format!("{}.zip", package.name),
            size,
            entity_tag: package.manifest_sha256.to_string(),
            body: archive.read(self.services.blobs().clone(), cut(range, size)),
        })
    }

    async fn found(&self, actor: &Actor, id: PackageId) -> Result<store::packages::Package, Failure> {
        actor.require(Resource::Releases, Action::Read)?;
        let package = self.services.store().packages().lookup(id).await?;
        let package = package.ok_or_else(|| Failure::not_found("package"))?;
        // A package is seen by whoever sees its release.
        let release = self.services.store().releases().lookup(package.release_id).await?;
        match release.filter(|release| actor.sees(release)) {
            Some(_) => Ok(package),
            None => Err(Failure::not_found("package")),
        }
    }
}

/// Refuses what needs bytes that are no longer kept.
pub(crate) fn require_kept(is_kept: bool) -> Result<(), Failure> {
    if is_kept { Ok(()) } else { Err(Failure::conflict("package-removed", [])) }
}

fn cut(range: Option<Range<u64>>, size: u64) -> Range<u64> {
    range.map_or(0..size, |range| range.start.min(size)..range.end.min(size))
}

impl From<store::packages::PackageFile> for PackageFile {
    fn from(file: store::packages::PackageFile) -> Self {
        let store::packages::PackageFile { position, path, size, crc32, sha256, is_kept } = file;
        Self { position, path, size, crc32, sha256, is_kept }
    }
}

impl From<store::packages::Package> for PackageSummary {
    fn from(package: store::packages::Package) -> Self {
        Self {
            id: package.id,
            revision: package.revision,
            name: package.name,
            size: package.size,
            created_at: package.created_at,
            files_removed_at: package.files_removed_at,
        }
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
