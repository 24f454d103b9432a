//! A plan is made for every key that is pressed.

use std::time::{Duration, Instant};

use crate::desk::Desk;

#[test]
fn a_plan_of_99_volumes_is_there_before_the_next_key() {
    let desk = Desk { book_size: 494_000_000, ..Desk::new() };
    assert_eq!(desk.plan().unwrap().volumes, Some(99));
    let fastest = (0..5)
        .map(|_| {
            let start = Instant::now();
            desk.plan().unwrap();
            start.elapsed()
        })
        .min();
    // An unoptimised build on a busy machine takes ten times what a release takes, which is to stay below 5 ms.
    assert!(fastest < Some(Duration::from_millis(50)), "{fastest:?}");
}
