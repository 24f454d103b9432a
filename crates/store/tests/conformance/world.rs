//! What tests begin with: a store, a clock that stands still, and people, books and releases to work on.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use packer::{
    hash::{Crc32, Sha256},
    kind::{Kind, Source},
};
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, Row as _, SqliteConnection};
use store::{
    BookId, DatabaseLocation, GroupId, JobId, ReleaseId, Store, Timestamp, UploadId, UserId,
    books::NewBook,
    groups::Group,
    jobs::{JobKind, NewJob},
    releases::{Listing, NewRelease, Status},
    uploads::NewUpload,
    users::{NewUser, PasswordHash, Role},
};

/// An instant, so many seconds after the tests begin.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp(1_700_000_000_000 + seconds * 1_000)
}

/// A hash that stands for a number.
pub(crate) fn hash(number: u8) -> Sha256 {
    Sha256([number; 32])
}

/// What the catalogue shows of a book with a title.
pub(crate) fn listing(title: &str) -> Listing {
    Listing {
        title: title.to_owned(),
        sort_title: title.to_owned(),
        authors: "Ada Autor".to_owned(),
        language: Some("fr".to_owned()),
        format: None,
        kind: Kind::Book,
        source: Source::Retail,
        year: Some(2024),
        isbn: None,
    }
}

/// A store with a few things to begin with.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) location: DatabaseLocation,
    counter: Arc<AtomicU64>,
}

impl World {
    pub(crate) fn new(store: Store, location: DatabaseLocation) -> Self {
        Self { store, location, counter: Arc::new(AtomicU64::new(1)) }
    }

    /// A number that no other has.
    pub(crate) fn random(&self) -> u128 {
        u128::from(self.counter.fetch_add(1, Ordering::Relaxed))
    }

    pub(crate) async fn user(&self, username: &str) -> UserId {
        self.user_with(username, vec![Role::EDITOR]).await
    }

    pub(crate) async fn user_with(&self, username: &str, roles: Vec<Role>) -> UserId {
        let id = UserId::new(at(0), self.random());
        let user = NewUser {
            id,
            username: username.to_owned(),
            display_name: format!("{username} ✍️"),
            email: None,
            password_hash: PasswordHash("$argon2id$…".to_owned()),
            locale: None,
            roles,
        };
        let mut transaction = self.store.begin_write().await.unwrap();
        transaction.users().add(&user, at(0)).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    pub(crate) async fn group(&self, tag: &str, user: UserId) -> GroupId {
        let id = GroupId::new(at(0), self.random());
        let group = Group { id, tag: tag.parse().unwrap(), created_by: user, created_at: at(0), quota_bytes: None };
        let mut transaction = self.store.begin_write().await.unwrap();
        transaction.groups().add(&group).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    pub(crate) async fn book(&self, user: UserId, sha256: Sha256) -> BookId {
        let id = BookId::new(at(0), self.random());
        let book = NewBook { id, sha256, crc32: Crc32(7), size: 1_234, file_name: "本.epub".into(), created_by: user };
        let mut transaction = self.store.begin_write().await.unwrap();
        transaction.books().add(&book, at(0)).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    pub(crate) async fn release(
        &self,
        user: UserId,
        group: Option<GroupId>,
        listing: Listing,
        now: Timestamp,
    ) -> ReleaseId {
        let book_id = self.book(user, hash(1)).await;
        let id = ReleaseId::new(now, self.random());
        let release = NewRelease {
            id,
            book_id,
            group_id: group,
            profile: "scene-ebook".to_owned(),
            release_date: "2024-05-06".parse().unwrap(),
            status: Status::Draft,
            listing,
            created_by: user,
        };
        let mut transaction = self.store.begin_write().await.unwrap();
        transaction.releases().add(&release, now).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    pub(crate) async fn upload(&self, user: UserId, size: u64) -> UploadId {
        let id = UploadId::new(at(0), self.random());
        let upload = NewUpload {
            id,
            user_id: user,
            file_name: "本.epub".to_owned(),
            size,
            group_id: None,
            fingerprint: Some("tus-1".to_owned()),
            expires_at: at(86_400),
        };
        let mut transaction = self.store.begin_write().await.unwrap();
        transaction.uploads().add(&upload, at(0)).await.unwrap();
        transaction.commit().await.unwrap();
        id
    }

    /// A job for nothing in particular.
    pub(crate) fn new_job(&self, run_after: Timestamp) -> NewJob {
        NewJob {
            id: JobId::new(at(0), self.random()),
            kind: JobKind::Inspect,
            release_id: None,
            package_id: None,
            group_id: None,
            run_after,
            created_by: None,
            request_id: None,
        }
    }

    pub(crate) async fn job(&self, run_after: Timestamp) -> JobId {
        let job = self.new_job(run_after);
        let mut transaction = self.store.begin_write().await.unwrap();
        transaction.jobs().enqueue(&job, at(0)).await.unwrap();
        transaction.commit().await.unwrap();
        job.id
    }

    /// Says something to the engine past the store, as a stranger would.
    pub(crate) async fn execute(&self, text: &str) {
        let text = AssertSqlSafe(text.to_owned());
        match &self.location {
            DatabaseLocation::Sqlite { file } => {
                let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
                sqlx::raw_sql(text).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            DatabaseLocation::MySql { primary, .. } => {
                let mut connection = MySqlConnection::connect_with(primary).await.unwrap();
                sqlx::raw_sql(text).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
        }
    }

    /// Asks the engine past the store for the first column of a result.
    pub(crate) async fn texts(&self, text: &str) -> Vec<String> {
        let text = AssertSqlSafe(text.to_owned());
        match &self.location {
            DatabaseLocation::Sqlite { file } => {
                let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
                let rows = sqlx::query(text).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            DatabaseLocation::MySql { primary, .. } => {
                let mut connection = MySqlConnection::connect_with(primary).await.unwrap();
                let rows = sqlx::query(text).fetch_all(&mut connection).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }
}
