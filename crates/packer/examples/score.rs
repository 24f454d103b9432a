//! Compares findings with what EPUBCheck reports for its own test publications.
//!
//! `cargo run -p packer --example score -- DIRECTORY [PART]`: DIRECTORY holds `expectations.tsv` and `resources/`; only
//! targets that contain PART are read. Publications only: single documents and profiles are left out.

use std::{collections::BTreeMap, fs, io::Write, path::Path};

use packer::{
    finding::{Finding, Severity},
    inspect,
    limits::Limits,
    watch::Unwatched,
};

type Counts = BTreeMap<(String, String), usize>;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(&arguments[0]);
    let part = arguments.get(1).map_or("", String::as_str);
    let table = fs::read_to_string(root.join("expectations.tsv"))?;
    let (mut all, mut exact, mut ids, mut verdict, mut false_errors) = (0, 0, 0, 0, 0);
    for line in table.lines().skip(1) {
        let fields: Vec<&str> = line.split('\t').collect();
        let (target, kind, profile, expect) = (fields[2], fields[3], fields[5], fields[10]);
        if !matches!(kind, "dir" | "epub") || profile != "default" || !target.contains(part) {
            continue;
        }
        all += 1;
        let expected = expected(expect);
        let findings = read(&root.join("resources").join(target));
        let found = counted(&findings, &expected);
        let is_valid = |counts: &Counts| !counts.keys().any(|(severity, _)| severity == "error" || severity == "fatal");
        exact += usize::from(found == expected);
        ids += usize::from(found.keys().map(|key| &key.1).eq(expected.keys().map(|key| &key.1)));
        verdict += usize::from(is_valid(&found) == is_valid(&expected));
        false_errors += usize::from(is_valid(&expected) && !is_valid(&found));
        if found != expected {
            let mark = if is_valid(&expected) && !is_valid(&found) { "FALSE" } else { "     " };
            writeln!(out, "{mark} {target}\n      expected {expect}\n      found    {found:?}")?;
        }
    }
    writeln!(out, "{all} publications: exact {exact}, ids {ids}, verdict {verdict}, false errors {false_errors}")
}

fn expected(text: &str) -> Counts {
    let mut counts = Counts::new();
    for part in text.split(',').filter(|part| !part.is_empty()) {
        let (severity, rest) = part.split_once(':').unwrap_or(("", part));
        let (id, count) = rest.rsplit_once('x').unwrap_or((rest, "1"));
        *counts.entry((severity.to_owned(), id.to_owned())).or_default() += count.parse::<usize>().unwrap_or(1);
    }
    counts.retain(|_, count| *count > 0);
    counts
}

/// Usage and info count only where they are expected; our own family never does.
fn counted(findings: &[Finding], expected: &Counts) -> Counts {
    let mut counts = Counts::new();
    for finding in findings.iter().filter(|finding| !finding.code.as_str().starts_with("ESP-")) {
        let key = (finding.severity.to_string(), finding.code.to_string());
        if finding.severity <= Severity::Warning || expected.contains_key(&key) {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

fn read(path: &Path) -> Vec<Finding> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let read = if path.is_dir() {
        inspect::inspect_directory(path, &Limits::default(), &Unwatched)
    } else {
        match fs::File::open(path) {
            Ok(mut file) => inspect::inspect(&mut file, &name, &Limits::default(), &Unwatched),
            Err(error) => Err(error.into()),
        }
    };
    read.map(|inspection| inspection.findings).unwrap_or_default()
}
