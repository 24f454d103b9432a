//! What the commands of the running product share: the configuration, the runtime, the end.

use std::{collections::BTreeMap, fmt::Write as _, future::Future, io, num::NonZeroUsize, thread};

use service::{Failure, FailureKind};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    backup::BackupError,
    configuration::{self, Configuration, Problems, ReadFile},
    exit::Exit,
    incident, logging,
    node::StartError,
    terminal::{Mark, Terminal},
};

/// Why a command did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The process could not be put together.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The machine refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A backup was not made, or not restored.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// Stored secrets open with no key that is set.
    #[error(
        "the one-time codes of {0} open with neither SECRETS_KEY nor SECRETS_KEY_PREVIOUS and stay as they are; set the key \
         that they were encrypted with as SECRETS_KEY_PREVIOUS and run this again; where it is lost, run this with \
         --switch-off-lost"
    )]
    SecretsLeft(String),
    /// A use case refused.
    #[error("{asked_with}: {}", describe(.failure))]
    Failure {
        /// The variables or options.
        asked_with: &'static str,
        /// Its refusal.
        #[source]
        failure: Failure,
    },
}

impl From<Failure> for CommandError {
    fn from(failure: Failure) -> Self {
        Self::Failure { asked_with: "not possible", failure }
    }
}

impl CommandError {
    fn exit(&self) -> Exit {
        match self {
            Self::Backup(BackupError::NotEmpty { .. } | BackupError::Schema { .. } | BackupError::Locked(_)) => {
                Exit::Refused
            }
            Self::Backup(BackupError::Damaged(_) | BackupError::BlobMissing(_)) | Self::SecretsLeft(_) => Exit::Failed,
            Self::Start(_) | Self::Io(_) | Self::Backup(_) => Exit::Unreadable,
            Self::Failure { failure, .. } => match failure.kind {
                FailureKind::Internal => Exit::Fault,
                FailureKind::Unavailable => Exit::Unreadable,
                FailureKind::Invalid(_) => Exit::Usage,
                _ => Exit::Refused,
            },
        }
    }
}

/// A failure in words for the terminal: its code and its facts.
fn describe(failure: &Failure) -> String {
    let mut text = failure.code().to_owned();
    if let FailureKind::Invalid(fields) = &failure.kind {
        for field in fields {
            // Writing to a String cannot fail.
            let _ = write!(text, "; {}: {}", field.field, field.code);
            for (name, value) in &field.data {
                let _ = write!(text, ", {name} {value}");
            }
        }
    }
    text
}

/// Makes a configuration of variables, a reader of files and the number of cores.
type Read = fn(&BTreeMap<String, String>, ReadFile<'_>, usize) -> Result<Configuration, Problems>;

/// Reads the configuration, says everything that is wrong with it, and what is only worth knowing.
pub(crate) fn configuration(terminal: &Terminal) -> Option<Configuration> {
    configuration_by(Configuration::from_variables, terminal)
}

fn configuration_by(make: Read, terminal: &Terminal) -> Option<Configuration> {
    let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let read = |path: &std::path::Path| std::fs::read_to_string(path);
    let outcome = configuration::environment().map_err(Problems).and_then(|variables| make(&variables, &read, cores));
    match outcome {
        Ok(configuration) => Some(configuration),
        Err(problems) => {
            terminal.marked(Mark::Error, &problems.to_string());
            None
        }
    }
}

/// Runs one asynchronous command under the configuration, with logging, and says why it did not work.
pub(crate) fn run<F: Future<Output = Result<(), CommandError>>>(
    terminal: &Terminal,
    command: impl FnOnce(Configuration) -> F,
) -> Exit {
    run_by(Configuration::from_variables, terminal, command)
}

/// The same for a command whose options complete what the environment says.
pub(crate) fn run_beside_options<F: Future<Output = Result<(), CommandError>>>(
    terminal: &Terminal,
    command: impl FnOnce(Configuration) -> F,
) -> Exit {
    run_by(Configuration::beside_options, terminal, command)
}

fn run_by<F: Future<Output = Result<(), CommandError>>>(
    make: Read,
    terminal: &Terminal,
    command: impl FnOnce(Configuration) -> F,
) -> Exit {
    let Some(configuration) = configuration_by(make, terminal) else { return Exit::Usage };
    for notice in &configuration.notices {
        terminal.marked(Mark::Warning, &notice.to_string());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.marked(Mark::Error, &format!("no threads: {error}"));
            return Exit::Unreadable;
        }
    };
    let traces = logging::begin(&configuration, runtime.handle());
    let outcome = runtime.block_on(command(configuration));
    if let Some(traces) = traces {
        traces.end();
    }
    match outcome {
        Ok(()) => Exit::Good,
        Err(error) => {
            terminal.marked(Mark::Error, &incident::causes(&error));
            error.exit()
        }
    }
}

/// A token that SIGTERM or SIGINT cancels. A second signal ends the process at once.
pub(crate) fn shutdown_signal() -> io::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let token = CancellationToken::new();
    let cancelled = token.clone();
    tokio::spawn(async move {
        for impatient in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if impatient {
                tracing::warn!("asked twice: ending at once");
                std::process::exit(Exit::Interrupted as i32);
            }
            cancelled.cancel();
        }
    });
    Ok(token)
}
