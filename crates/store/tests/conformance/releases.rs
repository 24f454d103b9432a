//! Releases: their versions, and the names they claim.

use packer::{metadata::Overrides, rights::RightsBasis};
use store::{
    Constraint, GroupId, ReleaseId, StoreError,
    releases::{Changed, NameClaim, ReleaseEdit, Status, VisibleTo},
};

use crate::{
    database::on_both_engines,
    world::{World, at, hash, listing},
};

on_both_engines! {
    an_edit_is_kept_and_raises_the_version,
    an_edit_of_an_older_version_is_refused_and_nothing_is_stored,
    of_two_edits_of_one_version_one_is_kept,
    a_taken_name_is_refused_whatever_its_case_and_nothing_is_stored,
    who_holds_which_names_is_found_at_once,
    a_taken_volume_id_is_refused_in_its_year_only,
    of_two_that_take_one_name_one_gets_it,
    what_packing_gives_up_others_may_take,
    a_packed_release_keeps_its_name,
    a_hostile_listing_is_cut_to_what_the_columns_hold,
    a_release_with_a_book_keeps_the_book,
    what_corrects_a_release_is_found_in_its_group_alone,
    releases_of_the_same_bytes_are_found_by_whoever_sees_them,
}

fn edit(title: &str, group_id: Option<GroupId>) -> ReleaseEdit {
    ReleaseEdit {
        group_id,
        profile: "plain".to_owned(),
        overrides: Overrides { title: Some(title.to_owned()), year: Some(1999), ..Overrides::default() },
        rights_basis: Some(RightsBasis::PublicDomain),
        rights_note: Some("died 1869".to_owned()),
        release_date: "1999-01-01".parse().unwrap(),
        listing: listing(title),
    }
}

fn claim(name: &str, volume_id: &str) -> NameClaim {
    NameClaim { name: name.to_owned(), volume_id: Some(volume_id.parse().unwrap()), bytes: 0 }
}

async fn change(world: &World, id: ReleaseId, seen: i64, edit: &ReleaseEdit) -> Changed {
    let mut transaction = world.store.begin_write().await.unwrap();
    let changed = transaction.releases().edit(id, seen, edit, at(1)).await.unwrap();
    transaction.commit().await.unwrap();
    changed
}

async fn pack(world: &World, id: ReleaseId, seen: i64, claim: &NameClaim) -> Result<Changed, StoreError> {
    let mut transaction = world.store.begin_write().await?;
    let changed = transaction.releases().begin_packing(id, seen, claim, at(2)).await?;
    transaction.commit().await?;
    Ok(changed)
}

async fn an_edit_is_kept_and_raises_the_version(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let id = world.release(user, None, listing("Before"), at(0)).await;
    let before = world.store.releases().lookup(id).await.unwrap().unwrap();
    assert_eq!((before.version, before.revision, before.status), (1, 1, Status::Draft));
    assert_eq!((before.overrides, before.rights_basis, before.name), (Overrides::default(), None, None));
    let edit = edit("After", Some(group));
    assert_eq!(change(&world, id, 1, &edit).await, Changed::Saved { version: 2 });
    let after = world.store.releases().lookup(id).await.unwrap().unwrap();
    assert_eq!((after.version, after.group_id, after.profile.as_str()), (2, Some(group), "plain"));
    assert_eq!((after.overrides, after.rights_basis), (edit.overrides, edit.rights_basis));
    assert_eq!((after.rights_note, after.release_date), (edit.rights_note, edit.release_date));
    assert_eq!((after.created_at, after.updated_at), (at(0), at(1)));
    assert_eq!(world.store.releases().terms(id).await.unwrap(), ["ada", "after", "autor"]);
}

async fn an_edit_of_an_older_version_is_refused_and_nothing_is_stored(world: World) {
    let user = world.user("ada").await;
    let id = world.release(user, None, listing("First"), at(0)).await;
    change(&world, id, 1, &edit("Second", None)).await;
    assert_eq!(change(&world, id, 1, &edit("Third", None)).await, Changed::Meanwhile { version: 2 });
    assert_eq!(world.store.releases().lookup(id).await.unwrap().unwrap().listing.title, "Second");
    assert_eq!(world.store.releases().terms(id).await.unwrap(), ["ada", "autor", "second"]);
    assert_eq!(change(&world, ReleaseId::new(at(9), 9), 1, &edit("Third", None)).await, Changed::Gone);
}

async fn of_two_edits_of_one_version_one_is_kept(world: World) {
    let user = world.user("ada").await;
    let id = world.release(user, None, listing("First"), at(0)).await;
    let tasks = ["One", "Other"].map(|title| {
        let world = world.clone();
        tokio::spawn(async move { (title, change(&world, id, 1, &edit(title, None)).await) })
    });
    let mut kept = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (title, Changed::Saved { version: 2 }) => kept.push(title),
            (_, changed) => assert_eq!(changed, Changed::Meanwhile { version: 2 }),
        }
    }
    assert_eq!(kept, [world.store.releases().lookup(id).await.unwrap().unwrap().listing.title]);
}

async fn a_taken_name_is_refused_whatever_its_case_and_nothing_is_stored(world: World) {
    let user = world.user("ada").await;
    let (group, other) = (world.group("GRP", user).await, world.group("OTHER", user).await);
    let first = world.release(user, Some(group), listing("First"), at(0)).await;
    let second = world.release(user, Some(group), listing("Second"), at(0)).await;
    let foreign = world.release(user, Some(other), listing("Foreign"), at(0)).await;
    let saved = pack(&world, first, 1, &claim("Ete.2024-GRP", "aaaaaa")).await.unwrap();
    assert_eq!(saved, Changed::Saved { version: 2 });
    let error = pack(&world, second, 1, &claim("ete.2024-grp", "bbbbbb")).await.unwrap_err();
    assert_eq!(error.conflict(), Some(Constraint::ReleaseName));
    let untouched = world.store.releases().lookup(second).await.unwrap().unwrap();
    assert_eq!((untouched.status, untouched.version, untouched.name), (Status::Draft, 1, None));
    // What one group has, another may have too.
    pack(&world, foreign, 1, &claim("Ete.2024-GRP", "aaaaaa")).await.unwrap();
    let holder = world.store.releases().find_by_name(group, "ETE.2024-GRP").await.unwrap().unwrap();
    assert_eq!((holder.id, holder.status, holder.name.as_deref()), (first, Status::Packing, Some("Ete.2024-GRP")));
    assert_eq!(world.store.releases().find_by_name(group, "Ete.2024").await.unwrap(), None);
    let terms = world.store.releases().terms(first).await.unwrap();
    assert_eq!(terms, ["2024", "ada", "autor", "ete", "first", "grp"]);
}

async fn who_holds_which_names_is_found_at_once(world: World) {
    let user = world.user("ada").await;
    let (group, other) = (world.group("GRP", user).await, world.group("OTHER", user).await);
    let first = world.release(user, Some(group), listing("First"), at(0)).await;
    let second = world.release(user, Some(other), listing("Second"), at(0)).await;
    let free = world.release(user, Some(group), listing("Free"), at(0)).await;
    pack(&world, first, 1, &claim("Ete.2024-GRP", "aaaaaa")).await.unwrap();
    pack(&world, second, 1, &claim("Ete.2024-GRP", "aaaaaa")).await.unwrap();
    let holders = |groups: Vec<GroupId>, names: &[&str]| {
        let (store, names) = (world.store.clone(), names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        async move { store.releases().holders(&groups, &names).await.unwrap() }
    };
    let folded = || "ete.2024-grp".to_owned();
    let expected = [((group, folded()), first), ((other, folded()), second)].into_iter().collect();
    assert_eq!(holders(vec![group, other], &["ETE.2024-GRP", "Free-GRP"]).await, expected);
    assert_eq!(holders(vec![group], &["Ete.2024-GRP"]).await, [((group, folded()), first)].into_iter().collect());
    assert!(holders(vec![group], &["Free-GRP"]).await.is_empty());
    assert!(holders(Vec::new(), &["Ete.2024-GRP"]).await.is_empty() && holders(vec![group], &[]).await.is_empty());
    let listed = world.store.releases().list_by_ids(&[free, second]).await.unwrap();
    let ids: Vec<ReleaseId> = listed.iter().map(|release| release.id).collect();
    assert!(ids.len() == 2 && ids.contains(&free) && ids.contains(&second), "{ids:?}");
}

async fn a_taken_volume_id_is_refused_in_its_year_only(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let first = world.release(user, Some(group), listing("First"), at(0)).await;
    let second = world.release(user, Some(group), listing("Second"), at(0)).await;
    pack(&world, first, 1, &claim("First-GRP", "aaaaaa")).await.unwrap();
    let error = pack(&world, second, 1, &claim("Second-GRP", "aaaaaa")).await.unwrap_err();
    assert_eq!(error.conflict(), Some(Constraint::VolumeId));
    let (date, volume) = ("2024-12-31".parse().unwrap(), "aaaaaa".parse().unwrap());
    let holder = world.store.releases().find_by_volume_id(group, date, &volume).await.unwrap().unwrap();
    assert_eq!((holder.id, holder.volume_id), (first, Some(volume.clone())));
    // The edit moves the release into another year.
    change(&world, second, 1, &edit("Second", Some(group))).await;
    pack(&world, second, 2, &claim("Second-GRP", "aaaaaa")).await.unwrap();
    let holder = world.store.releases().find_by_volume_id(group, "1999-07-07".parse().unwrap(), &volume).await.unwrap();
    assert_eq!(holder.unwrap().id, second);
}

async fn of_two_that_take_one_name_one_gets_it(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let mut tasks = Vec::new();
    for number in 0..6_u8 {
        let id = world.release(user, Some(group), listing("Same"), at(0)).await;
        let world = world.clone();
        let volume = format!("aaaaa{number}");
        tasks.push(tokio::spawn(async move { pack(&world, id, 1, &claim("Same.2024-GRP", &volume)).await }));
    }
    let mut got = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(changed) => {
                assert_eq!(changed, Changed::Saved { version: 2 });
                got += 1;
            }
            Err(error) => assert_eq!(error.conflict(), Some(Constraint::ReleaseName), "{error:?}"),
        }
    }
    assert_eq!(got, 1);
}

async fn what_packing_gives_up_others_may_take(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let first = world.release(user, Some(group), listing("First"), at(0)).await;
    let second = world.release(user, Some(group), listing("Second"), at(0)).await;
    pack(&world, first, 1, &claim("Same-GRP", "aaaaaa")).await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.releases().give_up_packing(first, Status::Failed, Some("disk-full"), at(3)).await.unwrap());
    assert!(!transaction.releases().give_up_packing(first, Status::Draft, None, at(3)).await.unwrap());
    assert!(!transaction.releases().finish_packing(first, at(3)).await.unwrap());
    transaction.commit().await.unwrap();
    let given_up = world.store.releases().lookup(first).await.unwrap().unwrap();
    assert_eq!((given_up.status, given_up.refusal.as_deref()), (Status::Failed, Some("disk-full")));
    assert_eq!((given_up.name, given_up.volume_id, given_up.version), (None, None, 3));
    assert_eq!(world.store.releases().terms(first).await.unwrap(), ["ada", "autor", "first"]);
    pack(&world, second, 1, &claim("Same-GRP", "aaaaaa")).await.unwrap();
}

async fn a_packed_release_keeps_its_name(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let id = world.release(user, Some(group), listing("First"), at(0)).await;
    pack(&world, id, 1, &claim("Same-GRP", "aaaaaa")).await.unwrap();
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.releases().finish_packing(id, at(3)).await.unwrap());
    transaction.commit().await.unwrap();
    let packed = world.store.releases().lookup(id).await.unwrap().unwrap();
    assert_eq!((packed.status, packed.packed_at, packed.version), (Status::Packed, Some(at(3)), 3));
    assert_eq!(packed.name.as_deref(), Some("Same-GRP"));
}

async fn a_hostile_listing_is_cut_to_what_the_columns_hold(world: World) {
    let user = world.user("ada").await;
    let long = "𠜎é ".repeat(100_000);
    let mut hostile = listing(&long);
    (hostile.authors, hostile.language, hostile.isbn) = (long.clone(), Some(long.clone()), Some(long));
    let id = world.release(user, None, hostile, at(0)).await;
    let found = world.store.releases().lookup(id).await.unwrap().unwrap().listing;
    assert_eq!((found.title.chars().count(), found.authors.chars().count()), (1_000, 1_000));
    assert!(found.sort_title.chars().count() <= 200);
    assert!(world.store.releases().terms(id).await.unwrap().len() <= 256);
}

async fn a_release_with_a_book_keeps_the_book(world: World) {
    let user = world.user("ada").await;
    let id = world.release(user, None, listing("First"), at(0)).await;
    let book = world.store.releases().lookup(id).await.unwrap().unwrap().book_id;
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.books().delete(book).await.is_err());
    transaction.commit().await.unwrap();
    let releases = world.store.releases().list_of_book(book).await.unwrap();
    assert_eq!(releases.iter().map(|release| release.id).collect::<Vec<_>>(), [id]);
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.releases().delete(id).await.unwrap());
    assert!(transaction.books().delete(book).await.unwrap());
    transaction.commit().await.unwrap();
}

async fn what_corrects_a_release_is_found_in_its_group_alone(world: World) {
    let user = world.user("ada").await;
    let (group, other) = (world.group("GRP", user).await, world.group("OTHER", user).await);
    let mut made = Vec::new();
    for (seconds, group) in [(1, group), (2, other), (3, group)] {
        let id = world.release(user, None, listing("Correction"), at(seconds)).await;
        let mut edit = edit("Correction", Some(group));
        edit.overrides.corrects = Some("A.Book.2014-GRP".to_owned());
        change(&world, id, 1, &edit).await;
        made.push(id);
    }
    let found = world.store.releases().list_correcting(group, "a.BOOK.2014-grp").await.unwrap();
    assert_eq!(found.iter().map(|release| release.id).collect::<Vec<_>>(), [made[0], made[2]]);
    assert!(world.store.releases().list_correcting(group, "Another-GRP").await.unwrap().is_empty());
    // What no longer corrects it is no longer found.
    change(&world, made[0], 2, &edit("Correction", Some(group))).await;
    let found = world.store.releases().list_correcting(group, "A.Book.2014-GRP").await.unwrap();
    assert_eq!(found.iter().map(|release| release.id).collect::<Vec<_>>(), [made[2]]);
}

async fn releases_of_the_same_bytes_are_found_by_whoever_sees_them(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let group = world.group("GRP", ada).await;
    let older = world.release(ada, None, listing("A"), at(0)).await;
    let newer = world.release(ada, Some(group), listing("B"), at(1)).await;
    let refused = world.release(ada, None, listing("C"), at(2)).await;
    world.execute(&format!("UPDATE releases SET status = 'refused' WHERE id = '{refused}'")).await;
    let found = async |visible: Option<VisibleTo>, limit| {
        let found = world.store.releases().list_of_bytes(&hash(1), visible.as_ref(), limit).await.unwrap();
        found.into_iter().map(|release| release.id).collect::<Vec<_>>()
    };
    assert_eq!(found(None, 10).await, [newer, older]);
    assert_eq!(found(None, 1).await, [newer]);
    assert_eq!(found(Some(VisibleTo { user: bob, groups: vec![group] }), 10).await, [newer]);
    assert_eq!(found(Some(VisibleTo { user: bob, groups: Vec::new() }), 10).await, []);
    assert!(world.store.releases().list_of_bytes(&hash(9), None, 10).await.unwrap().is_empty());
}
