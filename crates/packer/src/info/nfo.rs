//! The NFO: a text in the profile's encoding, with lines that are never too long.

use std::collections::BTreeSet;

use super::{
    NFO_LINE_BROKEN, NFO_SILENT, NFO_TRANSLITERATED, TemplateError, cp437,
    template::{NFO_WORK, Renderer},
    variables::Variables,
    wrap,
};
use crate::{
    finding::{Finding, Severity},
    profile::{Encoding, NfoRules, Statement},
    transliterate::Transliterator,
};

/// An NFO and what there is to say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nfo {
    /// The text as a viewer shows it; lines end with a line feed.
    pub text: String,
    /// The file.
    pub bytes: Vec<u8>,
    /// What was replaced, broken or is missing.
    pub findings: Vec<Finding>,
}

/// Renders an NFO. `latin` has the Latin forms of names, for an encoding that knows no other letters.
pub fn render(
    template: &str,
    variables: &Variables,
    latin: &Variables,
    rules: &NfoRules,
    transliterator: &dyn Transliterator,
) -> Result<Nfo, TemplateError> {
    let language = variables.language_tag.as_deref();
    let mut replaced = BTreeSet::new();
    let mut writable = |text: &str| match rules.encoding {
        Encoding::Cp437 => cp437::representable(text, language, transliterator, &mut replaced),
        Encoding::Utf8 => text.to_owned(),
    };
    // Values are made writable before the template sets them in columns: a transliterated one is wider.
    let written = match rules.encoding {
        Encoding::Cp437 => latin.map(&mut writable),
        Encoding::Utf8 => variables.clone(),
    };
    // A name that gave way to its Latin form is told as well.
    for name in [&variables.title, &variables.author].into_iter().chain(&variables.publisher) {
        writable(name);
    }
    let variables = written;
    let rendered = writable(&Renderer::new(template, NFO_WORK)?.render(&variables)?);
    let mut findings = Vec::new();
    if !replaced.is_empty() {
        let characters: Vec<String> = replaced.iter().take(40).map(char::to_string).collect();
        let finding = Finding::new(NFO_TRANSLITERATED, Severity::Info);
        findings.push(finding.with("characters", characters.join(" ")).with("count", replaced.len().to_string()));
    }
    let squeezed_text = squeezed(&rendered);
    for statement in &rules.states {
        if value_of(*statement, &variables).is_some_and(|value| !squeezed_text.contains(&squeezed(&value))) {
            findings.push(Finding::new(NFO_SILENT, Severity::Error).with("statement", statement.word()));
        }
    }
    let mut lines = Vec::new();
    for (index, line) in rendered.trim_end().lines().enumerate() {
        let line = line.trim_end();
        if wrap::width(line) <= rules.columns {
            lines.push(line.to_owned());
            continue;
        }
        let finding = Finding::new(NFO_LINE_BROKEN, Severity::Warning).with("line", (index + 1).to_string());
        findings.push(finding.with("columns", wrap::width(line).to_string()).with("limit", rules.columns.to_string()));
        lines.extend(wrap::wrap(line, rules.columns));
    }
    let text: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
    let ended = text.replace('\n', rules.line_end.text());
    let bytes = match rules.encoding {
        Encoding::Cp437 => cp437::encoded(&ended),
        Encoding::Utf8 => ended.into_bytes(),
    };
    Ok(Nfo { text, bytes, findings })
}

/// What a statement says, where there is something to say.
fn value_of(statement: Statement, variables: &Variables) -> Option<String> {
    match statement {
        Statement::ReleaseDate => Some(variables.release_date.clone()),
        Statement::PublicationDate => Some(variables.publication_date.clone()),
        Statement::Language => variables.language.clone(),
        Statement::Source => Some(variables.source.clone()),
        Statement::AuthorOrPublisher => Some(variables.author.clone()),
        Statement::Issue => variables.issue.clone(),
        Statement::Rights => variables.rights_basis.clone(),
        Statement::Corrects => variables.corrects.clone(),
    }
}

/// Letters and digits alone: a value may be broken over lines, with a frame between its parts.
fn squeezed(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect()
}
