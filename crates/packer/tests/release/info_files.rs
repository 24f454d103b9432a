//! NFO and DIZ.

use packer::{info::cp437, metadata::Text, plan::PlanError};

use crate::desk::{Desk, author, text};

/// A book that fills every line of an NFO.
fn full() -> Desk {
    let mut desk = Desk::new().set(&[
        "publisher=Heinemann",
        "edition=2nd Edition",
        "isbn=9780306406157",
        "genre=Science fiction",
        "url=https://example.org/books/the-time-machine/editions/2014/very-long-path/that-does-not-fit-into-a-line",
        "description=The traveller goes to the year 802701 and comes back with two white flowers.\nHe is not believed; he leaves again, and nobody knows where he went, or when.",
        "tags=REPACK",
        "corrects=H.G.Wells.Time.Machine.2014.RETAiL.ePUB.eBOOK-GRP",
    ]);
    desk.book.metadata.subtitle = Some("An Invention".to_owned());
    desk.rights = Some(packer::rights::parse("public-domain", Some("The author died in 1946")).unwrap());
    desk
}

#[test]
fn an_nfo_of_the_scene_profile_is_framed_in_80_columns_and_in_code_page_437() {
    let plan = full().plan().unwrap();
    insta::assert_snapshot!("nfo_scene", plan.nfo_text);
    assert!(plan.nfo_text.lines().all(|line| line.chars().count() == 80));
    let decoded: String = plan.nfo.iter().map(|byte| cp437::character_of(*byte)).collect();
    assert_eq!(decoded, plan.nfo_text.replace('\n', "\r\n"));
    assert_eq!(plan.nfo[0], 0xDA);
}

#[test]
fn an_nfo_of_the_plain_profile_is_utf_8() {
    let mut desk = full().set(&["title=戦争と平和"]);
    desk.overrides.description = None;
    desk.profile = packer::profile::Profile::built_in("plain").unwrap().clone();
    let plan = desk.plan().unwrap();
    insta::assert_snapshot!("nfo_plain", plan.nfo_text);
    assert_eq!(plan.nfo, plan.nfo_text.as_bytes());
}

#[test]
fn a_diz_has_its_counter_and_ends_its_lines_as_dos_does() {
    let plan = full().plan().unwrap();
    assert_eq!(plan.diz.len(), 1);
    let text = String::from_utf8(plan.diz[0].clone()).unwrap();
    insta::assert_snapshot!("diz_scene", text.replace("\r\n", "\n"));
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
}

#[test]
fn every_volume_has_a_diz_with_its_own_number_within_the_limits() {
    let mut desk = full().set(&[]);
    desk.overrides.title = Some("Ünïcödé and a title that is much longer than any line of a DIZ may be".to_owned());
    desk.book_size = 55_000_000;
    let plan = desk.plan().unwrap();
    assert_eq!((plan.volumes, plan.diz.len()), (Some(12), 12));
    for (diz, number) in plan.diz.iter().zip(1..) {
        assert!(diz.is_ascii());
        let text = String::from_utf8(diz.clone()).unwrap();
        assert!(text.contains(&format!("DISK: [{number:02}/12]\r\n")), "{text}");
        assert!(text.lines().count() <= 30 && text.lines().all(|line| line.len() <= 44), "{text}");
    }
    assert!(desk.codes().contains(&"ESP-506".to_owned()));
}

#[test]
fn what_code_page_437_lacks_is_transliterated_in_the_nfo_and_a_finding_says_so() {
    let desk = Desk::new().set(&["title=Čapek — Война", "genre=Été"]);
    let plan = desk.plan().unwrap();
    assert!(plan.nfo_text.contains("Capek -- Voyna") && plan.nfo_text.contains("Été"));
    assert_eq!(plan.fields.title, "Čapek — Война", "the full text stays for the manifest");
    let finding = plan.findings.iter().find(|finding| finding.code.as_str() == "ESP-501").unwrap();
    assert!(finding.data["characters"].contains('Č') && !finding.data["characters"].contains('É'));
}

#[test]
fn where_only_latin_letters_can_stand_the_book_is_called_as_it_calls_itself_in_latin() {
    let mut desk = Desk::titled("x").in_language("ja");
    desk.book.metadata.title = Some(Text { file_as: Some("Kusamakura".to_owned()), ..text("草枕") });
    desk.book.metadata.creators = vec![author("夏目 漱石", Some("Natsume, Sōseki"))];
    desk.book.metadata.publisher = Some(Text { file_as: Some("Shunyodo".to_owned()), ..text("春陽堂") });
    let plan = desk.plan().unwrap();
    let diz = String::from_utf8(plan.diz[0].clone()).unwrap();
    assert!(diz.starts_with("Kusamakura\r\nby Soseki Natsume\r\n"), "{diz}");
    for name in ["Kusamakura", "Soseki Natsume", "Shunyodo"] {
        assert!(plan.nfo_text.contains(name), "{}", plan.nfo_text);
    }
    let finding = plan.findings.iter().find(|finding| finding.code.as_str() == "ESP-501").unwrap();
    assert!(finding.data["characters"].contains('草'), "the full text stands in the manifest alone");
    desk.book.metadata.title = Some(Text { file_as: Some("Kusa\u{1b}[2Jmakura ".repeat(100_000)), ..text("草枕") });
    let nfo_text = desk.plan().unwrap().nfo_text;
    assert!(nfo_text.len() < 20_000 && !nfo_text.contains('\u{1b}'), "{}", nfo_text.len());
    desk.profile = packer::profile::Profile::built_in("plain").unwrap().clone();
    let text = desk.plan().unwrap().nfo_text;
    assert!(["草枕", "夏目 漱石", "春陽堂"].iter().all(|name| text.contains(name)), "{text}");
}

#[test]
fn control_characters_of_a_book_never_reach_an_info_file() {
    let mut desk = Desk::titled("A\u{1b}[2J\u{7}title\u{202e}gnorw\r\nX").by("A\tB");
    desk.book.metadata.description = Some("one\u{0}\n\u{9b}two".to_owned());
    let plan = desk.plan().unwrap();
    assert!(plan.nfo_text.chars().all(|character| character == '\n' || !character.is_control()));
    assert!(!plan.nfo_text.contains('\u{202e}'));
}

#[test]
fn a_template_of_ones_own_is_used_and_its_long_lines_are_broken_with_a_finding() {
    let mut desk = Desk::new();
    let rest = "{{ release_date }} {{ publication_date }} {{ language }} {{ source }} {{ author }} {{ rights_basis }}";
    desk.nfo_template = Some(format!("{rest}\n{}\n", "word ".repeat(30)));
    let plan = desk.plan().unwrap();
    assert!(plan.nfo_text.lines().all(|line| line.len() <= 80));
    assert_eq!(desk.codes(), ["ESP-502"]);
    assert_eq!(plan.findings[0].data["line"], "2");
}

#[test]
fn an_nfo_that_does_not_state_what_the_profile_asks_for_blocks() {
    let mut desk = Desk::new();
    desk.nfo_template = Some("{{ name }}\n".to_owned());
    let plan = desk.plan().unwrap();
    let silent: Vec<&str> =
        plan.findings.iter().filter_map(|finding| finding.data.get("statement")).map(String::as_str).collect();
    assert_eq!(silent, ["release-date", "publication-date", "language", "rights"]);
    assert_eq!(desk.blocking(), ["ESP-505"; 4]);
}

#[test]
fn a_diz_without_a_counter_blocks_and_one_that_is_too_long_is_cut_before_its_counter() {
    let mut desk = Desk::new();
    desk.diz_template = Some("{{ title }}\n".to_owned());
    assert_eq!(desk.blocking(), ["ESP-507"]);
    desk.diz_template = Some("line\n".repeat(40) + "DISK: {{ disk }}\n");
    let plan = desk.plan().unwrap();
    let text = String::from_utf8(plan.diz[0].clone()).unwrap();
    assert_eq!(text.lines().count(), 30);
    assert!(text.ends_with("line\r\nDISK: [01/01]\r\n"));
    assert_eq!(desk.codes(), ["ESP-504"]);
}

#[test]
fn a_mistake_in_a_template_names_line_and_column() {
    let mut desk = Desk::new();
    desk.diz_template = Some("one\n  {{ titel }}".to_owned());
    let Err(PlanError::Template { template, error }) = desk.plan() else { panic!("it has a mistake") };
    assert_eq!((template, error.line, error.column), ("DIZ", 2, 6));
    assert!(desk.plan().unwrap_err().to_string().starts_with("DIZ template, line 2, column 6: "));
    desk.nfo_template = Some("{% for x in authors %}".to_owned());
    assert!(matches!(desk.plan(), Err(PlanError::Template { template: "NFO", .. })));
}
