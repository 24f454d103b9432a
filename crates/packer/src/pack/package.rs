//! The files of a package, written one after the other.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
    thread,
};

use crate::{
    archive::{
        rar::{Volume, VolumeLayout},
        volume_zip::VolumeZip,
    },
    manifest::{self, ManifestFile},
    pack::{PackError, error::Stopped, summing::Summing},
    plan::Plan,
    profile::Layout,
    sums::{BUFFER_SIZE, Digest, SummedReader, sfv, sha256sums},
    watch::Watch,
};

/// The name of the list of SHA-256 checksums.
pub(crate) const SHA256SUMS: &str = "SHA256SUMS";

/// Writes a package into a directory that is empty.
pub(super) struct PackageWriter<'a> {
    plan: &'a Plan,
    directory: &'a Path,
    watch: &'a dyn Watch,
}

impl<'a> PackageWriter<'a> {
    pub(super) fn new(plan: &'a Plan, directory: &'a Path, watch: &'a dyn Watch) -> Self {
        Self { plan, directory, watch }
    }

    /// Writes every file and brings it to the disk. Gives the files, sorted by path, and the book's own digest.
    pub(super) fn write(&self, book: &mut dyn Read) -> Result<(Vec<ManifestFile>, Digest), PackError> {
        let mut watched = Watched { source: book, watch: self.watch, done: 0, total: self.plan.book_size };
        let mut book = SummedReader::new(&mut watched);
        let mut files = match self.plan.layout {
            Layout::SceneEbook => self.write_volumes(&mut book)?,
            Layout::Plain => self.write_plain(&mut book)?,
        };
        let book = self.expect_end(&mut book)?;
        let name = &self.plan.name;
        files.push(self.write_file(&format!("{name}.nfo"), &self.plan.nfo)?);
        if self.plan.layout == Layout::SceneEbook {
            sort(&mut files);
            files.push(self.write_sfv(&files)?);
        }
        sort(&mut files);
        let manifest = manifest::write(self.plan, book, &files)?;
        files.push(self.write_file(manifest::FILE_NAME, &manifest)?);
        sort(&mut files);
        let list = sha256sums::write(&named(&files));
        files.push(self.write_file(SHA256SUMS, list.as_bytes())?);
        sort(&mut files);
        if self.watch.is_cancelled() { Err(PackError::Cancelled) } else { Ok((files, book)) }
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

    fn write_plain(&self, book: &mut SummedReader<'_>) -> Result<Vec<ManifestFile>, PackError> {
        let plan = self.plan;
        let path = self.directory.join(&plan.book_file_name);
        let mut file = new_file(&path)?;
        let mut left = plan.book_size;
        let mut buffer = vec![0; BUFFER_SIZE];
        while left > 0 {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(BUFFER_SIZE);
            let count = match book.read(&mut buffer[..most]) {
                Ok(0) => {
                    let found = book.digester().size();
                    return Err(PackError::BookSize { expected: plan.book_size, found, more: false });
                }
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(PackError::reading(error)),
            };
            file.write_all(&buffer[..count]).map_err(PackError::write(&path))?;
            left -= count as u64;
        }
        file.sync_all().map_err(PackError::write(&path))?;
        let digest = book.digester().clone().finish();
        let mut files = vec![ManifestFile { path: plan.book_file_name.clone(), digest }];
        if let Some(cover) = &plan.cover {
            files.push(self.write_file(&cover_name(&cover.media_type), &cover.bytes)?);
        }
        Ok(files)
    }

    /// The SFV covers what is there when it is written: the ZIPs and the NFO.
    fn write_sfv(&self, files: &[ManifestFile]) -> Result<ManifestFile, PackError> {
        let list = sfv::write(self.plan.date, &named(files));
        self.write_file(&format!("{}.sfv", self.plan.name), list.as_bytes())
    }

    fn write_file(&self, name: &str, bytes: &[u8]) -> Result<ManifestFile, PackError> {
        let path = self.directory.join(name);
        let mut file = new_file(&path)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(PackError::write(&path))?;
        Ok(ManifestFile { path: name.to_owned(), digest: Digest::of(bytes) })
    }

    /// The book has no more bytes than planned.
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
        Ok(digest)
    }
}

/// The name of the cover in a package.
pub(crate) fn cover_name(media_type: &str) -> String {
    let extension = match media_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "image/svg+xml" => "svg",
        _ => "bin",
    };
    format!("cover.{extension}")
}

fn sort(files: &mut [ManifestFile]) {
    files.sort_by(|one, other| one.path.cmp(&other.path));
}

fn named(files: &[ManifestFile]) -> Vec<(&str, Digest)> {
    files.iter().map(|file| (file.path.as_str(), file.digest)).collect()
}

fn new_file(path: &Path) -> Result<File, PackError> {
    let path: PathBuf = path.to_owned();
    File::options().read(true).write(true).create_new(true).open(&path).map_err(PackError::write(&path))
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
