//! A mistake in a template: where it is, a code for whoever translates it, its facts, and the engine's own sentence.

use minijinja::ErrorKind;

use super::template::{LONGEST_OUTPUT, LONGEST_TEMPLATE};

/// The most characters of a template that are quoted.
const QUOTED: usize = 40;

/// A mistake in a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct TemplateError {
    /// Counted from 1.
    pub line: usize,
    /// Counted in characters, from 1; where only the line is known, its first.
    pub column: usize,
    /// What is wrong, as a value.
    pub fault: TemplateFault,
    /// What is wrong, in English.
    pub message: String,
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TemplateFault {
    /// It has so many bytes, more than the limit.
    TooLong(usize),
    /// What comes of it is longer than its limit.
    OutputTooLong,
    /// It never ends, or takes far too long.
    TooMuchWork,
    /// A value that there is not, as it is written.
    UnknownVariable(String),
    /// A filter that there is not.
    UnknownFilter(String),
    /// A test that there is not.
    UnknownTest(String),
    /// A function that there is not.
    UnknownFunction(String),
    /// A statement that there is not, or the end of one that was not begun.
    UnknownStatement(String),
    /// The text ends where something is still open.
    Unclosed,
    /// What cannot stand where it does.
    Syntax(String),
    /// What cannot be done with a value.
    Impossible(String),
}

impl TemplateFault {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong(_) => "too-long",
            Self::OutputTooLong => "output-too-long",
            Self::TooMuchWork => "too-much-work",
            Self::UnknownVariable(_) => "unknown-variable",
            Self::UnknownFilter(_) => "unknown-filter",
            Self::UnknownTest(_) => "unknown-test",
            Self::UnknownFunction(_) => "unknown-function",
            Self::UnknownStatement(_) => "unknown-statement",
            Self::Unclosed => "unclosed",
            Self::Syntax(_) => "syntax",
            Self::Impossible(_) => "impossible",
        }
    }

    /// The facts that the code's sentence names.
    pub fn data(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLong(length) => vec![("length", length.to_string()), ("limit", LONGEST_TEMPLATE.to_string())],
            Self::OutputTooLong => vec![("limit", LONGEST_OUTPUT.to_string())],
            Self::TooMuchWork | Self::Unclosed => Vec::new(),
            Self::UnknownVariable(text)
            | Self::UnknownFilter(text)
            | Self::UnknownTest(text)
            | Self::UnknownFunction(text)
            | Self::UnknownStatement(text)
            | Self::Syntax(text)
            | Self::Impossible(text) => vec![("text", text.clone())],
        }
    }
}

impl TemplateError {
    /// A template that is too long to be read.
    pub(super) fn too_long(length: usize) -> Self {
        let message = format!("the template has {length} bytes, the limit is {LONGEST_TEMPLATE}");
        Self { line: 1, column: 1, fault: TemplateFault::TooLong(length), message }
    }

    /// What the engine says of a template.
    pub(super) fn of_engine(text: &str, error: &minijinja::Error) -> Self {
        let kind = error.kind();
        let message = match (kind, error.detail()) {
            (ErrorKind::OutOfFuel, _) => "the template does more work than it may".to_owned(),
            (ErrorKind::WriteFailure, _) => format!("the text has more than {LONGEST_OUTPUT} bytes"),
            (_, Some(detail)) => format!("{kind}: {detail}"),
            (_, None) => kind.to_string(),
        };
        let place = error.range().map(|range| crate::profile::place(text, range.start));
        let line = error.line().or(place.map(|(line, _)| line)).unwrap_or(1);
        let column = place.filter(|(found, _)| *found == line).map_or(1, |(_, column)| column);
        Self { line, column, fault: fault(text, line, error), message }
    }
}

fn fault(text: &str, line: usize, error: &minijinja::Error) -> TemplateFault {
    let detail = error.detail().unwrap_or_default();
    // The engine names what it does not know between two words of its own.
    let named = |before: &str, after: &str| {
        let name = detail.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
        name.map_or_else(|| quoted(text, line, error), str::to_owned)
    };
    match error.kind() {
        ErrorKind::OutOfFuel => TemplateFault::TooMuchWork,
        ErrorKind::WriteFailure => TemplateFault::OutputTooLong,
        ErrorKind::UndefinedError => TemplateFault::UnknownVariable(quoted(text, line, error)),
        ErrorKind::UnknownFilter => TemplateFault::UnknownFilter(named("filter ", " is unknown")),
        ErrorKind::UnknownTest => TemplateFault::UnknownTest(named("test ", " is unknown")),
        ErrorKind::UnknownFunction | ErrorKind::UnknownMethod => {
            TemplateFault::UnknownFunction(named("", " is unknown"))
        }
        ErrorKind::SyntaxError if detail.starts_with("unexpected end of ") => TemplateFault::Unclosed,
        ErrorKind::SyntaxError if detail.starts_with("unknown statement ") => {
            TemplateFault::UnknownStatement(named("unknown statement ", ""))
        }
        ErrorKind::SyntaxError | ErrorKind::BadEscape => TemplateFault::Syntax(quoted(text, line, error)),
        _ => TemplateFault::Impossible(quoted(text, line, error)),
    }
}

/// What the template says where the mistake is; the line where the engine knows no more.
fn quoted(text: &str, line: usize, error: &minijinja::Error) -> String {
    let at = error.range().and_then(|range| text.get(range)).map(str::trim).filter(|at| !at.is_empty());
    let at = at.or_else(|| text.lines().nth(line - 1).map(str::trim)).unwrap_or_default();
    at.lines().next().unwrap_or_default().chars().take(QUOTED).collect()
}
