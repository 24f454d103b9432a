//! Lists, page by page.

use serde::{Deserialize, Serialize};

/// Where a page ended. Opaque: it comes from one page and goes into the query of the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; nothing at the end of the list.
    pub next: Option<Cursor>,
    /// How many items there are in all, where counting them is cheap.
    pub total: Option<Total>,
}

/// How many there are, as far as they were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// More than so many: counting stopped there.
    MoreThan(u64),
}

impl Total {
    /// What was found where counting stops one beyond `most`.
    pub(crate) fn counted_up_to(most: u64, found: u64) -> Self {
        if found > most { Self::MoreThan(most) } else { Self::Exactly(found) }
    }
}

/// Items of a page when nothing is said.
const USUAL: u32 = 50;
/// The most items of a page: more is slow to draw and to send.
const MOST: u32 = 100;

/// The number of items that a query's limit means; 0 means nothing was said.
pub(crate) fn limit(limit: u32) -> u32 {
    if limit == 0 { USUAL } else { limit.min(MOST) }
}

#[cfg(test)]
mod tests {
    use super::Total;

    #[test]
    fn what_was_not_counted_is_not_told_as_a_number() {
        assert_eq!(Total::counted_up_to(3, 3), Total::Exactly(3));
        assert_eq!(Total::counted_up_to(3, 4), Total::MoreThan(3));
    }
}
