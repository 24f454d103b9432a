//! How an engine would read the catalogue, for tests of the indexes.

use super::{
    Releases,
    catalogue::{ReleaseFilter, ReleaseSort, counting, page, tests},
    cursor::ReleaseCursor,
    route::{self, Route},
};
use crate::{
    Store, StoreError,
    connection::Reads as _,
    row::{CellError, Record, Row},
    statement::Statement,
};

/// A step of a plan.
struct Step(String);

impl Record for Step {
    const TABLE: &'static str = "plan";

    fn read(row: &Row) -> Result<Self, CellError> {
        // SQLite says it in a sentence, MySQL in columns: those are kept that do not change with every count of rows.
        if let Ok(detail) = row.get("detail") {
            return Ok(Self(detail));
        }
        let column = |name| row.optional::<String>(name).map(|text| text.unwrap_or_else(|| "-".to_owned()));
        let extra = column("Extra")?;
        let kept = extra.split("; ").filter(|part| KEPT.contains(part)).map(|part| format!("; {part}"));
        let kept: String = kept.collect();
        Ok(Self(format!("{} {} {}{kept}", column("table")?, column("type")?, column("key")?)))
    }
}

/// Of what MySQL says besides: what costs memory. Whether an index has all it sees otherwise each time, for the same index.
const KEPT: [&str; 2] = ["Using temporary", "Using filesort"];

impl Releases<&Store> {
    /// How the engine would read a page, a line for each step, as it is or as if many fulfilled each part of the filter.
    #[doc(hidden)]
    pub async fn explain_list(
        mut self,
        filter: &ReleaseFilter,
        sort: ReleaseSort,
        descending: bool,
        after: Option<&ReleaseCursor>,
        many: bool,
    ) -> Result<Vec<String>, StoreError> {
        let tests = tests(filter);
        let route = match route::choose(&mut self.0, &tests, sort == ReleaseSort::Updated).await? {
            Route::Through(..) if many => Route::Along,
            Route::Ordered(_) if many && tests.len() > 1 => Route::Along,
            route => route,
        };
        self.explain(page(&tests, route, (sort, descending), after, 50)).await
    }

    /// How the engine would count: a line for each step of each statement, first of those that decide how to read, whether
    /// it comes to them or not.
    #[doc(hidden)]
    pub async fn explain_count(mut self, filter: &ReleaseFilter) -> Result<Vec<String>, StoreError> {
        let tests = tests(filter);
        let route = route::choose(&mut self.0, &tests, false).await?;
        let probing = tests.iter().filter(|test| !test.is_collected).map(|test| route::probing(test, route::FEW));
        let deciding = probing.chain(tests.iter().map(|test| route::counting_up_to(test, route::FEW)));
        let mut plan = Vec::new();
        for statement in deciding.chain(counting(&tests, route)) {
            plan.extend(self.explain(statement).await?);
        }
        Ok(plan)
    }

    async fn explain(&mut self, statement: Statement) -> Result<Vec<String>, StoreError> {
        let rows = self.0.rows(statement.explained(self.0.engine())).await?;
        let steps = rows.iter().map(Step::from_row);
        steps.map(|step| step.map(|step| step.0)).collect()
    }
}
