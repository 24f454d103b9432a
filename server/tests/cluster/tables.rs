//! What the database says, asked past the nodes.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection};

use crate::{
    cluster::{Cluster, until_within},
    person::LONGEST_JOB,
};

pub(crate) struct Tables(MySqlConnection);

impl Tables {
    pub(crate) async fn of(cluster: &Cluster) -> Self {
        Self(MySqlConnection::connect(cluster.database()).await.unwrap())
    }

    pub(crate) async fn change(&mut self, statement: &str) {
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut self.0).await.unwrap();
    }

    /// The one number of a result.
    pub(crate) async fn number(&mut self, question: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(question.to_owned())).fetch_one(&mut self.0).await.unwrap()
    }

    /// The two columns of a result: what belongs to each of the first.
    pub(crate) async fn lists(&mut self, question: &str) -> BTreeMap<String, Vec<String>> {
        let rows = sqlx::query_as::<_, (String, String)>(AssertSqlSafe(question.to_owned()));
        let mut lists: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in rows.fetch_all(&mut self.0).await.unwrap() {
            lists.entry(key).or_default().push(value);
        }
        lists
    }

    /// The releases of each file whose name begins so.
    pub(crate) async fn releases_of_files(&mut self, beginning: &str) -> BTreeMap<String, Vec<String>> {
        let question = format!(
            "SELECT b.file_name, r.id FROM releases r JOIN books b ON b.id = r.book_id \
             WHERE b.file_name LIKE '{beginning}%'"
        );
        self.lists(&question).await
    }

    /// Waits until no job is left to do.
    pub(crate) async fn until_idle(&mut self) {
        const UNFINISHED: &str = "SELECT COUNT(*) FROM jobs WHERE state IN ('queued', 'running')";
        let idle = until_within(LONGEST_JOB, async || (self.number(UNFINISHED).await == 0).then_some(()));
        assert!(idle.await.is_some(), "jobs do not end");
    }
}
