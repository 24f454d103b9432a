//! Names, rule by rule.

use packer::{
    format::Format,
    kind::{Kind, Source},
    metadata::Field,
    name::{NameError, ReleaseName, Tag},
};

use crate::desk::{Desk, author, text};

#[test]
fn a_book_is_author_title_edition_year_language_source_tags_format() {
    assert_eq!(Desk::new().name(), "H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP");
    let everything = ["edition=2nd Edition", "language=fr", "source=SCAN", "tags=PROPER", "tags=iNTERNAL", "year=1895"];
    let desk = Desk::new().set(&everything);
    assert_eq!(desk.name(), "H.G.Wells.The.Time.Machine.2nd.Edition.1895.FRENCH.SCAN.iNTERNAL.PROPER.ePUB.eBOOK-GRP");
}

#[test]
fn every_kind_has_its_own_pattern() {
    let desk = Desk::titled("Night Sky").by("A. Writer").set(&["publisher=Sky House"]);
    for (assignments, name) in [
        (&["kind=textbook"][..], "Sky.House.Night.Sky.2014.RETAiL.ePUB.eBOOK-GRP"),
        (&["kind=magazine", "issue=12"], "Night.Sky.No.12.2014.RETAiL.MAGAZiNE.ePUB.eBOOK-GRP"),
        (&["kind=magazine", "issue=No. 12"], "Night.Sky.No.12.2014.RETAiL.MAGAZiNE.ePUB.eBOOK-GRP"),
        (&["kind=comic", "volume=3", "issue=12"], "Night.Sky.Vol.3.No.12.2014.RETAiL.COMiC.ePUB.eBOOK-GRP"),
        (&["kind=comic", "issue=12"], "Night.Sky.No.12.2014.RETAiL.COMiC.ePUB.eBOOK-GRP"),
        (&["kind=manga", "volume=3", "language=ja"], "Night.Sky.Vol.3.2014.JAPANESE.RETAiL.MANGA.ePUB.eBOOK-GRP"),
        (
            &["kind=newspaper", "issue-date=1895-05-07", "language=de", "source=SCAN"],
            "Night.Sky.07.May.1895.GERMAN.SCAN.ePUB.eBOOK-GRP",
        ),
    ] {
        assert_eq!(desk.clone().set(assignments).name(), name);
    }
}

#[test]
fn the_tag_of_a_kind_is_left_out_when_the_title_has_the_word() {
    for (title, kind, name) in [
        ("Sky Magazine", "magazine", "Sky.Magazine.No.1.2014.RETAiL.ePUB.eBOOK-GRP"),
        ("MAGAZINE of Sky", "magazine", "MAGAZINE.of.Sky.No.1.2014.RETAiL.ePUB.eBOOK-GRP"),
        ("Magazines", "magazine", "Magazines.No.1.2014.RETAiL.MAGAZiNE.ePUB.eBOOK-GRP"),
        ("A Comic Life", "comic", "A.Comic.Life.No.1.2014.RETAiL.ePUB.eBOOK-GRP"),
        ("A Comic Life", "manga", "A.Comic.Life.No.1.2014.RETAiL.MANGA.ePUB.eBOOK-GRP"),
    ] {
        assert_eq!(Desk::titled(title).set(&[&format!("kind={kind}"), "issue=1"]).name(), name);
    }
}

#[test]
fn a_bracket_without_its_other_half_goes_also_when_the_title_was_shortened() {
    let name = |title: &str| Desk::titled(title).by("A B").name();
    assert!(name("Night (Book 1)").starts_with("A.B.Night.(Book.1).2014."));
    assert!(name("Night (Book 1").starts_with("A.B.Night.Book.1.2014."));
    assert!(name("1) Night").starts_with("A.B.1.Night.2014."));
    let long = name(&format!("Night (Book 1{})", " and another".repeat(30)));
    assert!(long.starts_with("A.B.Night.Book.1.and.another") && !long.contains(['(', ')']), "{long}");
}

#[test]
fn titles_in_ten_scripts_are_transliterated_and_none_is_dropped() {
    for (title, language, words) in [
        ("Été à Paris", "fr", "Ete.a.Paris.2014.FRENCH"),
        ("Война и мир", "ru", "Voyna.i.mir.2014.RUSSIAN"),
        ("Über Öl", "de", "Ueber.Oel.2014.GERMAN"),
        ("Över Öl", "sv", "Over.Ol.2014.SWEDISH"),
        ("Οδύσσεια", "el", "Odysseia.2014.GREEK"),
        ("戦争と平和", "ja", "ZhanZheng.to.PingHe.2014.JAPANESE"),
        ("전쟁과 평화", "ko", "JeonJaengGwa.PyeongHwa.2014.KOREAN"),
        ("ألف ليلة وليلة", "ar", "alf.lylh.wlylh.2014.ARABIC"),
        ("שלום עולם", "he", "slvm.avlm.2014.HEBREW"),
        ("युद्ध और शांति", "hi", "yuddh.aur.samti.2014.HINDI"),
        ("สงคราม", "th", "sngkhram.2014.THAI"),
        ("ვეფხისტყაოსანი", "ka", "vepkhistqaosani.2014.GEORGIAN"),
    ] {
        let name = Desk::titled(title).by("A B").in_language(language).name();
        assert_eq!(name, format!("A.B.{words}.RETAiL.ePUB.eBOOK-GRP"), "{title}");
    }
}

#[test]
fn a_latin_form_of_the_book_is_preferred_to_transliteration_and_stands_in_natural_order() {
    let mut desk = Desk::titled("Машина времени").in_language("ru");
    desk.book.metadata.creators = vec![author("Герберт Уэллс", Some("Wells, H. G."))];
    assert_eq!(desk.name(), "H.G.Wells.Mashina.vremeni.2014.RUSSIAN.RETAiL.ePUB.eBOOK-GRP");
    let mut title = text("Машина времени");
    title.alternates = vec![("en".to_owned(), "The Time Machine".to_owned())];
    desk.book.metadata.title = Some(title);
    assert_eq!(desk.name(), "H.G.Wells.The.Time.Machine.2014.RUSSIAN.RETAiL.ePUB.eBOOK-GRP");
    let desk = desk.set(&["title=Машина"]);
    assert_eq!(desk.name(), "H.G.Wells.Mashina.2014.RUSSIAN.RETAiL.ePUB.eBOOK-GRP", "what a person wrote stands");
}

#[test]
fn marks_that_a_name_forbids_go_and_dots_are_never_doubled() {
    for (title, words) in [
        ("Don't: Stop! -- \"Now\" / Never...", "Dont.Stop.Now.Never"),
        ("...And Then", "And.Then"),
        ("A – B—C", "A.B-C"),
        ("Sky (Part 1)", "Sky.(Part.1)"),
        ("-10 Degrees & Rising_", "10.Degrees.Rising"),
        ("Saint-Exupéry", "Saint-Exupery"),
    ] {
        let name = Desk::titled(title).by("A").name();
        assert_eq!(name, format!("A.{words}.2014.RETAiL.ePUB.eBOOK-GRP"), "{title}");
    }
}

#[test]
fn a_format_is_named_unless_it_is_pdf_and_a_language_unless_it_is_english() {
    for (format, language, tail) in [
        (Format::Pdf, "en-GB", "2014.RETAiL.eBOOK-GRP"),
        (Format::Pdf, "eng", "2014.RETAiL.eBOOK-GRP"),
        (Format::Mobi, "pt-BR", "2014.PORTUGUESE.RETAiL.MOBI.eBOOK-GRP"),
        (Format::Azw, "nb", "2014.NORWEGIAN.RETAiL.AZW.eBOOK-GRP"),
        (Format::Kf8, "grc", "2014.ANCIENTGREEK.RETAiL.KF8.eBOOK-GRP"),
        (Format::Prc, "tlh", "2014.TLH.RETAiL.PRC.eBOOK-GRP"),
    ] {
        let name = Desk::titled("T").by("A").format(format).in_language(language).name();
        assert_eq!(name, format!("A.T.{tail}"));
    }
    assert_eq!(
        Desk::titled("T").format(Format::Cbz).name(),
        "T.2014.RETAiL.COMiC.CBZ.eBOOK-GRP",
        "a CBZ is a comic unless said otherwise"
    );
}

#[test]
fn the_year_is_of_the_edition_else_of_its_last_change_else_of_the_release_with_a_warning() {
    let mut desk = Desk::titled("T").by("A");
    desk.book.metadata.modified = Some("2019-01-02T03:04:05Z".to_owned());
    assert_eq!((desk.name(), desk.codes()), ("A.T.2014.RETAiL.ePUB.eBOOK-GRP".to_owned(), vec![]));
    desk.book.metadata.date = Some("0101-01-01".to_owned());
    assert_eq!((desk.name(), desk.codes()), ("A.T.2019.RETAiL.ePUB.eBOOK-GRP".to_owned(), vec!["ESP-304".to_owned()]));
    desk.book.metadata.modified = None;
    assert_eq!((desk.name(), desk.codes()), ("A.T.2026.RETAiL.ePUB.eBOOK-GRP".to_owned(), vec!["ESP-305".to_owned()]));
    let desk = desk.set(&["year=1895"]);
    assert_eq!((desk.name(), desk.codes()), ("A.T.1895.RETAiL.ePUB.eBOOK-GRP".to_owned(), vec![]));
}

#[test]
fn a_scan_has_the_year_of_its_original_and_a_warning_when_nobody_said_it() {
    let mut desk = Desk::titled("T").by("A").set(&["source=scan"]);
    desk.book.metadata.date = None;
    desk.book.metadata.modified = Some("2019".to_owned());
    assert_eq!((desk.name(), desk.codes()), ("A.T.2026.SCAN.ePUB.eBOOK-GRP".to_owned(), vec!["ESP-305".to_owned()]));
    desk.book.metadata.date = Some("1895".to_owned());
    assert_eq!((desk.name(), desk.codes()), ("A.T.1895.SCAN.ePUB.eBOOK-GRP".to_owned(), vec!["ESP-306".to_owned()]));
}

#[test]
fn without_an_author_the_publisher_stands_and_without_both_anonymous_each_with_a_warning() {
    let desk = Desk::titled("T");
    assert_eq!(
        (desk.name(), desk.codes()),
        ("Anonymous.T.2014.RETAiL.ePUB.eBOOK-GRP".to_owned(), vec!["ESP-303".to_owned()])
    );
    let desk = desk.set(&["publisher=Big House"]);
    assert_eq!(
        (desk.name(), desk.codes()),
        ("Big.House.T.2014.RETAiL.ePUB.eBOOK-GRP".to_owned(), vec!["ESP-302".to_owned()])
    );
}

#[test]
fn two_authors_are_both_named_and_of_more_the_first() {
    let desk = Desk::titled("T").by("Ann A").by("Bob B");
    assert_eq!(desk.name(), "Ann.A.and.Bob.B.T.2014.RETAiL.ePUB.eBOOK-GRP");
    let mut desk = desk.by("Cy C");
    assert_eq!(desk.name(), "Ann.A.et.al.T.2014.RETAiL.ePUB.eBOOK-GRP");
    desk.profile.naming.authors.most = 3;
    assert_eq!(desk.name(), "Ann.A.and.Bob.B.and.Cy.C.T.2014.RETAiL.ePUB.eBOOK-GRP");
}

#[test]
fn an_illustrator_is_no_author() {
    let mut desk = Desk::titled("T").by("Ann A");
    let mut illustrator = author("Ill Ustrator", None);
    illustrator.roles = vec!["ill".to_owned()];
    desk.book.metadata.creators.insert(0, illustrator);
    assert_eq!(desk.name(), "Ann.A.T.2014.RETAiL.ePUB.eBOOK-GRP");
}

#[test]
fn a_long_title_is_shortened_at_a_word_and_stands_in_full_in_the_nfo() {
    let words: Vec<String> = (0..60).map(|number| format!("word{number}")).collect();
    let title = &words.join(" ");
    assert!(title.len() > 300);
    let desk = Desk::titled(title).by("A. Writer");
    let plan = desk.plan().unwrap();
    let name = plan.name.to_string();
    assert!(name.len() <= 243 && name.len() > 230, "{name}");
    let head = plan.name.head().strip_prefix("A.Writer.").unwrap();
    assert!(title.replace(' ', ".").starts_with(&format!("{head}.")), "cut between words: {head}");
    assert_eq!(desk.codes(), ["ESP-401"]);
    let shown: String = plan.nfo_text.chars().filter(char::is_ascii_alphanumeric).collect();
    assert!(shown.contains(&title.replace(' ', "")));
}

#[test]
fn a_title_of_one_endless_word_and_endless_other_parts_still_make_a_name() {
    let long = "x".repeat(1_000);
    let desk = Desk::titled(&long).by(&format!("Au {long}")).set(&[
        &format!("edition={long}"),
        "tags=PROPER",
        "tags=READNFO",
        "corrects=A-GRP",
    ]);
    let plan = desk.plan().unwrap();
    assert_eq!(plan.name.to_string().len().max(243), 243);
    assert_eq!(plan.name.year(), Some(2014));
    assert!(desk.codes().iter().any(|code| code == "ESP-404"));
}

#[test]
fn a_title_without_letters_is_untitled_and_blocks() {
    let desk = Desk::titled("?!…").by("A");
    assert_eq!(desk.name(), "A.Untitled.2014.RETAiL.ePUB.eBOOK-GRP");
    assert_eq!(desk.blocking(), ["ESP-403"]);
}

#[test]
fn a_book_without_a_title_goes_by_its_file_name() {
    let mut desk = Desk::titled("T").by("A");
    desk.book.metadata.title = None;
    desk.file_name = "uploads/My_Best Book.v2.epub".to_owned();
    assert_eq!(desk.name(), "A.My.Best.Book.v2.2014.RETAiL.ePUB.eBOOK-GRP");
    assert_eq!(desk.codes(), ["ESP-301"]);
}

#[test]
fn the_parts_of_a_name_make_the_name_and_know_their_fields() {
    let plan = Desk::new().set(&["tags=PROPER", "corrects=A-GRP"]).plan().unwrap();
    let joined: String = plan.components.iter().map(|component| component.text.as_str()).collect();
    assert_eq!(joined, plan.name.to_string());
    let of = |field| {
        let mut parts = plan.components.iter().filter(|component| component.field == Some(field));
        parts.next().map(|component| component.text.as_str())
    };
    assert_eq!(of(Field::Authors), Some("H.G.Wells"));
    assert_eq!(of(Field::Title), Some("The.Time.Machine"));
    assert_eq!(of(Field::Year), Some("2014"));
    assert_eq!(of(Field::Source), Some("RETAiL"));
    assert_eq!(of(Field::Tags), Some("PROPER"));
    assert_eq!(of(Field::Language), None);
}

#[test]
fn parsing_gives_the_tail_as_fields_and_the_head_as_one_text() {
    let name: ReleaseName = "Sky.No.12.2014.FRENCH.RETAiL.iNTERNAL.PROPER.MAGAZiNE.KF8.eBOOK-GRP".parse().unwrap();
    assert_eq!(name.head(), "Sky.No.12");
    assert_eq!(name.year(), Some(2014));
    assert_eq!(name.language(), Some("FRENCH"));
    assert_eq!(name.source(), Some(Source::Retail));
    assert_eq!(name.tags().collect::<Vec<_>>(), [Tag::Internal, Tag::Proper]);
    assert_eq!(name.kind(), Some(Kind::Magazine));
    assert_eq!(name.format(), Some(Format::Kf8));
    assert!(name.is_ebook());
    assert_eq!(name.group().as_str(), "GRP");
}

#[test]
fn a_word_of_a_title_is_not_taken_for_a_field() {
    let name: ReleaseName = "A.1984.WAR.and.PEACE.RETAiL.eBOOK-GRP".parse().unwrap();
    assert_eq!((name.head(), name.year(), name.language()), ("A.1984.WAR.and.PEACE", None, None));
    let name: ReleaseName = "1984-GRP".parse().unwrap();
    assert_eq!((name.head(), name.year(), name.format(), name.is_ebook()), ("1984", None, None, false));
    let name: ReleaseName = "A_Title_2014_SCAN_eBOOK-GRP".parse().unwrap();
    assert_eq!((name.head(), name.year(), name.source()), ("A_Title", Some(2014), Some(Source::Scan)));
}

#[test]
fn what_is_no_name_is_refused_with_its_place() {
    let error = |text: &str| text.parse::<ReleaseName>().unwrap_err();
    assert_eq!(error("A.Ti tle-GRP"), NameError::Character { character: ' ', position: 5 });
    assert_eq!(error("Été-GRP"), NameError::Character { character: 'É', position: 1 });
    assert_eq!(error("../x-GRP"), NameError::Character { character: '/', position: 3 });
    assert_eq!(error(".A-GRP"), NameError::Dot { position: 1 });
    assert_eq!(error("A..B-GRP"), NameError::Dot { position: 3 });
    assert_eq!(error("A.-GRP"), NameError::Dot { position: 2 });
    assert_eq!(error("-A-GRP"), NameError::Hyphen);
    assert_eq!(error("A.Title"), NameError::NoGroup);
    assert_eq!(error("-GRP"), NameError::Empty);
    assert!(matches!(error("A-B.C"), NameError::Group { position: 3, .. }));
    assert!(matches!(error(""), NameError::NoGroup));
    assert_eq!(error(&format!("{}-GRP", "a".repeat(240))), NameError::TooLong { length: 244 });
    assert!(format!("{}-GRP", "a".repeat(239)).parse::<ReleaseName>().is_ok());
}

#[test]
fn a_name_crosses_json_as_its_text_and_only_through_the_parser() {
    let name: ReleaseName = "A.T.2014.RETAiL.eBOOK-GRP".parse().unwrap();
    let json = serde_json::to_string(&name).unwrap();
    assert_eq!(json, "\"A.T.2014.RETAiL.eBOOK-GRP\"");
    assert_eq!(serde_json::from_str::<ReleaseName>(&json).unwrap(), name);
    assert!(serde_json::from_str::<ReleaseName>("\"../../etc-GRP\"").is_err());
}

#[test]
fn a_volume_id_is_the_hash_of_the_name_in_base_36_and_changes_with_each_clash() {
    let name: ReleaseName = "H.G.Wells.The.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP".parse().unwrap();
    assert_eq!(packer::volume_id::derive(&name, 0).as_str(), "bnxulr");
    assert_eq!(packer::volume_id::derive(&name, 1).as_str(), "9thpbo");
}
