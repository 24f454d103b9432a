//! `manifest.json`: what a package is, for machines. Its schema is published as `docs/reference/manifest.schema.json`.

use serde::{Deserialize, Serialize};

use crate::{
    date::ReleaseDate,
    format::Format,
    group::GroupTag,
    kind::{Kind, Source},
    metadata::{BookMetadata, Fields},
    name::NameComponent,
    plan::Plan,
    profile::Layout,
    rights::Rights,
    sums::Digest,
    volume_id::VolumeId,
};

/// The id of the schema that manifests follow. A change that old readers cannot bear gets a new number.
pub const SCHEMA: &str = "urn:ebook-scene-packer:manifest:1";
/// The name of the file.
pub const FILE_NAME: &str = "manifest.json";
/// The name of its signature, which stands in no list.
pub const SIGNATURE: &str = "manifest.json.minisig";

/// One file with its checksums.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// The path inside the package.
    pub path: String,
    /// Size, CRC-32 and SHA-256.
    #[serde(flatten)]
    pub digest: Digest,
}

/// The book inside the package: in the volumes, or as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestBook {
    /// The name of the book inside the package.
    pub file_name: String,
    /// The format.
    pub format: Format,
    /// Size, CRC-32 and SHA-256.
    #[serde(flatten)]
    pub digest: Digest,
}

/// How the book is cut into volumes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestVolumes {
    /// The base of the volume names.
    pub id: VolumeId,
    /// The number of volumes.
    pub count: u32,
    /// Bytes of each volume but the last.
    pub size: u64,
}

/// The program that made the package: other versions may give other bytes.
#[derive(Debug, Serialize)]
struct Generator {
    name: &'static str,
    version: &'static str,
}

/// The values that the release goes by. Where each came from is left out: a value that a person confirmed and the same
/// value read from the book make the same package.
#[derive(Debug, Serialize)]
struct ManifestFields<'a> {
    kind: Kind,
    source: Source,
    title: &'a str,
    authors: &'a [String],
    publisher: Option<&'a str>,
    language: Option<&'a str>,
    year: u16,
    edition: Option<&'a str>,
    volume: Option<&'a str>,
    issue: Option<&'a str>,
    issue_date: Option<&'a str>,
    isbn: Option<&'a str>,
    genre: Option<&'a str>,
    url: Option<&'a str>,
    description: Option<&'a str>,
    tags: &'a [String],
    corrects: Option<&'a str>,
}

impl<'a> From<&'a Fields> for ManifestFields<'a> {
    fn from(fields: &'a Fields) -> Self {
        Self {
            kind: fields.kind,
            source: fields.source,
            title: &fields.title,
            authors: &fields.authors,
            publisher: fields.publisher.as_deref(),
            language: fields.language.as_deref(),
            year: fields.year,
            edition: fields.edition.as_deref(),
            volume: fields.volume.as_deref(),
            issue: fields.issue.as_deref(),
            issue_date: fields.issue_date.as_deref(),
            isbn: fields.isbn.as_deref(),
            genre: fields.genre.as_deref(),
            url: fields.url.as_deref(),
            description: fields.description.as_deref(),
            tags: &fields.tags,
            corrects: fields.corrects.as_deref(),
        }
    }
}

#[derive(Debug, Serialize)]
struct Release<'a> {
    name: String,
    components: &'a [NameComponent],
    group: &'a GroupTag,
    date: ReleaseDate,
    fields: ManifestFields<'a>,
}

#[derive(Debug, Serialize)]
struct ProfileVersion<'a> {
    name: &'a str,
    version: u32,
}

/// Everything that is written, in the order in which it is written.
#[derive(Debug, Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    generator: Generator,
    release: Release<'a>,
    rights: Option<&'a Rights>,
    profile: ProfileVersion<'a>,
    layout: Layout,
    #[serde(skip_serializing_if = "Option::is_none")]
    volumes: Option<ManifestVolumes>,
    book: ManifestBook,
    metadata: &'a BookMetadata,
    files: &'a [ManifestFile],
}

/// What `verify` needs of a manifest. Other members are passed over, so that a later version may add some.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ManifestRead {
    /// The id of the schema.
    pub schema: String,
    /// The release.
    pub release: ManifestReleaseRead,
    /// How the book is cut into volumes, where it is.
    #[serde(default)]
    pub volumes: Option<ManifestVolumes>,
    /// The book.
    pub book: ManifestBook,
    /// Every file but the manifest, SHA256SUMS and the signature.
    pub files: Vec<ManifestFile>,
}

/// What `verify` needs of the release.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ManifestReleaseRead {
    /// The release name, as text: a name that this version cannot parse can still be verified.
    pub name: String,
}

/// Why a file is no manifest.
#[derive(Debug, thiserror::Error)]
pub enum ManifestError {
    /// Not the JSON that the schema describes.
    #[error("not a manifest: {0}")]
    Json(#[from] serde_json::Error),
    /// Another schema, probably of a later version.
    #[error("the manifest follows the schema `{0}`; this version reads `{SCHEMA}`")]
    Schema(String),
}

/// Writes the manifest of a package: pretty, members always in the same order, one line end at the end.
pub fn write(plan: &Plan, book: Digest, files: &[ManifestFile]) -> Result<Vec<u8>, serde_json::Error> {
    let volumes = match (&plan.volume_id, plan.volumes, plan.volume_size) {
        (Some(id), Some(count), Some(size)) => Some(ManifestVolumes { id: id.clone(), count, size }),
        _ => None,
    };
    let manifest = Manifest {
        schema: SCHEMA,
        generator: Generator { name: "ebook-scene-packer", version: env!("CARGO_PKG_VERSION") },
        release: Release {
            name: plan.name.to_string(),
            components: &plan.components,
            group: &plan.group,
            date: plan.date,
            fields: ManifestFields::from(&plan.fields),
        },
        rights: plan.rights.as_ref(),
        profile: ProfileVersion { name: &plan.profile.0, version: plan.profile.1 },
        layout: plan.layout,
        volumes,
        book: ManifestBook { file_name: plan.book_file_name.clone(), format: plan.format, digest: book },
        metadata: &plan.metadata,
        files,
    };
    let mut bytes = serde_json::to_vec_pretty(&manifest)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a manifest for verification.
pub fn parse(bytes: &[u8]) -> Result<ManifestRead, ManifestError> {
    /// The schema first: another one explains why the rest cannot be read.
    #[derive(Deserialize)]
    struct Head {
        schema: String,
    }
    let head: Head = serde_json::from_slice(bytes)?;
    if head.schema != SCHEMA {
        return Err(ManifestError::Schema(head.schema));
    }
    Ok(serde_json::from_slice(bytes)?)
}
