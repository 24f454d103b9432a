//! Texts come back as they went in, whatever stands in them, and compare the same way on both engines.

use packer::metadata::Overrides;
use store::releases::{Changed, ReleaseEdit};

use crate::{
    database::on_both_engines,
    world::{World, at, listing},
};

on_both_engines! {
    every_text_comes_back_as_it_went_in,
    names_that_differ_by_an_accent_differ_and_by_case_do_not,
}

/// Quotes, backslashes, four-byte letters, composed and decomposed accents, directions, and what looks like a statement.
const TEXTS: [&str; 10] = [
    "L'été \"à\" Paris",
    "back\\slash % _ ` ; -- ? $1 :name",
    "'); DROP TABLE users; --",
    "📚👩‍👩‍👧 𝔘𝔫𝔦 𠜎",
    "戰爭與和平 戦争と平和 전쟁과 평화",
    "Война и мир",
    "e\u{301}te\u{301} et été",
    "مائة عام من العزلة \u{202e}txt",
    "line\r\nbreak\ttab\u{0}nul",
    "",
];

async fn every_text_comes_back_as_it_went_in(world: World) {
    let user = world.user("ada").await;
    for text in TEXTS {
        let release = world.release(user, None, listing(text), at(0)).await;
        let overrides = Overrides {
            title: Some(text.to_owned()),
            authors: TEXTS.map(str::to_owned).to_vec(),
            ..Overrides::default()
        };
        let edit = ReleaseEdit {
            group_id: None,
            profile: "plain".to_owned(),
            overrides: overrides.clone(),
            rights_basis: Some("CC-BY-4.0".to_owned().into()),
            rights_note: Some(text.to_owned()),
            release_date: "2107-12-31".parse().unwrap(),
            listing: listing(text),
        };
        let mut transaction = world.store.begin_write().await.unwrap();
        let changed = transaction.releases().edit(release, 1, &edit, at(1)).await.unwrap();
        assert_eq!(changed, Changed::Saved { version: 2 });
        transaction.commit().await.unwrap();
        let found = world.store.releases().lookup(release).await.unwrap().unwrap();
        assert_eq!(found.overrides, overrides);
        assert_eq!(found.listing.title, text);
        assert_eq!(found.rights_note.as_deref(), Some(text));
        assert_eq!(found.rights_basis, edit.rights_basis);
        assert_eq!(found.release_date, edit.release_date);
    }
}

async fn names_that_differ_by_an_accent_differ_and_by_case_do_not(world: World) {
    let plain = world.user("eve").await;
    let accented = world.user("Éve").await;
    let find = |name: &'static str| {
        let store = world.store.clone();
        async move { store.users().find_by_username(name).await.unwrap().map(|user| user.id) }
    };
    assert_eq!(find("EVE").await, Some(plain));
    assert_eq!(find("éve").await, Some(accented));
    assert_eq!(find("E\u{301}VE ").await, Some(accented));
    assert_eq!(find("ève").await, None);
    assert_eq!(find("ev").await, None);
    assert_eq!(find("eve%").await, None);
}
