//! `serve`: the web app, the REST API and the job workers in one process.

use std::{io, sync::Arc};

use secrecy::ExposeSecret;
use service::{Failure, FailureKind, Worker};
use store::DatabaseLocation;
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::process;
use crate::{
    assets::Assets,
    configuration::{Configuration, NamedAdministrator},
    drain::Drain,
    exit::Exit,
    health::TableCounts,
    in_use::InUse,
    mail::Postman,
    metrics,
    node::Node,
    serving, site_names,
    state::{AppState, MetricsPage},
    terminal::{Mark, Terminal},
};

/// What `serve` takes: nothing. It is told by the environment; `doctor` lists how.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Serves until a signal comes.
pub(crate) fn run(_arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| serve(configuration, terminal))
}

async fn serve(configuration: Configuration, terminal: &Terminal) -> Result<(), process::CommandError> {
    let metrics = metrics::install().map_err(|error| io::Error::other(error.to_string()))?;
    tokio::spawn(metrics::add_up(metrics.clone()));
    let in_use = InUse::take(&configuration)?;
    let node = Node::open(configuration).await?;
    node.check_secrets().await?;
    let configuration = Arc::clone(&node.configuration);
    metrics::record_start(node.clock.now_ms());
    make_named_administrator(&node, terminal).await?;
    let state = state(&node, MetricsPage(metrics))?;
    if matches!(state.assets, Assets::Missing) {
        terminal.marked(Mark::Warning, "this build has no interface: scripts and styles are missing, forms still work");
        terminal.marked(Mark::Help, "build it with `cargo xtask build` and start again in the same folder");
    }

    let listener = TcpListener::bind(configuration.bind_addr)
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("BIND_ADDR {}: {error}", configuration.bind_addr)))?;
    let shutdown = process::shutdown_signal()?;
    let tasks = TaskTracker::new();
    take_over(&node).await?;
    let leaving = work(&node, &tasks);
    terminal.line(&format!(
        "eBook Scene Packer {} listens on {}; people reach it at {}",
        env!("CARGO_PKG_VERSION"),
        listener.local_addr()?,
        configuration.public_url
    ));
    greet_first_person(&node, terminal).await?;
    let outcome = serving::serve(listener, state, shutdown).await;

    // The workers stop after the last request: one of these may still have begun a job.
    leaving.cancel();
    tasks.close();
    tasks.wait().await;
    node.store.close().await;
    drop(in_use);
    tracing::info!("gone");
    Ok(outcome?)
}

/// Everything a request can reach, for this node.
pub fn state(node: &Node, metrics: MetricsPage) -> io::Result<AppState> {
    let folder = site_names::folder();
    let assets = Assets::find(folder.clone());
    let leptos = site_names::options(&node.configuration, &assets, &folder)?;
    Ok(AppState {
        services: node.services.clone(),
        cache: node.cache.clone(),
        clock: Arc::clone(&node.clock),
        configuration: Arc::clone(&node.configuration),
        assets,
        leptos,
        reload_port: site_names::reload_port(),
        metrics,
        table_counts: TableCounts::new(node.store.clone()),
        drain: Drain::default(),
    })
}

/// On the embedded database no other process works: whatever a job is held by is dead, and it goes on at once.
pub(super) async fn take_over(node: &Node) -> Result<(), Failure> {
    if matches!(node.configuration.database, DatabaseLocation::Sqlite { .. }) {
        let jobs = Worker::new(node.services.clone()).take_over_everything().await?;
        if jobs > 0 {
            tracing::info!(jobs, "jobs of a process that is gone go on");
        }
    }
    Ok(())
}

/// The workers, the housekeeping and the letters of this node. What is returned makes them stop.
fn work(node: &Node, tasks: &TaskTracker) -> CancellationToken {
    let leaving = CancellationToken::new();
    if node.configuration.workers > 0 {
        let (worker, token) = (Worker::new(node.services.clone()), leaving.clone());
        tasks.spawn(async move { worker.run(token).await });
    }
    let (services, token) = (node.services.clone(), leaving.clone());
    tasks.spawn(async move { services.housekeeping().run(token).await });
    let (services, token) = (node.services.clone(), leaving.clone());
    tasks.spawn(async move { services.follow_replica(token).await });
    if let Some(postman) = Postman::of(&node.configuration) {
        let (services, token) = (node.services.clone(), leaving.clone());
        tasks.spawn(async move { postman.run(&services, token).await });
    }
    leaving
}

/// Makes the administrator that the configuration names, unless there is somebody of that name.
async fn make_named_administrator(node: &Node, terminal: &Terminal) -> Result<(), process::CommandError> {
    let NamedAdministrator { username: Some(username), password: Some(password) } = &node.configuration.administrator
    else {
        return Ok(());
    };
    match node.services.accounts().create_administrator(username, password).await {
        Ok(_) => {
            terminal.line(&format!("administrator {username} made"));
            Ok(())
        }
        Err(failure) if is_taken(&failure) => Ok(()),
        Err(failure) => Err(process::CommandError::Failure { asked_with: "ADMIN_USERNAME, ADMIN_PASSWORD", failure }),
    }
}

/// Without anybody who can sign in the product is of no use: prints a link with which the first administrator makes
/// themselves. The last thing that is said of the start, when whoever follows it is answered.
async fn greet_first_person(node: &Node, terminal: &Terminal) -> Result<(), process::CommandError> {
    let accounts = node.services.accounts();
    if accounts.setup_needed().await? {
        let link = accounts.issue_setup_link().await?;
        let url = &node.configuration.public_url;
        terminal.line("Nobody can sign in yet. Open this link once, within its day, to make the first administrator:");
        terminal.line(&format!("  {url}/setup?token={}", link.token.expose_secret()));
        terminal.line("Or run `ebook-scene-packer create-admin` beside it, with the same settings.");
    }
    Ok(())
}

fn is_taken(failure: &Failure) -> bool {
    matches!(failure.kind, FailureKind::Conflict("username-taken", _))
}
