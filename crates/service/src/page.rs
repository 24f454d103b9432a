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
    pub total: Option<u64>,
}

/// Items of a page when nothing is said.
const USUAL: u32 = 50;
/// The most items of a page: more is slow to draw and to send.
const MOST: u32 = 100;

/// The number of items that a query's limit means; 0 means nothing was said.
pub(crate) fn limit(limit: u32) -> u32 {
    if limit == 0 { USUAL } else { limit.min(MOST) }
}
