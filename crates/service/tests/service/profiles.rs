//! What somebody writes in a profile and has not saved.

use service::{Action, Actor, Resource, Role};

use crate::house::House;

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
