//! What all releases come to.

use std::time::Duration;

use crate::house::{House, book};

#[tokio::test]
async fn sums_are_kept_for_half_a_minute_and_one_s_own_are_always_fresh() {
    let (house, admin) = House::new().await;
    let overview = async || house.services.releases().overview(&admin).await.unwrap();
    assert!(overview().await.is_empty);
    house.packed(&admin, &book("First")).await;
    let first = overview().await;
    assert!(!first.is_empty);
    assert_eq!(first.weeks.last().unwrap().1, 1);
    house.packed(&admin, &book("Second")).await;
    house.draft(&admin, &book("Third")).await;
    let kept = overview().await;
    assert_eq!((kept.weeks.last().unwrap().1, kept.book_bytes), (1, first.book_bytes));
    assert_eq!(kept.own(service::Status::Draft), 1);
    house.clock.pass(Duration::from_secs(31));
    assert_eq!(overview().await.weeks.last().unwrap().1, 2);
}
