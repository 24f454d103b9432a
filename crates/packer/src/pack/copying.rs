//! The book on its way into a package: one thread reads and sums it while another writes it.

use std::{
    io::{self, Read, Write},
    path::Path,
    sync::mpsc,
    thread,
};

use crate::{
    pack::PackError,
    sums::{BUFFER_SIZE, SummedReader},
};

/// Buffers on their way: one is filled, one is written, one waits.
const BUFFERS: usize = 3;

/// Copies `size` bytes of the book to `out`, which stands at `path`.
pub(super) fn copy(
    book: &mut SummedReader<'_>,
    size: u64,
    path: &Path,
    out: &mut (dyn Write + Send),
) -> Result<(), PackError> {
    thread::scope(|scope| {
        let (full, arriving) = mpsc::sync_channel::<(Vec<u8>, usize)>(BUFFERS);
        let (empty, returned) = mpsc::channel();
        for _ in 0..BUFFERS {
            // The other end is held here.
            let _ = empty.send(vec![0; BUFFER_SIZE]);
        }
        let writer = scope.spawn(move || -> io::Result<()> {
            for (buffer, count) in arriving {
                out.write_all(&buffer[..count])?;
                // Whoever reads has read enough when nobody takes it.
                let _ = empty.send(buffer);
            }
            Ok(())
        });
        let mut left = size;
        let mut outcome = Ok(());
        while left > 0 {
            // A writer that has failed gives nothing back.
            let Ok(mut buffer) = returned.recv() else { break };
            match fill(book, &mut buffer, left, size) {
                Ok(count) => {
                    left -= count as u64;
                    if full.send((buffer, count)).is_err() {
                        break;
                    }
                }
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        drop(full);
        let written = writer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        outcome.and(written.map_err(PackError::write(path)))
    })
}

/// Reads the next bytes of a book that has so many left of so many.
fn fill(book: &mut SummedReader<'_>, buffer: &mut [u8], left: u64, size: u64) -> Result<usize, PackError> {
    let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
    loop {
        match book.read(&mut buffer[..most]) {
            Ok(0) => return Err(PackError::BookSize { expected: size, found: book.digester().size(), more: false }),
            Ok(count) => return Ok(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(PackError::reading(error)),
        }
    }
}
