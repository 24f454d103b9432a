//! The files of a package, written one after the other.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
    path::Path,
    sync::atomic::AtomicBool,
    thread,
};

use crate::{
    archive::{
        rar::{Volume, VolumeLayout},
        volume_zip::VolumeZip,
    },
    manifest::{self, ManifestFile},
    pack::{PackError, bag, copying, error::Stopped, summing::Summing},
    plan::Plan,
    planned_files::{bag_name, cover_name},
    profile::Serialization,
    signing::SigningKey,
    sums::{Digest, SummedReader, sfv, sha256sums},
    watch::Watch,
};

/// The name of the list of SHA-256 checksums.
pub(crate) const SHA256SUMS: &str = "SHA256SUMS";

/// Writes a package into a directory that is empty.
pub(super) struct PackageWriter<'a> {
    plan: &'a Plan,
    directory: &'a Path,
    key: Option<&'a SigningKey>,
    watch: &'a dyn Watch,
}

impl<'a> PackageWriter<'a> {
    pub(super) fn new(plan: &'a Plan, directory: &'a Path, key: Option<&'a SigningKey>, watch: &'a dyn Watch) -> Self {
        Self { plan, directory, key, watch }
    }

    /// Writes every file and brings it to the disk. Gives the files, sorted by path, and the book's own digest.
    pub(super) fn write(&self, book: &mut dyn Read) -> Result<(Vec<ManifestFile>, Digest), PackError> {
        let mut watched = Watched { source: book, watch: self.watch, done: 0, total: self.plan.book_size };
        let mut book = SummedReader::new(&mut watched);
        let mut files = Vec::new();
        if self.plan.volumes.is_some() {
            files.extend(self.write_volumes(&mut book)?);
        } else if let Some((name, serialization)) = bag_name(self.plan).zip(self.plan.bag) {
            files.push(self.write_bag(&name, serialization, &mut book)?);
        } else if self.is_planned(&self.plan.book_file_name) {
            files.push(self.write_book(&mut book)?);
        } else {
            // A correction without the book still names the book that it belongs to.
            copying::copy(&mut book, self.plan.book_size, Path::new(""), &mut io::sink())?;
        }
        let book = self.expect_end(&mut book)?;
        // In a bag the cover is part of the payload.
        if let Some(cover) = self.plan.cover.as_ref().filter(|_| self.plan.bag.is_none()) {
            files.push(self.write_file(&cover_name(&cover.media_type), &cover.bytes)?);
        }
        let name = &self.plan.name;
        let sfv = format!("{name}.sfv");
        files.push(self.write_file(&format!("{name}.nfo"), &self.plan.nfo)?);
        sort(&mut files);
        if self.is_planned(&sfv) {
            let listed: Vec<_> = named(&files).collect();
            let list = sfv::write(self.plan.date, &listed);
            files.push(self.write_file(&sfv, list.as_bytes())?);
            sort(&mut files);
        }
        let manifest = manifest::write(self.plan, book, &files)?;
        files.push(self.write_file(manifest::FILE_NAME, &manifest)?);
        sort(&mut files);
        if self.is_planned(SHA256SUMS) {
            let listed: Vec<_> = named(&files).collect();
            let list = sha256sums::write(&listed);
            files.push(self.write_file(SHA256SUMS, list.as_bytes())?);
            sort(&mut files);
        }
        self.expect_planned(&files)?;
        if let Some(key) = self.key {
            let signature = key.sign(&manifest, &format!("release:{name} date:{}", self.plan.date))?;
            files.push(self.write_file(manifest::SIGNATURE, signature.as_bytes())?);
            sort(&mut files);
        }
        if self.watch.is_cancelled() { Err(PackError::Cancelled) } else { Ok((files, book)) }
    }

    fn is_planned(&self, path: &str) -> bool {
        self.plan.files.iter().any(|file| file.path == path)
    }

    /// What was written is what the plan has shown.
    fn expect_planned(&self, files: &[ManifestFile]) -> Result<(), PackError> {
        let mut planned: Vec<_> = self.plan.files.iter().map(|file| file.path.as_str()).collect();
        planned.sort_unstable();
        let is_same = planned.iter().eq(files.iter().map(|file| &file.path));
        if is_same { Ok(()) } else { Err(PackError::Plan("list of the files that its layout has")) }
    }

    fn write_volumes(&self, book: &mut SummedReader<'_>) -> Result<Vec<ManifestFile>, PackError> {
        let plan = self.plan;
        let id = plan.volume_id.as_ref().ok_or(PackError::Plan("volume id"))?;
        let volume_size = plan.volume_size.ok_or(PackError::Plan("volume size"))?;
        let layout = VolumeLayout::new(plan.book_size, plan.book_file_name.len(), volume_size)?;
        if u32::try_from(plan.diz.len()) != Ok(layout.volumes()) {
            return Err(PackError::Plan("DIZ for each volume"));
        }
        let stop = AtomicBool::new(false);
        thread::scope(|scope| {
            let summing = Summing::start(scope, &stop);
            for (index, diz) in (0..).zip(&plan.diz) {
                let volume = Volume { layout: &layout, index, book_name: &plan.book_file_name, date: plan.date };
                let zip = VolumeZip { volume, base: id.as_str(), diz, nfo: &plan.nfo };
                let path = self.directory.join(zip.name());
                match self.write_volume(&zip, &path, book) {
                    Ok(file) => {
                        if !summing.hand_over(zip.name(), &path, file) {
                            break;
                        }
                    }
                    Err(error) => {
                        summing.abandon();
                        return Err(error);
                    }
                }
            }
            summing.finish()
        })
    }

    fn write_volume(&self, zip: &VolumeZip<'_>, path: &Path, book: &mut SummedReader<'_>) -> Result<File, PackError> {
        let mut file = new_file(path)?;
        zip.write(book, &mut file).map_err(|error| PackError::volume(path, self.plan.book_size, error))?;
        Ok(file)
    }

    fn write_bag(
        &self,
        name: &str,
        serialization: Serialization,
        book: &mut SummedReader<'_>,
    ) -> Result<ManifestFile, PackError> {
        let path = self.directory.join(name);
        let mut file = bag::write(self.plan, serialization, book, &path, new_file(&path)?)?;
        let summed = file.rewind().and_then(|()| Digest::of_reader(&mut file));
        Ok(ManifestFile { path: name.to_owned(), digest: summed.map_err(PackError::write(&path))? })
    }

    fn write_book(&self, book: &mut SummedReader<'_>) -> Result<ManifestFile, PackError> {
        let path = self.directory.join(&self.plan.book_file_name);
        let mut file = new_file(&path)?;
        copying::copy(book, self.plan.book_size, &path, &mut file)?;
        file.sync_all().map_err(PackError::write(&path))?;
        Ok(ManifestFile { path: self.plan.book_file_name.clone(), digest: book.digester().clone().finish() })
    }

    fn write_file(&self, name: &str, bytes: &[u8]) -> Result<ManifestFile, PackError> {
        let path = self.directory.join(name);
        let mut file = new_file(&path)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(PackError::write(&path))?;
        Ok(ManifestFile { path: name.to_owned(), digest: Digest::of(bytes) })
    }

    /// The book has no more bytes than planned, and those that were planned.
    fn expect_end(&self, book: &mut SummedReader<'_>) -> Result<Digest, PackError> {
        let digest = book.digester().clone().finish();
        loop {
            match book.read(&mut [0]) {
                Ok(0) => break,
                Ok(_) => {
                    let (expected, found) = (self.plan.book_size, book.digester().size());
                    return Err(PackError::BookSize { expected, found, more: true });
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(PackError::reading(error)),
            }
        }
        if self.plan.book_sha256.is_some_and(|expected| expected != digest.sha256) {
            return Err(PackError::BookChanged);
        }
        Ok(digest)
    }
}

fn sort(files: &mut [ManifestFile]) {
    files.sort_by(|one, other| one.path.cmp(&other.path));
}

fn named(files: &[ManifestFile]) -> impl Iterator<Item = (&str, Digest)> {
    files.iter().map(|file| (file.path.as_str(), file.digest))
}

fn new_file(path: &Path) -> Result<File, PackError> {
    File::options().read(true).write(true).create_new(true).open(path).map_err(PackError::write(path))
}

/// Tells the watch what was read, and stops reading when it says so.
struct Watched<'a> {
    source: &'a mut dyn Read,
    watch: &'a dyn Watch,
    done: u64,
    total: u64,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.watch.is_cancelled() {
            return Err(io::Error::other(Stopped));
        }
        let count = self.source.read(buffer)?;
        self.done += count as u64;
        self.watch.progress(self.done.min(self.total), self.total);
        Ok(count)
    }
}
