//! Every operation × every role, signed out included.

use std::collections::BTreeSet;

use bytes::Bytes;
use service::{
    Action,
    Action::{Delete, Modify, Read, Write},
    Actor, AuditQuery, CoverSize, Draft, Edit, ExposeSecret, Failure, Grants, GroupId, InboxId, InboxQuery, JobId,
    JobQuery, JobState, Keeping, NewUpload, NewUser, PackageId, ReleaseId, ReleaseQuery, Resource, RightsChange, Role,
    SavedView, Services, Timestamp, TokenScope, UploadId, UserId,
    permissions::{ASKED, is_asked},
};

use crate::house::{House, PASSWORD, client};

fn code<T>(answer: Result<T, Failure>) -> &'static str {
    answer.err().map_or("ok", |failure| failure.code())
}

/// An operation: its name, the permission it asks for, and what it answers when it is asked of things that are not
/// there. Operations of one's own account ask for none.
type Asked = (&'static str, Option<(Resource, Action)>, &'static str);

/// Every operation of the use cases. A test below fails when one is missing here.
async fn answers(services: &Services, actor: &Actor) -> Vec<Asked> {
    let now = Timestamp(1);
    let (release, package, job) = (ReleaseId::new(now, 1), PackageId::new(now, 1), JobId::new(now, 1));
    let (upload, user, group) = (UploadId::new(now, 1), UserId::new(now, 1), GroupId::new(now, 1));
    let entry = InboxId::new(now, 1);
    let (accounts, groups, uploads) = (services.accounts(), services.groups(), services.uploads());
    let ended = JobQuery { state: Some(JobState::Done), ..JobQuery::default() };
    let (releases, packages, jobs) = (services.releases(), services.packages(), services.jobs());
    let (profiles, views) = (services.profiles(), services.views());
    let (links, settings) = (services.verify_links(), services.house());
    let no_view = SavedView { name: String::new(), query: String::new() };
    let (roles, audit, inbox) = (services.roles(), services.audit(), services.inbox());
    let own: Role = "Own".parse().expect("a name for a role");
    let new_user = NewUser {
        username: String::new(),
        display_name: String::new(),
        password: "".into(),
        email: String::new(),
        role: Role::CONTRIBUTOR,
        groups: Vec::new(),
    };
    let new_upload = NewUpload { file_name: String::new(), size: 0, group: None, fingerprint: None };
    let asks = |resource, action| Some((resource, action));
    vec![
        ("accounts.users", asks(Resource::Users, Read), code(accounts.users(actor).await)),
        ("accounts.user", asks(Resource::Users, Read), code(accounts.user(actor, user).await)),
        ("accounts.roles_to_give", asks(Resource::Users, Read), code(accounts.roles_to_give(actor).await)),
        (
            "accounts.invite_user",
            asks(Resource::Users, Write),
            code(accounts.invite_user(actor, new_user.clone()).await),
        ),
        ("accounts.create_user", asks(Resource::Users, Write), code(accounts.create_user(actor, new_user).await)),
        ("accounts.set_active", asks(Resource::Users, Modify), code(accounts.set_active(actor, user, false).await)),
        (
            "accounts.set_rights",
            asks(Resource::Users, Modify),
            code(accounts.set_rights(actor, user, RightsChange::default()).await),
        ),
        (
            "accounts.set_email_of",
            asks(Resource::Users, Modify),
            code(accounts.set_email_of(actor, &PASSWORD.into(), user, "").await),
        ),
        ("letters.send_to", asks(Resource::Users, Modify), code(services.letters().send_to(actor, user).await)),
        (
            "accounts.make_reset_link",
            asks(Resource::Users, Modify),
            code(accounts.make_reset_link(actor, &PASSWORD.into(), user).await),
        ),
        (
            "accounts.end_codes_of",
            asks(Resource::Users, Modify),
            code(accounts.end_codes_of(actor, &PASSWORD.into(), user).await),
        ),
        ("roles.list", asks(Resource::Roles, Read), code(roles.list(actor).await)),
        ("roles.create", asks(Resource::Roles, Write), code(roles.create(actor, "", false, Grants::default()).await)),
        (
            "roles.change",
            asks(Resource::Roles, Modify),
            code(roles.change(actor, &own, false, Grants::default()).await),
        ),
        ("roles.delete", asks(Resource::Roles, Delete), code(roles.delete(actor, &own).await)),
        ("groups.list", asks(Resource::Groups, Read), code(groups.list(actor).await)),
        ("groups.with_members", asks(Resource::Groups, Read), code(groups.with_members(actor).await)),
        ("groups.create", asks(Resource::Groups, Write), code(groups.create(actor, "").await)),
        ("groups.people", asks(Resource::Groups, Modify), code(groups.people(actor).await)),
        ("groups.set_members", asks(Resource::Groups, Modify), code(groups.set_members(actor, group, &[], None).await)),
        ("quotas.own", asks(Resource::Books, Write), code(services.quotas().own(actor).await)),
        ("quotas.set", asks(Resource::Groups, Modify), code(services.quotas().set(actor, group, None, None).await)),
        ("audit.list", asks(Resource::Audit, Read), code(audit.list(actor, &AuditQuery::default()).await)),
        ("audit.kept_days", asks(Resource::Audit, Read), code(audit.kept_days(actor).await)),
        ("audit.export", asks(Resource::Audit, Read), code(audit.export(actor, &AuditQuery::default()))),
        ("inbox.list", asks(Resource::Books, Write), code(inbox.list(actor, &InboxQuery::default()).await)),
        ("inbox.take", asks(Resource::Books, Modify), code(inbox.take(actor, entry, None).await)),
        ("inbox.decline", asks(Resource::Books, Modify), code(inbox.decline(actor, entry, "").await)),
        ("profiles.list", asks(Resource::Profiles, Read), code(profiles.list(actor).await)),
        ("profiles.lookup", asks(Resource::Profiles, Read), code(profiles.lookup(actor, "none").await)),
        ("profiles.check", asks(Resource::Profiles, Read), code(profiles.check(actor, "").await)),
        ("profiles.test", asks(Resource::Profiles, Read), code(profiles.test(actor, "", release).await)),
        ("profiles.copy_of", asks(Resource::Profiles, Read), code(profiles.copy_of(actor, "none").await)),
        ("profiles.draft", asks(Resource::Profiles, Modify), code(profiles.draft(actor, "none", false).await)),
        (
            "profiles.keep_draft",
            asks(Resource::Profiles, Modify),
            code(profiles.keep_draft(actor, "none", "", 1).await),
        ),
        (
            "profiles.discard_draft",
            asks(Resource::Profiles, Modify),
            code(profiles.discard_draft(actor, "none", false).await),
        ),
        ("profiles.save", asks(Resource::Profiles, Write), code(profiles.save(actor, "none", "", 0).await)),
        ("profiles.drafts", asks(Resource::Profiles, Read), code(profiles.drafts(actor).await)),
        ("profiles.deleted", asks(Resource::Profiles, Delete), code(profiles.deleted(actor).await)),
        ("profiles.delete", asks(Resource::Profiles, Delete), code(profiles.delete(actor, "none").await)),
        ("profiles.restore", asks(Resource::Profiles, Delete), code(profiles.restore(actor, "none").await)),
        ("uploads.begin", asks(Resource::Books, Write), code(uploads.begin(actor, new_upload).await)),
        ("uploads.lookup", asks(Resource::Books, Write), code(uploads.lookup(actor, upload).await)),
        ("uploads.append", asks(Resource::Books, Write), code(uploads.append(actor, upload, 0, Bytes::new()).await)),
        ("uploads.complete", asks(Resource::Books, Write), code(uploads.complete(actor, upload).await)),
        ("uploads.terminate", asks(Resource::Books, Write), code(uploads.terminate(actor, upload).await)),
        ("uploads.open", asks(Resource::Books, Write), code(uploads.open(actor).await)),
        ("releases.list", asks(Resource::Releases, Read), code(releases.list(actor, &ReleaseQuery::default()).await)),
        ("releases.standings", asks(Resource::Releases, Read), code(releases.standings(actor, &[]).await)),
        ("releases.overview", asks(Resource::Releases, Read), code(releases.overview(actor).await)),
        ("views.list", asks(Resource::Releases, Read), code(views.list(actor).await)),
        ("views.save", asks(Resource::Releases, Read), code(views.save(actor, &no_view).await)),
        ("views.delete", asks(Resource::Releases, Read), code(views.delete(actor, "").await)),
        ("releases.lookup", asks(Resource::Releases, Read), code(releases.lookup(actor, release).await)),
        ("releases.preview", asks(Resource::Releases, Read), code(releases.preview(actor, release).await)),
        (
            "releases.preview_with",
            asks(Resource::Releases, Read),
            code(releases.preview_with(actor, release, &Draft::default()).await),
        ),
        (
            "releases.cover",
            asks(Resource::Releases, Read),
            code(releases.cover(actor, release, CoverSize::Whole, |_| false).await),
        ),
        ("releases.edit", asks(Resource::Releases, Modify), code(releases.edit(actor, release, Edit::default()).await)),
        ("releases.delete", asks(Resource::Releases, Delete), code(releases.delete(actor, release).await)),
        ("releases.pack", asks(Resource::Jobs, Write), code(releases.pack(actor, release).await)),
        ("releases.pack_ready", asks(Resource::Jobs, Write), code(releases.pack_ready(actor, Vec::new()).await)),
        ("releases.verify", asks(Resource::Jobs, Write), code(releases.verify(actor, release).await)),
        ("releases.correct", asks(Resource::Releases, Write), code(releases.correct(actor, release, "REPACK").await)),
        ("releases.revisions", asks(Resource::Releases, Read), code(releases.revisions(actor, release).await)),
        ("releases.duplicates", asks(Resource::Releases, Read), code(releases.duplicates(actor, release).await)),
        ("releases.look", asks(Resource::Releases, Modify), code(releases.look(actor, release).await)),
        ("verify_links.of_release", asks(Resource::Releases, Read), code(links.of_release(actor, release).await)),
        ("verify_links.make", asks(Resource::Releases, Modify), code(links.make(actor, release).await)),
        ("verify_links.withdraw", asks(Resource::Releases, Modify), code(links.withdraw(actor, release).await)),
        (
            "withdrawals.withdraw",
            asks(Resource::Releases, Modify),
            code(services.withdrawals().withdraw(actor, release, "x").await),
        ),
        (
            "withdrawals.take_back",
            asks(Resource::Releases, Modify),
            code(services.withdrawals().take_back(actor, release).await),
        ),
        ("house.keeping", asks(Resource::Settings, Read), code(settings.keeping(actor).await)),
        ("house.outlook", asks(Resource::Settings, Read), code(settings.outlook(actor, &Keeping::default()).await)),
        (
            "house.change",
            asks(Resource::Settings, Modify),
            code(settings.change(actor, &Keeping::default(), &Keeping::default(), &"".into()).await),
        ),
        ("house.told", asks(Resource::Settings, Read), code(settings.told(actor))),
        ("packages.nfo", asks(Resource::Releases, Read), code(packages.nfo(actor, package).await)),
        ("packages.lookup", asks(Resource::Releases, Read), code(packages.lookup(actor, package).await)),
        ("packages.file", asks(Resource::Releases, Read), code(packages.file(actor, package, 0).await)),
        ("packages.open_file", asks(Resource::Releases, Read), code(packages.open_file(actor, package, 0, None).await)),
        (
            "packages.open_archive",
            asks(Resource::Releases, Read),
            code(packages.open_archive(actor, package, None).await),
        ),
        ("events.subscribe", asks(Resource::Releases, Read), code(services.events().subscribe(actor).await)),
        ("jobs.list", asks(Resource::Jobs, Read), code(jobs.list(actor, &JobQuery::default()).await)),
        ("jobs.batch", asks(Resource::Jobs, Read), code(jobs.batch(actor, job, "").await)),
        ("jobs.lookup", asks(Resource::Jobs, Read), code(jobs.lookup(actor, job).await)),
        ("jobs.log", asks(Resource::Jobs, Read), code(jobs.log(actor, job, 0).await)),
        ("jobs.retry", asks(Resource::Jobs, Modify), code(jobs.retry(actor, job).await)),
        ("jobs.cancel", asks(Resource::Jobs, Modify), code(jobs.cancel(actor, job).await)),
        ("jobs.damage", asks(Resource::Jobs, Read), code(jobs.damage(actor, 1).await)),
        ("jobs.many", asks(Resource::Jobs, Read), code(jobs.many(actor, &ended).await)),
        ("jobs.retry_all", asks(Resource::Jobs, Modify), code(jobs.retry_all(actor, &ended).await)),
        ("jobs.cancel_all", asks(Resource::Jobs, Modify), code(jobs.cancel_all(actor, &ended).await)),
    ]
}

/// What acts on one's own account alone, and so asks for no permission. Each is shown elsewhere to refuse tokens and
/// what belongs to others.
const OF_ONE_S_OWN: [&str; 17] = [
    "accounts.begin_codes",
    "accounts.change_password",
    "accounts.codes_to_be",
    "accounts.confirm_codes",
    "accounts.create_token",
    "accounts.devices",
    "accounts.end_codes",
    "accounts.end_device",
    "accounts.end_other_devices",
    "accounts.end_token",
    "accounts.own_email",
    "accounts.second_factor",
    "accounts.set_locale",
    "accounts.set_own_email",
    "accounts.sign_out",
    "accounts.still",
    "accounts.tokens",
];

/// What gives the use cases to an actor and is none itself.
const NO_USE_CASE: &str = "freshness.for_reading";

#[tokio::test]
async fn each_role_may_do_exactly_what_the_table_says() {
    let (house, admin) = House::new().await;
    for (number, role) in Role::BUILT_IN.into_iter().enumerate() {
        let actor = house.person(&admin, &format!("person {number}").replace(' ', "-"), role.clone()).await;
        let grants = Grants::of_built_in(&role);
        for (operation, asked, answer) in Box::pin(answers(&house.services, &actor)).await {
            let (resource, action) = asked.expect("every operation here asks for a permission");
            let allowed = grants.allow(resource, action);
            if allowed {
                assert!(
                    matches!(answer, "ok" | "not-found" | "invalid" | "profile-wrong"),
                    "{role} {operation}: {answer}"
                );
            } else if operation == "inbox.list" && grants.allow(Resource::Books, Action::Read) {
                assert_eq!(answer, "ok", "{role} {operation}: whoever sees books sees the inbox");
            } else {
                assert_eq!(answer, "forbidden", "{role} {operation}");
            }
        }
    }
}

#[tokio::test]
async fn what_can_be_allowed_is_what_some_operation_asks_for() {
    let (house, admin) = House::new().await;
    let asked = Box::pin(answers(&house.services, &admin)).await.into_iter().filter_map(|(_, asked, _)| asked);
    // Whoever sees books sees the whole inbox.
    let asked: BTreeSet<_> = asked.chain([(Resource::Books, Read)]).collect();
    let told = ASKED.iter().flat_map(|(resource, actions)| actions.iter().map(|action| (*resource, *action)));
    assert_eq!(told.collect::<BTreeSet<_>>(), asked);
    assert!(is_asked(Resource::Audit, Read) && !is_asked(Resource::Audit, Delete));
    assert!(!is_asked(Resource::Destinations, Read));
}

/// What a personal token does not do, whatever its owner may: what would outlive it, or be open to everybody.
const OF_A_SESSION: [&str; 8] = [
    "accounts.invite_user",
    "accounts.set_email_of",
    "letters.send_to",
    "accounts.make_reset_link",
    "accounts.end_codes_of",
    "verify_links.make",
    "verify_links.withdraw",
    "house.change",
];

#[tokio::test]
async fn a_token_of_an_administrator_does_everything_but_what_the_table_says() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let token = accounts.create_token(&admin, &PASSWORD.into(), "script", TokenScope::All, 1).await.unwrap();
    let program = accounts.authenticate(token.secret.expose_secret()).await.unwrap();
    for (operation, _, answer) in Box::pin(answers(&house.services, &program)).await {
        assert_eq!(answer == "forbidden", OF_A_SESSION.contains(&operation), "{operation}: {answer}");
    }
}

#[tokio::test]
async fn somebody_without_a_role_may_do_nothing() {
    let (house, admin) = House::new().await;
    let nobody = Actor { roles: Vec::new(), grants: Grants::default(), ..admin };
    for (operation, _, answer) in Box::pin(answers(&house.services, &nobody)).await {
        assert_eq!(answer, "forbidden", "{operation}");
    }
}

#[tokio::test]
async fn whoever_is_deactivated_or_signed_out_is_no_actor_at_all() {
    let (house, admin) = House::new().await;
    house.editor(&admin).await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap();
    accounts.set_active(&admin, session.actor.user_id, false).await.unwrap();
    for token in [session.access_token.expose_secret(), "", "not.a.token", "esp_", "esp_0000"] {
        assert_eq!(code(accounts.authenticate(token).await), "signed-out");
    }
}

/// The names of public functions that take an actor, as `module.function`, read from the sources: whoever adds one has
/// to add it to the table.
#[tokio::test]
async fn every_operation_that_takes_an_actor_is_in_the_table() {
    let (house, admin) = House::new().await;
    let asked: Vec<&str> =
        Box::pin(answers(&house.services, &admin)).await.into_iter().map(|(operation, ..)| operation).collect();
    let mut found = operations(|head| head.contains("actor: &Actor"));
    assert!(found.len() > 50, "{found:?}");
    found.retain(|operation| operation != NO_USE_CASE);
    for operation in &found {
        let known = asked.contains(&operation.as_str()) || OF_ONE_S_OWN.contains(&operation.as_str());
        assert!(known, "{operation} is in no table");
    }
    for operation in asked {
        assert!(found.iter().any(|found| found == operation), "{operation} is in the table and nowhere else");
    }
}

/// What is done for nobody who is signed in: for whoever is at the door with something that they alone have, for the one who
/// runs the machine, and by the process for itself. Whoever adds one says here why it asks nobody for a permission.
const WITHOUT_ACTOR: [(&str, &[&str]); 4] = [
    (
        "at the door, with a password, a code, a token or a link",
        &[
            "accounts.authenticate",
            "accounts.begin_sign_in",
            "accounts.confirm_email",
            "accounts.finish_sign_in",
            "accounts.is_email_link",
            "accounts.is_reset_link",
            "accounts.opens_setup",
            "accounts.refresh",
            "accounts.reset_password",
            "accounts.set_up",
            "accounts.sign_in",
            "verify_links.published",
        ],
    ),
    ("at the door, and it tells nothing of anybody", &["accounts.setup_needed", "letters.ask", "health.check"]),
    (
        "by commands of who runs the machine",
        &[
            "accounts.create_administrator",
            "accounts.issue_setup_link",
            "accounts.rotate_secrets",
            "accounts.switch_off_lost_codes",
        ],
    ),
    (
        "by the process for itself",
        &[
            "accounts.key_fit",
            "freshness.follow_replica",
            "freshness.for_reading",
            "freshness.has_changed",
            "housekeeping.run",
            "housekeeping.sweep",
            "letters.failed",
            "letters.next",
            "letters.sent",
            "letters.wait",
            "uploads.collect_abandoned",
            "worker.run",
            "worker.take_over_everything",
            "worker.work_off",
        ],
    ),
];

#[test]
fn every_operation_that_takes_no_actor_says_why() {
    // Blobs are bytes by their hash: only use cases reach them.
    let mut found =
        operations(|head| head.contains("async fn") && head.contains("&self") && !head.contains("actor: &Actor"));
    found.retain(|operation| !operation.starts_with("blobs."));
    let known: Vec<&str> = WITHOUT_ACTOR.iter().flat_map(|(_, operations)| *operations).copied().collect();
    for operation in &found {
        assert!(known.contains(&operation.as_str()), "{operation} asks nobody for a permission, and nobody says why");
    }
    for operation in known {
        assert!(found.iter().any(|found| found == operation), "{operation} is in the table and nowhere else");
    }
}

/// Public functions whose head is as it should be, as `module.function`, read from the sources.
fn operations(is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let sources = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![(sources, None::<String>)];
    while let Some((folder, area)) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                folders.push((path, Some(area.clone().unwrap_or(stem))));
                continue;
            }
            let area = area.clone().unwrap_or(stem);
            let text = std::fs::read_to_string(&path).unwrap();
            for function in text.split("\n    pub ").skip(1) {
                let head = function.split('{').next().unwrap_or_default();
                let name = head.split("fn ").nth(1).and_then(|rest| rest.split(['(', '<']).next());
                if let Some(name) = name.filter(|_| is_wanted(head)) {
                    found.push(format!("{area}.{name}"));
                }
            }
        }
    }
    found
}
