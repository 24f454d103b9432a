//! What reading may hold in memory, shown on the books that ask for most.
//!
//! Each test runs in a process of its own: the allocator counts for all of it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that fails says where, and what was held is told"
)]

use std::{fmt::Write as _, io::Cursor, time::Instant};

use packer::{
    builder::{Book, CHAPTER, Entry, Kindle, NAVIGATION, NCX, PACKAGE, Pdf},
    checks::COULD_NOT_RUN,
    inspect::{Inspection, inspect},
    limits::Limits,
    watch::Unwatched,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MEBIBYTE: usize = 1 << 20;
/// What an EPUB, a comic or a Kindle book may hold beyond ten times its largest document.
const BOUND: usize = 64 * MEBIBYTE;
/// What a PDF may hold: the places of its objects, and one stream packed and unpacked.
const PDF_BOUND: usize = 128 * MEBIBYTE;

/// Reads a book that is read, and holds no more than it may.
fn read_within(bound: usize, book: &[u8], name: &str) -> Inspection {
    let inspection = end_within(bound, book, name);
    // Otherwise it was refused, and nothing is shown.
    let refused = ["ESP-101", "ESP-102", "ESP-110", "ESP-111", "PKG-008", "RSC-016"];
    let refusal = inspection.findings.iter().find(|finding| refused.contains(&finding.code.as_str()));
    assert!(refusal.is_none(), "{refusal:?}");
    inspection
}

/// The same of a book that may be refused.
fn end_within(bound: usize, book: &[u8], name: &str) -> Inspection {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let inspection = inspect(&mut Cursor::new(book), name, &Limits::default(), &Unwatched).unwrap();
    let held = MEMORY.peak_usage() - before;
    eprintln!("{} MiB of {} held", held / MEBIBYTE, bound / MEBIBYTE);
    assert!(!inspection.findings.iter().any(|finding| finding.code == COULD_NOT_RUN), "a rule panicked");
    assert!(held <= bound, "{} MiB are held; {} are allowed", held / MEBIBYTE, bound / MEBIBYTE);
    inspection
}

/// The same for an EPUB whose largest document has so many bytes.
fn read_epub(book: Book, document: usize) -> Inspection {
    read_within(BOUND + 10 * document, &book.unpacked().build(), "book.epub")
}

/// As many of a piece as a document may hold, by its bytes and by what is measured before it is parsed: 72 bytes for
/// each `<` and 80 for each `=`, and thrice the former where texts make as many nodes as there are `<`, or more.
fn filled(piece: impl Fn(usize) -> String) -> String {
    let limits = Limits::default();
    let bytes = usize::try_from(limits.document_bytes).unwrap() - 4096;
    let (fixed, ratio) = (usize::try_from(limits.tree_bytes).unwrap(), usize::try_from(limits.tree_ratio).unwrap());
    let first = piece(0);
    let count = |sign: char| first.matches(sign).count();
    let texts = first.split('<').filter(|part| part.split_once('>').is_some_and(|(_, text)| !text.is_empty())).count();
    let nodes = count('<') - first.matches("</").count() + texts;
    let room = if nodes >= count('<') { 3 * count('<') } else { count('<') };
    let tree = 72 * room + 80 * count('=');
    let (mut text, mut number) = (String::new(), 0);
    loop {
        let piece = piece(number);
        number += 1;
        if text.len() + piece.len() > bytes || number * tree + 8192 > fixed + ratio * text.len() {
            return text;
        }
        text.push_str(&piece);
    }
}

#[test]
fn a_chapter_of_as_many_elements_as_there_may_be() {
    let body = filled(|_| "<p>a</p>".to_owned());
    read_epub(Book::epub3().body(&body), body.len());
}

#[test]
fn a_chapter_of_texts_between_elements() {
    let body = filled(|_| "<i/>b".to_owned());
    read_epub(Book::epub3().body(&body), body.len());
    let body = filled(|number| format!("<p class=\"{number}\">What people write, more or less: a sentence.</p>\n"));
    read_epub(Book::epub3().body(&body), body.len());
}

#[test]
fn what_people_write_is_read() {
    let novel = (0..90_000).fold(String::new(), |all, word| all + &format!("<span id=\"w{word}\">word</span> "));
    read_epub(Book::epub3().body(&format!("<p>{novel}</p>")), novel.len());
    let row = format!("<tr>{}</tr>", "<td>1</td>".repeat(10));
    let table = format!("<table><tbody>{}</tbody></table>", row.repeat(30_000));
    read_epub(Book::epub3().body(&table), table.len());
}

#[test]
fn a_chapter_of_signs_that_the_parser_makes_room_for() {
    let body = filled(|_| "<![CDATA[<<<<====]]>".to_owned());
    read_epub(Book::epub3().body(&body), body.len());
}

#[test]
fn a_chapter_of_nothing_but_links() {
    let body = filled(|number| format!("<a id=\"i{number}\" href=\"#i{number}\">a</a>"));
    read_epub(Book::epub3().body(&body), body.len());
}

#[test]
fn a_chapter_of_one_long_text() {
    let body = "word ".repeat(3 * MEBIBYTE);
    read_epub(Book::epub3().body(&body), body.len());
}

#[test]
fn entities_whose_names_have_no_end() {
    let length = 8 * MEBIBYTE;
    let chapter = format!(
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" \"x\" [{}{} SYSTEM \"",
        "<!ENTITYa".repeat(257),
        "x".repeat(length)
    );
    let book = Book::epub2().file(CHAPTER, chapter).unpacked();
    end_within(BOUND + 10 * length, &book.build(), "book.epub");
}

#[test]
fn identifiers_and_values_that_have_no_end() {
    let length = 2 * MEBIBYTE;
    let chapter = format!(
        "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>t</title></head><body>{}<p id=\"{}\" dir=\"{}\"/></body></html>",
        "<p>a</p>",
        "i".repeat(length),
        "v".repeat(length)
    );
    let book = (0..24).fold(Book::epub3(), |book, number| {
        book.item(&format!("c{number}"), &format!("c{number}.xhtml"), "application/xhtml+xml", "", chapter.as_str())
    });
    read_epub(book, chapter.len());
}

#[test]
fn elements_deep_inside_each_other_take_no_more_time_than_others() {
    let time = |depth: usize| {
        let inner = "<ins/>".repeat(50_000);
        let book = Book::epub3().body(&format!("<p>{}{inner}{}</p>", "<ins>".repeat(depth), "</ins>".repeat(depth)));
        let book = book.unpacked().build();
        let start = Instant::now();
        read_within(BOUND + 10 * book.len(), &book, "book.epub");
        start.elapsed()
    };
    let (flat, deep) = (time(1), time(480));
    // By depth it would be hundreds of times as long.
    assert!(deep < flat * 20, "{flat:?}, {deep:?}");
}

#[test]
fn a_style_sheet_of_nothing_but_addresses() {
    let sheet = format!("p {{ {} }}", "background:url(a);".repeat(900_000));
    read_epub(Book::epub3().item("s", "s.css", "text/css", "", sheet.as_str()), sheet.len());
}

#[test]
fn a_package_of_as_many_items_as_there_may_be() {
    let items = (0..Limits::default().entries - 2).fold(String::new(), |all, number| {
        all + &format!("<item id=\"i{number}\" href=\"{}{number}\" media-type=\"a/b\"/>", "long/".repeat(30))
    });
    read_epub(Book::epub3().edit(PACKAGE, "</manifest>", &format!("{items}</manifest>")), items.len());
}

#[test]
fn a_package_of_as_much_metadata_as_there_may_be() {
    let metadata = (0..9_990).fold(String::new(), |all, number| {
        all + &format!("<meta property=\"p:q\" refines=\"#m{number}\" id=\"m{number}\">{}</meta>", "a".repeat(1500))
    });
    read_epub(Book::epub3().metadata(&metadata), metadata.len());
}

#[test]
fn a_navigation_of_as_many_entries_as_there_may_be() {
    let entries = filled(|_| "<li><a href=\"chapter.xhtml\">a</a></li>".to_owned());
    read_epub(Book::epub3().edit(NAVIGATION, "</ol>", &format!("{entries}</ol>")), entries.len());
    let points = filled(|number| {
        format!(
            "<navPoint id=\"n{number}\"><navLabel><text>a</text></navLabel><content src=\"chapter.xhtml\"/></navPoint>"
        )
    });
    read_epub(Book::epub2().edit(NCX, "</navMap>", &format!("{points}</navMap>")), points.len());
}

#[test]
fn many_documents_one_after_the_other() {
    let body = filled(|number| format!("<a id=\"i{number}\" href=\"#i{number}\">a</a>"));
    let chapter = String::from_utf8_lossy(Book::epub3().body(&body).content(CHAPTER)).into_owned();
    let book = (0..8).fold(Book::epub3(), |book, number| {
        book.item(&format!("c{number}"), &format!("c{number}.xhtml"), "application/xhtml+xml", "", chapter.as_str())
    });
    read_epub(book, chapter.len());
}

#[test]
fn a_container_of_as_many_files_as_there_may_be() {
    let book = (0..60_000).fold(Book::epub3(), |book, number| {
        book.entry(Entry::stored(&format!("EPUB/{}{number}", "long/".repeat(30)), ""))
    });
    read_epub(book, 0);
}

#[test]
fn a_comic_of_as_many_pages_as_there_may_be() {
    let mut info = "<ComicInfo>".to_owned();
    for number in 0..200_000 {
        write!(info, "<Page Image=\"{number}\"/>").unwrap();
    }
    info.push_str("</ComicInfo>");
    let comic = (0..60_000).fold(Book::empty().file("ComicInfo.xml", info.as_str()), |book, number| {
        book.entry(Entry::stored(&format!("{}{number}.png", "long/".repeat(30)), packer::builder::image::png(9, 9)))
    });
    read_within(BOUND + 10 * info.len(), &comic.unpacked().build(), "comic.cbz");
}

#[test]
fn a_kindle_book_that_is_large() {
    let book = Kindle::new(8, "A Good Book").record(129, vec![b'a'; 32 * MEBIBYTE]).cover(vec![0xff; 32 * MEBIBYTE]);
    read_within(BOUND, &book.build(), "book.azw3");
}

#[test]
fn a_pdf_of_as_many_objects_as_there_may_be() {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>";
    let stream = format!("<< /Length {} >> stream\n{}\nendstream", 16 * MEBIBYTE, "a".repeat(16 * MEBIBYTE));
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page,
        stream.as_str(),
        "null",
    ];
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(pdf.len());
        pdf.extend(format!("{} 0 obj\n{object}\nendobj\n", index + 1).into_bytes());
    }
    let (table, most) = (pdf.len(), Limits::default().pdf_objects);
    pdf.extend(format!("xref\n0 {most}\n0000000000 65535 f \n").into_bytes());
    for number in 1..most {
        // All that have no object of their own are the last one.
        let offset = offsets.get(number - 1).unwrap_or(&offsets[4]);
        pdf.extend(format!("{offset:010} 00000 n \n").into_bytes());
    }
    pdf.extend(format!("trailer << /Root 1 0 R /Size {most} >>\nstartxref\n{table}\n%%EOF\n").into_bytes());
    let inspection = read_within(PDF_BOUND, &pdf, "book.pdf");
    assert_eq!(inspection.metadata.spine, Some(1));
}

#[test]
fn a_pdf_of_one_object_that_is_large() {
    let list = "[".repeat(200) + &"(a) ".repeat(200_000) + &"]".repeat(200);
    let pdf = Pdf::new()
        .object(1, format!("<< /Type /Catalog /Pages 2 0 R /Outlines 3 0 R /Many {list} >>"))
        .object(2, format!("<< /Type /Pages /Kids [{}] /Count 1 >>", "2 0 R ".repeat(150_000)))
        .object(3, "<< /First 4 0 R >>")
        .object(4, format!("<< /Title ({}) /Next 4 0 R >>", "a".repeat(900_000)))
        .trailer("/Root 1 0 R");
    read_within(PDF_BOUND, &pdf.build(), "book.pdf");
    read_within(PDF_BOUND, &pdf.build_packed(&[1, 2, 3, 4]), "book.pdf");
}
