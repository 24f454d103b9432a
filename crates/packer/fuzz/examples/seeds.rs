//! Writes the seeds of every target: `seeds FOLDER`, and the books of a corpus beside them: `seeds FOLDER BOOK…`.
//!
//! The same seeds every time: they are made, not kept, so that no book lies in the repository.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use packer::{
    archive::rar::{Volume, VolumeLayout},
    builder::{Book, CHAPTER, CONTAINER, Kindle, NAVIGATION, NCX, PACKAGE, Pdf, READ_ALOUD, image},
    date::ReleaseDate,
    hash::Crc32,
    profile::Profile,
};
use packer_fuzz::joined;

/// Longer books teach the fuzzer little and cost it much.
const LONGEST_BOOK: u64 = 200_000;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or_else(|| io::Error::other("seeds FOLDER [BOOK…]"))?;
    let seed = |target: &str, name: &str, bytes: &[u8]| -> io::Result<()> {
        let folder = folder.join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), bytes)
    };
    for (name, book) in books() {
        seed("book", name, &book)?;
        seed("archive", name, &book)?;
    }
    for book in
        arguments.filter(|book| fs::metadata(book).is_ok_and(|found| found.is_file() && found.len() <= LONGEST_BOOK))
    {
        let (name, bytes) = (file_name(&book), fs::read(&book)?);
        seed("book", &name, &bytes)?;
        match book.extension().and_then(|end| end.to_str()) {
            Some("pdf") => seed("pdf", &name, &bytes)?,
            Some("mobi" | "azw3") => seed("kindle", &name, &bytes)?,
            _ => {}
        }
    }
    publication(&seed)?;
    documents(&seed)?;
    lists(&seed)?;
    texts(&seed)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn books() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("epub3", Book::epub3().build()),
        ("epub2", Book::epub2().build()),
        ("read-aloud", Book::epub3().read_aloud().build()),
        ("adept", Book::epub3().adept().build()),
        ("lcp", Book::epub3().lcp().build()),
        ("comic", Book::empty().file("ComicInfo.xml", COMIC).file("1.png", image::png(9, 9)).build()),
        ("kindle-6", Kindle::new(6, "A Good Book").cover(image::jpeg(9, 9)).build()),
        ("kindle-8", Kindle::new(8, "A Good Book").build()),
        ("joint", Kindle::new(6, "A Good Book").joint(Kindle::new(8, "A Good Book")).build()),
        ("pdf", pdf().build()),
        ("pdf-packed", pdf().build_packed(&[1, 2])),
    ]
}

const COMIC: &str = "<ComicInfo><Title>A</Title><Writer>B</Writer><Number>1</Number><Year>2024</Year><LanguageISO>fr</LanguageISO></ComicInfo>";

fn pdf() -> Pdf {
    Pdf::new()
        .object(1, "<< /Type /Catalog /Pages 2 0 R /Outlines 4 0 R >>")
        .object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
        .object(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")
        .object(4, "<< /First 5 0 R /Last 5 0 R >>")
        .object(5, "<< /Title (One) /Parent 4 0 R >>")
        .object(6, "<< /Title (A Good Book) /Author (\\376\\377\\000B) /CreationDate (D:20240229120000Z) >>")
        .trailer("/Root 1 0 R /Info 6 0 R")
}

type Seed<'a> = &'a dyn Fn(&str, &str, &[u8]) -> io::Result<()>;

/// The files of a book that was made, as the parts of an input.
fn publication(seed: Seed<'_>) -> io::Result<()> {
    for (name, book) in [("epub3", Book::epub3().read_aloud()), ("epub2", Book::epub2())] {
        let part = |path: &str| book.content(path).to_vec();
        let parts = [
            part(PACKAGE),
            part(CHAPTER),
            part(NAVIGATION),
            part(NCX),
            READ_ALOUD.as_bytes().to_vec(),
            b"@import 'a.css'; @font-face { src: url(f.otf) } p { direction: rtl }".to_vec(),
            image::png(9, 9),
            b"<encryption xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\"/>".to_vec(),
            Vec::new(),
            part(CONTAINER),
        ];
        seed("publication", name, &joined(&parts.each_ref().map(Vec::as_slice)))?;
    }
    Ok(())
}

fn documents(seed: Seed<'_>) -> io::Result<()> {
    for (version, book) in [(0, Book::epub3()), (1, Book::epub2())] {
        for (kind, path) in [(0, PACKAGE), (1, CHAPTER), (2, NAVIGATION)] {
            let document = [&[kind << 1 | version][..], book.content(path)].concat();
            seed("document", &format!("{kind}-{version}"), &document)?;
        }
    }
    seed("document", "svg", b"\x06<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"><a id=\"a\"/></svg>")?;
    seed("document", "overlay", &[b"\x08", READ_ALOUD.as_bytes()].concat())
}

fn lists(seed: Seed<'_>) -> io::Result<()> {
    let sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let sums = format!("{sum}  data/a\n");
    let parts: [&[u8]; 9] = [
        b"{}",
        sums.as_bytes(),
        b"; comment\ndata/a 00000000\n",
        b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        sums.as_bytes(),
        b"d41d8cd98f00b204e9800998ecf8427e bagit.txt\n",
        b"Payload-Oxum: 0.1\nSource-Organization: A\n  B\n",
        b"http://a.example/b 1 data/b\n",
        b"a",
    ];
    seed("lists", "bag", &joined(&parts))?;
    let without_bag = [parts[0], parts[1], parts[2], b"", b"", b"", b"", b"", b"a"];
    seed("lists", "sums", &joined(&without_bag))
}

fn texts(seed: Seed<'_>) -> io::Result<()> {
    for (number, name) in [
        "Ada.Example-The.Book.2024.RETAiL.ePUB.eBOOK-GRP",
        "The.Paper.2024-01-05.German.REPACK.PDF.eBOOK-GRP",
        "Comic.v01.2019.French.CBZ.eBOOK-A1",
    ]
    .iter()
    .enumerate()
    {
        seed("name", &number.to_string(), name.as_bytes())?;
    }
    for profile in Profile::built_ins() {
        let text = profile.to_toml().map_err(io::Error::other)?;
        seed("profile", &profile.name, text.as_bytes())?;
    }
    for (name, text) in [
        ("language", "zh-Hant-TW"),
        ("date", "2024-02-29"),
        ("rights", "permission\nA letter"),
        ("fields", "title=A\ncreators=B\nissue_date=2024-01\nisbn=978-3-16-148410-0\n"),
    ] {
        seed("values", name, text.as_bytes())?;
    }
    for name in ["scene-ebook", "plain"] {
        let template = packer::info::template::built_in_nfo(name).unwrap_or_default();
        seed("template", name, template.as_bytes())?;
    }
    seed("signature", "key", b"untrusted comment: k\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n")?;
    seed("signature", "signature", b"untrusted comment: signature from minisign secret key\nRWQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=\ntrusted comment: timestamp:1635443258\tfile:test\thashed\n/cjbhbtRw7kVhkCrRzW0nkrVGRY8LIrXOgHfvr0jBiFm4ugRXXKFkO+Dx/tiLLHuUXxUC8i9ySj+ZQjrfOHMDg==\n")?;
    let layout = VolumeLayout::new(10, 8, 1_000_000).map_err(io::Error::other)?;
    let date = ReleaseDate::new(2024, 2, 29).ok_or_else(|| io::Error::other("the day is one"))?;
    let volume = Volume { layout: &layout, index: 0, book_name: "book.pdf", date };
    seed("volume", "first", &[volume.opening(Crc32(0)), vec![0; 10], volume.closing()].concat())
}
