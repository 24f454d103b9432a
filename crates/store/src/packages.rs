//! Packages and their files.

use packer::{
    hash::{Crc32, Sha256},
    volume_id::VolumeId,
};
use serde::Serialize;

use crate::{
    PackageId, ReleaseId, StoreError, Timestamp, Transaction, UserId,
    connection::{Reads, list, optional},
    placeholders::{ROWS_AT_ONCE, placeholder_rows},
    row::{CellError, Record, Row},
    statement::{composed, statement},
};

/// A package as stored. Its files are asked for apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Package {
    /// Which.
    pub id: PackageId,
    /// Of which release.
    pub release_id: ReleaseId,
    /// Of which revision of it, counted from 1.
    pub revision: u32,
    /// The release name at the time: the directory's name.
    pub name: String,
    /// The base of the volume names, where the layout has volumes.
    pub volume_id: Option<VolumeId>,
    /// The profile's name.
    pub profile: String,
    /// The profile's version at the time.
    pub profile_version: u32,
    /// The bytes of all files together.
    pub size: u64,
    /// The hash of `manifest.json`.
    pub manifest_sha256: Sha256,
    /// Who had it packed.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When its files were thrown away, because they are kept for so long only; nothing while they are there.
    pub files_removed_at: Option<Timestamp>,
}

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackageFile {
    /// Counted from 0, in the order of the package.
    pub position: u32,
    /// The path inside the package, with `/`.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// The checksum that the SFV has.
    pub crc32: Crc32,
    /// The hash its bytes are stored under.
    pub sha256: Sha256,
    /// False once its bytes were thrown away, because packages are kept for so long only.
    pub is_kept: bool,
}

impl Record for Package {
    const TABLE: &'static str = "packages";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            id: row.get("id")?,
            release_id: row.get("release_id")?,
            revision: row.get("revision")?,
            name: row.get("name")?,
            volume_id: row.optional("volume_id")?,
            profile: row.get("profile")?,
            profile_version: row.get("profile_version")?,
            size: row.get("size")?,
            manifest_sha256: row.get("manifest_sha256")?,
            created_by: row.get("created_by")?,
            created_at: row.get("created_at")?,
            files_removed_at: row.optional("files_removed_at")?,
        })
    }
}

impl Record for PackageFile {
    const TABLE: &'static str = "package_files";
    const KEY: &'static str = "package_id";

    fn read(row: &Row) -> Result<Self, CellError> {
        Ok(Self {
            position: row.get("position")?,
            path: row.get("path")?,
            size: row.get("size")?,
            crc32: row.get("crc32")?,
            sha256: row.get("sha256")?,
            is_kept: row.optional::<Timestamp>("removed_at")?.is_none(),
        })
    }
}

/// Packages, read through a store or a transaction.
#[derive(Debug)]
pub struct Packages<C>(pub(crate) C);

impl<C: Reads> Packages<C> {
    /// The package with an id.
    pub async fn lookup(mut self, id: PackageId) -> Result<Option<Package>, StoreError> {
        optional(&mut self.0, statement("SELECT * FROM packages WHERE id = ?").bind(id)).await
    }

    /// The packages of a release, the newest revision first.
    pub async fn list_of(mut self, release: ReleaseId) -> Result<Vec<Package>, StoreError> {
        let packages = statement("SELECT * FROM packages WHERE release_id = ? ORDER BY revision DESC").bind(release);
        list(&mut self.0, packages).await
    }

    /// The files of a package, in order.
    pub async fn files(mut self, id: PackageId) -> Result<Vec<PackageFile>, StoreError> {
        let files = statement("SELECT * FROM package_files WHERE package_id = ? ORDER BY position").bind(id);
        list(&mut self.0, files).await
    }

    /// One file of a package.
    pub async fn file(mut self, id: PackageId, position: u32) -> Result<Option<PackageFile>, StoreError> {
        let file = statement("SELECT * FROM package_files WHERE package_id = ? AND position = ?");
        optional(&mut self.0, file.bind(id).bind(position)).await
    }
}

impl Packages<&mut Transaction> {
    /// Adds a package with its files, all of them kept. [`Constraint::PackageRevision`](crate::Constraint::PackageRevision) when the
    /// release has a package of that revision.
    pub async fn add(self, package: &Package, files: &[PackageFile]) -> Result<(), StoreError> {
        let insert = statement(
            "INSERT INTO packages (id, release_id, revision, name, volume_id, profile, profile_version, size, \
             manifest_sha256, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(package.id)
        .bind(package.release_id)
        .bind(package.revision)
        .bind(&package.name)
        .bind(package.volume_id.as_ref())
        .bind(&package.profile)
        .bind(package.profile_version)
        .bind(package.size)
        .bind(package.manifest_sha256)
        .bind(package.created_by)
        .bind(package.created_at);
        self.0.execute(insert).await?;
        for rows in files.chunks(ROWS_AT_ONCE) {
            let mut insert = composed(format!(
                "INSERT INTO package_files (package_id, position, path, size, crc32, sha256) VALUES {}",
                placeholder_rows(rows.len(), 6)
            ));
            for file in rows {
                insert = insert
                    .bind(package.id)
                    .bind(file.position)
                    .bind(&file.path)
                    .bind(file.size)
                    .bind(file.crc32)
                    .bind(file.sha256);
            }
            self.0.execute(insert).await?;
        }
        Ok(())
    }

    /// Forgets a package and its files, and says under which hashes their bytes are; some may still be used elsewhere.
    pub async fn delete(self, id: PackageId) -> Result<Vec<Sha256>, StoreError> {
        let mut source = self.0;
        let files = statement("SELECT * FROM package_files WHERE package_id = ? ORDER BY position").bind(id);
        let files = list::<PackageFile>(&mut source, files).await?;
        source.execute(statement("DELETE FROM packages WHERE id = ?").bind(id)).await?;
        Ok(files.into_iter().map(|file| file.sha256).collect())
    }
}
