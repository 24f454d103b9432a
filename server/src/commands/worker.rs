//! `worker`: job workers alone, beside nodes that serve.

use std::io;

use service::Worker;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    process::{self, CommandError},
    serve::{state, take_over},
};
use crate::{
    configuration::Configuration,
    exit::Exit,
    in_use::InUse,
    metrics,
    node::Node,
    router, serving,
    state::MetricsPage,
    terminal::{Mark, Terminal},
};

/// What `worker` takes: nothing. It is told by the environment.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Works until a signal comes.
pub(crate) fn run(_arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| work(configuration, terminal))
}

async fn work(configuration: Configuration, terminal: &Terminal) -> Result<(), CommandError> {
    if configuration.workers == 0 {
        terminal.marked(Mark::Warning, "WORKERS is 0: this process has nothing to do");
    }
    let in_use = InUse::take(&configuration)?;
    let node = Node::open(configuration).await?;
    take_over(&node).await?;
    let shutdown = process::shutdown_signal()?;
    let probes = answer_probes(&node, shutdown.clone(), terminal).await?;
    // Unmeasured, the replica would count as gone, and this process as degraded for ever.
    let (services, token) = (node.services.clone(), shutdown.clone());
    let following = tokio::spawn(async move { services.follow_replica(token).await });
    terminal.line(&format!("{} workers wait for jobs", node.configuration.workers));
    Worker::new(node.services.clone()).run(shutdown).await;
    following.await.map_err(io::Error::other)?;
    if let Some(probes) = probes {
        probes.await.map_err(io::Error::other)??;
    }
    node.store.close().await;
    drop(in_use);
    Ok(())
}

/// Says on `BIND_ADDR` how this process is, and its metrics. A node on the same machine may have that address: the worker
/// works without.
async fn answer_probes(
    node: &Node,
    shutdown: CancellationToken,
    terminal: &Terminal,
) -> Result<Option<JoinHandle<io::Result<()>>>, CommandError> {
    let address = node.configuration.bind_addr;
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            let notice = format!("BIND_ADDR {address} is taken: nobody can ask this worker how it is");
            terminal.marked(Mark::Warning, &notice);
            return Ok(None);
        }
        Err(error) => return Err(io::Error::new(error.kind(), format!("BIND_ADDR {address}: {error}")).into()),
    };
    let recorder = metrics::install().map_err(|error| io::Error::other(error.to_string()))?;
    tokio::spawn(metrics::add_up(recorder.clone()));
    metrics::record_start(node.clock.now_ms());
    let state = state(node, MetricsPage(recorder))?;
    let drain = state.drain.clone();
    Ok(Some(tokio::spawn(serving::serve_router(listener, router::probes(state), drain, shutdown))))
}
