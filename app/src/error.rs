//! The one error that crosses to the browser. Codes and data travel; words are chosen where they are shown.

use std::collections::BTreeMap;

use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

/// What is wrong with one field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldProblem {
    /// The field's word, the `name` of its input.
    pub field: String,
    /// A stable code such as `too-short`.
    pub code: String,
    /// The values that the code's sentence names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub data: BTreeMap<String, String>,
}

/// The part of a problem that holds what was typed.
const GIVEN: &str = "given";

impl FieldProblem {
    /// Takes along what was typed in the field, at most so many characters of it: it goes through an address.
    pub fn give_back(&mut self, typed: &str, most: usize) {
        self.data.insert(GIVEN.to_owned(), typed.chars().take(most).collect());
    }

    /// What was typed in the field, where the problem has it.
    pub fn given(&self) -> Option<&String> {
        self.data.get(GIVEN)
    }
}

/// One of many that did not get what the others got.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// The title that a person knows it by.
    pub title: String,
    /// Why.
    pub error: AppError,
}

/// Why a page or a form did not get what it asked for. It may stand in a URL, so it holds no secret and no driver's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum AppError {
    /// Nobody is signed in.
    #[error("signed out")]
    SignedOut,
    /// The one who is signed in may not.
    #[error("forbidden")]
    Forbidden,
    /// There is no such thing, or it is not theirs to see.
    #[error("no such {what}")]
    NotFound {
        /// The word for the thing: `release`, `job`, `page` …
        what: String,
    },
    /// Fields of the form are wrong.
    #[error("invalid input")]
    Invalid {
        /// Each field that is wrong.
        fields: Vec<FieldProblem>,
    },
    /// Fields of the form are wrong, and what else it held is saved.
    #[error("invalid input, and the rest saved")]
    RestSaved {
        /// Each field that is wrong.
        fields: Vec<FieldProblem>,
    },
    /// The state of things does not allow it now.
    #[error("conflict: {code}")]
    Conflict {
        /// A stable code such as `name-taken`.
        code: String,
        /// The values that the code's sentence names.
        #[serde(default)]
        data: BTreeMap<String, String>,
    },
    /// More bytes than are allowed.
    #[error("more than {limit} bytes")]
    TooLarge {
        /// The most bytes allowed.
        limit: u64,
    },
    /// Too many requests.
    #[error("busy for {retry_after_s} s")]
    Busy {
        /// Seconds to wait.
        retry_after_s: u32,
    },
    /// Something that the product needs does not answer.
    #[error("unavailable")]
    Unavailable,
    /// The product does not do this, ever: DRM, a limit of a format.
    #[error("refused: {code}")]
    Refused {
        /// A stable code such as `drm`.
        code: String,
        /// The values that the code's sentence names.
        #[serde(default)]
        data: BTreeMap<String, String>,
    },
    /// Of many releases some were not sent to be packed.
    #[error("{packed} packed, {more} more and {} others not", left_out.len())]
    NotAllPacked {
        /// How many were.
        packed: u64,
        /// Those that were not.
        left_out: Vec<LeftOut>,
        /// How many there are besides, that are not named.
        more: u64,
    },
    /// Of many releases some did not take what all were to have.
    #[error("{changed} changed, {more} more and {} others not", left_out.len())]
    NotAllChanged {
        /// How many did.
        changed: u64,
        /// Those that did not.
        left_out: Vec<LeftOut>,
        /// How many there are besides, that are not named.
        more: u64,
    },
    /// Of many releases some did not get what was asked for all.
    #[error("{done} done, {more} more and {} others not", left_out.len())]
    NotAllDone {
        /// How many did.
        done: u64,
        /// Those that did not.
        left_out: Vec<LeftOut>,
        /// How many there are besides, that are not named.
        more: u64,
    },
    /// The request made no sense: a form of another version, or made by hand.
    #[error("malformed request")]
    Malformed,
    /// The browser did not reach the server.
    #[error("offline")]
    Offline,
    /// Unforeseen. The log has the whole story under this id.
    #[error("incident {incident}")]
    Internal {
        /// What a person quotes and an operator looks for.
        incident: String,
    },
}

impl AppError {
    /// The error for a thing that does not exist.
    pub fn not_found(what: &str) -> Self {
        Self::NotFound { what: what.to_owned() }
    }

    /// The HTTP status that goes with it.
    pub fn status(&self) -> u16 {
        match self {
            Self::SignedOut => 401,
            Self::Forbidden => 403,
            Self::NotFound { .. } => 404,
            Self::Conflict { .. }
            | Self::NotAllPacked { .. }
            | Self::NotAllChanged { .. }
            | Self::NotAllDone { .. } => 409,
            Self::TooLarge { .. } => 413,
            Self::Invalid { .. } | Self::RestSaved { .. } | Self::Refused { .. } => 422,
            Self::Busy { .. } => 429,
            Self::Malformed => 400,
            Self::Unavailable | Self::Offline => 503,
            Self::Internal { .. } => 500,
        }
    }

    /// The code whose sentence the catalogue has, without what it is about.
    pub fn code(&self) -> &str {
        match self {
            Self::SignedOut => "signed-out",
            Self::Forbidden => "forbidden",
            Self::NotFound { .. } => "not-found",
            Self::Invalid { .. } => "invalid",
            Self::RestSaved { .. } => "rest-saved",
            Self::Conflict { code, .. } | Self::Refused { code, .. } => code,
            Self::NotAllPacked { .. } => "not-all-packed",
            Self::NotAllChanged { .. } => "not-all-changed",
            Self::NotAllDone { .. } => "not-all-done",
            Self::TooLarge { .. } => "too-large",
            Self::Busy { .. } => "busy",
            Self::Unavailable => "unavailable",
            Self::Malformed => "malformed",
            Self::Offline => "offline",
            Self::Internal { .. } => "internal",
        }
    }

    /// What is wrong with one field, by the name of its input.
    pub fn field(&self, name: &str) -> Option<&FieldProblem> {
        match self {
            Self::Invalid { fields } | Self::RestSaved { fields } => {
                fields.iter().find(|problem| problem.field == name)
            }
            _ => None,
        }
    }
}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    /// The framework's own texts name types and arguments: none of them is shown.
    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) | ServerFnErrorErr::Deserialization(_) => {
                malformed()
            }
            ServerFnErrorErr::Request(_) => Self::Offline,
            _ => Self::Internal { incident: String::new() },
        }
    }
}

/// A request that cannot be read. The framework calls it a fault of the server; it is one of whoever sent it.
fn malformed() -> AppError {
    #[cfg(feature = "ssr")]
    return crate::ssr::convert::answer_with(AppError::Malformed);
    #[cfg(not(feature = "ssr"))]
    AppError::Malformed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_comes_back_from_its_encoding_as_it_was() {
        let errors = [
            AppError::SignedOut,
            AppError::not_found("release"),
            AppError::Invalid {
                fields: vec![FieldProblem {
                    field: "password".into(),
                    code: "too-short".into(),
                    data: BTreeMap::new(),
                }],
            },
            AppError::Conflict { code: "name-taken".into(), data: BTreeMap::from([("name".into(), "A-B".into())]) },
            AppError::NotAllPacked {
                packed: 2,
                left_out: vec![LeftOut { title: "A".into(), error: AppError::Forbidden }],
                more: 0,
            },
            AppError::NotAllChanged { changed: 2, left_out: Vec::new(), more: 1 },
            AppError::NotAllDone { done: 1, left_out: Vec::new(), more: 2 },
            AppError::RestSaved { fields: Vec::new() },
            AppError::Internal { incident: "01".into() },
        ];
        for error in errors {
            assert_eq!(AppError::de(error.ser()), error);
        }
    }

    #[test]
    fn a_text_of_the_framework_never_reaches_the_browser() {
        let error = AppError::from_server_fn_error(ServerFnErrorErr::MissingArg("secret".into()));
        assert_eq!(error, AppError::Malformed);
        let error = AppError::from_server_fn_error(ServerFnErrorErr::ServerError("secret".into()));
        assert!(!format!("{error:?}").contains("secret"));
    }
}
