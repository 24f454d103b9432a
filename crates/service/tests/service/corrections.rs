//! Corrections: releases that say what another one had wrong.

use packer::metadata::Field;
use service::{Edit, NewUpload, Role, Status};

use crate::house::{House, book, change};

#[tokio::test]
async fn a_correction_has_what_it_corrects_and_leaves_it_as_it_was() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let first = house.packed(&admin, &book("A Book")).await.0.summary.id;
    let name = house.lookup(&admin, first).await.summary.name.unwrap();
    let second = releases.correct(&admin, first, "REPACK").await.unwrap();
    let draft = house.lookup(&admin, second).await;
    assert_eq!((draft.summary.status, draft.book.id), (Status::Draft, house.lookup(&admin, first).await.book.id));
    assert_eq!((&draft.overrides.tags, &draft.overrides.corrects), (&vec!["REPACK".to_owned()], &Some(name.clone())));
    assert!(draft.rights.is_some() && draft.summary.group.is_some());

    releases.pack(&admin, second).await.unwrap();
    house.work_off().await;
    let packed = house.lookup(&admin, second).await.summary;
    assert_eq!(packed.status, Status::Packed);
    assert!(packed.name.as_ref().unwrap().contains(".REPACK."), "{:?}", packed.name);
    assert_eq!(house.lookup(&admin, first).await.summary.name, Some(name.clone()));

    // A correction of a correction corrects the later one, and keeps one tag.
    let third = releases.correct(&admin, second, "NFOFiX").await.unwrap();
    assert_eq!(house.lookup(&admin, third).await.overrides.tags, ["NFOFiX"]);
    for id in [first, second, third] {
        let chain = releases.revisions(&admin, id).await.unwrap();
        assert_eq!(chain.iter().map(|one| one.id).collect::<Vec<_>>(), [first, second, third]);
        let tags: Vec<_> = chain.iter().map(|one| one.tag.as_deref()).collect();
        assert_eq!(tags, [None, Some("REPACK"), Some("NFOFiX")]);
    }
    releases.delete(&admin, third).await.unwrap();
    assert_eq!(releases.revisions(&admin, first).await.unwrap().len(), 2);
}

#[tokio::test]
async fn only_what_is_packed_is_corrected_and_only_by_a_tag_for_it() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let draft = house.upload(&admin, "a.epub", &book("A Draft")).await;
    house.work_off().await;
    assert_eq!(releases.correct(&admin, draft, "REPACK").await.unwrap_err().code(), "not-packed");
    let packed = house.packed(&admin, &book("A Book")).await.0.summary.id;
    for tag in ["READNFO", "iNTERNAL", "repacked", ""] {
        assert_eq!(releases.correct(&admin, packed, tag).await.unwrap_err().code(), "invalid", "{tag}");
    }
    assert_eq!(releases.revisions(&admin, packed).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_release_that_one_does_not_see_stands_in_no_chain() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let first = house.packed(&admin, &book("A Book")).await.0.summary.id;
    let second = releases.correct(&admin, first, "PROPER").await.unwrap();
    let stranger = house.person(&admin, "stranger", Role::EDITOR).await;
    assert_eq!(releases.revisions(&stranger, first).await.unwrap_err().code(), "not-found");
    assert_eq!(releases.correct(&stranger, first, "REPACK").await.unwrap_err().code(), "not-found");

    // One's own draft that claims to correct it shows nothing of it.
    let new = NewUpload { file_name: "b.epub".to_owned(), size: 0, group: None, fingerprint: None };
    let upload = house.services.uploads().begin(&stranger, new).await.unwrap();
    let own = house.services.uploads().complete(&stranger, upload.id).await.unwrap();
    house.work_off().await;
    let name = house.lookup(&admin, first).await.summary.name.unwrap();
    let claims = Edit { changes: vec![change(Field::Corrects, &name)], ..Edit::default() };
    releases.edit(&stranger, own, claims).await.unwrap();
    assert_eq!(releases.revisions(&stranger, own).await.unwrap().len(), 1);
    assert_eq!(releases.revisions(&admin, second).await.unwrap().len(), 2);
}

#[tokio::test]
async fn whoever_has_left_a_group_releases_nothing_in_its_name() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let mut editor = house.editor(&admin).await;
    let packed = house.packed(&editor, &book("A Book")).await.0.summary.id;
    let draft = house.draft(&editor, &book("A Draft")).await.summary.id;
    let group = house.lookup(&editor, draft).await.summary.group.unwrap().id;
    house.services.groups().set_members(&admin, group, &[admin.user_id], None).await.unwrap();
    editor.groups.clear();
    assert_eq!(house.lookup(&editor, packed).await.summary.status, Status::Packed, "it goes on being seen");
    assert_eq!(releases.correct(&editor, packed, "REPACK").await.unwrap_err().code(), "forbidden");
    assert_eq!(releases.pack(&editor, draft).await.unwrap_err().code(), "invalid");
    assert_eq!(house.lookup(&editor, draft).await.summary.status, Status::Draft);
    // Without the group it is their own again.
    releases.edit(&editor, draft, Edit { group: Some(None), ..Edit::default() }).await.unwrap();
    assert!(house.lookup(&editor, draft).await.summary.group.is_none());
}

#[tokio::test]
async fn a_correction_of_another_s_release_says_anew_on_what_basis() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let editor = house.editor(&admin).await;
    let packed = house.packed(&admin, &book("A Book")).await.0.summary.id;
    let correction = releases.correct(&editor, packed, "REPACK").await.unwrap();
    assert_eq!(house.lookup(&editor, correction).await.rights, None);
    assert_eq!(releases.pack(&editor, correction).await.unwrap_err().code(), "invalid");
    house.give_rights(&editor, correction).await;
    releases.pack(&editor, correction).await.unwrap();
}
