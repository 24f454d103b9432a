//! People, their rights and their keys.

use service::{
    Action, Actor, AuditAction, AuditQuery, CoverSize, Edit, Exception, ExposeSecret, FailureKind, Grants, GroupId,
    JobQuery, ReleaseQuery, Resource, RightsChange, Role, TokenScope,
};

use crate::house::{House, PASSWORD, book, client};

/// Exactly these rights.
fn rights(roles: Vec<Role>, groups: Vec<GroupId>, exceptions: Vec<Exception>) -> RightsChange {
    RightsChange { roles: Some(roles), groups: Some(groups), exceptions: Some(exceptions), seen: None }
}

#[tokio::test]
async fn a_group_sees_its_own_releases_and_what_somebody_does_not_see_is_not_there() {
    let (house, admin) = House::new().await;
    let (release, package) = house.packed(&admin, &book("Of the group")).await;
    let id = release.summary.id;
    let member = house.editor(&admin).await;
    let stranger = house.person(&admin, "Stranger", Role::EDITOR).await;
    let job = release.jobs[0].id;
    let (releases, packages, jobs) = (house.services.releases(), house.services.packages(), house.services.jobs());
    assert!(releases.lookup(&member, id).await.is_ok() && packages.lookup(&member, package).await.is_ok());
    assert!(jobs.lookup(&member, job).await.is_ok());
    let nothing = |what| FailureKind::NotFound(what);
    assert_eq!(releases.lookup(&stranger, id).await.unwrap_err().kind, nothing("release"));
    assert_eq!(releases.preview(&stranger, id).await.unwrap_err().kind, nothing("release"));
    assert_eq!(releases.edit(&stranger, id, Edit::default()).await.unwrap_err().kind, nothing("release"));
    assert_eq!(releases.cover(&stranger, id, CoverSize::Small, |_| false).await.unwrap_err().kind, nothing("release"));
    assert_eq!(releases.pack(&stranger, id).await.unwrap_err().kind, nothing("release"));
    assert_eq!(releases.verify(&stranger, id).await.unwrap_err().kind, nothing("release"));
    assert_eq!(releases.delete(&stranger, id).await.unwrap_err().kind, nothing("release"));
    assert_eq!(packages.lookup(&stranger, package).await.unwrap_err().kind, nothing("package"));
    assert_eq!(packages.open_file(&stranger, package, 0, None).await.err().unwrap().kind, nothing("package"));
    assert_eq!(packages.open_archive(&stranger, package, None).await.err().unwrap().kind, nothing("package"));
    assert_eq!(jobs.lookup(&stranger, job).await.unwrap_err().kind, nothing("job"));
    assert_eq!(jobs.log(&stranger, job, 0).await.unwrap_err().kind, nothing("job"));
    assert_eq!(jobs.retry(&stranger, job).await.unwrap_err().kind, nothing("job"));
    assert_eq!(jobs.cancel(&stranger, job).await.unwrap_err().kind, nothing("job"));
    assert!(jobs.list(&stranger, &JobQuery::default()).await.unwrap().items.is_empty());
    assert!(releases.list(&stranger, &ReleaseQuery::default()).await.unwrap().items.is_empty());
    assert_eq!(releases.list(&member, &ReleaseQuery::default()).await.unwrap().items.len(), 1);
    assert!(house.services.groups().list(&stranger).await.unwrap().is_empty());
    // Nobody puts a book into a group that is not theirs.
    let group = house.group(&admin).await.id;
    let new = service::NewUpload { file_name: "a.epub".into(), size: 0, group: Some(group), fingerprint: None };
    assert_eq!(house.services.uploads().begin(&stranger, new).await.unwrap_err().code(), "invalid");
}

#[tokio::test]
async fn what_changes_of_somebody_s_rights_holds_at_once_and_in_a_session_begun_with_them() {
    let (house, admin) = House::new().await;
    house.editor(&admin).await;
    let accounts = house.services.accounts();
    let session = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap();
    let token = session.access_token.expose_secret();
    let id = session.actor.user_id;
    assert!(accounts.authenticate(token).await.unwrap().may(Resource::Releases, Action::Modify));
    let group = house.group(&admin).await.id;
    let exceptions = vec![
        Exception { resource: Resource::Audit, action: Action::Read, allowed: true },
        Exception { resource: Resource::Jobs, action: Action::Read, allowed: false },
    ];
    accounts.set_rights(&admin, id, rights(vec![Role::VIEWER], vec![group], exceptions.clone())).await.unwrap();
    assert_eq!(accounts.authenticate(token).await.unwrap_err().kind, FailureKind::SignedOut);
    let refreshed = accounts.refresh(session.refresh_token.expose_secret(), &client()).await;
    assert_eq!(refreshed.unwrap_err().kind, FailureKind::SignedOut, "nobody goes on with a copy of it");
    let session = accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap();
    let token = session.access_token.expose_secret();
    let actor = accounts.authenticate(token).await.unwrap();
    assert!(!actor.may(Resource::Releases, Action::Modify) && actor.may(Resource::Releases, Action::Read));
    assert!(actor.may(Resource::Audit, Action::Read) && !actor.may(Resource::Jobs, Action::Read));
    assert_eq!((actor.groups, actor.all_groups), (vec![group], false));
    assert_eq!(accounts.user(&admin, id).await.unwrap().exceptions, exceptions);
    house.services.groups().set_members(&admin, group, &[admin.user_id], None).await.unwrap();
    assert!(accounts.authenticate(token).await.unwrap().groups.is_empty());
    // Groups alone, and what changes nothing of what they may do, leave the session.
    accounts.set_rights(&admin, id, rights(vec![Role::VIEWER], vec![group], exceptions)).await.unwrap();
    assert_eq!(accounts.authenticate(token).await.unwrap().groups, [group]);
    let entries = house.services.audit().list(&admin, &AuditQuery::default()).await.unwrap().items;
    let is_wanted = |action, resource| action == AuditAction::Changed && resource == Resource::Groups;
    let entry = entries.iter().find(|entry| is_wanted(entry.action, entry.resource)).unwrap();
    assert_eq!(entry.before.as_ref().unwrap()["members"], serde_json::json!(["Ada", "Ed"]));
}

#[tokio::test]
async fn a_role_of_the_house_is_changed_for_everybody_at_once_and_goes_when_nobody_has_it() {
    let (house, admin) = House::new().await;
    let (roles, accounts) = (house.services.roles(), house.services.accounts());
    let reads: Grants = [(Resource::Releases, Action::Read)].into_iter().collect();
    let role = roles.create(&admin, " Proof reader ", true, reads.clone()).await.unwrap();
    for taken in ["proof READER", "Proof reader", "Admin", "editor"] {
        assert_eq!(
            roles.create(&admin, taken, false, reads.clone()).await.unwrap_err().code(),
            "role-taken",
            "{taken}"
        );
    }
    for wrong in ["", "x", "a/b", &"x".repeat(21)] {
        assert_eq!(roles.create(&admin, wrong, false, reads.clone()).await.unwrap_err().code(), "invalid", "{wrong}");
    }
    let actor = house.person(&admin, "Pia", role.clone()).await;
    assert!(actor.all_groups && actor.may(Resource::Releases, Action::Read));
    let session = accounts.sign_in("Pia", &PASSWORD.into(), &client()).await.unwrap();
    let token = session.access_token.expose_secret();
    accounts.authenticate(token).await.unwrap();
    let more: Grants = [(Resource::Jobs, Action::Read)].into_iter().collect();
    roles.change(&admin, &role, false, more).await.unwrap();
    let actor = accounts.authenticate(token).await.unwrap();
    assert!(
        !actor.all_groups && !actor.may(Resource::Releases, Action::Read) && actor.may(Resource::Jobs, Action::Read)
    );
    assert_eq!(roles.delete(&admin, &role).await.unwrap_err().code(), "role-in-use");
    assert_eq!(roles.change(&admin, &Role::EDITOR, true, reads).await.unwrap_err().code(), "role-built-in");
    accounts.set_rights(&admin, actor.user_id, rights(vec![Role::VIEWER], Vec::new(), Vec::new())).await.unwrap();
    roles.delete(&admin, &role).await.unwrap();
    assert_eq!(roles.list(&admin).await.unwrap().len(), Role::BUILT_IN.len());
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_and_nobody_reaches_who_may_more() {
    let (house, admin) = House::new().await;
    let (roles, accounts) = (house.services.roles(), house.services.accounts());
    let people: Grants = Action::ALL
        .iter()
        .flat_map(|action| [(Resource::Users, *action), (Resource::Roles, *action), (Resource::Books, *action)])
        .collect();
    let keeper = roles.create(&admin, "Keeper", false, people.clone()).await.unwrap();
    let keeper = house.person(&admin, "Kim", keeper).await;
    let refused = FailureKind::Forbidden;
    let wider = Grants::all();
    assert_eq!(roles.create(&keeper, "Wider", false, wider).await.unwrap_err().kind, refused);
    assert_eq!(roles.create(&keeper, "Wider", true, people.clone()).await.unwrap_err().kind, refused);
    let me = keeper.user_id;
    for roles in [vec![Role::ADMIN], vec![Role::EDITOR]] {
        assert_eq!(
            accounts.set_rights(&keeper, me, rights(roles, Vec::new(), Vec::new())).await.unwrap_err().kind,
            refused
        );
    }
    let exception = Exception { resource: Resource::Settings, action: Action::Read, allowed: true };
    let with = accounts.set_rights(&keeper, me, rights(keeper.roles.clone(), Vec::new(), vec![exception])).await;
    assert_eq!(with.unwrap_err().kind, refused);
    assert_eq!(accounts.make_reset_link(&keeper, &PASSWORD.into(), admin.user_id).await.unwrap_err().kind, refused);
    assert_eq!(accounts.set_active(&keeper, admin.user_id, false).await.unwrap_err().kind, refused);
    assert_eq!(accounts.end_codes_of(&keeper, &PASSWORD.into(), admin.user_id).await.unwrap_err().kind, refused);
    assert_eq!(
        accounts.set_rights(&keeper, admin.user_id, rights(Vec::new(), Vec::new(), Vec::new())).await.unwrap_err().kind,
        refused
    );
    assert_eq!(accounts.roles_to_give(&keeper).await.unwrap(), [Role::CONTRIBUTOR, "Keeper".parse().unwrap()]);
}

#[tokio::test]
async fn the_last_administrator_stays_one() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let demote = |id| accounts.set_rights(&admin, id, rights(vec![Role::EDITOR], Vec::new(), Vec::new()));
    assert_eq!(demote(admin.user_id).await.unwrap_err().code(), "last-administrator");
    // Exceptions do not hold for an administrator.
    let exception = Exception { resource: Resource::Users, action: Action::Modify, allowed: false };
    accounts.set_rights(&admin, admin.user_id, rights(vec![Role::ADMIN], Vec::new(), vec![exception])).await.unwrap();
    let session = accounts.sign_in("Ada", &PASSWORD.into(), &client()).await.unwrap();
    assert!(session.actor.may(Resource::Users, Action::Modify));
    house.person(&admin, "Other", Role::ADMIN).await;
    demote(admin.user_id).await.unwrap();
}

#[tokio::test]
async fn of_two_administrators_who_take_it_from_each_other_one_stays() {
    let (house, ada) = House::new().await;
    let other = house.person(&ada, "Other", Role::ADMIN).await;
    let accounts = house.services.accounts();
    let demote = async |actor: &Actor, of: &Actor| {
        accounts.set_rights(actor, of.user_id, rights(vec![Role::EDITOR], Vec::new(), Vec::new())).await
    };
    let put_out = async |actor: &Actor, of: &Actor| accounts.set_active(actor, of.user_id, false).await;
    for round in 0..4 {
        let (one, another) = match round {
            0 => tokio::join!(demote(&ada, &other), demote(&other, &ada)),
            1 => tokio::join!(put_out(&ada, &other), put_out(&other, &ada)),
            2 => tokio::join!(demote(&ada, &other), put_out(&other, &ada)),
            // Each gives it up themselves.
            _ => tokio::join!(demote(&ada, &ada), demote(&other, &other)),
        };
        let refused = match (&one, &another) {
            (Ok(()), Err(refused)) | (Err(refused), Ok(())) => refused,
            both => panic!("round {round}: {both:?}"),
        };
        assert_eq!(refused.code(), "last-administrator", "round {round}");
        let left: Vec<_> = accounts.users(&ada).await.unwrap();
        let left: Vec<_> = left.iter().filter(|user| user.active && user.roles.contains(&Role::ADMIN)).collect();
        assert_eq!(left.len(), 1, "round {round}");
        // For the next round both are again what they were.
        for actor in [&ada, &other] {
            accounts.set_active(&ada, actor.user_id, true).await.unwrap();
            let again = rights(vec![Role::ADMIN], Vec::new(), Vec::new());
            accounts.set_rights(&ada, actor.user_id, again).await.unwrap();
        }
    }
}

/// Somebody who may look after people and books, and no group.
async fn keeper(house: &House, admin: &service::Actor) -> service::Actor {
    let people: Grants = Action::ALL
        .iter()
        .flat_map(|action| [(Resource::Users, *action), (Resource::Releases, *action), (Resource::Books, *action)])
        .chain([(Resource::Jobs, Action::Read), (Resource::Jobs, Action::Write)])
        .collect();
    let role = house.services.roles().create(admin, "Keeper", false, people).await.unwrap();
    house.person(admin, "Kim", role).await
}

#[tokio::test]
async fn nobody_reaches_somebody_of_a_group_that_they_are_not_in() {
    let (house, admin) = House::new().await;
    let (accounts, keeper) = (house.services.accounts(), keeper(&house, &admin).await);
    let group = house.group(&admin).await.id;
    let reader = house.person(&admin, "Rea", Role::CONTRIBUTOR).await.user_id;
    accounts.make_reset_link(&keeper, &PASSWORD.into(), reader).await.unwrap();
    accounts.set_rights(&admin, reader, rights(vec![Role::CONTRIBUTOR], vec![group], Vec::new())).await.unwrap();
    let refused = FailureKind::Forbidden;
    assert_eq!(accounts.make_reset_link(&keeper, &PASSWORD.into(), reader).await.unwrap_err().kind, refused);
    assert_eq!(accounts.end_codes_of(&keeper, &PASSWORD.into(), reader).await.unwrap_err().kind, refused);
    assert_eq!(accounts.set_active(&keeper, reader, false).await.unwrap_err().kind, refused);
    assert_eq!(accounts.set_rights(&keeper, reader, RightsChange::default()).await.unwrap_err().kind, refused);
    assert_eq!(accounts.user(&admin, reader).await.unwrap().summary.groups, [group], "and it is kept");
}

#[tokio::test]
async fn rights_that_a_change_does_not_speak_of_stay_and_an_older_form_is_refused() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let (group, id) = (house.group(&admin).await.id, house.editor(&admin).await.user_id);
    let exception = Exception { resource: Resource::Audit, action: Action::Read, allowed: true };
    let seen = Some(accounts.user(&admin, id).await.unwrap().rights_state);
    let change = RightsChange { exceptions: Some(vec![exception]), seen: seen.clone(), ..RightsChange::default() };
    accounts.set_rights(&admin, id, change).await.unwrap();
    let present = accounts.user(&admin, id).await.unwrap();
    assert_eq!((present.summary.roles, present.summary.groups), (vec![Role::EDITOR], vec![group]));
    let older = RightsChange { roles: Some(vec![Role::VIEWER]), seen, ..RightsChange::default() };
    assert_eq!(accounts.set_rights(&admin, id, older).await.unwrap_err().code(), "rights-changed-meanwhile");
    let seen = Some(present.rights_state);
    house.services.groups().set_members(&admin, group, &[admin.user_id], None).await.unwrap();
    let older = RightsChange { groups: Some(vec![group]), seen, ..RightsChange::default() };
    assert_eq!(accounts.set_rights(&admin, id, older).await.unwrap_err().code(), "rights-changed-meanwhile");
    let present = accounts.user(&admin, id).await.unwrap();
    assert_eq!((present.summary.roles, present.exceptions), (vec![Role::EDITOR], vec![exception]));
}

#[tokio::test]
async fn a_role_that_somebody_may_not_give_is_not_taken_by_them_either() {
    let (house, admin) = House::new().await;
    let (accounts, keeper) = (house.services.accounts(), keeper(&house, &admin).await);
    let reads: Grants = [(Resource::Audit, Action::Read)].into_iter().collect();
    let auditor = house.services.roles().create(&admin, "Auditor", false, reads).await.unwrap();
    let id = house.person(&admin, "Rea", auditor.clone()).await.user_id;
    let without = Exception { resource: Resource::Audit, action: Action::Read, allowed: false };
    accounts.set_rights(&admin, id, rights(vec![auditor.clone()], Vec::new(), vec![without])).await.unwrap();
    accounts.set_rights(&keeper, id, rights(vec![Role::CONTRIBUTOR], Vec::new(), vec![without])).await.unwrap();
    let roles = accounts.user(&admin, id).await.unwrap().summary.roles;
    assert!(roles.contains(&auditor) && roles.contains(&Role::CONTRIBUTOR), "{roles:?}");
}

#[tokio::test]
async fn whoever_is_let_in_again_has_no_token_of_before() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let editor = house.editor(&admin).await;
    let token = accounts.create_token(&editor, &PASSWORD.into(), "script", TokenScope::All, 30).await.unwrap().secret;
    accounts.authenticate(token.expose_secret()).await.unwrap();
    accounts.set_active(&admin, editor.user_id, false).await.unwrap();
    accounts.set_active(&admin, editor.user_id, true).await.unwrap();
    assert_eq!(accounts.authenticate(token.expose_secret()).await.unwrap_err().kind, FailureKind::SignedOut);
}

#[tokio::test]
async fn what_was_done_in_one_millisecond_is_told_in_its_order() {
    let (house, admin) = House::new().await;
    let tags: Vec<String> = (0..12).map(|number| format!("GROUP{number}")).collect();
    for tag in &tags {
        house.services.groups().create(&admin, tag).await.unwrap();
    }
    let query = AuditQuery { limit: 5, ..AuditQuery::default() };
    let (mut told, mut after) = (Vec::new(), None);
    for _ in 0..3 {
        let page = house.services.audit().list(&admin, &AuditQuery { after, ..query.clone() }).await.unwrap();
        told.extend(page.items.into_iter().map(|entry| entry.subject_name));
        after = page.next;
    }
    let newest: Vec<String> = tags.into_iter().rev().collect();
    assert_eq!(told[..12], newest);
}

#[tokio::test]
async fn members_that_somebody_changed_meanwhile_are_not_lost() {
    let (house, admin) = House::new().await;
    let groups = house.services.groups();
    let id = house.group(&admin).await.id;
    let (ed, otto) = (house.editor(&admin).await.user_id, house.person(&admin, "Otto", Role::EDITOR).await.user_id);
    let me = admin.user_id;
    let seen = [ed, me];
    groups.set_members(&admin, id, &[me, ed, otto], Some(&seen)).await.unwrap();
    let older = groups.set_members(&admin, id, &[me], Some(&seen)).await;
    assert_eq!(older.unwrap_err().code(), "members-changed-meanwhile");
    assert_eq!(groups.with_members(&admin).await.unwrap()[0].members.len(), 3);
    // Whoever is deactivated is not shown, and nobody has to have seen them.
    house.services.accounts().set_active(&admin, otto, false).await.unwrap();
    groups.set_members(&admin, id, &[me], Some(&seen)).await.unwrap();
    assert_eq!(groups.with_members(&admin).await.unwrap()[0].members.len(), 1);
}

#[tokio::test]
async fn nobody_lifts_a_denial_of_their_own_nor_the_same_one_of_a_colleague() {
    let (house, admin) = House::new().await;
    let accounts = house.services.accounts();
    let kim = keeper(&house, &admin).await;
    let lea = house.person(&admin, "Lea", kim.roles[0].clone()).await.user_id;
    let denied = Exception { resource: Resource::Releases, action: Action::Delete, allowed: false };
    let only =
        |exceptions: &[Exception]| RightsChange { exceptions: Some(exceptions.to_vec()), ..RightsChange::default() };
    for id in [kim.user_id, lea] {
        accounts.set_rights(&admin, id, only(&[denied])).await.unwrap();
    }
    let kim = accounts.sign_in("Kim", &PASSWORD.into(), &client()).await.unwrap().actor;
    let more = Exception { action: Action::Write, ..denied };
    for id in [kim.user_id, lea] {
        let lifted = accounts.set_rights(&kim, id, only(&[])).await;
        assert_eq!(lifted.unwrap_err().kind, FailureKind::Forbidden);
        assert_eq!(accounts.user(&admin, id).await.unwrap().exceptions, [denied]);
    }
    accounts.set_rights(&kim, lea, only(&[denied, more])).await.unwrap();
    accounts.set_rights(&kim, lea, only(&[denied])).await.unwrap();
    accounts.set_rights(&admin, lea, only(&[])).await.unwrap();
    assert!(accounts.user(&admin, lea).await.unwrap().exceptions.is_empty(), "who has it gives it back");
}

#[tokio::test]
async fn the_address_that_a_person_is_made_with_is_written_down() {
    let (house, admin) = House::new().await;
    let mailing = house.with(&[("sends_mail", 1)]);
    for (services, username, name) in [(&house.services, "With", "email"), (&mailing, "Waiting", "unconfirmed_email")] {
        let new = service::NewUser {
            username: username.to_owned(),
            display_name: username.to_owned(),
            password: PASSWORD.into(),
            email: "reader@example.org".to_owned(),
            role: Role::VIEWER,
            groups: Vec::new(),
        };
        let id = services.accounts().create_user(&admin, new).await.unwrap();
        let query = AuditQuery { subject: Some(id.to_string()), ..AuditQuery::default() };
        let made = house.services.audit().list(&admin, &query).await.unwrap().items.remove(0);
        assert_eq!(made.after.unwrap()[name], "reader@example.org", "{username}");
    }
}
