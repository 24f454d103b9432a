//! A house to test in.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures::TryStreamExt;
use packer::{builder::Book, metadata::Field};
use service::{
    Actor, AuditAction, AuditQuery, BlobLocation, Blobs, ByteStream, Cache, Capacity, Client, Clock, DatabaseLocation,
    Edit, ExposeSecret, FieldChange, Group, JobId, JobState, NewAdministrator, NewUpload, NewUser, PackageId, Release,
    ReleaseId, Resource, RightsInput, Role, Services, Settings, SignedIn, Status, Store, SystemClock, Timestamp,
    Worker,
};
use sqlx::{AssertSqlSafe, Connection as _, MySqlConnection, SqliteConnection};
use tempfile::TempDir;

pub(crate) const PASSWORD: &str = "a good long password";

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(crate) struct Hands(AtomicI64);

impl Hands {
    pub(crate) fn pass(&self, time: Duration) {
        self.0.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for Hands {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

pub(crate) struct House {
    pub(crate) services: Services,
    database: DatabaseLocation,
    pub(crate) store: Store,
    pub(crate) clock: Arc<Hands>,
    pub(crate) folder: TempDir,
}

impl House {
    /// A house without anybody.
    pub(crate) async fn empty() -> Self {
        let folder = TempDir::new().unwrap();
        let database = database(folder.path()).await;
        let store = Store::open(&database).await.unwrap();
        store.migrate().await.unwrap();
        // The blobs' own times are the machine's, so the clock begins there.
        let clock = Arc::new(Hands(AtomicI64::new(SystemClock.now_ms())));
        let services = services(&store, folder.path(), &clock, &[]);
        Self { services, database, store, clock, folder }
    }

    /// A house with an administrator and the group `GRP`.
    pub(crate) async fn new() -> (Self, Actor) {
        let house = Self::empty().await;
        let admin = house.set_up().await.actor;
        (house, admin)
    }

    pub(crate) async fn set_up(&self) -> SignedIn {
        let link = self.services.accounts().issue_setup_link().await.unwrap();
        let new = NewAdministrator {
            username: "Ada".to_owned(),
            password: PASSWORD.into(),
            display_name: "Ada L.".to_owned(),
            group_tag: "GRP".to_owned(),
        };
        self.services.accounts().set_up(link.token.expose_secret(), new, &client()).await.unwrap()
    }

    /// The same house with other settings, as after a restart.
    pub(crate) fn with(&self, change: &[(&str, u64)]) -> Services {
        services(&self.store, self.folder.path(), &self.clock, change)
    }

    /// The same house with other settings and another cache.
    pub(crate) fn with_cache(&self, change: &[(&str, u64)], cache: Cache) -> Services {
        services_with(&self.store, self.folder.path(), &self.clock, change, cache)
    }

    pub(crate) async fn editor(&self, admin: &Actor) -> Actor {
        let accounts = self.services.accounts();
        let new = NewUser {
            username: "Ed".to_owned(),
            display_name: "Ed".to_owned(),
            password: PASSWORD.into(),
            email: String::new(),
            role: Role::EDITOR,
            groups: vec![self.group(admin).await.id],
        };
        accounts.create_user(admin, new).await.unwrap();
        accounts.sign_in("Ed", &PASSWORD.into(), &client()).await.unwrap().actor
    }

    /// Somebody with one role, in no group.
    pub(crate) async fn person(&self, admin: &Actor, username: &str, role: Role) -> Actor {
        let accounts = self.services.accounts();
        let new = NewUser {
            username: username.to_owned(),
            display_name: username.to_owned(),
            password: PASSWORD.into(),
            email: String::new(),
            role,
            groups: Vec::new(),
        };
        accounts.create_user(admin, new).await.unwrap();
        accounts.sign_in(username, &PASSWORD.into(), &client()).await.unwrap().actor
    }

    /// What the audit log says was done to what, the newest first.
    pub(crate) async fn audited(&self, admin: &Actor) -> Vec<(AuditAction, Resource)> {
        let page = self.services.audit().list(admin, &AuditQuery::default()).await.unwrap();
        page.items.into_iter().map(|entry| (entry.action, entry.resource)).collect()
    }

    pub(crate) async fn group(&self, actor: &Actor) -> Group {
        self.services.groups().list(actor).await.unwrap().remove(0)
    }

    /// Uploads a file in parts of a mebibyte.
    pub(crate) async fn upload(&self, actor: &Actor, file_name: &str, bytes: &[u8]) -> ReleaseId {
        let uploads = self.services.uploads();
        let group = Some(self.group(actor).await.id);
        let new = NewUpload { file_name: file_name.to_owned(), size: bytes.len() as u64, group, fingerprint: None };
        let upload = uploads.begin(actor, new).await.unwrap();
        let mut offset = 0;
        for part in bytes.chunks(1 << 20) {
            offset = uploads.append(actor, upload.id, offset, Bytes::copy_from_slice(part)).await.unwrap();
        }
        uploads.complete(actor, upload.id).await.unwrap()
    }

    /// A book that was uploaded, read, and given a rights basis.
    pub(crate) async fn draft(&self, actor: &Actor, bytes: &[u8]) -> Release {
        let id = self.upload(actor, "book.epub", bytes).await;
        self.work_off().await;
        self.give_rights(actor, id).await
    }

    pub(crate) async fn give_rights(&self, actor: &Actor, id: ReleaseId) -> Release {
        let rights = Some(RightsInput { basis: "CC-BY-4.0".to_owned(), note: None });
        self.services.releases().edit(actor, id, Edit { rights, ..Edit::default() }).await.unwrap()
    }

    /// A release that is packed.
    pub(crate) async fn packed(&self, actor: &Actor, bytes: &[u8]) -> (Release, PackageId) {
        let draft = self.draft(actor, bytes).await;
        self.services.releases().pack(actor, draft.summary.id).await.unwrap();
        self.work_off().await;
        let release = self.lookup(actor, draft.summary.id).await;
        assert_eq!(release.summary.status, Status::Packed, "{:?}", release.jobs);
        let package = release.packages[0].id;
        (release, package)
    }

    /// A release whose worker has refused its book, and died before it had removed the bytes and ended the job.
    pub(crate) async fn refused_by_a_dying_worker(&self, actor: &Actor, bytes: &[u8]) -> (ReleaseId, JobId) {
        let id = self.upload(actor, "book.epub", bytes).await;
        let now = Timestamp(self.clock.now_ms());
        let held = self.store.jobs().claim(now, "dying", now.after(Duration::from_secs(30))).await.unwrap();
        let job = held.unwrap().0.id;
        let mut transaction = self.store.begin_write().await.unwrap();
        let release = transaction.releases().hold(id).await.unwrap().unwrap();
        let releases = transaction.releases();
        let (status, refusal) = (Status::Refused, Some("protected"));
        releases.record_inspected(id, release.version, status, refusal, &release.listing, now).await.unwrap();
        transaction.commit().await.unwrap();
        (id, job)
    }

    pub(crate) async fn lookup(&self, actor: &Actor, id: ReleaseId) -> Release {
        self.services.releases().lookup(actor, id).await.unwrap()
    }

    pub(crate) async fn work_off(&self) -> u64 {
        Worker::new(self.services.clone()).work_off().await.unwrap()
    }

    pub(crate) async fn job_state(&self, actor: &Actor, id: JobId) -> JobState {
        self.services.jobs().lookup(actor, id).await.unwrap().state
    }

    /// Every file below the folder of blobs, by path.
    pub(crate) fn blobs(&self) -> BTreeSet<String> {
        files_below(&self.folder.path().join("blobs"))
    }

    /// Every file below the staging folder.
    pub(crate) fn staged(&self) -> BTreeSet<String> {
        files_below(&self.folder.path().join("staging"))
    }

    /// From now on the database takes no entry of the audit log that says this was done.
    pub(crate) async fn refuse_entries_of(&self, action: AuditAction) {
        self.refuse("INSERT ON audit_entries", &format!("NEW.action = '{}'", action.word())).await;
    }

    /// From now on the database takes no part of an upload.
    pub(crate) async fn refuse_parts(&self) {
        self.refuse("INSERT ON upload_parts", "NEW.length > 0").await;
    }

    async fn refuse(&self, what: &str, when: &str) {
        match &self.database {
            DatabaseLocation::Sqlite { file } => {
                let refuse = format!(
                    "CREATE TRIGGER refuse BEFORE {what} WHEN {when} BEGIN SELECT RAISE(ABORT, 'refused'); END"
                );
                let mut connection = SqliteConnection::connect(&format!("sqlite:{}", file.display())).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(refuse)).execute(&mut connection).await.unwrap();
            }
            DatabaseLocation::MySql { primary, .. } => {
                let refuse = format!(
                    "CREATE TRIGGER refuse BEFORE {what} FOR EACH ROW IF {when} THEN SIGNAL SQLSTATE '45000'; END IF"
                );
                let mut connection = MySqlConnection::connect_with(primary).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(refuse)).execute(&mut connection).await.unwrap();
            }
        }
    }

    /// The file of a blob.
    pub(crate) fn blob(&self, sha256: &packer::hash::Sha256) -> PathBuf {
        self.folder.path().join("blobs").join(Blobs::key(sha256))
    }
}

/// A database of its own: a file, or with `TEST_BACKING=mysql` one on the server that `cargo xtask test` has started. It
/// stays there as long as the server.
async fn database(folder: &Path) -> DatabaseLocation {
    if std::env::var("TEST_BACKING").is_ok_and(|backing| backing == "mysql") {
        let server = std::env::var("TEST_MYSQL_URL").expect("run `cargo xtask test`, or set TEST_MYSQL_URL");
        let name = format!("service_test_{:032x}", rand::random::<u128>());
        let mut connection = MySqlConnection::connect(&server).await.unwrap();
        let create = format!("CREATE DATABASE {name} CHARACTER SET latin1");
        sqlx::raw_sql(AssertSqlSafe(create)).execute(&mut connection).await.unwrap();
        return format!("{server}{name}").parse().unwrap();
    }
    DatabaseLocation::Sqlite { file: folder.join("house.db") }
}

fn services(store: &Store, folder: &Path, clock: &Arc<Hands>, change: &[(&str, u64)]) -> Services {
    let time: Arc<dyn Clock> = Arc::<Hands>::clone(clock);
    services_with(store, folder, clock, change, Cache::in_process(Capacity::default(), time))
}

fn services_with(store: &Store, folder: &Path, clock: &Arc<Hands>, change: &[(&str, u64)], cache: Cache) -> Services {
    let secret = "a secret that is long enough to be one".into();
    let mut settings = Settings::new(secret, folder.join("staging"), "0.1.0-test");
    settings.workers = 1;
    settings.secrets_key = Some("a key of the house".into());
    for (name, value) in change {
        match *name {
            "sends_mail" => settings.sends_mail = *value == 1,
            "upload_max_bytes" => settings.upload_max_bytes = *value,
            // Two keys of secrets, to be changed for each other.
            "secrets_key" => settings.secrets_key = Some(format!("a key number {value}").into()),
            "no_secrets_key" => settings.secrets_key = None,
            "secrets_key_previous" => settings.secrets_key_previous = Some(format!("a key number {value}").into()),
            other => panic!("{other}"),
        }
    }
    let blobs = Blobs::open(&BlobLocation::Folder(folder.join("blobs"))).unwrap();
    let clock: Arc<dyn Clock> = Arc::<Hands>::clone(clock);
    Services::new(store.clone(), blobs, cache, settings, clock)
}

pub(crate) fn client() -> Client {
    Client { address: [127, 0, 0, 1].into(), user_agent: "test".to_owned() }
}

/// A good book whose title is its own.
pub(crate) fn book(title: &str) -> Vec<u8> {
    Book::epub3().title(title).creator("Ada Lovelace").build()
}

/// A good book of at least so many bytes that do not compress.
pub(crate) fn large_book(title: &str, bytes: u64) -> Vec<u8> {
    Book::epub3().title(title).creator("Ada Lovelace").padding(bytes, 7).build()
}

pub(crate) fn change(field: Field, value: &str) -> FieldChange {
    FieldChange { field, values: vec![value.to_owned()] }
}

pub(crate) async fn collect(stream: ByteStream) -> Vec<u8> {
    stream.try_collect::<Vec<_>>().await.unwrap().concat()
}

fn files_below(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&next) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}
