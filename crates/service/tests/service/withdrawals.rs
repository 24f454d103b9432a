//! Withdrawing a release: it stays, says why, and its package is offered to nobody until that is taken back.

use service::{AuditAction, ExposeSecret, ReleaseQuery, Resource, Role, Status};

use crate::house::{House, book, collect};

#[tokio::test]
async fn a_withdrawn_release_stays_and_its_package_is_not_offered_until_it_is_again() {
    let (house, admin) = House::new().await;
    let (withdrawals, packages) = (house.services.withdrawals(), house.services.packages());
    let (release, package) = house.packed(&admin, &book("A Book")).await;
    let id = release.summary.id;
    let link = house.services.verify_links().make(&admin, id).await.unwrap();
    let bytes = collect(packages.open_archive(&admin, package, None).await.unwrap().body).await;

    let long = format!("{}\r\ny", "x".repeat(499));
    for (reason, problem, present) in [(" \r\n", "required", "0"), (&*long, "too-long", "501")] {
        let failure = withdrawals.withdraw(&admin, id, reason).await.unwrap_err();
        let service::FailureKind::Invalid(problems) = failure.kind else { panic!("{failure:?}") };
        assert_eq!((problems[0].field, problems[0].code), ("reason", problem));
        assert_eq!((problems[0].data["longest"].as_str(), problems[0].data["present"].as_str()), ("500", present));
    }
    withdrawals.withdraw(&admin, id, " The scan lacks page 12. ").await.unwrap();
    assert_eq!(withdrawals.withdraw(&admin, id, "Again").await.unwrap_err().code(), "already-withdrawn");
    let shown = house.lookup(&admin, id).await;
    assert_eq!((shown.summary.status, shown.summary.name.as_ref()), (Status::Packed, release.summary.name.as_ref()));
    let withdrawal = shown.withdrawal.unwrap();
    assert_eq!((withdrawal.reason.as_str(), withdrawal.withdrawn_by), ("The scan lacks page 12.", admin.user_id));
    let list = house.services.releases().list(&admin, &ReleaseQuery::default()).await.unwrap();
    assert_eq!(list.items[0].withdrawn_at, Some(withdrawal.withdrawn_at));
    let only = ReleaseQuery { withdrawn: true, ..ReleaseQuery::default() };
    let listed = async || house.services.releases().list(&admin, &only).await.unwrap().items.len();
    assert_eq!(listed().await, 1);
    assert_eq!(packages.open_archive(&admin, package, None).await.unwrap_err().code(), "withdrawn");
    assert_eq!(packages.open_file(&admin, package, 0, None).await.err().unwrap().code(), "withdrawn");
    // Whoever has a copy can still compare it, and reads why.
    let published = house.services.verify_links().published(link.expose_secret()).await.unwrap();
    assert_eq!(published.withdrawn, Some((withdrawal.withdrawn_at, withdrawal.reason)));
    // Its correction is a release like any other.
    house.services.releases().correct(&admin, id, "REPACK").await.unwrap();

    let changes = async || {
        let changed = (AuditAction::Changed, Resource::Releases);
        house.audited(&admin).await.into_iter().filter(|entry| *entry == changed).count()
    };
    let before = changes().await;
    withdrawals.take_back(&admin, id).await.unwrap();
    assert_eq!(withdrawals.take_back(&admin, id).await.unwrap_err().code(), "not-withdrawn");
    assert_eq!(collect(packages.open_archive(&admin, package, None).await.unwrap().body).await, bytes);
    assert_eq!(house.services.verify_links().published(link.expose_secret()).await.unwrap().withdrawn, None);
    assert_eq!((house.lookup(&admin, id).await.withdrawal, listed().await), (None, 0));
    assert_eq!(changes().await, before + 1);
    // What is deleted takes its withdrawal with it.
    withdrawals.withdraw(&admin, id, "Gone").await.unwrap();
    house.services.releases().delete(&admin, id).await.unwrap();
}

#[tokio::test]
async fn only_a_packed_release_of_one_s_own_group_is_withdrawn() {
    let (house, admin) = House::new().await;
    let withdrawals = house.services.withdrawals();
    let draft = house.draft(&admin, &book("A Draft")).await.summary.id;
    assert_eq!(withdrawals.withdraw(&admin, draft, "x").await.unwrap_err().code(), "not-packed");
    let editor = house.editor(&admin).await;
    let release = house.packed(&editor, &book("A Book")).await.0.summary.id;
    let stranger = house.person(&admin, "stranger", Role::EDITOR).await;
    assert_eq!(withdrawals.withdraw(&stranger, release, "x").await.unwrap_err().code(), "not-found");
    // Whoever made it and has left the group still sees it, and speaks for the group no longer.
    let mut left = editor.clone();
    left.groups.clear();
    assert_eq!(withdrawals.withdraw(&left, release, "x").await.unwrap_err().code(), "forbidden");
    withdrawals.withdraw(&editor, release, "x").await.unwrap();
    assert_eq!(withdrawals.take_back(&left, release).await.unwrap_err().code(), "forbidden");
    withdrawals.take_back(&editor, release).await.unwrap();
}

#[tokio::test]
async fn a_line_of_a_reason_ends_in_one_character() {
    let (house, admin) = House::new().await;
    let id = house.packed(&admin, &book("A Book")).await.0.summary.id;
    let reason = ["x\n".repeat(249), "xx".to_owned()].concat();
    assert_eq!(reason.chars().count(), 500);
    house.services.withdrawals().withdraw(&admin, id, &reason.replace('\n', "\r\n")).await.unwrap();
    assert_eq!(house.lookup(&admin, id).await.withdrawal.unwrap().reason, reason);
}
