//! Writing a package: the plan, executed.
//!
//! A package appears whole or not at all. It is written to a staging directory beside its place and renamed at the
//! end; whatever ends the work before takes the staging directory away.

mod bag;
mod copying;
mod error;
mod package;
mod staging;
mod summing;
mod tag_files;

use std::{
    io::Read,
    path::{Path, PathBuf},
};

pub use error::PackError;

use crate::{manifest::ManifestFile, plan::Plan, signing::SigningKey, sums::Digest, watch::Watch};
use package::PackageWriter;
use staging::Staging;

/// Where a package is written.
#[derive(Debug, Clone, Copy)]
pub enum PackTarget<'a> {
    /// The package becomes the directory `<release name>` in this one, which is made when it is missing.
    Directory(&'a Path),
    /// The files stand in this directory, which is there and empty. Nothing is renamed; on failure the files written
    /// so far are taken away and the directory stays.
    Staging(&'a Path),
}

/// A package that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Where it stands.
    pub path: PathBuf,
    /// Every file of it, SHA256SUMS and manifest too, sorted by path.
    pub files: Vec<ManifestFile>,
    /// The book's own size and checksums.
    pub book: Digest,
}

/// Writes the package that the plan describes. The same plan and book give the same bytes.
///
/// The book is read once, from where the reader stands to its end. Memory does not grow with it. Progress is in bytes
/// of the book.
pub fn pack(plan: &Plan, book: &mut dyn Read, target: PackTarget<'_>, watch: &dyn Watch) -> Result<Packed, PackError> {
    write(plan, book, target, None, watch)
}

/// The same, with a signature over the manifest in `manifest.json.minisig`. Two signatures of the same package differ;
/// everything else is the same bytes.
pub fn pack_signed(
    plan: &Plan,
    book: &mut dyn Read,
    target: PackTarget<'_>,
    key: &SigningKey,
    watch: &dyn Watch,
) -> Result<Packed, PackError> {
    write(plan, book, target, Some(key), watch)
}

fn write(
    plan: &Plan,
    book: &mut dyn Read,
    target: PackTarget<'_>,
    key: Option<&SigningKey>,
    watch: &dyn Watch,
) -> Result<Packed, PackError> {
    refuse_what_is_not_ready(plan)?;
    match target {
        PackTarget::Directory(parent) => {
            let staging = Staging::create(parent, &plan.name.to_string())?;
            let (files, digest) = PackageWriter::new(plan, staging.path(), key, watch).write(book)?;
            let path = staging.publish()?;
            Ok(Packed { path, files, book: digest })
        }
        PackTarget::Staging(directory) => {
            staging::expect_empty(directory)?;
            let written = PackageWriter::new(plan, directory, key, watch).write(book);
            if written.is_err() {
                staging::clear(directory);
            }
            let (files, digest) = written?;
            Ok(Packed { path: directory.to_owned(), files, book: digest })
        }
    }
}

/// Refuses a plan that lacks what packing needs, or that findings block.
pub fn refuse_what_is_not_ready(plan: &Plan) -> Result<(), PackError> {
    if !plan.blocking.is_empty() {
        let codes = plan.blocking.iter().filter_map(|&index| plan.findings.get(index));
        return Err(PackError::Blocked(codes.map(|finding| finding.code.clone()).collect()));
    }
    if plan.rights.is_none() { Err(PackError::NoRights) } else { Ok(()) }
}
