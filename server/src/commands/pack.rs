//! `pack`: the release package of each book.

use std::{
    borrow::Cow,
    collections::HashSet,
    fs,
    io::Read,
    path::{Path, PathBuf},
};

use clap::Args;
use packer::{
    date::ReleaseDate,
    epub::EpubProfile,
    group::GroupTag,
    metadata::Overrides,
    pack::{PackError, PackTarget, pack, pack_signed},
    plan::{Plan, Request},
    prepare::prepare,
    profile::Profile,
    rights::{self, Rights},
    signing::SigningKey,
    volume_id::VolumeId,
};

use super::{
    book::BookFile,
    failure::Failure,
    keys,
    pack_report::{self, PackReport},
    release_options,
};
use crate::{exit::Exit, interruption::Interruption, terminal::Terminal};

/// Bytes of a template that are read: more is no text that a person wrote.
const TEMPLATE_BYTES: u64 = 1 << 20;

/// What `pack` takes.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Books; each becomes a release of its own
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// The group, its tag of 2 to 30 letters and digits
    #[arg(long, value_name = "TAG")]
    group: GroupTag,
    /// On what ground you may publish: own-work, permission, public-domain, or the SPDX id of a licence
    #[arg(long, value_name = "RIGHTS")]
    rights: String,
    /// Who gave permission, why it is in the public domain, or a link; required unless RIGHTS is a licence
    #[arg(long, value_name = "TEXT")]
    rights_note: Option<String>,
    /// The rules of the package: a profile's name, or the path of your own, ending in .toml
    #[arg(long, value_name = "PROFILE", default_value = "scene-ebook")]
    profile: String,
    /// A template for the NFO instead of the profile's
    #[arg(long, value_name = "FILE")]
    nfo_template: Option<PathBuf>,
    /// A template for the DIZ instead of the profile's
    #[arg(long, value_name = "FILE")]
    diz_template: Option<PathBuf>,
    #[arg(long, value_name = "FIELD=VALUE", help = release_options::help_of_set())]
    set: Vec<String>,
    /// The release date, today in UTC when not given
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<ReleaseDate>,
    /// The start of the volume names, six characters of a-z and 0-9, instead of the one made from the name
    #[arg(long, value_name = "ID")]
    volume_id: Option<VolumeId>,
    /// Sign the manifest with this secret key; see `keys`
    #[arg(long, value_name = "KEY")]
    sign: Option<PathBuf>,
    /// Where the package's directory is made
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print JSON: one object for a book, an array for several
    #[arg(long)]
    json: bool,
}

/// What holds for every book of one command.
struct Packing<'a> {
    arguments: &'a Arguments,
    rights: Rights,
    profile: Cow<'static, Profile>,
    key: Option<SigningKey>,
    nfo_template: Option<String>,
    diz_template: Option<String>,
    overrides: Overrides,
    date: ReleaseDate,
    interruption: Interruption,
}

pub(crate) fn run(arguments: &Arguments, terminal: &Terminal) -> Exit {
    let packing = match Packing::prepared(arguments) {
        Ok(packing) => packing,
        Err(failure) => {
            failure.tell("pack", terminal);
            return failure.exit;
        }
    };
    // Who reads the JSON finds the book of each finding there, and what became of it.
    let tells_of_several = arguments.paths.len() > 1 && !arguments.json;
    let mut exit = Exit::Good;
    let mut names = HashSet::new();
    let mut reports = Vec::new();
    for path in &arguments.paths {
        let report = packing.pack(path, &mut names, terminal);
        report.tell(arguments.json, tells_of_several, terminal);
        exit = exit.max(report.exit());
        reports.push(report);
        if exit == Exit::Interrupted {
            break;
        }
    }
    if arguments.json {
        terminal.json(&reports, arguments.paths.len());
    }
    if tells_of_several {
        Terminal::message(&pack_report::sum(&reports, arguments.paths.len(), arguments.dry_run));
    }
    exit
}

impl<'a> Packing<'a> {
    fn prepared(arguments: &'a Arguments) -> Result<Self, Failure> {
        let profile = release_options::profile(&arguments.profile)?;
        if arguments.volume_id.is_some() {
            if arguments.paths.len() > 1 {
                let hint = "pack the books one by one, or leave it out: it is made from the name";
                return Err(Failure::usage("--volume-id: one id cannot stand for several books", hint));
            }
            if profile.volumes.is_none() {
                let message = format!("--volume-id: the profile `{}` has no volumes", profile.name);
                return Err(Failure::usage(message, "leave it out"));
            }
        }
        if arguments.diz_template.is_some() && profile.diz.is_none() {
            let message = format!("--diz-template: the profile `{}` has no DIZ", profile.name);
            return Err(Failure::usage(message, "leave it out"));
        }
        let rights = rights::parse(&arguments.rights, arguments.rights_note.as_deref()).map_err(|error| {
            let hint =
                "such as --rights CC-BY-4.0, or --rights permission --rights-note \"letter of the author, 2026\"";
            Failure::usage(format!("--rights: {error}"), hint)
        })?;
        Ok(Self {
            rights,
            profile,
            nfo_template: arguments.nfo_template.as_deref().map(template).transpose()?,
            diz_template: arguments.diz_template.as_deref().map(template).transpose()?,
            overrides: release_options::fields(&arguments.set)?,
            date: arguments.date.map_or_else(release_options::today, Ok)?,
            // A password is asked for once, before anything is read.
            key: arguments.sign.as_deref().map(keys::signing_key).transpose()?,
            interruption: Interruption::listen().map_err(|error| Failure::unreadable(&error))?,
            arguments,
        })
    }

    /// Packs one book. `names` are those of the releases of this command so far.
    fn pack(&self, path: &Path, names: &mut HashSet<String>, terminal: &Terminal) -> PackReport {
        let label = path.display().to_string();
        let report = PackReport::new(label.clone(), self.arguments.dry_run);
        if self.interruption.is_asked() {
            return report.failed(Failure::interrupted());
        }
        let planned = BookFile::open(path).and_then(|mut book| {
            let plan = self.plan(&mut book, &label, terminal)?;
            Ok((book, plan))
        });
        let (mut book, plan) = match planned {
            Ok(planned) => planned,
            Err(failure) => return report.failed(failure),
        };
        let target = self.arguments.out.join(plan.name.to_string());
        let is_second = !names.insert(plan.name.to_string());
        let report = report.planned(&plan, &target);
        let written = if is_second {
            Err(Failure::second_of_a_name(&plan.name))
        } else if fs::symlink_metadata(&target).is_ok() {
            Err(PackError::TargetExists(target).into())
        } else {
            self.write(&mut book, &plan, &label, terminal)
        };
        match written {
            Ok(Some(packed)) => report.packed(packed),
            Ok(None) => report,
            Err(failure) => report.failed(failure),
        }
    }

    fn plan(&self, book: &mut BookFile, label: &str, terminal: &Terminal) -> Result<Plan, Failure> {
        let inspection =
            book.inspect(EpubProfile::Default, &terminal.watch(&format!("reading {label}"), &self.interruption))?;
        Ok(prepare(&Request {
            book: &inspection,
            file_name: book.name(),
            book_size: book.size(),
            overrides: &self.overrides,
            group: &self.arguments.group,
            rights: Some(&self.rights),
            profile: &self.profile,
            nfo_template: self.nfo_template.as_deref(),
            diz_template: self.diz_template.as_deref(),
            date: self.date,
            volume_id: self.arguments.volume_id.as_ref(),
        })?)
    }

    /// Writes the package, or, in a dry run, only refuses what writing would refuse.
    fn write(
        &self,
        book: &mut BookFile,
        plan: &Plan,
        label: &str,
        terminal: &Terminal,
    ) -> Result<Option<packer::pack::Packed>, Failure> {
        if self.arguments.dry_run {
            packer::pack::refuse_what_is_not_ready(plan)?;
            return Ok(None);
        }
        let watch = terminal.watch(&format!("packing {label}"), &self.interruption);
        let mut reader = book.reader()?;
        let target = PackTarget::Directory(&self.arguments.out);
        Ok(Some(match &self.key {
            Some(key) => pack_signed(plan, &mut reader, target, key, &watch)?,
            None => pack(plan, &mut reader, target, &watch)?,
        }))
    }
}

fn template(path: &Path) -> Result<String, Failure> {
    let place = path.display();
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(
            Exit::Unreadable,
            "template-unreadable",
            format!("the template `{place}` cannot be read: {error}"),
            "give a text file in UTF-8 of at most 1 MiB",
        )
    };
    let file = fs::File::open(path).map_err(|error| failed(&error))?;
    let mut text = String::new();
    file.take(TEMPLATE_BYTES + 1).read_to_string(&mut text).map_err(|error| failed(&error))?;
    if text.len() as u64 > TEMPLATE_BYTES { Err(failed(&"it is larger")) } else { Ok(text) }
}
