//! Which of many releases can be packed as they are.

use packer::{builder::Book, metadata::Field};
use service::{Actor, Edit, ReleaseId, ReleaseQuery, Status};
use store::releases::NameClaim;

use crate::house::{House, book, change};

/// How each of one's releases stands that is decided: its title, and the codes of what keeps it.
async fn standings(house: &House, actor: &Actor) -> Vec<(String, Vec<String>)> {
    let releases = house.services.releases();
    let listed = releases.list(actor, &ReleaseQuery::default()).await.unwrap().items;
    let title = |id: ReleaseId| listed.iter().find(|release| release.id == id).unwrap().title.clone();
    let mut standings: Vec<_> = releases
        .standings(actor, &listed)
        .await
        .unwrap()
        .into_iter()
        .map(|standing| {
            let findings = standing.blocking.iter().map(|finding| finding.code.to_string());
            let problems = standing.problems.iter().map(|problem| format!("{}-{}", problem.part, problem.code));
            (title(standing.release), findings.chain(problems).collect())
        })
        .collect();
    standings.sort();
    standings
}

fn stands(title: &str, codes: &[&str]) -> (String, Vec<String>) {
    (title.to_owned(), codes.iter().map(|code| (*code).to_owned()).collect())
}

#[tokio::test]
async fn what_is_decided_is_ready_or_says_what_keeps_it() {
    let (house, admin) = House::new().await;
    let (releases, profiles) = (house.services.releases(), house.services.profiles());
    house.draft(&admin, &book("Ready")).await;
    house.draft(&admin, &Book::epub3().title("Cut").truncated(900).build()).await;
    // What nobody has decided is missing something, and is not held up.
    house.upload(&admin, "book.epub", &book("Undecided")).await;
    house.work_off().await;
    let (cut, ready) = (standings(&house, &admin).await, stands("Ready", &[]));
    assert_eq!(cut.len(), 2, "{cut:?}");
    assert_eq!(cut.iter().filter(|one| **one == ready).count(), 1, "{cut:?}");
    assert!(cut.iter().any(|(_, codes)| !codes.is_empty() && codes.iter().all(|code| code.contains('-'))), "{cut:?}");

    // A change of the profile, and of the release, is seen at the next look.
    let text = profiles.copy_of(&admin, "plain").await.unwrap();
    let name = profiles.save(&admin, "plain", &text, 0).await.unwrap();
    let third = house.draft(&admin, &book("Third")).await;
    let follows = Edit { profile: Some(name.clone()), ..Edit::default() };
    releases.edit(&admin, third.summary.id, follows).await.unwrap();
    assert!(standings(&house, &admin).await.contains(&stands("Third", &[])));
    // Its own tests are of the format that it takes no longer.
    let (rules, _) = text.split_once("[[tests]]").unwrap();
    let strict = rules.replacen("formats = [\"epub\", ", "formats = [", 1);
    assert_ne!(strict, rules);
    profiles.save(&admin, &name, &strict, 1).await.unwrap();
    assert!(standings(&house, &admin).await.contains(&stands("Third", &["profile-format-not-accepted"])));
    let back = Edit { profile: Some("scene-ebook".to_owned()), ..Edit::default() };
    releases.edit(&admin, third.summary.id, back).await.unwrap();
    assert!(standings(&house, &admin).await.contains(&stands("Third", &[])));
}

#[tokio::test]
async fn a_name_is_free_for_one_of_those_that_would_get_it() {
    let (house, admin) = House::new().await;
    let releases = house.services.releases();
    let year = |year: &str| Edit { changes: vec![change(Field::Year, year)], ..Edit::default() };
    for build in [Book::epub2, Book::epub3] {
        let bytes = build().title("Twice").creator("Ada Lovelace").build();
        let draft = house.draft(&admin, &bytes).await;
        releases.edit(&admin, draft.summary.id, year("1999")).await.unwrap();
    }
    let twice = standings(&house, &admin).await;
    assert_eq!(twice, [stands("Twice", &[]), stands("Twice", &["name-given-twice"])]);
    let listed = releases.list(&admin, &ReleaseQuery::default()).await.unwrap().items;
    let all = releases.standings(&admin, &listed).await.unwrap();
    let ready: Vec<ReleaseId> = all.iter().filter(|one| one.is_ready()).map(|one| one.release).collect();
    let outcomes = releases.pack_ready(&admin, ready).await.unwrap();
    assert!(outcomes.iter().all(|(_, outcome)| outcome.is_ok()), "{outcomes:?}");
    house.work_off().await;
    assert_eq!(standings(&house, &admin).await, [stands("Twice", &["name-name-taken"])]);
}

#[tokio::test]
async fn what_failed_to_be_packed_is_ready_again() {
    let (house, admin) = House::new().await;
    let draft = house.draft(&admin, &book("Once More")).await;
    let (id, now) = (draft.summary.id, service::Timestamp(0));
    let claim = NameClaim { name: "Once.More-GRP".to_owned(), volume_id: None, bytes: 0 };
    let mut transaction = house.store.begin_write().await.unwrap();
    transaction.releases().begin_packing(id, draft.summary.version, &claim, now).await.unwrap();
    transaction.releases().give_up_packing(id, Status::Failed, Some("disk-failed"), now).await.unwrap();
    transaction.commit().await.unwrap();
    let failed = house.lookup(&admin, id).await.summary;
    assert_eq!((failed.status, failed.is_packable()), (Status::Failed, true));
    assert_eq!(standings(&house, &admin).await, [stands("Once More", &[])]);

    // What nobody has read cannot be packed: neither while it is being read, nor when that has failed.
    let unread = house.upload(&admin, "book.epub", &book("Unread")).await;
    assert!(!house.lookup(&admin, unread).await.summary.is_packable());
    let mut transaction = house.store.begin_write().await.unwrap();
    let release = transaction.releases().hold(unread).await.unwrap().unwrap();
    let (releases, listing) = (transaction.releases(), &release.listing);
    releases.record_inspected(unread, release.version, Status::Failed, Some("crashed"), listing, now).await.unwrap();
    transaction.commit().await.unwrap();
    let failed = house.lookup(&admin, unread).await.summary;
    assert_eq!((failed.status, failed.is_packable()), (Status::Failed, false));
}
