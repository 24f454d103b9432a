//! Prints what reading a book gives: `cargo run -p packer --example inspect -- BOOK…`.

use std::{io::Write, path::Path};

use packer::{epub::EpubProfile, inspect, limits::Limits, watch::Unwatched};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for path in std::env::args_os().skip(1) {
        let path = Path::new(&path);
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let read = if path.is_dir() {
            inspect::inspect_directory(path, EpubProfile::Default, &Limits::default(), &Unwatched)
        } else {
            inspect::inspect(&mut std::fs::File::open(path)?, &name, &Limits::default(), &Unwatched)
        };
        match read {
            Ok(book) => {
                let cover = book.cover.as_ref().map(|cover| (&cover.path, &cover.media_type, cover.pixels));
                writeln!(
                    out,
                    "{name}: {:?}\n  {:#?}\n  cover {cover:?}\n  {} chapters",
                    book.protection,
                    book.metadata,
                    book.chapters.len()
                )?;
                for finding in book.findings {
                    writeln!(out, "  {} {} {:?} {:?}", finding.severity, finding.code, finding.place, finding.data)?;
                }
            }
            Err(error) => writeln!(out, "{name}: {error}")?,
        }
    }
    Ok(())
}
