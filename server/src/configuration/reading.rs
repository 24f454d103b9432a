//! Reading single values out of the environment, remembering everything that is wrong on the way.

use std::{cell::RefCell, collections::BTreeMap, io, path::Path, str::FromStr};

use secrecy::SecretString;

use super::{
    problem::{Notice, Problem},
    variables::{self, Variable},
};

/// Reads the file a `NAME_FILE` variable points to.
pub type ReadFile<'a> = &'a dyn Fn(&Path) -> io::Result<String>;

/// Where a value came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The variable itself.
    Environment,
    /// The file that `NAME_FILE` names.
    File,
    /// Nobody set it, or an empty file was named: what is left out in production is an empty file.
    Default,
}

/// The environment under reading. Problems and notices collect inside.
pub(super) struct Reader<'a> {
    variables: &'a BTreeMap<String, String>,
    read_file: ReadFile<'a>,
    problems: RefCell<Vec<Problem>>,
    notices: RefCell<Vec<Notice>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(variables: &'a BTreeMap<String, String>, read_file: ReadFile<'a>) -> Self {
        Self { variables, read_file, problems: RefCell::default(), notices: RefCell::default() }
    }

    pub(super) fn problem(&self, problem: Problem) {
        self.problems.borrow_mut().push(problem);
    }

    pub(super) fn notice(&self, notice: Notice) {
        self.notices.borrow_mut().push(notice);
    }

    pub(super) fn finish(self) -> (Vec<Problem>, Vec<Notice>) {
        // A variable that several rules look at says what is wrong with it once.
        let mut problems: Vec<Problem> = Vec::new();
        for problem in self.problems.into_inner() {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
        (problems, self.notices.into_inner())
    }

    /// Whether `name` has a value; an empty file has none.
    pub(super) fn is_set(&self, name: &'static str) -> bool {
        self.text(name).is_some()
    }

    /// The value of `name`. An empty variable counts as not set: compose files pass `NAME=` for what is left out.
    pub(super) fn text(&self, name: &'static str) -> Option<String> {
        debug_assert!(variables::variable(name).is_some(), "{name} is read and not in the table");
        let own = filled(self.variables, name);
        let file = filled(self.variables, &format!("{name}_FILE"));
        match (own, file) {
            (Some(_), Some(_)) => {
                self.problem(Problem::SetTwice { name });
                None
            }
            (Some(value), None) => Some(value.to_owned()),
            (None, Some(path)) => match (self.read_file)(Path::new(path)) {
                Ok(text) => Some(of_file(&text).to_owned()).filter(|text| !text.is_empty()),
                Err(error) => {
                    self.problem(Problem::FileUnreadable { name, path: path.into(), reason: error.to_string() });
                    None
                }
            },
            (None, None) => None,
        }
    }

    pub(super) fn secret(&self, name: &'static str) -> Option<SecretString> {
        self.text(name).map(SecretString::from)
    }

    /// The value of `name` as a number or another type with one written form.
    pub(super) fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        expected: &'static str,
        accept: impl Fn(&T) -> bool,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = text.trim().parse::<T>().ok().filter(accept);
        if value.is_none() {
            self.problem(Problem::Invalid { name, expected });
        }
        value
    }

    /// The parts of a list separated by commas, each parsed.
    pub(super) fn list<T>(
        &self,
        name: &'static str,
        expected: &'static str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Vec<T> {
        let Some(text) = self.text(name) else { return Vec::new() };
        let parts: Option<Vec<T>> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(parse).collect();
        parts.unwrap_or_else(|| {
            self.problem(Problem::Invalid { name, expected });
            Vec::new()
        })
    }
}

fn filled<'a>(variables: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

/// Where the value of `name` comes from in this environment.
pub fn source(variables: &BTreeMap<String, String>, read_file: ReadFile<'_>, name: &str) -> Source {
    if filled(variables, name).is_some() {
        return Source::Environment;
    }
    match filled(variables, &format!("{name}_FILE")) {
        // One that cannot be read is a problem of its own, and names itself.
        Some(path) if read_file(Path::new(path)).map_or(true, |text| !of_file(&text).is_empty()) => Source::File,
        _ => Source::Default,
    }
}

/// Editors and `echo` end a file with a line feed that is not part of the secret.
fn of_file(text: &str) -> &str {
    text.trim_end_matches(['\r', '\n'])
}

/// The variables of this process that the product knows, as text.
///
/// Nothing else of the environment is kept: it may hold the secrets of other programs.
pub fn environment() -> Result<BTreeMap<String, String>, Vec<Problem>> {
    let mut known = BTreeMap::new();
    let mut problems = Vec::new();
    for Variable { name, .. } in variables::VARIABLES {
        for name in [(*name).to_owned(), format!("{name}_FILE")] {
            match std::env::var(&name) {
                Ok(value) => {
                    known.insert(name, value);
                }
                Err(std::env::VarError::NotPresent) => {}
                Err(std::env::VarError::NotUnicode(_)) => problems.push(Problem::NotText { name }),
            }
        }
    }
    problems.dedup();
    if problems.is_empty() { Ok(known) } else { Err(problems) }
}
