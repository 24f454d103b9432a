//! Reads books that were cut short and books with wrong bits, and tells what that took.
//!
//! `damage [--cuts N] [--flips N] BOOK…` reads each book as it is, then cut at N places that are spread over it, then
//! with one bit flipped at each of N places that are the same in every run. It prints the most memory and time that
//! one reading took. The end is bad when one panics, takes longer than [`LONGEST`], or holds more than the format may.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "what it prints is its answer")]

use std::{
    env, fs,
    io::Cursor,
    panic::{self, AssertUnwindSafe},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use packer::{
    checks::COULD_NOT_RUN, container::Container, inspect::inspect, limits::Limits, watch::Unwatched, zip::Zip,
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What one reading may take of the time; the longest that is known takes a fraction of it.
const LONGEST: Duration = Duration::from_secs(10);
/// What reading may hold beyond ten times the largest document.
const MEMORY_BYTES: usize = 64 << 20;
/// What reading a PDF may hold: its objects and one stream, packed and unpacked.
const PDF_MEMORY_BYTES: usize = 128 << 20;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (mut cuts, mut flips, mut books) = (100, 1000, Vec::new());
    while let Some(argument) = arguments.next() {
        let number = |next: Option<String>| next.and_then(|number| number.parse().ok());
        match argument.as_str() {
            "--cuts" => cuts = number(arguments.next()).unwrap_or(cuts),
            "--flips" => flips = number(arguments.next()).unwrap_or(flips),
            _ => books.push(PathBuf::from(argument)),
        }
    }
    if books.is_empty() {
        eprintln!("usage: damage [--cuts N] [--flips N] BOOK…");
        return ExitCode::from(2);
    }
    println!("{:<44} {:>11} {:>8} {:>8} {:>8} {:>8}", "book", "bytes", "kB", "µs", "most kB", "most µs");
    let failed = books.iter().filter(|book| !survives(book, cuts, flips)).count();
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What one reading took.
#[derive(Clone, Copy, Default)]
struct Cost {
    bytes: usize,
    time: Duration,
}

impl Cost {
    fn most(self, other: Self) -> Self {
        Self { bytes: self.bytes.max(other.bytes), time: self.time.max(other.time) }
    }
}

fn survives(path: &Path, cuts: usize, flips: usize) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut book = match fs::read(path) {
        Ok(book) => book,
        Err(error) => {
            eprintln!("{name}: {error}");
            return false;
        }
    };
    let bound = if book.starts_with(b"%PDF") { PDF_MEMORY_BYTES } else { MEMORY_BYTES + 10 * largest_document(&book) };
    let Some(sound) = read(&name, &book, "as it is") else { return false };
    let mut most = sound;
    for cut in 0..cuts {
        let length = book.len() * cut / cuts;
        let Some(cost) = read(&name, &book[..length], &format!("cut at byte {length}")) else { return false };
        most = most.most(cost);
    }
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..flips {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let place = usize::try_from(random >> 33).unwrap_or(0) % book.len().max(1);
        let bit = 1 << (random >> 29 & 7);
        book[place] ^= bit;
        let Some(cost) = read(&name, &book, &format!("byte {place} xor {bit}")) else { return false };
        book[place] ^= bit;
        most = most.most(cost);
    }
    println!(
        "{name:<44} {:>11} {:>8} {:>8} {:>8} {:>8}",
        book.len(),
        sound.bytes / 1000,
        sound.time.as_micros(),
        most.bytes / 1000,
        most.time.as_micros()
    );
    if most.bytes > bound {
        eprintln!("{name}: {} bytes were held; {bound} are allowed", most.bytes);
    }
    if most.time > LONGEST {
        eprintln!("{name}: one reading took {:?}", most.time);
    }
    most.bytes <= bound && most.time <= LONGEST
}

/// The bytes of the largest text of a container, as far as one document may be read.
fn largest_document(book: &[u8]) -> usize {
    let limits = Limits::default();
    let mut source = Cursor::new(book);
    let Ok(zip) = Zip::open(&mut source, &limits, &Unwatched) else { return 0 };
    let ends = [".xhtml", ".html", ".htm", ".xml", ".opf", ".ncx", ".svg", ".smil", ".css"];
    let documents =
        zip.entries().iter().filter(|entry| ends.iter().any(|end| entry.path.to_lowercase().ends_with(end)));
    let largest = documents.map(|entry| entry.size).max().unwrap_or_default().min(limits.document_bytes);
    usize::try_from(largest).unwrap_or(usize::MAX)
}

/// Nothing when reading panics.
fn read(name: &str, book: &[u8], how: &str) -> Option<Cost> {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let start = Instant::now();
    let ended = panic::catch_unwind(AssertUnwindSafe(|| {
        // An error is an answer too; a rule that panicked is told as a finding.
        let read = inspect(&mut Cursor::new(book), name, &Limits::default(), &Unwatched);
        read.is_ok_and(|read| read.findings.iter().any(|finding| finding.code == COULD_NOT_RUN))
    }));
    let time = start.elapsed();
    if ended.unwrap_or(true) {
        eprintln!("{name}: reading it {how} panics");
        return None;
    }
    Some(Cost { bytes: MEMORY.peak_usage().saturating_sub(before), time })
}
