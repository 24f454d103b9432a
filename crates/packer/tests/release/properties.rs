//! What holds for every name.

use packer::{metadata::Field, name::ReleaseName};
use proptest::prelude::*;

use crate::desk::{Desk, author, text};

fn is_allowed(character: char) -> bool {
    character.is_ascii_alphanumeric() || "._()-".contains(character)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_name_is_printed_as_it_was_parsed(
        words in prop::collection::vec(
            prop_oneof![
                "[A-Za-z0-9_()-]{1,9}",
                "[12][0-9]{3}",
                "[A-Z]{2,8}",
                prop::sample::select(vec![
                    "RETAiL", "SCAN", "eBOOK", "ePUB", "PDF", "CBZ", "PROPER", "REPACK", "iNTERNAL", "MAGAZiNE", "COMiC",
                ]).prop_map(str::to_owned),
            ],
            1..12,
        ),
        separator in prop::sample::select(vec![".", "_"]),
        group in "[A-Za-z0-9]{2,30}",
    ) {
        let text = format!("{}-{group}", words.join(separator));
        if let Ok(name) = text.parse::<ReleaseName>() {
            prop_assert_eq!(name.to_string(), text);
        } else {
            prop_assert!(text.starts_with('-') || text.len() > 243);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,60}") {
        if let Ok(name) = text.parse::<ReleaseName>() {
            prop_assert_eq!(name.to_string(), text);
        }
    }

    #[test]
    fn every_composed_name_keeps_the_rules(
        title in "\\PC{0,300}",
        authors in prop::collection::vec("\\PC{0,80}", 0..4),
        publisher in prop::option::of("\\PC{0,300}"),
        edition in prop::option::of("[^\\p{Cc}]{0,300}"),
        kind in prop::sample::select(vec!["book", "textbook", "magazine", "comic", "manga", "newspaper"]),
        language in prop::sample::select(vec!["en", "de", "ru", "ja", "zxx", "cu", "nonsense"]),
        tags in prop::sample::subsequence(vec!["iNTERNAL", "READNFO", "REPACK", "PROPER"], 0..4),
    ) {
        let mut desk = Desk::titled(&title).in_language(language).set(&[&format!("kind={kind}")]);
        desk.book.metadata.creators = authors.iter().map(|name| author(name, None)).collect();
        desk.book.metadata.publisher = publisher.as_deref().map(text);
        desk.overrides.edition = edition;
        desk.overrides.tags = tags.into_iter().map(str::to_owned).collect();
        let plan = desk.plan().unwrap();
        let name = plan.name.to_string();
        prop_assert!(name.chars().all(is_allowed), "{}", name);
        prop_assert!(name.len() <= 243);
        prop_assert!(!name.contains("..") && !name.starts_with(['.', '-']));
        prop_assert!(name.ends_with(".eBOOK-GRP"));
        prop_assert_eq!(plan.name.year(), Some(2014));
        let joined: String = plan.components.iter().map(|component| component.text.as_str()).collect();
        prop_assert_eq!(joined, name);
        prop_assert!(plan.components.iter().any(|component| component.field == Some(Field::Title)));
        for line in plan.nfo_text.lines() {
            prop_assert!(line.chars().count() <= 80, "{}", line);
        }
        let width = plan.nfo_text.lines().next().map(|line| line.chars().count());
        prop_assert_eq!(width, Some(80));
    }
}
