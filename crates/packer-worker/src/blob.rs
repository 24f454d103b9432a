//! A `Blob` as a file: read by ranges, never whole.

use std::io::{self, Read, Seek, SeekFrom};

use js_sys::Uint8Array;
use packer::seeking::sought;
use web_sys::{Blob, FileReaderSync};

/// Bytes that are read at once: a call to the browser costs as much as reading so many.
const WINDOW: usize = 256 << 10;

/// Reads a blob with a window of it in memory.
#[derive(Debug)]
pub(crate) struct BlobSource {
    blob: Blob,
    size: u64,
    at: u64,
    /// What was read last, and where it begins.
    window: Vec<u8>,
    start: u64,
}

impl BlobSource {
    pub(crate) fn new(blob: Blob) -> Self {
        // Sizes are whole numbers below 2^53.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a blob is a count")]
        let size = blob.size() as u64;
        Self { blob, size, at: 0, window: Vec::new(), start: 0 }
    }

    #[cfg(feature = "verify")]
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// What of the window stands at the place of the reader.
    fn ahead(&self) -> &[u8] {
        let offset = self.at.checked_sub(self.start).and_then(|offset| usize::try_from(offset).ok());
        offset.and_then(|offset| self.window.get(offset..)).unwrap_or_default()
    }

    fn fill(&mut self) -> io::Result<()> {
        let end = self.at.saturating_add(WINDOW as u64).min(self.size);
        self.window = self.range(self.at, end).map_err(|_| io::Error::other("the browser cannot read the file"))?;
        self.start = self.at;
        Ok(())
    }

    #[expect(clippy::cast_precision_loss, reason = "a place in a blob is below 2^53")]
    fn range(&self, start: u64, end: u64) -> Result<Vec<u8>, wasm_bindgen::JsValue> {
        let part = self.blob.slice_with_f64_and_f64(start as f64, end as f64)?;
        let buffer = FileReaderSync::new()?.read_as_array_buffer(&part)?;
        Ok(Uint8Array::new(&buffer).to_vec())
    }
}

impl Read for BlobSource {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        if self.ahead().is_empty() {
            self.fill()?;
        }
        let ahead = self.ahead();
        let count = ahead.len().min(buffer.len());
        buffer[..count].copy_from_slice(&ahead[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for BlobSource {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = sought(to, self.at, self.size)?;
        Ok(self.at)
    }
}
