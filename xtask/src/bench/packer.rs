//! The command line beside what a person would otherwise call, each in turn in one run: a figure is a ratio of medians.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};
use crate::terminal::{answer, say};
use crate::{debian, tools};

/// The largest book that the layout of volumes holds, a little less for its other files.
const BOOK_BYTES: &str = "499000000";
/// How often each is run; the median counts.
const ROUNDS: usize = 5;
/// How often EPUBCheck reads the book in one process before its time counts, and how often then.
const WARM_ROUNDS: &str = "20";
/// Where files are memory: the speed of a disk says nothing of a program.
const MEMORY: &str = "/dev/shm";
/// What the others come from.
const PACKAGES: &[&str] = &["calibre", "cksfv", "default-jdk-headless", "openssl", "zip"];

pub(crate) fn measure(place: &Place) -> Outcome {
    debian::install(place, debian::FOR_TOOLS)?;
    debian::install(place, PACKAGES)?;
    let epub_check = tools::epub_check(place)?;
    run(place.cargo().args(["build", "--profile", "server-release", "--package", "server"]))?;
    let folder = Path::new(MEMORY).join(format!("ebook-scene-packer-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    let bench = Bench { place, ours: place.server(true), folder: folder.clone(), epub_check };
    let outcome = bench.all();
    fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    outcome
}

struct Bench<'a> {
    place: &'a Place,
    ours: PathBuf,
    folder: PathBuf,
    epub_check: PathBuf,
}

/// What is measured against each other: a name, and how long one run takes.
type Contender<'a> = (&'a str, Box<dyn Fn() -> Outcome<Duration> + 'a>);

impl Bench<'_> {
    fn all(&self) -> Outcome {
        let packing = self.packing()?;
        let reading = self.reading()?;
        if packing && reading { Ok(()) } else { Err(Failure::new("a goal was missed")) }
    }

    /// A book that does not compress: packed, and verified.
    fn packing(&self) -> Outcome<bool> {
        let mut is_good = true;
        let mut example = self.place.cargo();
        example.args(["run", "--quiet", "-p", "packer", "--features", "builder", "--example", "make_books", "--"]);
        run(example.arg(&self.folder).args(["--large", BOOK_BYTES]))?;
        let times = medians(&[
            ("plain", Box::new(|| self.pack("plain"))),
            ("scene-ebook", Box::new(|| self.pack("scene-ebook"))),
            ("openssl dgst -sha256", Box::new(|| self.other("openssl", &["dgst", "-sha256", "large.epub"]))),
            ("zip -0", Box::new(|| self.other("zip", &["-0", "-q", "out.zip", "large.epub"]))),
            ("sha256sum", Box::new(|| self.other("sha256sum", &["large.epub"]))),
            ("cksfv", Box::new(|| self.other("cksfv", &["large.epub"]))),
        ])?;
        let [plain, scene, openssl, zip, sha256sum, cksfv] = times[..] else { return Ok(false) };
        let peers = zip + sha256sum + cksfv;
        answer(format_args!("{:<58} {:>8} {:>8}", "", "ratio", "goal"));
        is_good &= ratio("plain: speed of `openssl dgst -sha256`", openssl, plain, 0.85);
        is_good &= ratio("scene-ebook: speed of `openssl dgst -sha256`", openssl, scene, 0.60);
        is_good &= ratio("plain: times as fast as zip -0, sha256sum and cksfv", peers, plain, 5.0);
        is_good &= ratio("scene-ebook: times as fast as zip -0, sha256sum and cksfv", peers, scene, 5.0);

        self.pack("plain")?;
        let package = only_entry(&self.folder.join("verify"), "plain")?;
        let times = medians(&[
            ("verify", Box::new(|| timed(Command::new(&self.ours).arg("verify").arg(&package)))),
            (
                "sha256sum -c",
                Box::new(|| timed(Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(&package))),
            ),
        ])?;
        is_good &= ratio("verify: speed of `sha256sum -c`", times[1], times[0], 1.0);
        Ok(is_good)
    }

    /// A novel: checked, and its metadata read.
    fn reading(&self) -> Outcome<bool> {
        let mut is_good = true;
        let corpus = self.place.corpus().map(|corpus| corpus.join("epub/moby-dick.epub")).filter(|book| book.is_file());
        let novel = self.folder.join("novel.epub");
        let Some(book) = corpus else {
            say("There is no novel beside the clone: nothing is said of reading one.");
            return Ok(is_good);
        };
        fs::copy(&book, &novel).map_err(Failure::while_doing(novel.display()))?;
        let check = || timed_check(Command::new(&self.ours).args(["check", "--json"]).arg(&novel));
        let java = |arguments: &[&str]| {
            let mut java = Command::new("java");
            java.arg(arguments[0]).arg(&self.epub_check).args(&arguments[1..]).arg(&novel);
            java
        };
        let times = medians(&[
            ("check", Box::new(check)),
            ("EPUBCheck, cold", Box::new(|| timed_check(&mut java(&["-jar"])))),
            ("name", Box::new(|| timed(Command::new(&self.ours).arg("name").arg(&novel)))),
            ("ebook-meta", Box::new(|| timed(Command::new("ebook-meta").arg(&novel)))),
        ])?;
        let [ours, cold, name, ebook_meta] = times[..] else { return Ok(false) };
        let harness = self.place.root.join("xtask/src/bench/Warm.java").display().to_string();
        let said = read(java(&["-cp", &harness, WARM_ROUNDS]).current_dir(&self.folder))?;
        let warm = said
            .trim()
            .parse()
            .map(Duration::from_micros)
            .map_err(|_| Failure::new(format!("EPUBCheck said {said}")))?;
        say(format_args!("{:<28} {:>10.1} ms", "EPUBCheck, warm", milliseconds(warm)));
        is_good &= ratio("check: times as fast as EPUBCheck, cold", cold, ours, 100.0);
        is_good &= ratio("check: times as fast as EPUBCheck, warm", warm, ours, 10.0);
        is_good &= ratio("name: times as fast as ebook-meta", ebook_meta, name, 50.0);
        Ok(is_good)
    }

    fn pack(&self, profile: &str) -> Outcome<Duration> {
        let out = self.folder.join("verify");
        remove(&out)?;
        let mut pack = Command::new(&self.ours);
        pack.arg("pack").arg(self.folder.join("large.epub")).args(["--group", "BENCH", "--rights", "CC0-1.0"]);
        pack.args(["--date", "2024-02-29", "--profile", profile, "--out"]).arg(&out);
        timed(&mut pack)
    }

    fn other(&self, program: &str, arguments: &[&str]) -> Outcome<Duration> {
        let written = self.folder.join("out.zip");
        if written.exists() {
            fs::remove_file(&written).map_err(Failure::while_doing(written.display()))?;
        }
        timed(Command::new(program).args(arguments).current_dir(&self.folder))
    }
}

/// Runs all in turn, so that what slows the machine slows each, and gives the median of each.
fn medians(contenders: &[Contender<'_>]) -> Outcome<Vec<Duration>> {
    let mut times = vec![Vec::new(); contenders.len()];
    for _ in 0..ROUNDS {
        for ((_, contender), times) in contenders.iter().zip(&mut times) {
            times.push(contender()?);
        }
    }
    let medians = times.into_iter().map(|mut times| {
        times.sort();
        times[ROUNDS / 2]
    });
    let medians: Vec<_> = medians.collect();
    for ((name, _), median) in contenders.iter().zip(&medians) {
        say(format_args!("{name:<28} {:>10.1} ms", milliseconds(*median)));
    }
    Ok(medians)
}

fn timed(command: &mut Command) -> Outcome<Duration> {
    timed_to(command, &[0])
}

/// The same of a checker, which ends with 1 when it finds faults.
fn timed_check(command: &mut Command) -> Outcome<Duration> {
    timed_to(command, &[0, 1])
}

fn timed_to(command: &mut Command, ends: &[i32]) -> Outcome<Duration> {
    let start = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let took = start.elapsed();
    let name = command.get_program().to_string_lossy().into_owned();
    match status {
        Ok(status) if status.code().is_some_and(|code| ends.contains(&code)) => Ok(took),
        Ok(status) => Err(Failure::new(format!("{name} ended with {status}"))),
        Err(error) => Err(Failure::new(format!("{name} could not be started: {error}"))),
    }
}

fn only_entry(folder: &Path, what: &str) -> Outcome<PathBuf> {
    let mut entries = fs::read_dir(folder).map_err(Failure::while_doing(folder.display()))?;
    let entry = entries.next().and_then(Result::ok);
    entry.map(|entry| entry.path()).ok_or_else(|| Failure::new(format!("there is no package of {what}")))
}

fn remove(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::while_doing(folder.display()))?;
    }
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Tells how many times as long the other took as we did; true when that is enough.
fn ratio(name: &str, other: Duration, ours: Duration, goal: f64) -> bool {
    let found = other.as_secs_f64() / ours.as_secs_f64().max(f64::EPSILON);
    let verdict = if found >= goal { "" } else { "  missed" };
    answer(format_args!("{name:<58} {found:>8.2} {goal:>8.2}{verdict}"));
    found >= goal
}
