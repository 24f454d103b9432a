//! Two who edit one release see each other, and what the other has changed.

use std::time::Duration;

use futures::StreamExt;
use packer::metadata::Field;
use service::{Edit, Others, Role, Topic};

use crate::house::{House, book, change};

#[tokio::test]
async fn whoever_comes_is_seen_and_told_once_and_goes_after_a_while() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let release = house.draft(&admin, &book("A Book")).await.summary.id;
    let releases = house.services.releases();
    // Opened alone: nobody else is there, and nobody else has changed it.
    assert_eq!(releases.look(&admin, release).await.unwrap(), Others::default());
    let mut heard = house.services.events().subscribe(&admin).await.unwrap();
    let seen = releases.look(&editor, release).await.unwrap();
    assert_eq!(seen.here, ["Ada L."]);
    let event = heard.next().await.unwrap();
    assert_eq!((event.topic, event.id), (Topic::Release, release.to_string()));
    // Who looks again and again rings no bell: the page of the other looks when it is rung for.
    releases.look(&editor, release).await.unwrap();
    assert_eq!(releases.look(&admin, release).await.unwrap().here, ["Ed"]);
    let changes = vec![change(Field::Publisher, "A Press")];
    let edited = releases.edit(&editor, release, Edit { changes, ..Edit::default() }).await.unwrap();
    assert_eq!(
        heard.next().await.unwrap().version,
        Some(edited.summary.version),
        "the first that is heard is what somebody changed"
    );

    house.clock.pass(Duration::from_mins(1));
    releases.look(&admin, release).await.unwrap();
    house.clock.pass(Duration::from_mins(1));
    assert_eq!(releases.look(&admin, release).await.unwrap().here, [] as [String; 0]);
    let stranger = house.person(&admin, "stranger", Role::EDITOR).await;
    assert_eq!(releases.look(&stranger, release).await.unwrap_err().code(), "not-found");
}

#[tokio::test]
async fn the_last_change_is_told_to_everybody_but_who_made_it() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    let release = house.draft(&admin, &book("A Book")).await.summary.id;
    let releases = house.services.releases();
    house.clock.pass(Duration::from_millis(1));
    let changes = vec![change(Field::Publisher, "A Press"), change(Field::Year, "1999")];
    releases.edit(&editor, release, Edit { changes, ..Edit::default() }).await.unwrap();
    let last = releases.look(&admin, release).await.unwrap().last.unwrap();
    assert_eq!((last.name.as_str(), last.fields), ("Ed", vec!["publisher".to_owned(), "year".to_owned()]));
    assert_eq!(releases.look(&editor, release).await.unwrap().last, None);
    // A value that is taken back differs, too.
    house.clock.pass(Duration::from_millis(1));
    let changes = vec![from_the_book(Field::Publisher)];
    releases.edit(&admin, release, Edit { changes, ..Edit::default() }).await.unwrap();
    let last = releases.look(&editor, release).await.unwrap().last.unwrap();
    assert_eq!((last.name.as_str(), last.fields), ("Ada", vec!["publisher".to_owned()]));
    assert_eq!(releases.look(&admin, release).await.unwrap().last, None);
}

/// A field that is taken from the book again.
fn from_the_book(field: Field) -> service::FieldChange {
    service::FieldChange { field, values: Vec::new() }
}
