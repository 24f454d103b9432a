use super::{codes, read};
use crate::{
    builder::{Book, CHAPTER, PACKAGE},
    format::Format,
    inspect::InspectError,
};

#[test]
fn the_smallest_good_books_have_their_metadata_and_no_fault() {
    for (book, version) in [(Book::epub3(), "3.0"), (Book::epub2(), "2.0")] {
        let read = read(book.build(), "book.epub").unwrap();
        assert_eq!(read.format, Format::Epub);
        assert_eq!(read.metadata.format_version.as_deref(), Some(version));
        assert_eq!(read.metadata.title.unwrap().value, "A Good Book");
        assert_eq!(read.metadata.languages, ["en"]);
        assert_eq!(read.metadata.words, Some(7));
        assert_eq!(read.metadata.spine, Some(1));
        assert_eq!(read.chapters[0].label, "Chapter One");
        assert!(read.findings.iter().all(|finding| finding.code.as_str().starts_with("ESP-31")), "{:?}", read.findings);
    }
}

#[test]
fn refinements_of_epub_3_give_roles_sort_forms_scripts_and_series() {
    let book = Book::epub3().title("Война и мир").metadata(
        "<dc:creator id='c'>Лев Толстой</dc:creator><meta refines='#c' property='role'>aut</meta>\
         <meta refines='#c' property='file-as'>Tolstoy, Leo</meta>\
         <meta refines='#c' property='alternate-script' xml:lang='en'>Leo Tolstoy</meta>\
         <meta id='s' property='belongs-to-collection'>Epics</meta><meta refines='#s' property='collection-type'>series</meta>\
         <meta refines='#s' property='group-position'>2</meta><dc:source>urn:isbn:978-0-306-40615-7</dc:source>\
         <dc:description>&lt;p&gt;Long &amp;amp; good&lt;/p&gt;</dc:description>",
    );
    let metadata = read(book.build(), "book.epub").unwrap().metadata;
    let creator = &metadata.creators[0];
    assert_eq!(metadata.title.unwrap().value, "Война и мир");
    assert_eq!(creator.roles, ["aut"]);
    assert_eq!(creator.name.file_as.as_deref(), Some("Tolstoy, Leo"));
    assert_eq!(creator.name.alternates, [("en".to_owned(), "Leo Tolstoy".to_owned())]);
    assert_eq!(metadata.series, Some(("Epics".to_owned(), Some("2".to_owned()))));
    assert_eq!(metadata.isbn.as_deref(), Some("9780306406157"));
    assert_eq!(metadata.description.as_deref(), Some("Long & good"));
}

#[test]
fn attributes_and_names_of_epub_2_give_the_same() {
    let book = Book::epub2().metadata(
        "<dc:creator opf:role='aut' opf:file-as='Wells, H. G.'>H. G. Wells</dc:creator>\
         <dc:identifier opf:scheme='ISBN'>0-306-40615-2</dc:identifier>\
         <dc:date opf:event='creation'>1895</dc:date><dc:date opf:event='publication'>2014-05-25</dc:date>\
         <meta name='calibre:series' content='Tales'/><meta name='calibre:series_index' content='1.0'/>",
    );
    let metadata = read(book.build(), "book.epub").unwrap().metadata;
    assert_eq!(metadata.creators[0].name.file_as.as_deref(), Some("Wells, H. G."));
    assert_eq!(metadata.creators[0].roles, ["aut"]);
    assert_eq!(metadata.isbn.as_deref(), Some("9780306406157"));
    assert_eq!(metadata.date.as_deref(), Some("2014-05-25"));
    assert_eq!(metadata.series, Some(("Tales".to_owned(), Some("1.0".to_owned()))));
}

#[test]
fn a_cover_is_found_by_its_property_by_its_name_and_through_the_guide() {
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0".to_vec();
    let three = Book::epub3().item("i", "i.png", "image/png", "properties=\"cover-image\"", png.clone());
    let two = Book::epub2().item("i", "i.png", "image/png", "", png.clone());
    let named = two.clone().metadata("<meta name=\"cover\" content=\"i\"/>");
    let guide = "</spine><guide><reference type=\"cover\" href=\"chapter.xhtml\"/></guide>";
    let guided = two.body("<p><img src=\"i.png\" alt=\"\"/></p>").edit(PACKAGE, "</spine>", guide);
    for book in [three, named, guided] {
        let cover = read(book.build(), "book.epub").unwrap().cover.unwrap();
        assert_eq!((cover.path.as_str(), cover.media_type.as_str()), ("EPUB/i.png", "image/png"));
        assert_eq!((cover.pixels, cover.bytes.len()), (Some((2, 3)), png.len()));
    }
}

#[test]
fn a_book_without_metadata_is_read_and_its_faults_are_told() {
    let read = read(Book::epub3().without_metadata().build(), "book.epub").unwrap();
    assert_eq!(read.metadata.title, None);
    assert_eq!(read.metadata.words, Some(7));
    assert!(codes(&read).contains(&"RSC-005"));
}

#[test]
fn the_content_decides_what_a_file_is_and_the_name_only_where_it_says_nothing() {
    assert_eq!(read(b"%PDF-1.7".to_vec(), "book.epub").unwrap().format, Format::Pdf);
    assert!(matches!(read(b"hello".to_vec(), "book.txt"), Err(InspectError::UnknownFormat)));
    let ticket = b"<fulfillmentToken xmlns=\"http://ns.adobe.com/adept\"/>".to_vec();
    assert!(matches!(read(ticket, "book.epub"), Err(InspectError::Ticket)));
    let renamed = read(Book::epub3().build(), "book.zip").unwrap();
    assert!(codes(&renamed).contains(&"PKG-024"));
    let pages = Book::empty().file("1.jpg", "x").file("2.jpg", "x").build();
    assert_eq!(read(pages, "book.epub").unwrap().format, Format::Cbz);
    let empty = read(Vec::new(), "book.epub").unwrap();
    assert_eq!(codes(&empty), ["PKG-003", "PKG-008"]);
    assert!(matches!(read(Vec::new(), "book"), Err(InspectError::UnknownFormat)));
}

#[test]
fn what_stands_before_the_mimetype_or_in_it_is_told() {
    let has = |book: &Book, code: &str| read(book.build(), "book.epub").is_ok_and(|read| codes(&read).contains(&code));
    assert!(has(&Book::epub3().change("mimetype", |entry| entry.extra = vec![1, 0, 1, 0, 0]), "PKG-005"));
    assert!(has(&Book::epub3().change("mimetype", |entry| entry.method = 8), "PKG-007"));
    assert!(has(&Book::epub3().without("mimetype"), "PKG-006"));
    assert!(!has(&Book::epub3().change(CHAPTER, |entry| entry.method = 0), "PKG-007"));
}
