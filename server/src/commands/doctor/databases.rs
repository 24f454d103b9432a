//! The database, its replica, and what the database tells of backups.

use std::{collections::BTreeMap, time::Duration};

use jiff::SignedDuration;
use store::{
    DatabaseLocation, SchemaState, Store, StoreError,
    copy::{Cell, CopyError},
};

use super::{PATIENCE, is_there};
use crate::{configuration::Configuration, node};

/// The rarest backups that anybody plans are weekly; the alert `BackupTooOld` knows how often they are due here.
const OLDEST_BACKUP: SignedDuration = SignedDuration::from_hours(8 * 24);

/// How long the replica is left alone before it is asked again.
const BETWEEN_LOOKS: Duration = Duration::from_millis(200);

pub(super) async fn database(configuration: &Configuration) -> Result<String, String> {
    if let DatabaseLocation::Sqlite { file } = &configuration.database
        && !file.exists()
    {
        return Ok(format!("{} will be made at the first start", file.display()));
    }
    match schema_state(&configuration.database)
        .await
        .map_err(|error| format!("{error}; look at {}", asked_with(configuration)))?
    {
        SchemaState::Current => Ok("answers, up to date".to_owned()),
        SchemaState::Behind(waiting) => {
            Err(format!("{waiting} migrations are waiting; run `ebook-scene-packer migrate`"))
        }
        SchemaState::Newer { found, known } => {
            Err(format!("schema version {found} is newer than the {known} that this version knows"))
        }
    }
}

/// The variables that say where the database is.
fn asked_with(configuration: &Configuration) -> &'static str {
    match configuration.database {
        DatabaseLocation::Sqlite { .. } => "DATA_DIR and DATABASE_URL",
        DatabaseLocation::MySql { .. } => "DATABASE_URL, or DB_HOST, DB_PORT, DB_NAME, DB_USER and DB_PASSWORD",
    }
}

/// Whether the replica answers, and gets what the primary gets.
pub(super) async fn replica(configuration: &Configuration) -> Result<String, String> {
    let DatabaseLocation::MySql { primary, replica: Some(replica) } = &configuration.database else {
        return Ok("none: every read goes to the primary".to_owned());
    };
    let primary = DatabaseLocation::MySql { primary: primary.clone(), replica: None };
    let replica = DatabaseLocation::MySql { primary: replica.clone(), replica: None };
    let state = schema_state(&replica).await.map_err(|error| format!("{error}; look at DATABASE_REPLICA_URL"))?;
    if let SchemaState::Behind(waiting) = state {
        return Err(format!(
            "{waiting} migrations are not there; run `ebook-scene-packer migrate`, then look at its replication"
        ));
    }
    match follows(&primary, &replica).await? {
        Some(true) => Ok("answers, and has what the primary had".to_owned()),
        Some(false) => Err(format!(
            "answers, and still lacks what the primary had {} s before: it does not follow, or is far behind; \
             SHOW REPLICA STATUS says why (docs/OPERATIONS.md, *The replica*)",
            PATIENCE.as_secs()
        )),
        None => Ok("answers; whether it follows can be told once a node has run".to_owned()),
    }
}

/// Whether the replica has the last sign of life that each node has left at the primary. Nothing is written to see it; without
/// one nothing can be said.
async fn follows(primary: &DatabaseLocation, replica: &DatabaseLocation) -> Result<Option<bool>, String> {
    let (primary, replica) = (open(primary).await?, open(replica).await?);
    let at_the_primary = beats(&primary).await?;
    primary.close().await;
    if at_the_primary.is_empty() {
        return Ok(None);
    }
    let begun = tokio::time::Instant::now();
    let has_all = loop {
        let there = beats(&replica).await?;
        if at_the_primary.iter().all(|(node, at)| there.get(node).is_some_and(|there| there >= at)) {
            break true;
        }
        if begun.elapsed() > PATIENCE {
            break false;
        }
        tokio::time::sleep(BETWEEN_LOOKS).await;
    };
    replica.close().await;
    Ok(Some(has_all))
}

/// When each node was last alive, as a database knows it.
async fn beats(store: &Store) -> Result<BTreeMap<String, i64>, String> {
    let tables = store.tables().await.map_err(causes)?;
    let table = tables.into_iter().find(|table| table.name == "node_beats").ok_or("it has no table node_beats")?;
    let position = |name: &str| table.columns.iter().position(|column| column == name);
    let (Some(node), Some(at)) = (position("node_id"), position("beat_at")) else {
        return Err("its table node_beats is another".to_owned());
    };
    let mut found = BTreeMap::new();
    let mut snapshot = store.snapshot().await.map_err(causes)?;
    let read = snapshot.rows(&table, |row| {
        if let (Some(Cell::Text(node)), Some(Cell::Integer(at))) = (row.get(node), row.get(at)) {
            found.insert(node.clone(), *at);
        }
        Ok(())
    });
    read.await.map_err(|error: CopyError| crate::incident::causes(&error))?;
    Ok(found)
}

/// Whether the account of an object store is whole and its store there, and how old the last backup is. One that was made
/// by other means, such as a dump, is not known here.
pub(super) async fn backups(configuration: &Configuration) -> Result<String, String> {
    let account = match (configuration.backups.keys(), configuration.backups.endpoint()) {
        (0, _) => "into folders",
        (1, _) => {
            return Err("half an account: set BACKUP_ACCESS_KEY and BACKUP_SECRET_KEY, both or neither".to_owned());
        }
        (_, None) => "into folders or buckets",
        (_, Some(endpoint)) => {
            let url = url::Url::parse(endpoint).map_err(|error| format!("BACKUP_ENDPOINT {endpoint}: {error}"))?;
            let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
            if !is_there(host, port).await {
                return Err(format!("nobody answers at {host}:{port}; look at BACKUP_ENDPOINT, or BLOB_ENDPOINT"));
            }
            "into folders or buckets, whose store is there"
        }
    };
    if let DatabaseLocation::Sqlite { file } = &configuration.database
        && !file.exists()
    {
        return Ok(format!("{account}; none before the first start"));
    }
    let store = open(&configuration.database).await?;
    let statistics = store.statistics(node::now()).await.map_err(causes);
    store.close().await;
    let fix = "make one: `ebook-scene-packer backup PLACE`, and let something make them regularly";
    match statistics?.last_backup_at {
        None if configuration.is_production() => Err(format!("none was ever found whole; {fix}")),
        None => Ok(format!("{account}; none was ever found whole")),
        Some(at) => {
            let age = SignedDuration::from_millis(node::now().0.saturating_sub(at.0));
            let said = format!("the last one was found whole {} hours ago", age.as_hours());
            if age > OLDEST_BACKUP && configuration.is_production() {
                Err(format!("{said}; {fix}"))
            } else {
                Ok(format!("{account}; {said}"))
            }
        }
    }
}

async fn open(location: &DatabaseLocation) -> Result<Store, String> {
    Store::open(location).await.map_err(causes)
}

/// What a database knows of the schema.
async fn schema_state(location: &DatabaseLocation) -> Result<SchemaState, String> {
    let store = open(location).await?;
    let state = store.schema_state().await.map_err(causes);
    store.close().await;
    state
}

#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn causes(error: StoreError) -> String {
    crate::incident::causes(&error)
}
