//! `file_id.diz`: a few lines of ASCII for each volume, with the counter of the disks.

use super::{
    DIZ_CUT, DIZ_LINE_BROKEN, DIZ_TRANSLITERATED, DIZ_WITHOUT_COUNTER, TemplateError,
    template::{DIZ_WORK, Renderer},
    variables::Variables,
    wrap,
};
use crate::{
    finding::{Finding, Severity},
    profile::DizRules,
    resolve,
    transliterate::Transliterator,
};

/// The name of the file.
pub const FILE_NAME: &str = "file_id.diz";

/// The DIZ of every volume and what there is to say of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diz {
    /// The files, in the order of the volumes.
    pub files: Vec<Vec<u8>>,
    /// What was replaced, broken, cut or is missing, said once for all of them.
    pub findings: Vec<Finding>,
}

/// The counter of a volume, `01/12` between brackets; `number` counts from 1.
pub fn counter(number: u32, volumes: u32) -> String {
    format!("[{number:02}/{volumes:02}]")
}

/// Renders the DIZ of each volume.
pub fn render(
    template: &str,
    variables: &Variables,
    volumes: u32,
    rules: &DizRules,
    transliterator: &dyn Transliterator,
) -> Result<Diz, TemplateError> {
    let language = variables.language_tag.as_deref();
    let mut is_replaced = false;
    let mut ascii = |text: &str| {
        is_replaced |= !text.is_ascii();
        super::ascii(text, language, transliterator)
    };
    // No value needs to be longer than all that a DIZ can show.
    let room = rules.columns * rules.lines;
    let mut variables = variables.map(&mut |text| ascii(resolve::prefix(text, room)));
    let renderer = Renderer::new(template, DIZ_WORK)?;
    let mut diz = Diz { files: Vec::new(), findings: Vec::new() };
    for number in 1..=volumes {
        let counter = counter(number, volumes);
        variables.disk = Some(counter.clone());
        let rendered = ascii(&renderer.render(&variables)?);
        let (lines, findings) = fitted(&rendered, rules, &format!("DISK: {counter}"));
        // What is said of one volume holds for all: they differ in the counter alone.
        if number == 1 {
            diz.findings = findings;
        }
        diz.files.push(lines.iter().flat_map(|line| [line.as_bytes(), b"\r\n"]).flatten().copied().collect());
    }
    if is_replaced {
        diz.findings.push(Finding::new(DIZ_TRANSLITERATED, Severity::Info));
    }
    Ok(diz)
}

/// The lines within the limits. Of a text that is too long the last lines go, but never the counter.
fn fitted(text: &str, rules: &DizRules, counter: &str) -> (Vec<String>, Vec<Finding>) {
    let mut findings = Vec::new();
    let mut lines = Vec::new();
    for (index, line) in text.trim().lines().enumerate() {
        let line = line.trim_end();
        if line.len() <= rules.columns {
            lines.push(line.to_owned());
            continue;
        }
        let finding = Finding::new(DIZ_LINE_BROKEN, Severity::Warning).with("line", (index + 1).to_string());
        findings.push(finding.with("columns", line.len().to_string()).with("limit", rules.columns.to_string()));
        lines.extend(wrap::wrap(line, rules.columns));
    }
    let counter_line = lines.iter().position(|line| line.contains(counter));
    if counter_line.is_none() {
        findings.push(Finding::new(DIZ_WITHOUT_COUNTER, Severity::Error).with("counter", counter));
    }
    if lines.len() > rules.lines {
        let finding = Finding::new(DIZ_CUT, Severity::Warning).with("lines", lines.len().to_string());
        findings.push(finding.with("limit", rules.lines.to_string()));
        let kept = counter_line.filter(|index| *index >= rules.lines).map(|index| lines[index].clone());
        lines.truncate(rules.lines - usize::from(kept.is_some()));
        lines.extend(kept);
    }
    (lines, findings)
}
