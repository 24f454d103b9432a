//! The order in which people expect numbered files: 2 before 10.

use std::cmp::Ordering;

/// Compares two paths: runs of digits by their number, all else by its lower-case letters; equal ones by their bytes,
/// so that the order is the same everywhere.
pub(super) fn compare(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    while let (Some(first), Some(second)) = (left.chars().next(), right.chars().next()) {
        let order = if first.is_ascii_digit() && second.is_ascii_digit() {
            let (a, b) = (digits(&mut left), digits(&mut right));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        } else {
            left = &left[first.len_utf8()..];
            right = &right[second.len_utf8()..];
            first.to_lowercase().cmp(second.to_lowercase())
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    left.len().cmp(&right.len()).then_with(|| one.cmp(other))
}

/// Takes a run of digits, without the zeros before it.
fn digits<'text>(text: &mut &'text str) -> &'text str {
    let end = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (run, rest) = text.split_at(end);
    *text = rest;
    run.trim_start_matches('0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers() {
        let mut names =
            ["p10.jpg", "p2.jpg", "P1.jpg", "p002b.jpg", "cover.jpg", "p99999999999999999999999.jpg", "é1", "p2"];
        names.sort_by(|one, other| compare(one, other));
        let sorted =
            ["cover.jpg", "P1.jpg", "p2", "p2.jpg", "p002b.jpg", "p10.jpg", "p99999999999999999999999.jpg", "é1"];
        assert_eq!(names, sorted);
    }

    #[test]
    fn it_is_a_total_order() {
        let names = ["1", "01", "001", "a1", "A1", "a01", "", "1a", "a"];
        for one in names {
            assert_eq!(compare(one, one), Ordering::Equal);
            for other in names {
                assert_eq!(compare(one, other), compare(other, one).reverse(), "{one} {other}");
                assert_eq!(compare(one, other) == Ordering::Equal, one == other);
            }
        }
    }
}
