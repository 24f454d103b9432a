//! `verify`: is every file of a package there, and what it should be?

use std::path::{Path, PathBuf};

use clap::Args;
use packer::{
    signing::TrustedKey,
    verify::{
        Outcome, SignatureError, Signer, Verification, VerifiedFile, VerifyLimits, verify_and_name_signer,
        verify_signed,
    },
};

use super::{failure::Failure, keys};
use crate::{
    exit::Exit,
    interruption::Interruption,
    terminal::{Mark, Terminal},
};

/// What `verify` takes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Packages, bags, or a manifest.json, SHA256SUMS or SFV
    #[arg(required = true, value_name = "DIR|FILE")]
    paths: Vec<PathBuf>,
    /// The packages must be signed by this public key: its file, or the key itself
    #[arg(long, value_name = "PUB")]
    key: Option<String>,
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let interruption = match Interruption::listen() {
        Ok(interruption) => interruption,
        Err(error) => {
            terminal.marked(Mark::Error, &format!("signals cannot be taken over: {error}"));
            return Exit::Fault;
        }
    };
    let key = match arguments.key.as_deref().map(keys::trusted_key).transpose() {
        Ok(key) => key,
        Err(failure) => {
            failure.tell("--key", terminal);
            return failure.exit;
        }
    };
    let mut exit = Exit::Good;
    for path in &arguments.paths {
        if interruption.is_asked() {
            return Exit::Interrupted;
        }
        exit = exit.max(verify_one(path, key.as_ref(), &interruption, terminal));
    }
    exit
}

fn verify_one(path: &Path, key: Option<&TrustedKey>, interruption: &Interruption, terminal: &Terminal) -> Exit {
    let place = path.display().to_string();
    let limits = VerifyLimits::default();
    let watch = terminal.watch(&place, interruption);
    let verified = match key {
        Some(key) => verify_signed(path, key, &limits, &watch)
            .map(|(verification, signature)| (verification, Signed::Checked(key, signature))),
        None => verify_and_name_signer(path, &limits, &watch)
            .map(|(verification, signer)| (verification, Signed::Unchecked(signer))),
    };
    drop(watch);
    match verified {
        Ok((verification, signed)) => {
            tell(&place, &verification, terminal);
            let files = if verification.is_good() { Exit::Good } else { Exit::Failed };
            files.max(match signed {
                Signed::Checked(key, signature) => tell_signature(&place, key, signature, terminal),
                Signed::Unchecked(signer) => {
                    tell_unchecked(&place, signer, terminal);
                    Exit::Good
                }
            })
        }
        Err(error) => {
            let failure = Failure::from(error);
            failure.tell(&place, terminal);
            failure.exit
        }
    }
}

/// What is known of the signature.
enum Signed<'a> {
    Checked(&'a TrustedKey, Result<String, SignatureError>),
    Unchecked(Signer),
}

/// A signature that nobody asked about: it is no fault, but who sees *good* must not take it for checked.
fn tell_unchecked(place: &str, signer: Signer, terminal: &Terminal) {
    let Some(signer) = signer else { return };
    let by = signer.map_or_else(|error| error.to_string(), |key| format!("it names the key {key}"));
    terminal.line(&format!("{place}: signed, and the signature was not checked: {by}"));
    terminal.marked(Mark::Help, &format!("{place}: `--key PUB` with the public key of the group checks its signature"));
}

fn tell_signature(
    place: &str,
    key: &TrustedKey,
    signature: Result<String, SignatureError>,
    terminal: &Terminal,
) -> Exit {
    let failure = match signature {
        Ok(comment) => {
            terminal.line(&format!("{place}: signed by the key {}: {comment}", key.id()));
            return Exit::Good;
        }
        Err(SignatureError::Refused(error)) => Failure::from(error),
        Err(error @ SignatureError::NotByManifest) => {
            let hint = "give the package itself: its directory, its archive, or its manifest.json";
            Failure::new(Exit::Failed, "signature-not-of-files", error.to_string(), hint)
        }
        Err(error @ SignatureError::Missing(_)) => {
            let hint = "only a package that was packed with --sign has a signature: fetch it whole, or leave out --key, and \
                        nothing is said of who made it";
            Failure::new(Exit::Failed, "signature-missing", format!("it is not signed: {error}"), hint)
        }
        Err(error @ SignatureError::Unreadable { .. }) => {
            let hint = "fetch the package again, with its signature";
            Failure::new(Exit::Failed, "signature-unreadable", error.to_string(), hint)
        }
    };
    failure.tell(place, terminal);
    failure.exit
}

fn tell(place: &str, verification: &Verification, terminal: &Terminal) {
    for file in &verification.files {
        terminal.line(&sentence(file));
    }
    match &verification.book {
        Some(Ok(())) => terminal.line("the book in the volumes: ok"),
        Some(Err(error)) => terminal.line(&format!("the book in the volumes: {error}")),
        None => {}
    }
    let problems = verification.bag.iter().flat_map(|bag| &bag.problems);
    for problem in problems {
        let mark = if problem.is_error { Mark::Error } else { Mark::Warning };
        terminal.marked(mark, &format!("{place}: {}", problem.fault));
    }
    let wrong = verification.files.iter().filter(|file| file.outcome != Outcome::Ok).count();
    let count = verification.files.len();
    if verification.is_good() {
        terminal.line(&format!("{place}: good, {} of {count} files are as they should be", count - wrong));
    } else {
        terminal.line(&format!("{place}: failed"));
        if verification.bag.is_none() && !verification.names_a_file() {
            terminal.marked(Mark::Error, &format!("{place}: its lists name no file, so nothing is proved"));
        }
        terminal.marked(Mark::Error, &format!("{place}: it is not what its lists say: see above"));
        terminal.marked(Mark::Help, "fetch or pack it again; a package is never repaired by hand");
    }
}

fn sentence(file: &VerifiedFile) -> String {
    let path = &file.path;
    match &file.outcome {
        Outcome::Ok => format!("{path}: ok"),
        Outcome::Missing => format!("{path}: missing"),
        Outcome::Extra => format!("{path}: extra, it stands in no list"),
        Outcome::Size { expected, found } => format!("{path}: {found} bytes instead of {expected}"),
        Outcome::Checksum { algorithm, expected, found } => {
            format!("{path}: {algorithm} is {found} instead of {expected}")
        }
        Outcome::Refused => format!("{path}: not read, it is a link, no regular file, or outside the directory"),
        Outcome::Unreadable { reason } => format!("{path}: cannot be read: {reason}"),
    }
}
