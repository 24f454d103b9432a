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
    // The goal is 5 ms in a release build; an unoptimised one on a busy machine must still tell a mistake that grows
    // with the square of the volumes, and nothing less.
    assert!(fastest < Some(Duration::from_millis(500)), "{fastest:?}");
}
