//! What the address says of the list: a plain value, read from the query and written back to it.

use leptos_router::params::ParamsMap;
use packer::{format::Format, kind::Kind};
use service::{Cursor, GroupId, ReleaseQuery, Sort, Status};

use crate::model::paths;

/// Characters of a search, a language or a rights basis that are read.
const LONGEST: usize = 200;

/// The query of the list. A value that nobody knows is left out: an old bookmark still shows a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub(super) search: String,
    pub(super) standing: Option<Standing>,
    pub(super) group: Option<GroupId>,
    pub(super) kind: Option<Kind>,
    pub(super) format: Option<Format>,
    pub(super) language: String,
    pub(super) year: Option<u16>,
    pub(super) rights: String,
    pub(super) mine: bool,
    pub(super) sort: Order,
    /// The other direction than the one that goes with the order.
    pub(super) turned: bool,
    pub(super) look: Look,
    pub(super) compact: bool,
    pub(super) length: Length,
    pub(super) after: Option<String>,
}

/// What is chosen among the statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A status.
    Is(Status),
    /// The package is not offered, whatever the status.
    Withdrawn,
}

impl Standing {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        Status::ALL.iter().map(|status| Self::Is(*status)).chain([Self::Withdrawn])
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Is(status) => status.word(),
            Self::Withdrawn => "withdrawn",
        }
    }

    fn status(self) -> Option<Status> {
        match self {
            Self::Is(status) => Some(status),
            Self::Withdrawn => None,
        }
    }
}

/// How the list is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Look {
    /// A row a book, with its cover.
    #[default]
    List,
    /// What is known of each, side by side.
    Table,
    /// The covers alone.
    Covers,
}

impl Look {
    pub(super) const ALL: [Self; 3] = [Self::List, Self::Table, Self::Covers];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Table => "table",
            Self::Covers => "covers",
        }
    }
}

/// How many releases stand on a page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Length {
    /// About three screens.
    #[default]
    Short,
    /// As many as can be chosen at once.
    Long,
}

impl Length {
    /// What stands in the address for the long one.
    pub(super) const LONG: &str = "long";

    fn releases(self) -> u32 {
        match self {
            Self::Short => 40,
            Self::Long => 100,
        }
    }

    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Short => Self::Long,
            Self::Long => Self::Short,
        }
    }
}

/// The order, with the direction that goes with it: the newest first, texts from A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order(Sort);

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

/// The word for a direction.
pub(super) fn direction(is_descending: bool) -> &'static str {
    if is_descending { "desc" } else { "asc" }
}

impl Filter {
    pub(super) fn from_query(query: &ParamsMap) -> Self {
        let text = |name: &str| query.get_str(name).map(str::trim).filter(|text| !text.is_empty());
        let sort: Order = text("sort").and_then(|word| word.parse().ok()).map(Order).unwrap_or_default();
        let clipped = |name: &str| text(name).unwrap_or_default().chars().take(LONGEST).collect::<String>();
        let look = text("view").and_then(|word| Look::ALL.into_iter().find(|look| look.word() == word));
        Self {
            search: clipped("q"),
            standing: text("status").and_then(|word| Standing::all().find(|standing| standing.word() == word)),
            group: text("group").and_then(|id| id.parse().ok()),
            kind: text("kind").and_then(|word| word.parse().ok()),
            format: text("format").and_then(|word| Format::ALL.into_iter().find(|format| format.word() == word)),
            language: clipped("language"),
            year: text("year").and_then(|year| year.parse().ok()),
            rights: clipped("rights"),
            mine: text("mine").is_some(),
            sort,
            turned: text("dir").is_some_and(|word| word == direction(!sort.is_descending())),
            look: look.unwrap_or_default(),
            compact: text("density").is_some_and(|word| word == "compact"),
            length: if text("page") == Some(Length::LONG) { Length::Long } else { Length::Short },
            after: text("after").map(str::to_owned),
        }
    }

    /// How many filters of the folded part are set.
    pub(super) fn further(&self) -> usize {
        let set = [
            self.group.is_some(),
            self.kind.is_some(),
            self.format.is_some(),
            !self.language.is_empty(),
            self.year.is_some(),
            !self.rights.is_empty(),
        ];
        set.into_iter().filter(|set| *set).count()
    }

    fn status(&self) -> Option<Status> {
        self.standing.and_then(Standing::status)
    }

    fn is_of_withdrawn(&self) -> bool {
        self.standing == Some(Standing::Withdrawn)
    }

    /// True when some releases may be left out.
    pub(super) fn is_narrow(&self) -> bool {
        !self.search.is_empty() || self.standing.is_some() || self.mine || self.further() > 0
    }

    pub(super) fn to_release_query(&self) -> ReleaseQuery {
        let some = |text: &String| (!text.is_empty()).then(|| text.clone());
        ReleaseQuery {
            ids: Vec::new(),
            search: some(&self.search),
            status: self.status().into_iter().collect(),
            group: self.group,
            kind: self.kind,
            format: self.format,
            language: some(&self.language),
            year: self.year,
            rights: some(&self.rights),
            mine: self.mine,
            withdrawn: self.is_of_withdrawn(),
            sort: self.sort.0,
            descending: self.is_descending(),
            after: self.after.clone().map(Cursor),
            limit: self.length.releases(),
        }
    }

    /// The address of the same list, after a place in it or from its beginning.
    pub(super) fn address(&self, after: Option<&str>) -> String {
        let mut query = self.narrowing("q", self.standing.map(Standing::word));
        let mut put = |name: &'static str, value: &str| query.insert(name, value.to_owned());
        if self.mine {
            put("mine", "1");
        }
        if self.sort != Order::default() {
            put("sort", self.sort.word());
        }
        if self.turned {
            put("dir", direction(self.is_descending()));
        }
        if self.look != Look::default() {
            put("view", self.look.word());
        }
        if self.compact {
            put("density", "compact");
        }
        if self.length == Length::Long {
            put("page", Length::LONG);
        }
        if let Some(after) = after {
            put("after", after);
        }
        format!("{}{}", paths::RELEASES, query.to_query_string())
    }

    /// True from the last to the first.
    pub(super) fn is_descending(&self) -> bool {
        self.sort.is_descending() != self.turned
    }

    /// True when the list stands in this order, whatever the direction.
    pub(super) fn is_in(&self, sort: Sort) -> bool {
        self.sort == Order(sort)
    }

    /// The address of the same list in an order; in the other direction, where it stands in that order already.
    pub(super) fn ordered(&self, sort: Sort) -> String {
        let turned = self.is_in(sort) && !self.turned;
        Self { sort: Order(sort), turned, ..self.clone() }.address(None)
    }

    /// The address of the same list as a table for other programs, as the API has it.
    pub(super) fn export_address(&self) -> String {
        let mut query = self.narrowing("search", self.status().map(Status::word));
        if self.is_of_withdrawn() {
            query.insert("withdrawn", "true".to_owned());
        }
        if self.mine {
            query.insert("mine", "true".to_owned());
        }
        query.insert("sort", self.sort.word().to_owned());
        if !self.is_descending() {
            query.insert("ascending", "true".to_owned());
        }
        format!("{}{}", paths::RELEASES_CSV, query.to_query_string())
    }

    /// What leaves releases out, with the name that the search has there, and what stands for the status.
    fn narrowing(&self, search: &'static str, status: Option<&str>) -> ParamsMap {
        let mut query = ParamsMap::new();
        let parts = [
            (search, Some(self.search.clone()).filter(|text| !text.is_empty())),
            ("status", status.map(str::to_owned)),
            ("group", self.group.map(|group| group.to_string())),
            ("kind", self.kind.map(|kind| kind.word().to_owned())),
            ("format", self.format.map(|format| format.word().to_owned())),
            ("language", Some(self.language.clone()).filter(|text| !text.is_empty())),
            ("year", self.year.map(|year| year.to_string())),
            ("rights", Some(self.rights.clone()).filter(|text| !text.is_empty())),
        ];
        for (name, value) in parts {
            if let Some(value) = value {
                query.insert(name, value);
            }
        }
        query
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
        let pairs = [
            ("q", " war & peace "),
            ("status", "packed"),
            ("kind", "comic"),
            ("format", "cbz"),
            ("language", "fr"),
            ("year", "2014"),
            ("rights", "CC0-1.0"),
            ("mine", "1"),
            ("sort", "title"),
            ("view", "table"),
            ("density", "compact"),
            ("page", "long"),
        ];
        let filter = Filter::from_query(&query(&pairs));
        assert_eq!(filter.search, "war & peace");
        assert_eq!(filter.further(), 5);
        let address = filter.address(Some("x/y"));
        assert!(address.starts_with("/releases?"), "{address}");
        assert!(!address.contains("& "), "{address}");
        for (name, _) in pairs {
            assert!(address.contains(&format!("{name}=")), "{name}: {address}");
        }
        assert!(!filter.to_release_query().descending);
        assert_eq!((filter.to_release_query().limit, Filter::default().to_release_query().limit), (100, 40));
        let export = filter.export_address();
        assert!(
            export.contains("search=") && export.contains("ascending=true") && !export.contains("view="),
            "{export}"
        );
    }

    #[test]
    fn the_withdrawn_ones_are_asked_for_like_a_status_and_exported_alone() {
        let filter = Filter::from_query(&query(&[("status", "withdrawn")]));
        assert!(filter.is_narrow() && filter.status().is_none() && filter.to_release_query().withdrawn);
        assert_eq!(filter.address(None), "/releases?status=withdrawn");
        let export = filter.export_address();
        assert!(export.contains("withdrawn=true") && !export.contains("status="), "{export}");
        let packed = Filter::from_query(&query(&[("status", "packed")]));
        assert!(!packed.to_release_query().withdrawn && packed.export_address().contains("status=packed"));
    }

    #[test]
    fn a_direction_stands_in_the_address_where_it_is_not_the_usual_one() {
        let title = Filter::from_query(&query(&[("sort", "title"), ("dir", "asc")]));
        assert_eq!(title.address(None), "/releases?sort=title");
        assert_eq!(title.ordered(Sort::Title), "/releases?sort=title&dir=desc");
        let back = Filter::from_query(&query(&[("sort", "title"), ("dir", "desc")]));
        assert!(back.to_release_query().descending);
        assert_eq!(back.ordered(Sort::Title), "/releases?sort=title");
        assert_eq!(back.ordered(Sort::Updated), "/releases");
        let oldest = Filter::from_query(&query(&[("dir", "asc")]));
        assert!(!oldest.to_release_query().descending && oldest.export_address().contains("ascending=true"));
    }

    #[test]
    fn what_nobody_knows_is_left_out() {
        let filter = Filter::from_query(&query(&[
            ("status", "eaten"),
            ("group", "x"),
            ("sort", "colour"),
            ("dir", "sideways"),
            ("q", "  "),
            ("year", "soon"),
            ("kind", "cat"),
            ("format", "docx"),
            ("view", "sphere"),
            ("density", "much"),
        ]));
        assert_eq!(filter, Filter::default());
        assert!(!filter.is_narrow());
        assert_eq!(filter.address(None), "/releases");
    }
}
