//! `worker`: job workers alone, beside nodes that serve.

use service::Worker;

use super::{process, serve::take_over};
use crate::{
    configuration::Configuration,
    exit::Exit,
    in_use::InUse,
    node::Node,
    terminal::{Mark, Terminal},
};

/// What `worker` takes: nothing. It is told by the environment.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Works until a signal comes.
pub(crate) fn run(_arguments: &Arguments, terminal: &Terminal) -> Exit {
    process::run(terminal, |configuration| work(configuration, terminal))
}

async fn work(configuration: Configuration, terminal: &Terminal) -> Result<(), process::CommandError> {
    if configuration.workers == 0 {
        terminal.marked(Mark::Warning, "WORKERS is 0: this process has nothing to do");
    }
    let in_use = InUse::take(&configuration)?;
    let node = Node::open(configuration).await?;
    take_over(&node).await?;
    let shutdown = process::shutdown_signal()?;
    terminal.line(&format!("{} workers wait for jobs", node.configuration.workers));
    Worker::new(node.services.clone()).run(shutdown).await;
    node.store.close().await;
    drop(in_use);
    Ok(())
}
