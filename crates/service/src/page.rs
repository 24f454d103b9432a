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
