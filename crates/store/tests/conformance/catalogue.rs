//! The list of releases: filters, search, orders and pages.

use packer::{
    finding::{Finding, FindingCode, Severity},
    kind::Kind,
};
use store::{
    GroupId, ReleaseId, UserId,
    releases::{Listing, NameClaim, ReleaseCursor, ReleaseFilter, ReleasePage, ReleaseSort, Status},
};

use crate::{
    database::on_both_engines,
    world::{World, at, listing},
};

on_both_engines! {
    every_page_follows_the_last_in_every_order,
    a_search_finds_the_same_on_every_engine,
    each_filter_keeps_what_it_names,
    a_line_shows_its_book_its_group_its_maker_and_its_findings,
    a_cursor_of_another_order_begins_anew,
}

async fn page(world: &World, filter: &ReleaseFilter) -> ReleasePage {
    world.store.releases().list(filter, ReleaseSort::Title, false, None, 100).await.unwrap()
}

async fn titles(world: &World, filter: &ReleaseFilter) -> Vec<String> {
    page(world, filter).await.items.into_iter().map(|item| item.listing.title).collect()
}

async fn claim(world: &World, id: ReleaseId, name: &str) {
    let mut transaction = world.store.begin_write().await.unwrap();
    let claim = NameClaim { name: name.to_owned(), volume_id: None, bytes: 0 };
    transaction.releases().begin_packing(id, 1, &claim, at(50)).await.unwrap();
    transaction.commit().await.unwrap();
}

async fn every_page_follows_the_last_in_every_order(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    // Many share a time or a title: only the id tells them apart.
    let names = ["b", "A", "é", "本", "a", "Z", "📚", "a", "z ", "É", "A", "0"];
    let mut ids = Vec::new();
    for (number, title) in (0..).zip(names) {
        let id = world.release(user, Some(group), listing(title), at(number / 5)).await;
        if number % 3 == 0 {
            claim(&world, id, &format!("{title}.{number}-GRP")).await;
        }
        ids.push(id);
    }
    ids.sort();
    for &sort in ReleaseSort::ALL {
        let mut whole = Vec::new();
        for descending in [false, true] {
            for limit in [1, 2, 5, 12, 100] {
                let mut found: Vec<ReleaseId> = Vec::new();
                let mut after: Option<ReleaseCursor> = None;
                loop {
                    let filter = ReleaseFilter::default();
                    let page =
                        world.store.releases().list(&filter, sort, descending, after.as_ref(), limit).await.unwrap();
                    assert!(page.items.len() <= limit.try_into().unwrap());
                    found.extend(page.items.iter().map(|item| item.id));
                    let Some(next) = page.next else { break };
                    assert!(next.fits(sort));
                    after = Some(next.to_string().parse().unwrap());
                }
                let mut sorted = found.clone();
                sorted.sort();
                assert_eq!(sorted, ids, "{sort} {descending} {limit}");
                if descending {
                    found.reverse();
                }
                if whole.is_empty() {
                    whole = found;
                } else {
                    assert_eq!(found, whole, "{sort} {descending} {limit}");
                }
            }
        }
    }
    let sorted = titles(&world, &ReleaseFilter::default()).await;
    assert_eq!(sorted, ["0", "A", "a", "a", "A", "b", "Z", "z ", "é", "É", "本", "📚"]);
}

async fn a_search_finds_the_same_on_every_engine(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let books = [
        ("Été à Paris", "Émile Zola"),
        ("L'été, c'est \"fini\"", "O'Neil"),
        ("Война и мир", "Лев Толстой"),
        ("戰爭與和平", "托爾斯泰"),
        ("ノルウェイの森", "村上 春樹"),
        ("전쟁과 평화", "톨스토이"),
        ("War and Peace", "Leo Tolstoy"),
        ("C++ 100% _wild_", "Straße Müller"),
        ("📚 Emoji", "👩‍👩‍👧"),
    ];
    for (title, authors) in books {
        let isbn = (title == "War and Peace").then(|| "9780140447934".to_owned());
        let listing = Listing { authors: authors.to_owned(), isbn, ..listing(title) };
        let id = world.release(user, Some(group), listing, at(0)).await;
        if title == "War and Peace" {
            claim(&world, id, "Leo.Tolstoy.War.and.Peace.2024.RETAiL.ePUB.eBOOK-GRP").await;
        }
    }
    let everything: Vec<&str> = Vec::from(books.map(|(title, _)| title));
    let expected: &[(&str, &[&str])] = &[
        ("ete", &["L'été, c'est \"fini\"", "Été à Paris"]),
        ("ÉTÉ", &["L'été, c'est \"fini\"", "Été à Paris"]),
        ("e\u{301}te\u{301} par", &["Été à Paris"]),
        ("paris zol", &["Été à Paris"]),
        ("zola et", &["Été à Paris"]),
        ("par zola", &[]),
        ("o'neil", &["L'été, c'est \"fini\""]),
        ("война", &["Война и мир"]),
        ("voyna", &["Война и мир"]),
        ("толс", &["War and Peace", "Война и мир", "전쟁과 평화"]),
        ("tolst", &["War and Peace", "Война и мир"]),
        ("和平", &["戰爭與和平"]),
        ("戰爭", &["戰爭與和平"]),
        ("村上", &["ノルウェイの森"]),
        ("전쟁과", &["전쟁과 평화"]),
        ("9780140447934", &["War and Peace"]),
        ("97801404", &["War and Peace"]),
        ("Leo.Tolstoy.War.and.Peace.2024.RETAiL.ePUB.eBOOK-GRP", &["War and Peace"]),
        ("100% _wild_", &["C++ 100% _wild_"]),
        ("strasse", &["C++ 100% _wild_"]),
        ("STRASSE mull", &["C++ 100% _wild_"]),
        ("emoji", &["📚 Emoji"]),
        ("' OR 1=1 --", &[]),
        ("nothing", &[]),
    ];
    for (search, found) in expected {
        let filter = ReleaseFilter { search: Some((*search).to_owned()), ..ReleaseFilter::default() };
        let mut titles = titles(&world, &filter).await;
        titles.sort();
        let mut found: Vec<&str> = found.to_vec();
        found.sort_unstable();
        assert_eq!(titles, found, "{search}");
        assert_eq!(world.store.releases().count(&filter).await.unwrap(), Some(found.len() as u64), "{search}");
    }
    for search in ["", "   ", "%", "?!"] {
        let filter = ReleaseFilter { search: Some(search.to_owned()), ..ReleaseFilter::default() };
        assert_eq!(titles(&world, &filter).await.len(), everything.len(), "{search}");
    }
}

async fn each_filter_keeps_what_it_names(world: World) {
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let group = world.group("GRP", ada).await;
    let make = async |title: &str, user: UserId, group: Option<GroupId>, change: fn(&mut Listing)| {
        let mut listing = listing(title);
        change(&mut listing);
        world.release(user, group, listing, at(0)).await
    };
    let plain = make("plain", ada, None, |_| {}).await;
    let grouped = make("grouped", ada, Some(group), |_| {}).await;
    let named = ReleaseFilter { ids: vec![grouped, plain, ReleaseId::new(at(9), 9)], ..ReleaseFilter::default() };
    assert_eq!(titles(&world, &named).await, ["grouped", "plain"]);
    make("old", ada, None, |listing| listing.year = Some(1789)).await;
    make("german", ada, None, |listing| listing.language = Some("de".to_owned())).await;
    make("comic", ada, None, |listing| listing.kind = Kind::Comic).await;
    make("pdf", ada, None, |listing| listing.format = Some(packer::format::Format::Pdf)).await;
    make("bob's", bob, None, |_| {}).await;
    let mut transaction = world.store.begin_write().await.unwrap();
    let refused = transaction.releases().hold(plain).await.unwrap().unwrap();
    let reason = Some("protected");
    transaction
        .releases()
        .record_inspected(plain, refused.version, Status::Refused, reason, &refused.listing, at(9))
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    world.execute("UPDATE releases SET rights_basis = 'CC-BY-4.0' WHERE title = 'old'").await;

    let none = ReleaseFilter::default;
    let cases: Vec<(ReleaseFilter, &[&str])> = vec![
        (ReleaseFilter { group: Some(group), ..none() }, &["grouped"]),
        (ReleaseFilter { year: Some(1789), ..none() }, &["old"]),
        (ReleaseFilter { language: Some("de".into()), ..none() }, &["german"]),
        (ReleaseFilter { language: Some("d".into()), ..none() }, &[]),
        (ReleaseFilter { kind: Some(Kind::Comic), ..none() }, &["comic"]),
        (ReleaseFilter { format: Some(packer::format::Format::Pdf), ..none() }, &["pdf"]),
        (ReleaseFilter { created_by: Some(bob), ..none() }, &["bob's"]),
        (ReleaseFilter { rights: Some("CC-BY-4.0".into()), ..none() }, &["old"]),
        (ReleaseFilter { status: vec![Status::Refused], ..none() }, &["plain"]),
        (ReleaseFilter { status: vec![Status::Refused, Status::Packed], ..none() }, &["plain"]),
        (
            ReleaseFilter { status: vec![Status::Draft], created_by: Some(bob), search: Some("bob".into()), ..none() },
            &["bob's"],
        ),
        (ReleaseFilter { kind: Some(Kind::Comic), year: Some(1789), ..none() }, &[]),
    ];
    for (filter, expected) in cases {
        assert_eq!(titles(&world, &filter).await, expected, "{filter:?}");
        let count = Some(expected.len() as u64);
        assert_eq!(world.store.releases().count(&filter).await.unwrap(), count, "{filter:?}");
        for (sort, limit) in [(ReleaseSort::Title, 1), (ReleaseSort::Updated, 1), (ReleaseSort::Updated, 50)] {
            let listed = world.store.releases().list(&filter, sort, true, None, limit).await.unwrap();
            let first = world.store.releases().first_page(&filter, sort, true, limit).await.unwrap();
            assert_eq!(first, (listed, count), "{filter:?} by {sort:?}, {limit}");
        }
    }
    assert_eq!(world.store.releases().count(&none()).await.unwrap(), Some(7));
    let (page, count) = world.store.releases().first_page(&none(), ReleaseSort::Name, false, 3).await.unwrap();
    assert_eq!((page.items.len(), count), (3, Some(7)));
}

async fn a_line_shows_its_book_its_group_its_maker_and_its_findings(world: World) {
    let user = world.user("ada").await;
    let group = world.group("GRP", user).await;
    let id = world.release(user, Some(group), listing("Title"), at(0)).await;
    let release = world.store.releases().lookup(id).await.unwrap().unwrap();
    let findings = [Finding::new(FindingCode::new("OPF-030"), Severity::Error)];
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.books().record_inspection(release.book_id, None, &findings, at(1)).await.unwrap();
    transaction.commit().await.unwrap();
    let line = page(&world, &ReleaseFilter::default()).await.items.remove(0);
    assert_eq!((line.file_name.as_str(), line.book_size, line.has_cover), ("本.epub", 1_234, false));
    assert_eq!((line.group_id, line.group_tag.unwrap().as_str()), (Some(group), "GRP"));
    assert_eq!((line.created_by, line.created_by_name.as_str()), (user, "ada ✍️"));
    assert_eq!(line.findings, [(Severity::Error, 1)].into());
    assert_eq!((line.listing, line.version, line.status), (release.listing, 1, Status::Draft));
}

async fn a_cursor_of_another_order_begins_anew(world: World) {
    let user = world.user("ada").await;
    world.release(user, None, listing("a"), at(0)).await;
    world.release(user, None, listing("b"), at(1)).await;
    let filter = ReleaseFilter::default();
    let first = world.store.releases().list(&filter, ReleaseSort::Title, false, None, 1).await.unwrap();
    let cursor = first.next.unwrap();
    assert!(!cursor.fits(ReleaseSort::Updated));
    let anew = world.store.releases().list(&filter, ReleaseSort::Created, false, Some(&cursor), 1).await.unwrap();
    assert_eq!(anew.items[0].listing.title, "a");
    for wrong in ["", "x", "01ARZ3NDEKTSV4RRFFQ69G5FAV", "01ARZ3NDEKTSV4RRFFQ69G5FAV=x", "~a", "=1"] {
        assert!(wrong.parse::<ReleaseCursor>().is_err(), "{wrong}");
    }
}
