//! Releases whose package is no longer offered.

use store::{
    releases::{ReleaseFilter, ReleaseSort, Status},
    withdrawals::NewWithdrawal,
};

use crate::{
    database::on_both_engines,
    world::{World, at, listing},
};

on_both_engines! {
    a_release_is_withdrawn_once_and_offered_again,
}

async fn a_release_is_withdrawn_once_and_offered_again(world: World) {
    let ada = world.user("ada").await;
    let id = world.release(ada, None, listing("A"), at(0)).await;
    let new = NewWithdrawal { release_id: id, reason: "Page 12 fehlt ✍️", withdrawn_by: ada, withdrawn_at: at(5) };
    let listed = async || {
        let page = world.store.releases().list(&ReleaseFilter::default(), ReleaseSort::Updated, true, None, 10).await;
        page.unwrap().items[0].withdrawn_at
    };
    assert_eq!(world.store.withdrawals().of_release(id).await.unwrap(), None);
    assert_eq!(listed().await, None);
    let mut transaction = world.store.begin_write().await.unwrap();
    transaction.withdrawals().add(&new).await.unwrap();
    assert!(transaction.withdrawals().add(&new).await.unwrap_err().conflict().is_some());
    transaction.commit().await.unwrap();
    let found = world.store.withdrawals().of_release(id).await.unwrap().unwrap();
    assert_eq!((found.reason.as_str(), found.withdrawn_by, found.withdrawn_at), (new.reason, ada, at(5)));
    assert_eq!(found.withdrawn_by_name, "ada ✍️");
    assert_eq!(listed().await, Some(at(5)));
    world.release(ada, None, listing("Offered"), at(1)).await;
    let withdrawn = ReleaseFilter { withdrawn: true, ..ReleaseFilter::default() };
    for sort in [ReleaseSort::Updated, ReleaseSort::Title] {
        let (page, total) = world.store.releases().first_page(&withdrawn, sort, true, 10).await.unwrap();
        assert_eq!((page.items.iter().map(|item| item.id).collect::<Vec<_>>(), total), (vec![id], Some(1)), "{sort}");
    }
    let drafts = ReleaseFilter { status: vec![Status::Draft], ..withdrawn.clone() };
    assert_eq!(world.store.releases().count(&drafts).await.unwrap(), Some(1));
    let packed = ReleaseFilter { status: vec![Status::Packed], ..withdrawn };
    assert_eq!(world.store.releases().count(&packed).await.unwrap(), Some(0));
    let mut transaction = world.store.begin_write().await.unwrap();
    assert!(transaction.withdrawals().remove(id).await.unwrap());
    assert!(!transaction.withdrawals().remove(id).await.unwrap());
    transaction.withdrawals().add(&new).await.unwrap();
    assert!(transaction.releases().delete(id).await.unwrap());
    transaction.commit().await.unwrap();
    assert_eq!(world.store.withdrawals().of_release(id).await.unwrap(), None);
}
