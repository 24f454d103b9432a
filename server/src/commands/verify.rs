//! `verify`: is every file of a package there, and what it should be?

use std::path::{Path, PathBuf};

use clap::Args;
use packer::{
    signing::TrustedKey,
    verify::{Outcome, SignatureError, Verification, VerifiedFile, VerifyLimits, verify, verify_signed},
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
        Some(key) => {
            verify_signed(path, key, &limits, &watch).map(|(files, signature)| (files, Some((key, signature))))
        }
        None => verify(path, &limits, &watch).map(|files| (files, None)),
    };
    drop(watch);
    match verified {
        Ok((verification, signature)) => {
            tell(&place, &verification, terminal);
            let files = if verification.is_good() { Exit::Good } else { Exit::Failed };
            let signed = signature.map(|(key, signature)| tell_signature(&place, key, signature, terminal));
            files.max(signed.unwrap_or(Exit::Good))
        }
        Err(error) => {
            let failure = Failure::from(error);
            failure.tell(&place, terminal);
            failure.exit
        }
    }
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
        Err(error @ (SignatureError::Missing(_) | SignatureError::Unreadable { .. })) => {
            let hint = "only a package that was packed with --sign has a signature; fetch it whole";
            Failure::new(Exit::Failed, "signature-missing", error.to_string(), hint)
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
