//! Plans: what is refused, what blocks, which files there will be.

use std::io::Cursor;

use packer::{
    builder::{Book, PACKAGE},
    finding::{Finding, FindingCode, Severity},
    fix::Fix,
    format::Format,
    inspect::{Cover, DrmScheme, Protection, inspect},
    limits::Limits,
    metadata::{Field, Origin},
    plan::{Contents, PlanError},
    profile::Profile,
    rights::{Rights, RightsBasis},
    watch::Unwatched,
};

use crate::desk::{Desk, author, text};

#[test]
fn a_good_book_with_rights_can_be_packed() {
    let plan = Desk::new().plan().unwrap();
    assert!(plan.findings.is_empty() && plan.blocking.is_empty(), "{:?}", plan.findings);
    assert_eq!(plan.book_file_name, "H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP.epub");
    assert_eq!(plan.volume_id.unwrap().as_str(), "bnxulr");
    assert_eq!(plan.profile, ("scene-ebook".to_owned(), 1));
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let (one, other) = (Desk::new().plan().unwrap(), Desk::new().plan().unwrap());
    assert_eq!((one.name, one.nfo, one.diz, one.files), (other.name, other.nfo, other.diz, other.files));
}

#[test]
fn every_value_knows_where_it_came_from() {
    let fields = Desk::new().set(&["publisher=House"]).plan().unwrap().fields;
    assert_eq!(fields.origins.get(&Field::Title), Some(&Origin::Book));
    assert_eq!(fields.origins.get(&Field::Publisher), Some(&Origin::Person));
    assert_eq!(fields.origins.get(&Field::Source), Some(&Origin::Fallback));
    assert_eq!(fields.origins.get(&Field::Isbn), None);
}

#[test]
fn a_book_under_drm_is_refused_with_the_name_of_the_scheme_and_obfuscated_fonts_are_not() {
    let mut desk = Desk::new();
    desk.book.protection = Protection::Drm(DrmScheme::Adept);
    assert_eq!(desk.plan().unwrap_err(), PlanError::Protected("Adobe ADEPT".to_owned()));
    desk.book.protection = Protection::Unknown;
    assert!(matches!(desk.plan(), Err(PlanError::Protected(_))));
    desk.book.protection = Protection::ObfuscatedFonts;
    assert!(desk.plan().is_ok());
}

#[test]
fn a_format_that_the_profile_does_not_accept_is_refused() {
    let mut desk = Desk::new().format(Format::Pdf);
    desk.profile.formats = vec![Format::Epub];
    assert_eq!(desk.plan().unwrap_err(), PlanError::Format { profile: "scene-ebook".to_owned(), format: Format::Pdf });
}

#[test]
fn a_file_that_cannot_be_opened_as_a_book_blocks_under_every_profile_and_other_faults_do_not() {
    let whole = Book::epub3().build();
    let container = |content: &'static str| {
        Book::epub3().change("META-INF/container.xml", |entry| entry.set(content.to_owned())).build()
    };
    let cases = [
        (Vec::new(), "book.epub", "PKG-008"),
        (b"P".to_vec(), "book.epub", "PKG-008"),
        (b"<html>Not found</html>".repeat(40), "book.epub", "PKG-008"),
        (whole[..whole.len() / 2].to_vec(), "book.epub", "PKG-008"),
        (Book::epub3().without("META-INF/container.xml").build(), "book.epub", "RSC-002"),
        (container("<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'/>"), "book.epub", "RSC-003"),
        (Book::epub3().without(PACKAGE).build(), "book.epub", "OPF-002"),
        (b"just text".to_vec(), "book.pdf", "ESP-901"),
        (b"just text".to_vec(), "book.mobi", "ESP-701"),
        (b"just text".to_vec(), "book.cbz", "PKG-008"),
    ];
    for profile in Profile::built_ins() {
        let mut desk = Desk::new().set(&["title=A Good Book", "language=en"]);
        desk.profile = profile.clone();
        for (bytes, name, code) in &cases {
            desk.book = inspect(&mut Cursor::new(bytes), name, &Limits::default(), &Unwatched).unwrap();
            assert_eq!(desk.blocking(), [*code], "{} {name}", profile.name);
        }
        let broken = Book::epub3().body("<a href=\"none.xhtml\">x</a><p>").build();
        desk.book = inspect(&mut Cursor::new(broken), "book.epub", &Limits::default(), &Unwatched).unwrap();
        assert!(desk.codes().contains(&"RSC-016".to_owned()));
        assert_eq!(desk.blocking(), [""; 0], "{}", profile.name);
    }
}

#[test]
fn missing_rights_block_and_the_preview_is_there_all_the_same() {
    let mut desk = Desk::new();
    desk.rights = None;
    let plan = desk.plan().unwrap();
    assert!(plan.nfo_text.contains("not stated"));
    assert_eq!(desk.blocking(), ["ESP-601"]);
    desk.rights = Some(Rights { basis: RightsBasis::Permission, note: None });
    assert_eq!(desk.blocking(), ["ESP-603"]);
    desk.rights = Some(Rights { basis: RightsBasis::Licence("MINE".to_owned()), note: None });
    assert_eq!(desk.blocking(), ["ESP-604"]);
}

#[test]
fn a_book_that_says_otherwise_of_its_rights_is_a_warning_that_does_not_block() {
    let mut desk = Desk::new();
    desk.book.metadata.rights = vec!["All rights reserved".to_owned()];
    assert_eq!((desk.codes(), desk.blocking()), (vec!["ESP-602".to_owned()], vec![]));
}

#[test]
fn faults_of_the_book_block_only_where_the_profile_says_so() {
    let mut desk = Desk::new();
    desk.book.findings = vec![
        Finding::new(FindingCode::new("RSC-005"), Severity::Error),
        Finding::new(FindingCode::new("PKG-004"), Severity::Fatal),
    ];
    assert!(desk.blocking().is_empty());
    desk.profile.blocking.severities = vec![Severity::Error];
    assert_eq!(desk.blocking(), ["RSC-005"]);
    desk.profile.severities.insert("RSC-005".to_owned(), Severity::Usage);
    assert!(desk.blocking().is_empty());
    assert_eq!(desk.plan().unwrap().findings[0].severity, Severity::Usage);
}

#[test]
fn what_the_profile_requires_and_nobody_said_blocks() {
    let mut desk = Desk::new().set(&["kind=magazine"]);
    desk.profile.fixes.clear();
    desk.book.metadata.languages = vec!["English".to_owned()];
    assert_eq!(desk.codes(), ["ESP-309", "ESP-307", "ESP-321", "ESP-321"]);
    assert_eq!(desk.blocking(), ["ESP-321", "ESP-321"]);
    let desk = desk.set(&["issue=3", "language=en"]);
    assert!(desk.blocking().is_empty());
}

#[test]
fn a_correction_must_name_what_it_corrects() {
    let desk = Desk::new().set(&["tags=PROPER"]);
    assert_eq!(desk.blocking(), ["ESP-405"]);
    let desk = desk.set(&["corrects=H.G.Wells.Old.2014.RETAiL.ePUB.eBOOK-GRP"]);
    assert!(desk.blocking().is_empty());
    assert!(desk.plan().unwrap().nfo_text.contains("H.G.Wells.Old.2014.RETAiL.ePUB.eBOOK-GRP"));
    assert!(Desk::new().set(&["tags=iNTERNAL"]).blocking().is_empty());
}

#[test]
fn a_stored_value_that_is_wrong_and_a_tag_that_the_profile_lacks_are_refused_by_field() {
    let mut desk = Desk::new();
    desk.overrides.language = Some("Klingonese".to_owned());
    assert!(matches!(desk.plan(), Err(PlanError::Field { field: "language", .. })));
    let mut desk = Desk::new().set(&["tags=READNFO"]);
    desk.profile.naming.tags.clear();
    assert!(matches!(desk.plan(), Err(PlanError::Field { field: "tags", .. })));
}

#[test]
fn volumes_have_the_smallest_size_that_needs_at_most_99_of_them() {
    let volumes = |book_size| {
        let plan = Desk { book_size, ..Desk::new() }.plan().unwrap();
        (plan.volume_size.unwrap(), plan.volumes.unwrap())
    };
    assert_eq!(volumes(0), (5_000_000, 1));
    assert_eq!(volumes(4_999_000), (5_000_000, 1));
    assert_eq!(volumes(5_000_000), (5_000_000, 2));
    assert_eq!(volumes(494_000_000), (5_000_000, 99));
    assert_eq!(volumes(495_000_000), (10_000_000, 50));
    assert_eq!(volumes(24_700_000_000), (250_000_000, 99));
    let Err(PlanError::TooLarge { size, limit }) = (Desk { book_size: 24_750_000_000, ..Desk::new() }).plan() else {
        panic!("99 volumes have headers too")
    };
    assert_eq!(size, 24_750_000_000);
    assert_eq!(volumes(limit), (250_000_000, 99));
    assert!(Desk { book_size: limit + 1, ..Desk::new() }.plan().is_err());
}

#[test]
fn the_files_of_the_scene_layout_are_listed_with_their_sizes() {
    let plan = Desk { book_size: 5_100_000, ..Desk::new() }.plan().unwrap();
    let paths: Vec<&str> = plan.files.iter().map(|file| file.path.as_str()).collect();
    let name = plan.name.to_string();
    let (nfo, sfv) = (format!("{name}.nfo"), format!("{name}.sfv"));
    assert_eq!(paths, ["bnxulr01.zip", "bnxulr02.zip", &nfo, &sfv, "SHA256SUMS", "manifest.json"]);
    let inside: Vec<&str> = plan.files[1].contains.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(inside, ["file_id.diz", "bnxulr.nfo", "bnxulr.r00"]);
    assert_eq!(plan.files[0].contains[2].size, Some(5_000_000));
    let entries: u64 =
        plan.files[0].contains.iter().map(|file| file.size.unwrap() + 76 + 2 * file.path.len() as u64).sum();
    assert_eq!(plan.files[0].size, Some(entries + 22));
    assert_eq!(plan.files[2].size, Some(plan.nfo.len() as u64));
}

#[test]
fn the_plain_layout_has_the_book_and_its_cover_and_no_volumes() {
    let mut desk = Desk::new();
    desk.profile = Profile::built_in("plain").unwrap().clone();
    desk.book.cover = Some(Cover {
        path: "EPUB/cover.png".to_owned(),
        media_type: "image/png".to_owned(),
        bytes: vec![1, 2, 3],
        pixels: None,
    });
    let plan = desk.plan().unwrap();
    let paths: Vec<&str> = plan.files.iter().map(|file| file.path.as_str()).collect();
    let nfo = format!("{}.nfo", plan.name);
    assert_eq!(paths, [plan.book_file_name.as_str(), &nfo, "cover.png", "SHA256SUMS", "manifest.json"]);
    assert_eq!((plan.volumes, plan.volume_size, plan.volume_id, plan.diz.len()), (None, None, None, 0));
}

#[test]
fn a_corrected_nfo_or_directory_has_no_volumes() {
    let corrects = "corrects=H.G.Wells.Old.2014.RETAiL.ePUB.eBOOK-GRP";
    let ends = |tag: &str| {
        let plan = Desk::new().set(&[&format!("tags={tag}"), corrects]).plan().unwrap();
        assert_eq!((plan.volumes, plan.diz.len()), (None, 0));
        let ends = plan.files.iter().map(|file| file.path.rsplit('.').next().unwrap().to_owned());
        (plan.contents(), ends.collect::<Vec<_>>())
    };
    assert_eq!(ends("NFOFiX"), (Contents::NfoFix, ["nfo", "sfv", "SHA256SUMS", "json"].map(str::to_owned).to_vec()));
    assert_eq!(ends("DiRFiX"), (Contents::DirFix, ["nfo", "json"].map(str::to_owned).to_vec()));
}

#[test]
fn a_book_whose_metadata_is_a_bomb_still_has_a_plan() {
    let long = "wörd ".repeat(10_000);
    let mut desk = Desk::titled(&long);
    desk.book.metadata.creators = vec![author(&long, Some(&long)); 200];
    desk.book.metadata.description = Some(long.replace(' ', "\n"));
    desk.book.metadata.publisher = Some(text(&long));
    desk.book.metadata.languages = vec!["?".to_owned(); 5_000];
    desk.book.metadata.subjects = vec![long];
    desk.rights = None;
    let plan = desk.plan().unwrap();
    assert_eq!(plan.fields.title.chars().count(), 999);
    assert_eq!(plan.fields.authors.len(), 100);
    assert!(plan.fields.description.unwrap().chars().count() <= 20_000);
    assert!(plan.nfo.len() < 1 << 20 && plan.findings.len() < 150);
}

#[test]
fn a_given_volume_id_is_used() {
    let desk = Desk::new();
    let id = "k3v9qa".parse().unwrap();
    let group = "GRP".parse().unwrap();
    let plan = packer::prepare::prepare(&packer::plan::Request {
        book: &desk.book,
        file_name: &desk.file_name,
        book_size: desk.book_size,
        overrides: &desk.overrides,
        group: &group,
        rights: None,
        profile: &desk.profile,
        nfo_template: None,
        diz_template: None,
        date: "2026-11-22".parse().unwrap(),
        volume_id: Some(&id),
    });
    assert_eq!(plan.unwrap().files[0].path, "k3v9qa01.zip");
}

#[test]
fn what_the_profile_mends_by_itself_is_mended_where_nobody_has_said_otherwise() {
    let mut desk = Desk::new().in_language("French");
    assert_eq!(desk.plan().unwrap().fields.language.as_deref(), Some("fr"));
    assert_eq!(desk.plan().unwrap().fields.origins.get(&Field::Language), Some(&Origin::Mended));
    let told = desk.plan().unwrap().findings;
    let told = told.iter().find(|finding| finding.code.as_str() == "ESP-309").unwrap();
    assert_eq!((told.severity, packer::fix::of_finding(told)), (Severity::Info, None), "the release rests on a guess");
    assert!(!desk.codes().contains(&"ESP-307".to_owned()), "{:?}", desk.codes());
    let said = desk.clone().set(&["language=de"]);
    assert_eq!(said.plan().unwrap().fields.origins.get(&Field::Language), Some(&Origin::Person));

    desk.profile.fixes.clear();
    assert_eq!(desk.plan().unwrap().fields.language, None);
    assert!(desk.codes().contains(&"ESP-309".to_owned()), "{:?}", desk.codes());
}

#[test]
fn the_books_own_language_is_not_overruled_and_what_else_holds_is_still_told() {
    let mut desk = Desk::new();
    desk.book.metadata.languages = vec!["English (US)".to_owned(), "de".to_owned()];
    assert_eq!(desk.plan().unwrap().fields.language.as_deref(), Some("de"));
    desk.book.metadata.languages = vec!["???".to_owned(), "French".to_owned()];
    assert_eq!(desk.plan().unwrap().fields.language.as_deref(), Some("fr"));
    assert!(desk.codes().contains(&"ESP-308".to_owned()), "{:?}", desk.codes());
}

#[test]
fn a_title_is_mended_in_the_language_that_was_mended() {
    let mut desk = Desk::titled("THE TALE OF TWO CITIES").in_language("English");
    desk.profile.fixes = packer::fix::CODES.to_vec();
    assert_eq!(desk.plan().unwrap().fields.title, "The Tale of Two Cities");
}

#[test]
fn what_is_mended_keeps_the_latin_form_that_the_book_gives() {
    let mut desk = Desk::titled("Война и мир").in_language("ru");
    desk.book.metadata.creators.push(author("Толстой, Лев", Some("Tolstoy, Leo")));
    assert!(desk.name().starts_with("Leo.Tolstoy"), "{}", desk.name());
    desk.profile.fixes = packer::fix::CODES.to_vec();
    assert_eq!(desk.plan().unwrap().fields.authors, ["Лев Толстой"]);
    assert!(desk.name().starts_with("Leo.Tolstoy"), "{}", desk.name());
}

#[test]
fn a_name_for_sorting_and_a_title_in_capitals_are_found_with_what_mends_them() {
    let mut desk = Desk::titled("THE ISLAND OF DOCTOR MOREAU").by("Wells, H. G.").by("Ada Lovelace");
    let plan = desk.plan().unwrap();
    let mended: Vec<_> = plan.findings.iter().filter_map(packer::fix::of_finding).collect();
    let fix = |field, values: &[&str]| Fix { field, values: values.iter().map(|value| (*value).to_owned()).collect() };
    assert_eq!(
        mended,
        [fix(Field::Title, &["The Island of Doctor Moreau"]), fix(Field::Authors, &["H. G. Wells", "Ada Lovelace"]),]
    );
    assert!(desk.name().starts_with("Wells.H.G.and.Ada.Lovelace.THE.ISLAND"), "{}", desk.name());
    desk.profile.fixes = packer::fix::CODES.to_vec();
    assert!(desk.name().starts_with("H.G.Wells.and.Ada.Lovelace.The.Island.of.Doctor.Moreau"), "{}", desk.name());
    assert!(desk.plan().unwrap().findings.iter().all(|finding| packer::fix::of_finding(finding).is_none()));
}
