//! Makes the books that the end-to-end tests and the benchmark drop: `make_books FOLDER`, or
//! `make_books FOLDER --large BYTES` for one with so many bytes that do not compress, or
//! `make_books FOLDER --long CHAPTERS` for one that takes long to read, or
//! `make_books FOLDER --many COUNT` for so many small ones, each a work of its own.
//!
//! The same books every time: they are made, not kept, so that no binary lies in the repository.

mod cover;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use packer::builder::Book;

/// Any number does; this one is written down so that the bytes are always the same.
const SEED: u64 = 1914;

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [folder] => small_books(Path::new(folder)),
        [folder, "--large", bytes] => large_book(Path::new(folder), bytes),
        [folder, "--long", chapters] => long_book(Path::new(folder), chapters),
        [folder, "--many", count] => many_books(Path::new(folder), count),
        _ => Err(io::Error::other("make_books FOLDER [--large BYTES | --long CHAPTERS | --many COUNT]")),
    }
}

fn small_books(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let lighthouse = lighthouse()?;
    fs::write(folder.join("lighthouse.epub"), lighthouse.build())?;
    fs::write(folder.join("protected.epub"), Book::epub3().title("Behind Glass").adept().build())?;
    fs::write(folder.join("truncated.epub"), lighthouse.truncated(600).build())?;
    // Its author's family name comes first, which a button beside the finding mends.
    fs::write(folder.join("inverted.epub"), Book::epub3().title("Oil and Wicks").creator("Example, Ada").build())?;
    // One fault in many places.
    let link = |number: u32| format!("<p><a href=\"nowhere-{number}.xhtml\">{number}</a></p>\n");
    let nowhere = (1..=12).map(link).collect::<Vec<_>>().concat();
    let scattered = Book::epub3().title("Nowhere to Be Found").creator("Ada Example").body(&nowhere);
    fs::write(folder.join("scattered.epub"), scattered.build())?;
    fs::write(folder.join("empty.epub"), [])
}

fn large_book(folder: &Path, bytes: &str) -> io::Result<()> {
    let bytes = bytes.parse().map_err(io::Error::other)?;
    fs::create_dir_all(folder)?;
    let mut file = BufWriter::new(File::create(folder.join("large.epub"))?);
    Book::epub3().title("The Long Book").creator("Ada Example").padding(bytes, SEED).write_to(&mut file)?;
    file.flush()
}

fn long_book(folder: &Path, chapters: &str) -> io::Result<()> {
    const PARAGRAPHS: usize = 400;
    let chapters: usize = chapters.parse().map_err(io::Error::other)?;
    let paragraph = "<p>The tide came in, and the keeper wrote down when.</p>\n";
    let chapter = format!(
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>Tides</title></head><body>\n{}</body></html>",
        paragraph.repeat(PARAGRAPHS)
    );
    let mut book = Book::epub3().title("The Book of Tides").creator("Ada Example");
    for number in 0..chapters {
        let (id, href) = (format!("tide-{number}"), format!("tide-{number}.xhtml"));
        book = book.item(&id, &href, "application/xhtml+xml", "", chapter.as_str()).spine(&id, "");
    }
    fs::create_dir_all(folder)?;
    let mut file = BufWriter::new(File::create(folder.join("long.epub"))?);
    book.write_to(&mut file)?;
    file.flush()
}

/// A folder in the folder, `many`, with books that differ in title and words.
fn many_books(folder: &Path, count: &str) -> io::Result<()> {
    let count: usize = count.parse().map_err(io::Error::other)?;
    let many = folder.join("many");
    fs::create_dir_all(&many)?;
    for number in 1..=count {
        let book = Book::epub3()
            .title(&format!("Tide Table {number}"))
            .creator("Ada Example")
            .metadata("<dc:date>2019-05-04</dc:date>")
            .body(&format!("<p>On day {number} the sea kept its own hours.</p>"));
        fs::write(many.join(format!("tide-table-{number:03}.epub")), book.build())?;
    }
    Ok(())
}

/// A good book with what a review shows: title, author, publisher, date, cover, a few words.
fn lighthouse() -> io::Result<Book> {
    let book = Book::epub3()
        .title("The Lighthouse Keeper’s Almanac")
        .creator("Ada Example")
        .metadata("<dc:publisher>Harbour Press</dc:publisher>")
        .metadata("<dc:date>2019-05-04</dc:date>")
        .metadata("<dc:description>Twelve months of weather, oil and ships.</dc:description>")
        .item("cover", "cover.png", "image/png", "properties=\"cover-image\"", cover::png()?)
        .body("<p>In January the lamp was lit at four, and the sea kept its own hours.</p>");
    Ok(book)
}
