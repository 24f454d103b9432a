//! Books to upload: invented ones, each another, and real ones where there are some.

use std::{
    fs,
    path::PathBuf,
    sync::atomic::{AtomicU64, Ordering},
};

use sha2::{Digest, Sha256};

use crate::Outcome;

/// Bytes of an invented book beside its text: of a short story, a novel, one with pictures.
const SIZES: [u64; 3] = [20_000, 300_000, 1_200_000];

/// One upload in so many is a real book.
const ONE_IN: u64 = 4;

/// What is uploaded.
#[derive(Debug, Clone)]
pub(crate) struct Book {
    pub(crate) file_name: String,
    pub(crate) bytes: Vec<u8>,
    /// Nothing in an invented one keeps it from being packed; a real one may have its faults.
    pub(crate) can_be_packed: bool,
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    packer::hash::Sha256(Sha256::digest(bytes).into()).to_string()
}

/// Where they come from.
#[derive(Debug)]
pub(crate) struct Books {
    real: Vec<PathBuf>,
    made: AtomicU64,
}

impl Books {
    /// Real ones from `CORPUS_DIR/epub`, when that is set.
    pub(crate) fn prepare() -> Outcome<Self> {
        let mut real = Vec::new();
        if let Some(corpus) = std::env::var_os("CORPUS_DIR") {
            for entry in fs::read_dir(PathBuf::from(corpus).join("epub"))? {
                real.push(entry?.path());
            }
        }
        Ok(Self { real, made: AtomicU64::new(0) })
    }

    pub(crate) fn next(&self) -> Outcome<Book> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let kinds = self.real.len() as u64;
        if number % ONE_IN == ONE_IN - 1 && kinds > 0 {
            let chosen = usize::try_from(number / ONE_IN % kinds)?;
            let path = &self.real[chosen];
            let file_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            return Ok(Book { file_name, bytes: fs::read(path)?, can_be_packed: false });
        }
        let size = SIZES[usize::try_from(number)? % SIZES.len()];
        let book = packer::builder::Book::epub3().title(&format!("Volume {number} of a long evening"));
        let bytes = book.creator("Ada Lovelace").padding(size, number).build();
        Ok(Book { file_name: format!("volume-{number}.epub"), bytes, can_be_packed: true })
    }
}
