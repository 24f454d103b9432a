//! Why a command could not do its work: a code, a sentence, a next step, an exit code.

use packer::{inspect::InspectError, name::ReleaseName, pack::PackError, plan::PlanError, verify::VerifyError};
use serde::Serialize;

use crate::{
    exit::Exit,
    terminal::{Mark, Terminal},
};

/// A failure, for a person and for a program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Failure {
    /// The stable code of the fact.
    pub(super) code: &'static str,
    /// What happened.
    pub(super) message: String,
    /// What to do next.
    pub(super) hint: String,
    #[serde(skip)]
    pub(super) exit: Exit,
}

impl Failure {
    pub(super) fn new(exit: Exit, code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), exit }
    }

    /// Options that are no options.
    pub(super) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Exit::Usage, "usage", message, hint)
    }

    /// Another book of the same command has this release name.
    pub(super) fn second_of_a_name(name: &ReleaseName) -> Self {
        Self::new(
            Exit::Refused,
            "name-given-twice",
            format!("an earlier book of this command has the release name `{name}` too"),
            "nothing was written for this one; pack it by itself with what sets it apart, such as --set edition=… or \
             --set year=…",
        )
    }

    /// Somebody asked to stop.
    pub(super) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "cancelled", "interrupted", "nothing was left behind; run it again when you like")
    }

    /// A file that cannot be read.
    pub(super) fn unreadable(error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            std::io::ErrorKind::NotFound => "check the path",
            std::io::ErrorKind::PermissionDenied => "allow yourself to read the file",
            _ => "check that the disk or the network share it is on can be read",
        };
        Self::new(Exit::Unreadable, "read-failed", format!("it cannot be read: {error}"), hint)
    }

    /// Tells the person, with the place where it happened.
    pub(super) fn tell(&self, place: &str, terminal: &Terminal) {
        terminal.marked(Mark::Error, &format!("{place}: {}", self.message));
        if !self.hint.is_empty() {
            terminal.marked(Mark::Help, &self.hint);
        }
    }

    /// The same of one file of several: what to do says for which of them, too.
    pub(super) fn tell_of_one(&self, place: &str, terminal: &Terminal) {
        terminal.marked(Mark::Error, &format!("{place}: {}", self.message));
        if !self.hint.is_empty() {
            terminal.marked(Mark::Help, &format!("{place}: {}", self.hint));
        }
    }
}

impl From<InspectError> for Failure {
    fn from(error: InspectError) -> Self {
        let message = error.to_string();
        let unreadable = |code, hint: &str| Self::new(Exit::Unreadable, code, message.clone(), hint);
        match error {
            InspectError::UnknownFormat => {
                unreadable("format-unknown", "give a finished book: its content, not its name, says what it is")
            }
            InspectError::Unsupported(_) => unreadable("format-unsupported", "give it as EPUB, PDF, MOBI, AZW3 or CBZ"),
            InspectError::Ticket => Self::new(
                Exit::Refused,
                "licence-ticket",
                message,
                "a ticket only says where a protected book can be fetched; give a book without DRM",
            ),
            InspectError::Io(error) => Self::unreadable(&error),
            InspectError::Cancelled => Self::interrupted(),
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Self {
        let message = error.to_string();
        let refused = |code, hint: &str| Self::new(Exit::Refused, code, message.clone(), hint);
        match error {
            PlanError::Protected(_) => {
                refused("protected", "ask the publisher for a file without DRM; nothing here removes it")
            }
            PlanError::Format { .. } => {
                refused("format-not-accepted", "choose a profile that accepts it: see `profiles`")
            }
            PlanError::TooLarge { .. } => refused("too-large", "choose another profile, such as `plain`"),
            PlanError::Template { .. } => Self::usage(message, "correct the template there"),
            PlanError::Field { .. } => Self::usage(message, "correct it with --set"),
        }
    }
}

impl From<PackError> for Failure {
    fn from(error: PackError) -> Self {
        let (code, message) = (error.code(), error.to_string());
        let (exit, hint) = match error {
            PackError::Cancelled => return Self::interrupted(),
            PackError::Blocked(_) => (Exit::Failed, "correct the book or the fields, or choose another profile"),
            PackError::NoRights => (Exit::Usage, "say it with --rights"),
            PackError::TargetExists(_) => (
                Exit::Refused,
                "nothing was replaced; write elsewhere with --out, or give the release another name, such as a \
                 revision with --set tags=REPACK --set corrects=NAME",
            ),
            PackError::Layout(_) => (Exit::Refused, "choose another profile, such as `plain`"),
            PackError::BookSize { .. } | PackError::BookChanged => {
                (Exit::Unreadable, "wait until nobody writes to the book, and try again")
            }
            PackError::Read(_) => (Exit::Unreadable, "check that the book can be read to its end"),
            PackError::Write { .. } if code == "pack-disk-full" => {
                (Exit::Unreadable, "make room there, or write elsewhere with --out; nothing was left behind")
            }
            PackError::Write { .. } => (Exit::Unreadable, "check that you may write there; nothing was left behind"),
            PackError::Signing(error) => return error.into(),
            PackError::StagingNotEmpty(_) | PackError::Zip(_) | PackError::Plan(_) | PackError::Manifest(_) => {
                (Exit::Fault, "please report it")
            }
        };
        Self::new(exit, code, message, hint)
    }
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        let (code, message) = (error.code(), error.to_string());
        let (exit, hint) = match error {
            VerifyError::Cancelled => {
                return Self::new(Exit::Interrupted, code, "interrupted", "run it again when you like");
            }
            VerifyError::Io(error) => return Self::unreadable(&error),
            VerifyError::NoList | VerifyError::UnknownList => {
                (Exit::Unreadable, "give a package, a bag, a manifest.json, a SHA256SUMS or an SFV")
            }
            VerifyError::Archive => (Exit::Failed, "fetch it again: it was cut short or damaged on its way"),
            VerifyError::TooManyFiles(_) | VerifyError::Headers(_) | VerifyError::TooLarge(_) => {
                (Exit::Refused, "verify its parts one by one")
            }
        };
        Self::new(exit, code, message, hint)
    }
}
