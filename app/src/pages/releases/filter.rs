//! What the address says of the list: a plain value, read from the query and written back to it.

use leptos_router::params::ParamsMap;
use service::{Cursor, GroupId, ReleaseQuery, Sort, Status};

use crate::model::paths;

/// Releases on one page: about three screens, and one query.
const PAGE: u32 = 40;

/// The query of the list. A value that nobody knows is left out: an old bookmark still shows a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) search: String,
    pub(super) status: Option<Status>,
    pub(super) group: Option<GroupId>,
    pub(super) mine: bool,
    pub(super) sort: Order,
    pub(super) after: Option<String>,
}

/// The order, with the direction that goes with it: the newest first, texts from A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Order(Sort);

impl Default for Order {
    fn default() -> Self {
        Self(Sort::Updated)
    }
}

impl Order {
    pub(super) fn word(self) -> &'static str {
        self.0.word()
    }

    fn is_descending(self) -> bool {
        matches!(self.0, Sort::Updated | Sort::Created)
    }
}

impl Filter {
    pub(super) fn from_query(query: &ParamsMap) -> Self {
        let text = |name: &str| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        Self {
            search: text("q").unwrap_or_default().chars().take(200).collect(),
            status: text("status").and_then(|word| word.parse().ok()),
            group: text("group").and_then(|id| id.parse().ok()),
            mine: text("mine").is_some(),
            sort: text("sort").and_then(|word| word.parse().ok()).map(Order).unwrap_or_default(),
            after: text("after").map(str::to_owned),
        }
    }

    /// True when some releases may be left out.
    pub(super) fn is_narrow(&self) -> bool {
        !self.search.is_empty() || self.status.is_some() || self.group.is_some() || self.mine
    }

    pub(super) fn to_release_query(&self) -> ReleaseQuery {
        ReleaseQuery {
            search: (!self.search.is_empty()).then(|| self.search.clone()),
            status: self.status.into_iter().collect(),
            group: self.group,
            mine: self.mine,
            sort: self.sort.0,
            descending: self.sort.is_descending(),
            after: self.after.clone().map(Cursor),
            limit: PAGE,
            ..ReleaseQuery::default()
        }
    }

    /// The address of the same list, after a place in it or from its beginning.
    pub(super) fn address(&self, after: Option<&str>) -> String {
        let mut query = ParamsMap::new();
        if !self.search.is_empty() {
            query.insert("q", self.search.clone());
        }
        if let Some(status) = self.status {
            query.insert("status", status.word().to_owned());
        }
        if let Some(group) = self.group {
            query.insert("group", group.to_string());
        }
        if self.mine {
            query.insert("mine", "1".to_owned());
        }
        if self.sort != Order::default() {
            query.insert("sort", self.sort.word().to_owned());
        }
        if let Some(after) = after {
            query.insert("after", after.to_owned());
        }
        format!("{}{}", paths::RELEASES, query.to_query_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&'static str, &str)]) -> ParamsMap {
        let mut query = ParamsMap::new();
        for (name, value) in pairs {
            query.insert(*name, (*value).to_owned());
        }
        query
    }

    #[test]
    fn an_address_gives_the_filter_that_made_it() {
        let filter = Filter::from_query(&query(&[
            ("q", " war & peace "),
            ("status", "packed"),
            ("mine", "1"),
            ("sort", "title"),
        ]));
        assert_eq!(filter.search, "war & peace");
        let address = filter.address(Some("x/y"));
        assert!(address.starts_with("/releases?"), "{address}");
        assert!(!address.contains("& "), "{address}");
        assert!(!filter.to_release_query().descending);
    }

    #[test]
    fn what_nobody_knows_is_left_out() {
        let filter =
            Filter::from_query(&query(&[("status", "eaten"), ("group", "x"), ("sort", "colour"), ("q", "  ")]));
        assert_eq!(filter, Filter::default());
        assert!(!filter.is_narrow());
        assert_eq!(filter.address(None), "/releases");
    }
}
