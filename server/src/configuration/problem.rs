//! What is wrong with a configuration, and what is only worth saying.

use std::{fmt, path::PathBuf};

/// One reason not to start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// `NAME` and `NAME_FILE` are both set.
    #[error("{name} and {name}_FILE are both set; keep one")]
    SetTwice {
        /// The variable.
        name: &'static str,
    },
    /// Two variables that mean the same have different values.
    #[error("{first} and {second} contradict each other; keep one")]
    Contradiction {
        /// One of the two.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// The file of a `NAME_FILE` cannot be read.
    #[error("{name}_FILE: cannot read {}: {reason}", path.display())]
    FileUnreadable {
        /// The variable.
        name: &'static str,
        /// The file.
        path: PathBuf,
        /// The words of the operating system.
        reason: String,
    },
    /// The value is not what the variable takes.
    #[error("{name}: {expected}")]
    Invalid {
        /// The variable.
        name: &'static str,
        /// What it takes.
        expected: &'static str,
    },
    /// The value is not UTF-8 text.
    #[error("{name}: not UTF-8 text")]
    NotText {
        /// The variable.
        name: String,
    },
    /// A value is needed.
    #[error("{name} is required {because}")]
    Missing {
        /// The variable.
        name: &'static str,
        /// When it is.
        because: &'static str,
    },
    /// The value is an example from a document, not a secret.
    #[error("{name} is an example value; set one of your own (`openssl rand -hex 32` makes one)")]
    ExampleSecret {
        /// The variable.
        name: &'static str,
    },
    /// The secret is too short to be one.
    #[error("{name} has {length} characters; at least {minimum} are needed (`openssl rand -hex 32` makes one)")]
    ShortSecret {
        /// The variable.
        name: &'static str,
        /// Its length in characters.
        length: usize,
        /// The least.
        minimum: usize,
    },
}

/// Everything that is wrong, at once, so that it is mended in one go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "the configuration cannot be used:")?;
        for problem in &self.0 {
            writeln!(out, "  - {problem}")?;
        }
        write!(out, "every variable: docs/reference/configuration.md")
    }
}

impl std::error::Error for Problems {}

/// Something the operator should know, that does not stand in the way.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Notice {
    /// An older name was used.
    #[error("{old} is read as {new}; rename it")]
    OldName {
        /// The name that was set.
        old: &'static str,
        /// The name to use.
        new: &'static str,
    },
    /// The secret would be refused in production.
    #[error("{name} would be refused in production: {problem}")]
    WeakSecret {
        /// The variable.
        name: &'static str,
        /// Why.
        problem: String,
    },
    /// Production without encryption on the wire.
    #[error("PUBLIC_URL is not https: passwords and sessions cross the network in the clear")]
    NotEncrypted,
    /// Letters without encryption on the wire.
    #[error(
        "SMTP_URL asks for no encryption: links for new passwords cross the network in the clear; use smtps:// or \
         ?tls=required"
    )]
    MailNotEncrypted,
}
