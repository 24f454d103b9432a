use std::io::Cursor;

use crate::{
    builder::{Pdf, Random, image::jpeg, packed},
    finding::Severity,
    format::Format,
    inspect::{DrmScheme, InspectError, Inspection, Protection, inspect},
    limits::Limits,
    watch::{Unwatched, Watch},
};

const XMP: &str = "<?xpacket begin='\u{feff}'?><x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF \
    xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:dc='http://purl.org/dc/elements/1.1/'>\
    <rdf:Description xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:CreateDate='2019-05-04T10:00:00Z' \
    xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' pdfaid:part='2' pdfaid:conformance='B'>\
    <dc:title><rdf:Alt><rdf:li xml:lang='fr'>Le Phare</rdf:li><rdf:li xml:lang='x-default'>The Lighthouse</rdf:li>\
    </rdf:Alt></dc:title><dc:creator><rdf:Seq><rdf:li>Ada Example</rdf:li><rdf:li>Bo Sample</rdf:li></rdf:Seq>\
    </dc:creator><dc:language><rdf:Bag><rdf:li>en-GB</rdf:li></rdf:Bag></dc:language>\
    <dc:description><rdf:Alt><rdf:li>&lt;p&gt;Oil &amp;amp; ships.&lt;/p&gt;</rdf:li></rdf:Alt></dc:description>\
    <dc:identifier>urn:isbn:978-3-16-148410-0</dc:identifier></rdf:Description></rdf:RDF></x:xmpmeta>\
    <?xpacket end='w'?>                ";

fn read_within(limits: &Limits, bytes: &[u8]) -> Inspection {
    inspect(&mut Cursor::new(bytes), "book.pdf", limits, &Unwatched).unwrap()
}

fn read(bytes: &[u8]) -> Inspection {
    read_within(&Limits::default(), bytes)
}

fn codes(inspection: &Inspection) -> Vec<&str> {
    inspection.findings.iter().map(|finding| finding.code.as_str()).collect()
}

/// Nothing is wrong with it.
fn tagged() -> Pdf {
    Pdf::new().object(1, "<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> >>")
}

/// Three pages, metadata of both kinds, an outline and a font.
fn whole() -> Pdf {
    Pdf::new()
        .object(
            1,
            "<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /Metadata 5 0 R /Outlines 6 0 R /Lang (fr) >>",
        )
        .object(2, "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 3 /MediaBox [0 0 300 400] >>")
        .object(
            4,
            "<< /Type /Pages /Parent 2 0 R /Count 2 /Kids [10 0 R 11 0 R] /Resources << /Font << /F 12 0 R >> >> >>",
        )
        .packed_stream(5, "/Type /Metadata /Subtype /XML", XMP)
        .object(6, "<< /First 7 0 R /Last 9 0 R /Count 3 >>")
        .object(7, "<< /Title (Dawn) /Parent 6 0 R /Next 9 0 R /First 8 0 R >>")
        .object(8, "<< /Title <FEFF004E006F006F006E> /Parent 7 0 R >>")
        .object(9, "<< /Title (Dusk) /Parent 6 0 R /Prev 7 0 R >>")
        .object(10, "<< /Type /Page /Parent 4 0 R >>")
        .object(11, "<< /Type /Page /Parent 4 0 R >>")
        .object(12, "<< /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Serif /DescendantFonts [13 0 R] >>")
        .object(13, "<< /Type /Font /Subtype /CIDFontType2 /FontDescriptor << /FontFile2 14 0 R >> >>")
        .stream(14, "", "font")
        .object(15, "<< /Title (Other) /Author (Somebody) /Keywords (Sea; Weather) /CreationDate (D:20180101) >>")
        .trailer("/Info 15 0 R")
}

#[track_caller]
fn is_whole(found: &Inspection) {
    let metadata = &found.metadata;
    assert_eq!(codes(found), Vec::<&str>::new());
    assert_eq!((found.format, metadata.format_version.as_deref()), (Format::Pdf, Some("1.7")));
    assert_eq!(metadata.title.as_ref().unwrap().value, "The Lighthouse");
    let creators: Vec<_> = metadata.creators.iter().map(|one| one.name.value.as_str()).collect();
    assert_eq!(creators, ["Ada Example", "Bo Sample"]);
    assert_eq!(metadata.languages, ["en-GB"]);
    assert_eq!(metadata.isbn.as_deref(), Some("9783161484100"));
    assert_eq!(metadata.description.as_deref(), Some("Oil & ships."));
    assert_eq!(metadata.subjects, ["Sea", "Weather"]);
    assert_eq!(metadata.modified.as_deref(), Some("2019-05-04T10:00:00Z"));
    assert_eq!(metadata.accessibility.conforms_to, ["PDF/A-2b"]);
    assert_eq!(metadata.spine, Some(3));
    let chapters: Vec<_> = found.chapters.iter().map(|one| (one.label.as_str(), one.depth)).collect();
    assert_eq!(chapters, [("Dawn", 0), ("Noon", 1), ("Dusk", 0)]);
}

#[test]
fn metadata_pages_and_outline_are_read() {
    is_whole(&read(&whole().build()));
}

#[test]
fn the_same_is_read_from_streams_of_objects() {
    is_whole(&read(&whole().build_packed(&[1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 15])));
}

#[test]
fn without_xmp_the_information_dictionary_and_the_catalogue_tell() {
    let book = Pdf::new()
        .object(1, "<< /Type /Catalog /Pages 2 0 R /Lang (fr-CA) >>")
        .object(4, "<< /Title (\\311t\\351) /Author (Ada Example) /Subject (A <b>book</b>) /ModDate (D:20200203) >>")
        .trailer("/Info 4 0 R");
    let metadata = read(&book.build()).metadata;
    assert_eq!(metadata.title.unwrap().value, "Été");
    assert_eq!(metadata.creators[0].name.value, "Ada Example");
    assert_eq!(metadata.languages, ["fr-CA"]);
    assert_eq!(metadata.description.as_deref(), Some("A book"));
    assert_eq!(metadata.modified.as_deref(), Some("2020-02-03"));
    assert_eq!(metadata.date, None);
}

#[test]
fn an_update_stands_before_what_it_updates() {
    let mut file = whole().build();
    let text = String::from_utf8_lossy(&file).into_owned();
    let before = text.rfind("startxref\n").map(|at| text[at + 10..].lines().next().unwrap().to_owned()).unwrap();
    let object = file.len();
    file.extend_from_slice(b"9 0 obj\n<< /Title (Night) /Parent 6 0 R >>\nendobj\n");
    let at = file.len();
    let section = format!(
        "xref\n9 1\n{object:010} 00000 n \ntrailer\n<< /Root 1 0 R /Prev {before} >>\nstartxref\n{at}\n%%EOF\n"
    );
    file.extend_from_slice(section.as_bytes());
    assert_eq!(read(&file).chapters[2].label, "Night");
}

#[test]
fn a_first_page_that_is_one_jpeg_is_the_cover() {
    let jpeg = jpeg(30, 40);
    let book = |side: &str, filter: &str| {
        tagged()
            .object(3, "<< /Type /Page /Parent 2 0 R /Resources << /XObject << /I 4 0 R >> >> >>")
            .stream(4, &format!("/Subtype /Image /Width {side} /Height 40 /Filter /{filter}"), &jpeg)
            .build()
    };
    let cover = read(&book("30", "DCTDecode")).cover.unwrap();
    assert_eq!((cover.pixels, cover.bytes.as_slice()), (Some((30, 40)), jpeg.as_slice()));
    assert_eq!(read(&book("300", "DCTDecode")).cover, None);
    assert_eq!(read(&book("30", "JPXDecode")).cover, None);
}

#[test]
fn what_another_tool_encrypted_is_told_apart() {
    macro_rules! fixture {
        ($name:literal) => {
            ($name, include_bytes!(concat!("../../tests/fixtures/pdf/", $name, ".pdf")).as_slice())
        };
    }
    let open = [fixture!("open-40"), fixture!("open-128"), fixture!("open-aes-128"), fixture!("open-aes-256")];
    for (name, bytes) in open.into_iter().chain([fixture!("open-revision-5")]) {
        let found = read(bytes);
        assert_eq!((found.protection.clone(), codes(&found)), (Protection::None, vec!["ESP-903"]), "{name}");
        assert_eq!(found.metadata.spine, Some(3), "{name}");
        assert_eq!(found.metadata.title, None, "{name}: what is encrypted is not decrypted");
    }
    let closed =
        [fixture!("closed-40"), fixture!("closed-128"), fixture!("closed-aes-128"), fixture!("closed-aes-256")];
    for (name, bytes) in closed.into_iter().chain([fixture!("closed-revision-5")]) {
        let found = read(bytes);
        assert_eq!(found.protection, Protection::Drm(DrmScheme::Password), "{name}");
        assert_eq!(codes(&found), ["ESP-201"], "{name}");
    }
}

#[test]
fn other_handlers_are_refused_by_name() {
    for (filter, protection) in [
        ("EBX_HANDLER", Protection::Drm(DrmScheme::Adept)),
        ("FOPN_fLock", Protection::Drm(DrmScheme::FileOpen)),
        ("Adobe.PubSec", Protection::Drm(DrmScheme::Certificate)),
        ("Nobody.Knows", Protection::Unknown),
    ] {
        let book = whole().object(16, format!("<< /Filter /{filter} >>")).trailer("/Encrypt 16 0 R");
        let found = read(&book.build());
        assert_eq!(found.protection, protection, "{filter}");
        assert!(["ESP-201", "ESP-202"].contains(&codes(&found)[0]), "{filter}: {:?}", codes(&found));
        assert_eq!(found.metadata.title, None);
    }
    // An entry that leads nowhere may be one that was damaged: it is taken for encrypted.
    assert_eq!(read(&whole().trailer("/Encrypt 99 0 R").build()).protection, Protection::Drm(DrmScheme::Password));
}

#[test]
fn what_is_wrong_is_told_by_its_own_code() {
    let font = "<< /Type /Page /Parent 2 0 R /Resources << /Font << /F << /BaseFont /Helvetica >> >> >> >>";
    let cases: [(&str, Severity, Vec<u8>); 13] = [
        ("ESP-901", Severity::Fatal, b"%PDF-1.7\nnothing".to_vec()),
        ("ESP-902", Severity::Error, {
            let mut file = tagged().build();
            let at = file.windows(9).rposition(|part| part == b"startxref").unwrap();
            file[at + 10] = b'9';
            file
        }),
        ("ESP-902", Severity::Error, tagged().build().strip_suffix(b"%%EOF\n").unwrap().to_vec()),
        ("ESP-904", Severity::Error, tagged().object(2, "<< /Type /Pages /Kids [3 0 R] /Count 2 >>").build()),
        ("ESP-904", Severity::Error, tagged().object(2, "<< /Type /Pages /Kids [] /Count 0 >>").build()),
        ("ESP-905", Severity::Warning, tagged().object(3, font).build()),
        ("ESP-906", Severity::Usage, Pdf::new().build()),
        ("ESP-907", Severity::Warning, whole().stream(5, "", "<x:xmpmeta").build()),
        ("ESP-908", Severity::Info, tagged().behind("junk\n").build()),
        ("ESP-910", Severity::Warning, {
            let catalogue =
                "<< /Type /Catalog /Pages 2 0 R /MarkInfo << /Marked true >> /OpenAction << /S /JavaScript >> >>";
            tagged().object(1, catalogue).build()
        }),
        ("ESP-910", Severity::Warning, {
            let catalogue = "<< /Pages 2 0 R /MarkInfo << /Marked true >> /Names << /JavaScript 9 0 R >> >>";
            tagged().object(1, catalogue).build()
        }),
        ("ESP-904", Severity::Error, tagged().object(2, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>").build()),
        ("ESP-904", Severity::Error, tagged().object(3, "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 1 >>").build()),
    ];
    for (code, severity, bytes) in cases {
        let found = read(&bytes);
        let told: Vec<_> = found.findings.iter().map(|finding| (finding.code.as_str(), finding.severity)).collect();
        assert_eq!(told, [(code, severity)], "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn circles_come_to_an_end() {
    let sections = {
        let mut file = whole().build();
        let at = file.windows(9).rposition(|part| part == b"trailer\n<").unwrap();
        let start = file.windows(5).rposition(|part| part == b"xref\n").unwrap_or(at);
        let start = file[..start].windows(5).rposition(|part| part == b"xref\n").unwrap_or(start);
        file.splice(at + 10..at + 10, format!(" /Prev {start}").into_bytes());
        file
    };
    for (what, file) in [
        ("sections", sections),
        ("references", whole().object(5, "5 0 R").build()),
        ("outline", whole().object(9, "<< /Title (x) /Next 7 0 R /First 7 0 R >>").build()),
        ("length", whole().object(5, "<< /Length 5 0 R >>\nstream\nx\nendstream").build()),
        ("filter", whole().object(5, "<< /Length 1 /Filter [5 0 R] >>\nstream\nx\nendstream").build()),
    ] {
        assert_eq!(read(&file).metadata.spine, Some(3), "{what}");
    }
    // A stream of objects that is said to stand in itself, and one in another.
    assert_eq!(codes(&read(&whole().build_packed(&[1, 16]))), ["ESP-901"]);
    let nested = whole().stream(16, "/Type /ObjStm /N 1 /First 5", "17 0 << /Type /ObjStm /N 1 /First 5 >>");
    assert_eq!(read(&nested.build_packed(&[1, 2, 3, 16])).metadata.spine, Some(3));
}

#[test]
fn what_is_too_large_is_left_and_memory_stays_small() {
    // 64 MiB of zeros in 64 KiB.
    let bomb = vec![0; 64 << 20];
    let found = read(&whole().packed_stream(5, "", &bomb).build());
    assert_eq!(codes(&found), ["ESP-907"]);
    // What a stream says of its length is not believed.
    let lie = whole().object(5, format!("<< /Length 99999999999 >>\nstream\n{XMP}\nendstream"));
    is_whole(&read(&lie.build()));
    // A list of objects that counts four thousand million of them.
    let mut file = whole().build();
    let at = file.windows(9).rposition(|part| part == b"xref\n0 1\n").unwrap();
    file.splice(at + 7..at + 8, *b"4294967295");
    assert!(codes(&read(&file)).contains(&"ESP-902"));
    // Thousands of pages: the rest is not looked at, and it is said.
    let limits = Limits { pdf_pages: 2, ..Limits::default() };
    assert_eq!(codes(&read_within(&limits, &whole().build())), ["ESP-909"]);
    // The budget ends in the middle of it.
    let limits = Limits { pdf_work_bytes: 30_000, ..Limits::default() };
    assert_eq!(codes(&read_within(&limits, &whole().build())), ["ESP-909"]);
    let limits = Limits { pdf_outline: 1, ..Limits::default() };
    assert_eq!(read_within(&limits, &whole().build()).chapters.len(), 1);
}

#[test]
fn a_predictor_of_nonsense_is_no_panic() {
    for parameters in ["/Columns 0", "/Columns 9999999999", "/Colors 9999999 /BitsPerComponent 99999999 /Columns 99999"]
    {
        let dictionary = format!("/Filter /FlateDecode /DecodeParms << /Predictor 12 {parameters} >>");
        let found = read(&whole().stream(5, &dictionary, packed(XMP.as_bytes())).build());
        assert_eq!(codes(&found), ["ESP-907"], "{parameters}");
    }
}

#[test]
fn a_document_that_is_cut_anywhere_or_damaged_anywhere_is_never_a_panic() {
    let files = [whole().build(), whole().build_packed(&[1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 15])];
    for whole in &files {
        for length in (0..whole.len()).step_by(7) {
            read(&whole[..length]);
        }
        let mut random = Random::new(1);
        for _ in 0..1_000 {
            let mut other = whole.clone();
            let place = usize::try_from(random.number()).unwrap_or(usize::MAX) % other.len();
            other[place] = random.number().to_le_bytes()[0];
            // Without its header it is none.
            drop(inspect(&mut Cursor::new(&other), "book.pdf", &Limits::default(), &Unwatched));
        }
    }
}

#[test]
fn a_caller_can_stop_it() {
    struct Stopped;
    impl Watch for Stopped {
        fn progress(&self, _done: u64, _total: u64) {}

        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let stopped = inspect(&mut Cursor::new(whole().build()), "book.pdf", &Limits::default(), &Stopped);
    assert!(matches!(stopped, Err(InspectError::Cancelled)));
}
