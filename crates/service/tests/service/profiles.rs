//! What somebody writes in a profile and has not saved.

use std::time::Duration;

use service::{
    Action, Actor, AuditAction, Edit, Resource, Role,
    profiles::{DRAFT_DAYS, MOST_DRAFTS},
};

use crate::house::{House, book, change};

async fn kept(house: &House, actor: &Actor, name: &str, is_new: bool) -> Option<(String, u32)> {
    let draft = house.services.profiles().draft(actor, name, is_new).await.unwrap();
    draft.map(|draft| (draft.text, draft.seen))
}

#[tokio::test]
async fn a_draft_stays_with_the_version_that_it_was_begun_from() {
    let (house, admin) = House::new().await;
    let profiles = house.services.profiles();
    let text = profiles.copy_of(&admin, "plain").await.unwrap();
    profiles.save(&admin, "plain", &text, 0).await.unwrap();
    let mine = format!("{text}\n# mine\n");
    profiles.keep_draft(&admin, "my-plain", &mine, 1).await.unwrap();
    let other = house.person(&admin, "other", Role::ADMIN).await;
    profiles.save(&other, "my-plain", &format!("{text}\n# theirs\n"), 1).await.unwrap();
    assert_eq!(kept(&house, &admin, "my-plain", false).await, Some((mine.clone(), 1)));
    let failure = profiles.save(&admin, "my-plain", &mine, 1).await.unwrap_err();
    assert_eq!(failure.code(), "profile-changed-meanwhile");
    // Once one has seen what changed, it is saved over it.
    profiles.save(&admin, "my-plain", &mine, 2).await.unwrap();
    assert_eq!(kept(&house, &admin, "my-plain", false).await, None);
}

#[tokio::test]
async fn a_second_copy_has_a_name_of_its_own_and_a_taken_one_is_said() {
    let (house, admin) = House::new().await;
    let profiles = house.services.profiles();
    let first = profiles.copy_of(&admin, "plain").await.unwrap();
    assert_eq!(profiles.save(&admin, "plain", &first, 0).await.unwrap(), "my-plain");
    let taken = profiles.save(&admin, "plain", &first, 0).await.unwrap_err();
    assert_eq!(taken.code(), "profile-name-taken");
    let second = profiles.copy_of(&admin, "plain").await.unwrap();
    assert_eq!(profiles.save(&admin, "plain", &second, 0).await.unwrap(), "my-plain-2");
}

#[tokio::test]
async fn a_version_is_saved_over_no_other_profile() {
    let (house, admin) = House::new().await;
    let profiles = house.services.profiles();
    for _ in 0..2 {
        let text = profiles.copy_of(&admin, "plain").await.unwrap();
        profiles.save(&admin, "plain", &text, 0).await.unwrap();
    }
    let text = profiles.lookup(&admin, "my-plain").await.unwrap().text;
    let renamed = text.replacen("my-plain", "my-plain-2", 1);
    let failure = profiles.save(&admin, "my-plain", &renamed, 1).await.unwrap_err();
    assert_eq!(failure.code(), "profile-renamed");
    assert_eq!(profiles.lookup(&admin, "my-plain-2").await.unwrap().summary.version, 1);
}

#[tokio::test]
async fn a_text_that_is_what_it_was_begun_from_is_no_draft() {
    let (house, admin) = House::new().await;
    let profiles = house.services.profiles();
    let text = profiles.copy_of(&admin, "plain").await.unwrap();
    profiles.keep_draft(&admin, "plain", &text.replace('\n', "\r\n"), 0).await.unwrap();
    assert_eq!(kept(&house, &admin, "plain", true).await, None);
    profiles.keep_draft(&admin, "plain", "other", 0).await.unwrap();
    assert_eq!(kept(&house, &admin, "plain", true).await, Some(("other".to_owned(), 0)));
    profiles.keep_draft(&admin, "plain", &text, 0).await.unwrap();
    assert_eq!(kept(&house, &admin, "plain", true).await, None);
}

#[tokio::test]
async fn a_copy_is_written_without_the_right_to_change_others() {
    let (house, admin) = House::new().await;
    let mut writer = admin.clone();
    writer.grants = admin.grants.iter().filter(|grant| *grant != (Resource::Profiles, Action::Modify)).collect();
    let profiles = house.services.profiles();
    profiles.keep_draft(&writer, "plain", "a copy", 0).await.unwrap();
    profiles.discard_draft(&writer, "plain", true).await.unwrap();
    assert_eq!(profiles.keep_draft(&writer, "plain", "an edit", 1).await.unwrap_err().code(), "forbidden");
}

#[tokio::test]
async fn a_deleted_profile_is_followed_and_not_chosen_until_it_is_had_back() {
    let (house, admin) = House::new().await;
    let (profiles, releases) = (house.services.profiles(), house.services.releases());
    let text = profiles.copy_of(&admin, "plain").await.unwrap();
    let name = profiles.save(&admin, "plain", &text, 0).await.unwrap();
    let (packed, _) = house.packed(&admin, &book("A Packed Book")).await;
    let follows = Edit { profile: Some(name.clone()), ..Edit::default() };
    let draft = house.draft(&admin, &book("A Book")).await.summary.id;
    releases.edit(&admin, draft, follows.clone()).await.unwrap();
    profiles.keep_draft(&admin, &name, "half a thought", 1).await.unwrap();

    assert_eq!(profiles.delete(&admin, "plain").await.unwrap_err().code(), "profile-built-in");
    assert_eq!(profiles.delete(&admin, "nobody").await.unwrap_err().code(), "not-found");
    assert_eq!(profiles.restore(&admin, &name).await.unwrap_err().code(), "not-found");
    profiles.delete(&admin, &name).await.unwrap();
    assert_eq!(profiles.delete(&admin, &name).await.unwrap_err().code(), "profile-deleted");
    assert!(profiles.list(&admin).await.unwrap().iter().all(|profile| profile.name != name));
    assert_eq!(profiles.deleted(&admin).await.unwrap(), std::slice::from_ref(&name));
    assert!(profiles.lookup(&admin, &name).await.unwrap().deleted_at.is_some());
    // The next key of whoever is still writing brings no draft back.
    let failure = profiles.keep_draft(&admin, &name, "half a thought more", 1).await.unwrap_err();
    assert_eq!(failure.code(), "profile-deleted");
    assert_eq!(kept(&house, &admin, &name, false).await, None);
    // A copy of it is another profile.
    profiles.keep_draft(&admin, &name, "a copy", 0).await.unwrap();
    // Nobody else can choose it, and nobody writes a version of it or another of its name.
    let other = house.draft(&admin, &book("Another Book")).await.summary.id;
    assert_eq!(releases.edit(&admin, other, follows.clone()).await.unwrap_err().code(), "invalid");
    assert_eq!(profiles.save(&admin, &name, &text, 1).await.unwrap_err().code(), "profile-deleted");
    assert_eq!(profiles.save(&admin, "plain", &text, 0).await.unwrap_err().code(), "profile-name-taken");
    // Whoever follows it goes on: edited, packed, and corrected afterwards.
    let edit = Edit { changes: vec![change(packer::metadata::Field::Publisher, "A Press")], ..Edit::default() };
    releases.edit(&admin, draft, edit).await.unwrap();
    releases.pack(&admin, draft).await.unwrap();
    house.work_off().await;
    assert_eq!(house.lookup(&admin, draft).await.packages.len(), 1);
    assert_eq!(house.lookup(&admin, packed.summary.id).await.packages.len(), 1);

    profiles.restore(&admin, &name).await.unwrap();
    releases.edit(&admin, other, follows).await.unwrap();
    profiles.save(&admin, &name, &format!("{text}\n# more\n"), 1).await.unwrap();
    let written = house.audited(&admin).await;
    assert!(written.contains(&(AuditAction::Deleted, Resource::Profiles)), "{written:?}");
}

#[tokio::test]
async fn two_copies_of_one_profile_are_two_drafts() {
    let (house, admin) = House::new().await;
    let profiles = house.services.profiles();
    profiles.keep_draft(&admin, "plain~one", "first", 0).await.unwrap();
    house.clock.pass(std::time::Duration::from_millis(1));
    profiles.keep_draft(&admin, "plain~two", "second", 0).await.unwrap();
    assert_eq!(kept(&house, &admin, "plain~one", true).await, Some(("first".to_owned(), 0)));
    let writing = profiles.drafts(&admin).await.unwrap();
    let named: Vec<_> = writing.iter().map(|one| (one.draft.as_str(), one.profile.as_str(), one.is_new)).collect();
    assert_eq!(named, [("plain~two", "plain", true), ("plain~one", "plain", true)]);
    // A copy that is what it was begun from is no draft, and one that is saved is none any more.
    let text = profiles.copy_of(&admin, "plain~two").await.unwrap();
    profiles.keep_draft(&admin, "plain~two", &text, 0).await.unwrap();
    assert_eq!(kept(&house, &admin, "plain~two", true).await, None);
    profiles.save(&admin, "plain~one", &text, 0).await.unwrap();
    assert!(profiles.drafts(&admin).await.unwrap().is_empty());
    assert_eq!(profiles.keep_draft(&admin, "plain~123456789", "x", 0).await.unwrap_err().code(), "invalid");
}

#[tokio::test]
async fn drafts_have_an_end_in_number_and_in_time() {
    let (house, admin) = House::new().await;
    let profiles = house.services.profiles();
    for number in 0..MOST_DRAFTS {
        profiles.keep_draft(&admin, &format!("plain~{number}"), "a copy", 0).await.unwrap();
        house.clock.pass(Duration::from_millis(1));
    }
    // Gone on with, the first is not the one that was left longest; somebody else's count for themselves.
    profiles.keep_draft(&admin, "plain~0", "a copy, gone on with", 0).await.unwrap();
    let other = house.person(&admin, "other", Role::ADMIN).await;
    profiles.keep_draft(&other, "plain", "another's", 0).await.unwrap();
    assert_eq!(profiles.drafts(&admin).await.unwrap().len(), MOST_DRAFTS);
    house.clock.pass(Duration::from_millis(1));
    profiles.keep_draft(&admin, "plain~more", "one more", 0).await.unwrap();
    let left: Vec<_> = profiles.drafts(&admin).await.unwrap().into_iter().map(|one| one.draft).collect();
    assert_eq!(left.len(), MOST_DRAFTS);
    assert_eq!(&left[..2], ["plain~more", "plain~0"]);
    assert!(!left.contains(&"plain~1".to_owned()), "{left:?}");

    house.clock.pass(Duration::from_hours((DRAFT_DAYS - 1) * 24));
    profiles.keep_draft(&admin, "plain~more", "one more, gone on with", 0).await.unwrap();
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().drafts, 0);
    house.clock.pass(Duration::from_hours(25));
    assert_eq!(house.services.housekeeping().sweep().await.unwrap().drafts, MOST_DRAFTS as u64);
    assert_eq!(profiles.drafts(&admin).await.unwrap().len(), 1);
    assert!(profiles.drafts(&other).await.unwrap().is_empty());
}
