//! Every operation asks who may do it.

use bytes::Bytes;
use service::{
    Actor, Draft, Edit, ExposeSecret, Failure, JobId, JobQuery, NewUpload, NewUser, PackageId, ReleaseId, ReleaseQuery,
    Role, SavedView, Services, Timestamp, UploadId, UserId,
};

use crate::house::{House, PASSWORD, client};

fn code<T>(answer: Result<T, Failure>) -> &'static str {
    answer.err().map_or("ok", |failure| failure.code())
}

/// What each operation answers, asked of things that are not there.
async fn answers(services: &Services, actor: &Actor) -> Vec<(&'static str, &'static str)> {
    let now = Timestamp(1);
    let (release, package, job) = (ReleaseId::new(now, 1), PackageId::new(now, 1), JobId::new(now, 1));
    let (upload, user) = (UploadId::new(now, 1), UserId::new(now, 1));
    let (accounts, groups, uploads) = (services.accounts(), services.groups(), services.uploads());
    let (releases, packages, jobs) = (services.releases(), services.packages(), services.jobs());
    let new_user =
        NewUser { username: String::new(), display_name: String::new(), password: "".into(), role: Role::Editor };
    let new_upload = NewUpload { file_name: String::new(), size: 0, group: None, fingerprint: None };
    let no_view = SavedView { name: String::new(), query: String::new() };
    vec![
        ("users read", code(accounts.users(actor).await)),
        ("users write", code(accounts.create_user(actor, new_user).await)),
        ("users modify", code(accounts.set_active(actor, user, false).await)),
        ("groups read", code(groups.list(actor).await)),
        ("groups write", code(groups.create(actor, "").await)),
        ("profiles read", code(services.profiles().list(actor).await)),
        ("profiles read: lookup", code(services.profiles().lookup(actor, "none").await)),
        ("profiles read: check", code(services.profiles().check(actor, ""))),
        ("profiles read: test", code(services.profiles().test(actor, "", release).await)),
        ("profiles modify: draft", code(services.profiles().draft(actor, "none").await)),
        ("profiles modify: keep", code(services.profiles().keep_draft(actor, "none", "").await)),
        ("profiles modify: discard", code(services.profiles().discard_draft(actor, "none").await)),
        ("profiles write: save", code(services.profiles().save(actor, "none", "", 0).await)),
        ("books write: begin", code(uploads.begin(actor, new_upload).await)),
        ("books write: lookup", code(uploads.lookup(actor, upload).await)),
        ("books write: append", code(uploads.append(actor, upload, 0, Bytes::new()).await)),
        ("books write: complete", code(uploads.complete(actor, upload).await)),
        ("books write: terminate", code(uploads.terminate(actor, upload).await)),
        ("books write: open", code(uploads.open(actor).await)),
        ("releases read: list", code(releases.list(actor, &ReleaseQuery::default()).await)),
        ("releases read: overview", code(releases.overview(actor).await)),
        ("releases read: views", code(services.views().list(actor).await)),
        ("releases read: save view", code(services.views().save(actor, &no_view).await)),
        ("releases read: delete view", code(services.views().delete(actor, "").await)),
        ("releases read: lookup", code(releases.lookup(actor, release).await)),
        ("releases read: preview", code(releases.preview(actor, release).await)),
        ("releases read: preview_with", code(releases.preview_with(actor, release, &Draft::default()).await)),
        ("releases read: cover", code(releases.cover(actor, release).await)),
        ("releases read: package", code(packages.lookup(actor, package).await)),
        ("releases read: file", code(packages.open_file(actor, package, 0, None).await)),
        ("releases read: archive", code(packages.open_archive(actor, package, None).await)),
        ("releases read: events", code(services.events().subscribe(actor).await)),
        ("releases modify: edit", code(releases.edit(actor, release, Edit::default()).await)),
        ("releases delete", code(releases.delete(actor, release).await)),
        ("jobs write: pack", code(releases.pack(actor, release).await)),
        ("jobs write: pack_ready", code(releases.pack_ready(actor, Vec::new()).await)),
        ("jobs write: verify", code(releases.verify(actor, release).await)),
        ("jobs read: list", code(jobs.list(actor, &JobQuery::default()).await)),
        ("jobs read: lookup", code(jobs.lookup(actor, job).await)),
        ("jobs read: log", code(jobs.log(actor, job, 0).await)),
        ("jobs modify: retry", code(jobs.retry(actor, job).await)),
        ("jobs modify: cancel", code(jobs.cancel(actor, job).await)),
    ]
}

#[tokio::test]
async fn somebody_without_a_role_may_do_nothing() {
    let (house, admin) = House::new().await;
    let nobody = Actor { roles: Vec::new(), ..admin };
    for (operation, answer) in Box::pin(answers(&house.services, &nobody)).await {
        assert_eq!(answer, "forbidden", "{operation}");
    }
}

#[tokio::test]
async fn an_administrator_may_do_everything() {
    let (house, admin) = House::new().await;
    for (operation, answer) in Box::pin(answers(&house.services, &admin)).await {
        assert!(matches!(answer, "ok" | "not-found" | "invalid" | "profile-wrong"), "{operation}: {answer}");
    }
}

#[tokio::test]
async fn an_editor_may_do_everything_but_look_after_people() {
    let (house, admin) = House::new().await;
    let editor = house.editor(&admin).await;
    for (operation, answer) in Box::pin(answers(&house.services, &editor)).await {
        let theirs = ["users", "profiles write", "profiles modify"];
        let is_closed = theirs.iter().any(|theirs| operation.starts_with(theirs));
        assert_eq!(answer == "forbidden", is_closed, "{operation}: {answer}");
    }
}

#[tokio::test]
async fn whoever_is_deactivated_or_signed_out_is_no_actor_at_all() {
    let (house, admin) = House::new().await;
    house.editor(&admin).await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap();
    accounts.set_active(&admin, session.actor.user_id, false).await.unwrap();
    for token in [session.access_token.expose_secret(), "", "not.a.token"] {
        assert_eq!(code(accounts.authenticate(token).await), "signed-out");
    }
}
