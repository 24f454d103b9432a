//! `check`: what is wrong with a book.

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use packer::{
    epub::{Demands, DocumentKind, EpubProfile, Version},
    finding::Severity,
    inspect::{Inspection, inspect_directory},
    limits::Limits,
    profile::Profile,
    report::{BookReport, FindingReport},
};
use serde::Serialize;

use super::{
    book::BookFile,
    failure::Failure,
    findings::{self, count},
    release_options,
};
use crate::{
    exit::Exit,
    interruption::Interruption,
    terminal::{Mark, Terminal},
};

/// What `check` takes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Books, directories with an unzipped EPUB, or single documents of one: .opf, .xhtml, .svg, .smil
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Give findings the severities that this profile has for them: its name, or the path of your own
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// The version of EPUB by which a single document is judged that does not say it itself
    #[arg(long, value_name = "VERSION", value_enum, default_value = "3")]
    epub_version: EpubVersion,
    /// The profile of EPUB that an EPUB must follow beside that of a book: that of dictionaries, of education, of indexes or
    /// of previews; by default the one that it says itself
    #[arg(long, value_name = "PROFILE", value_enum, default_value = "default")]
    epubcheck_profile: EpubCheckProfile,
    /// What a path is, where its name does not tell
    #[arg(long, value_name = "MODE", value_enum)]
    mode: Option<Mode>,
    /// Print JSON: one object for a path, an array for several
    #[arg(long)]
    json: bool,
}

/// The versions of EPUB that there are rules for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EpubVersion {
    /// EPUB 2.0.1.
    #[value(name = "2.0.1")]
    Two,
    /// EPUB 3.
    #[value(name = "3")]
    Three,
}

/// The profiles of EPUB, under the names that EPUBCheck has for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EpubCheckProfile {
    /// The one that the publication says that it follows.
    Default,
    /// EPUB Dictionaries and Glossaries.
    Dict,
    /// EDUPUB.
    Edupub,
    /// EPUB Indexes.
    Idx,
    /// EPUB Previews.
    Preview,
}

impl From<EpubCheckProfile> for EpubProfile {
    fn from(profile: EpubCheckProfile) -> Self {
        match profile {
            EpubCheckProfile::Default => Self::Default,
            EpubCheckProfile::Dict => Self::Dictionary,
            EpubCheckProfile::Edupub => Self::Edupub,
            EpubCheckProfile::Idx => Self::Index,
            EpubCheckProfile::Preview => Self::Preview,
        }
    }
}

/// What a path can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Mode {
    /// A book.
    Epub,
    /// A package document.
    Opf,
    /// An XHTML content document.
    Xhtml,
    /// A navigation document.
    Nav,
    /// An SVG content document.
    Svg,
    /// A media overlay document.
    Smil,
}

impl Mode {
    /// The document that it is; nothing for a book.
    fn document(self) -> Option<DocumentKind> {
        match self {
            Self::Epub => None,
            Self::Opf => Some(DocumentKind::Package),
            Self::Xhtml => Some(DocumentKind::Xhtml),
            Self::Nav => Some(DocumentKind::Navigation),
            Self::Svg => Some(DocumentKind::Svg),
            Self::Smil => Some(DocumentKind::Overlay),
        }
    }
}

/// What is said of one path.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Report<'a> {
    Checked(BookReport<'a>),
    Failed { path: &'a str, error: &'a Failure },
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let (profile, interruption) = match prepared(arguments) {
        Ok(prepared) => prepared,
        Err(failure) => {
            failure.tell("check", terminal);
            return failure.exit;
        }
    };
    let mut exit = Exit::Good;
    let mut checked = Vec::new();
    for path in &arguments.paths {
        let outcome = check(arguments, path, profile.as_deref(), &interruption, terminal);
        exit = exit.max(match &outcome {
            Ok(inspection) => exit_of(inspection),
            Err(failure) => failure.exit,
        });
        if !arguments.json {
            tell(path, &outcome, terminal);
        } else if let Err(failure) = &outcome {
            failure.tell(&path.display().to_string(), terminal);
        }
        checked.push((path.display().to_string(), outcome));
        if exit == Exit::Interrupted {
            break;
        }
    }
    if arguments.json {
        let reports: Vec<_> = checked.iter().map(|(path, outcome)| report(path, outcome)).collect();
        // One path of several is still one of an array, also when the others were not reached.
        terminal.json(&reports, arguments.paths.len());
    }
    exit
}

fn prepared(arguments: &Arguments) -> Result<(Option<Cow<'static, Profile>>, Interruption), Failure> {
    let profile = arguments.profile.as_deref().map(release_options::profile).transpose()?;
    let interruption = Interruption::listen().map_err(|error| Failure::unreadable(&error))?;
    Ok((profile, interruption))
}

fn check(
    arguments: &Arguments,
    path: &Path,
    profile: Option<&Profile>,
    interruption: &Interruption,
    terminal: &Terminal,
) -> Result<Inspection, Failure> {
    let watch = terminal.watch(&path.display().to_string(), interruption);
    let document = match arguments.mode {
        Some(mode) => mode.document(),
        None => path.file_name().and_then(|name| DocumentKind::of_name(&name.to_string_lossy())),
    };
    let version = match arguments.epub_version {
        EpubVersion::Two => Version::Two,
        EpubVersion::Three => Version::Three,
    };
    let demands = Demands { version, profile: arguments.epubcheck_profile.into() };
    let mut inspection = match document {
        None if path.is_dir() => inspect_directory(path, demands.profile, &Limits::default(), &watch)?,
        None => BookFile::open(path)?.inspect(demands.profile, &watch)?,
        Some(kind) => BookFile::open(path)?.inspect_document(kind, demands, &watch)?,
    };
    if let Some(profile) = profile {
        inspection.findings.iter_mut().for_each(|finding| profile.judge(finding));
    }
    Ok(inspection)
}

fn exit_of(inspection: &Inspection) -> Exit {
    let is_bad = inspection.findings.iter().any(|finding| finding.severity <= Severity::Error);
    if is_bad { Exit::Failed } else { Exit::Good }
}

fn tell(path: &Path, outcome: &Result<Inspection, Failure>, terminal: &Terminal) {
    let place = path.display().to_string();
    match outcome {
        Ok(inspection) => {
            for finding in &inspection.findings {
                findings::tell(&FindingReport::from(finding), terminal);
            }
            terminal.line(&format!("{place}: {}, {}", inspection.format, count(&inspection.findings)));
            if exit_of(inspection) == Exit::Failed {
                terminal.marked(Mark::Error, &format!("{place}: it breaks rules of its format: see above"));
            }
        }
        Err(failure) => failure.tell(&place, terminal),
    }
}

fn report<'a>(path: &'a str, outcome: &'a Result<Inspection, Failure>) -> Report<'a> {
    match outcome {
        Ok(inspection) => Report::Checked(BookReport::new(path, inspection)),
        Err(error) => Report::Failed { path, error },
    }
}
