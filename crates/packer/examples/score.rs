//! Compares what is found with what EPUBCheck reports for the files of its own test suite.
//!
//! `score SUITE` reads `SUITE/expectations.tsv`, whose README says what its columns are, and prints how many scenarios
//! agree: *exact* (the same findings), *ids* (the same ids) and *verdict* (valid or not). `--list` lists those that do
//! not agree exactly. `ESP-…` findings are left out. The end is bad when a scenario that must be clean has an error.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is its answer")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::ExitCode,
};

use packer::{
    epub::{Demands, DocumentKind, EpubProfile, Version},
    finding::{Finding, Severity},
    inspect::{InspectError, Inspection, inspect_as, inspect_directory, inspect_document},
    limits::Limits,
    watch::Unwatched,
};

type Failure = Box<dyn std::error::Error>;
/// Severity and id, each with how often.
type Counts = BTreeMap<(Severity, String), usize>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let lists = arguments.iter().any(|argument| argument == "--list");
    let Some(suite) = arguments.iter().find(|argument| !argument.starts_with("--")) else {
        eprintln!("usage: score SUITE [--list]");
        return ExitCode::from(2);
    };
    match score(Path::new(suite), lists) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("score: {error}");
            ExitCode::from(3)
        }
    }
}

/// One line of the expectations.
struct Scenario<'a> {
    path: &'a str,
    kind: &'a str,
    version: Version,
    profile: &'a str,
    mode: &'a str,
    is_closed: bool,
    usage_is_closed: bool,
    expected: Counts,
}

impl<'a> Scenario<'a> {
    fn read(line: &'a str) -> Option<Self> {
        let [_, _, path, kind, version, profile, mode, _, closed, closed_usage, expected, ..] =
            line.split('\t').collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let mut counts = Counts::new();
        for one in expected.split(',').filter(|one| !one.is_empty()) {
            let (key, count) = expectation(one)?;
            // None at all is also an expectation.
            if count > 0 {
                *counts.entry(key).or_default() += count;
            }
        }
        Some(Self {
            path,
            kind,
            version: if version.starts_with('2') { Version::Two } else { Version::Three },
            profile,
            mode,
            is_closed: closed == "1",
            usage_is_closed: closed_usage == "1",
            expected: counts,
        })
    }

    fn document(&self) -> Option<DocumentKind> {
        match (self.mode, self.kind) {
            ("navigation document", _) => Some(DocumentKind::Navigation),
            (_, "opf") => Some(DocumentKind::Package),
            (_, "xhtml") => Some(DocumentKind::Xhtml),
            (_, "svg") => Some(DocumentKind::Svg),
            (_, "smil") => Some(DocumentKind::Overlay),
            _ => None,
        }
    }

    fn demanded(&self) -> EpubProfile {
        match self.profile {
            "dict" => EpubProfile::Dictionary,
            "edupub" => EpubProfile::Edupub,
            "idx" => EpubProfile::Index,
            "preview" => EpubProfile::Preview,
            _ => EpubProfile::Default,
        }
    }

    fn inspect(&self, suite: &Path) -> Result<Inspection, Failure> {
        let path = suite.join("resources").join(self.path);
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let limits = Limits::default();
        let demands = Demands { version: self.version, profile: self.demanded() };
        let inspected = match self.document() {
            Some(kind) => inspect_document(&mut fs::File::open(&path)?, &name, kind, demands, &limits, &Unwatched),
            None if path.is_dir() => inspect_directory(&path, demands.profile, &limits, &Unwatched),
            None => inspect_as(&mut fs::File::open(&path)?, &name, demands.profile, &limits, &Unwatched),
        };
        inspected.map_err(|error: InspectError| format!("{}: {error}", self.path).into())
    }

    /// What counts of the findings: usage and info only where they are expected or the list of them is closed.
    fn counted(&self, findings: &[Finding]) -> Counts {
        let mut counts = Counts::new();
        for finding in findings.iter().filter(|finding| !finding.code.as_str().starts_with("ESP-")) {
            let key = (finding.severity, finding.code.as_str().to_owned());
            let counts_always = match finding.severity {
                Severity::Fatal | Severity::Error | Severity::Warning => self.is_closed,
                Severity::Usage | Severity::Info => self.usage_is_closed,
            };
            if counts_always || self.expected.contains_key(&key) {
                *counts.entry(key).or_default() += 1;
            }
        }
        counts
    }
}

fn expectation(text: &str) -> Option<((Severity, String), usize)> {
    let (severity, rest) = text.split_once(':')?;
    let (id, count) = rest.rsplit_once('x')?;
    let severity = match severity {
        "fatal" => Severity::Fatal,
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "usage" => Severity::Usage,
        "info" => Severity::Info,
        _ => return None,
    };
    Some(((severity, id.to_owned()), count.parse().ok()?))
}

/// How many scenarios there are, and how many agree.
#[derive(Default)]
struct Score {
    all: usize,
    exact: usize,
    ids: usize,
    verdict: usize,
    /// Scenarios that must be valid and are called invalid.
    false_errors: usize,
}

impl Score {
    fn add(&mut self, expected: &Counts, found: &Counts) -> bool {
        let ids = |counts: &Counts| counts.keys().map(|(_, id)| id.clone()).collect::<BTreeSet<_>>();
        let (should_be, is) = (is_valid(expected), is_valid(found));
        self.all += 1;
        self.exact += usize::from(expected == found);
        self.ids += usize::from(ids(expected) == ids(found));
        self.verdict += usize::from(should_be == is);
        self.false_errors += usize::from(should_be && !is);
        expected == found
    }

    fn print(&self, name: &str) {
        let share = |count: usize| format!("{count} ({} %)", 100 * count / self.all.max(1));
        let (exact, ids, verdict) = (share(self.exact), share(self.ids), share(self.verdict));
        println!("{name:<24} {:>5} {exact:>12} {ids:>12} {verdict:>12} {:>6}", self.all, self.false_errors);
    }
}

fn is_valid(counts: &Counts) -> bool {
    !counts.keys().any(|(severity, _)| *severity <= Severity::Error)
}

fn score(suite: &Path, lists: bool) -> Result<usize, Failure> {
    let table = fs::read_to_string(suite.join("expectations.tsv"))?;
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut whole = Score::default();
    for line in table.lines().skip(1) {
        let scenario = Scenario::read(line).ok_or_else(|| format!("a line that cannot be read: {line}"))?;
        let found = scenario.counted(&scenario.inspect(suite)?.findings);
        let name = format!("{} {}", scenario.kind, scenario.profile);
        scores.entry(name).or_default().add(&scenario.expected, &found);
        if !whole.add(&scenario.expected, &found) && lists {
            println!("{}\n    expected {}\n    found    {}", scenario.path, shown(&scenario.expected), shown(&found));
        }
    }
    println!("{:<24} {:>5} {:>12} {:>12} {:>12} {:>6}", "kind, profile", "all", "exact", "ids", "verdict", "false");
    for (name, score) in &scores {
        score.print(name);
    }
    whole.print("all");
    Ok(whole.false_errors)
}

fn shown(counts: &Counts) -> String {
    let one = |((severity, id), count): (&(Severity, String), &usize)| format!("{severity:?}:{id}x{count}");
    counts.iter().map(one).collect::<Vec<_>>().join(" ")
}
