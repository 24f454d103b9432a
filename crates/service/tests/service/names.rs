//! Names and volume ids are given once.

use packer::{metadata::Field, volume_id};
use service::{Edit, FailureKind, Status};

use crate::house::{House, book, change};

#[tokio::test]
async fn a_taken_name_is_refused_and_nothing_is_stored() {
    let (house, admin) = House::new().await;
    let (first, _) = house.packed(&admin, &book("The Same")).await;
    let second =
        house.draft(&admin, &packer::builder::Book::epub2().title("The Same").creator("Ada Lovelace").build()).await;
    let same_year =
        Edit { changes: vec![change(Field::Year, &first.summary.year.unwrap().to_string())], ..Edit::default() };
    let releases = house.services.releases();
    let second = releases.edit(&admin, second.summary.id, same_year).await.unwrap();
    let before = (house.blobs(), second.jobs.len());
    let preview = releases.preview(&admin, second.summary.id).await.unwrap();
    assert!(preview.problems.iter().any(|problem| problem.code == "name-taken"), "{preview:?}");
    let failure = releases.pack(&admin, second.summary.id).await.unwrap_err();
    let data = [("name", first.summary.name.clone().unwrap()), ("release", first.summary.id.to_string())];
    assert_eq!(failure.kind, FailureKind::Conflict("name-taken", data.into()));
    let after = house.lookup(&admin, second.summary.id).await;
    assert_eq!((after.summary.status, after.summary.version), (Status::Draft, second.summary.version));
    assert_eq!((house.blobs(), after.jobs.len()), before);
}

#[tokio::test]
async fn of_two_releases_packed_at_once_under_one_name_one_is_packed() {
    let (house, admin) = House::new().await;
    let bytes = book("At Once");
    let one = house.draft(&admin, &bytes).await.summary.id;
    let other = house.draft(&admin, &bytes).await.summary.id;
    let releases = house.services.releases();
    let (first, second) = tokio::join!(releases.pack(&admin, one), releases.pack(&admin, other));
    let codes: Vec<_> = [first, second].into_iter().filter_map(Result::err).map(|failure| failure.code()).collect();
    assert_eq!(codes, ["name-taken"]);
    house.work_off().await;
    let mut statuses =
        [house.lookup(&admin, one).await, house.lookup(&admin, other).await].map(|release| release.summary.status);
    statuses.sort_unstable();
    assert_eq!(statuses, [Status::Draft, Status::Packed]);
}

#[tokio::test]
async fn another_group_may_use_the_same_name_pattern_and_volume_ids() {
    let (house, admin) = House::new().await;
    let bytes = book("Shared");
    house.packed(&admin, &bytes).await;
    let other = house.services.groups().create(&admin, "OTHER").await.unwrap();
    let draft = house.draft(&admin, &bytes).await;
    let edit = Edit { group: Some(Some(other.id)), ..Edit::default() };
    let releases = house.services.releases();
    releases.edit(&admin, draft.summary.id, edit).await.unwrap();
    releases.pack(&admin, draft.summary.id).await.unwrap();
    house.work_off().await;
    let packed = house.lookup(&admin, draft.summary.id).await;
    assert!(packed.summary.name.unwrap().ends_with("-OTHER"));
}

#[tokio::test]
async fn a_volume_id_that_another_release_of_the_year_has_is_derived_anew() {
    let (house, admin) = House::new().await;
    let first = house.draft(&admin, &book("First")).await;
    let second = house.draft(&admin, &book("Second")).await;
    let releases = house.services.releases();
    let name = releases.preview(&admin, second.summary.id).await.unwrap().name.unwrap().parse().unwrap();
    // What 36⁶ ids make improbable is arranged: the first release claims the id that the second would get.
    let claim = store::releases::NameClaim {
        name: "Somebody.Else.2020.RETAiL.ePUB.eBOOK-GRP".to_owned(),
        volume_id: Some(volume_id::derive(&name, 0)),
        bytes: 0,
    };
    let mut transaction = house.store.begin_write().await.unwrap();
    let now = service::Timestamp(0);
    transaction.releases().begin_packing(first.summary.id, first.summary.version, &claim, now).await.unwrap();
    transaction.commit().await.unwrap();

    let expected = volume_id::derive(&name, 1);
    assert_eq!(releases.preview(&admin, second.summary.id).await.unwrap().volume_id, Some(expected.clone()));
    releases.pack(&admin, second.summary.id).await.unwrap();
    house.work_off().await;
    let packed = house.lookup(&admin, second.summary.id).await;
    assert_eq!(packed.volume_id, Some(expected.to_string()));
    let package = house.services.packages().lookup(&admin, packed.packages[0].id).await.unwrap();
    assert!(package.files.iter().any(|file| file.path == format!("{expected}01.zip")));
}

#[tokio::test]
async fn a_group_tag_is_taken_in_whatever_case() {
    let (house, admin) = House::new().await;
    let failure = house.services.groups().create(&admin, "grp").await.unwrap_err();
    assert_eq!(failure.code(), "group-taken");
    assert_eq!(house.services.groups().create(&admin, "a b").await.unwrap_err().code(), "invalid");
    assert_eq!(house.services.groups().list(&admin).await.unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_missing_or_blocked_is_not_packed() {
    let (house, admin) = House::new().await;
    let id = house.upload(&admin, "book.epub", &book("Not Yet")).await;
    let releases = house.services.releases();
    assert_eq!(releases.pack(&admin, id).await.unwrap_err().code(), "not-packable");
    house.work_off().await;
    releases.edit(&admin, id, Edit { group: Some(None), ..Edit::default() }).await.unwrap();
    let failure = releases.pack(&admin, id).await.unwrap_err();
    let FailureKind::Invalid(problems) = failure.kind else { panic!("{failure:?}") };
    assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), ["group", "rights"]);

    let broken = house.draft(&admin, &packer::builder::Book::epub3().title("Cut").truncated(900).build()).await;
    assert_eq!(broken.summary.status, Status::Draft);
    let failure = releases.pack(&admin, broken.summary.id).await.unwrap_err();
    assert_eq!(failure.code(), "blocked", "{failure:?}");
    let outcomes = releases.pack_ready(&admin, vec![id, broken.summary.id]).await.unwrap();
    assert!(outcomes.iter().all(|(_, outcome)| outcome.is_err()));
}
