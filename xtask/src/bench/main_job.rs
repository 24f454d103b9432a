//! The main job with a large book, on the release build.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::api::Api;
use crate::databases::spare_port;
use crate::debian;
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::process::Background;
use crate::program::{read, run, succeeds};
use crate::terminal::answer;

/// The largest book that the default `UPLOAD_MAX_BYTES` lets in, a little less for its other files.
const BOOK_BYTES: u64 = 499_000_000;
/// What the server may hold in memory whatever the size of the book.
const MEMORY_LIMIT_KIB: u64 = 150_000_000 / 1024;
/// How long a server may take to be healthy.
const START_LIMIT: Duration = Duration::from_mins(1);

/// A large book through upload, inspection, packing and download, on the release build: speed beside what copying and
/// hashing the same file takes, and the peak of the server's memory in each stage.
pub(crate) fn measure(place: &Place) -> Outcome {
    debian::install(place, &["curl", "openssl"])?;
    let folder = place.target.join("bench");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    }
    fs::create_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    let book = make_book(place, &folder)?;
    let outcome = through_all_stages(place, &folder, &book);
    fs::remove_dir_all(&folder).map_err(Failure::while_doing(folder.display()))?;
    outcome
}

fn through_all_stages(place: &Place, folder: &Path, book: &Path) -> Outcome {
    let size = fs::metadata(book).map_err(Failure::while_doing(book.display()))?.len();
    let yardstick = |name: &str, work: &mut dyn FnMut() -> Outcome| -> Outcome {
        let start = Instant::now();
        work()?;
        line(name, size, start.elapsed(), None);
        Ok(())
    };
    answer(format_args!("{:<28} {:>8} {:>8} {:>10}", "stage", "s", "MB/s", "peak MB"));
    let copy = folder.join("copy");
    yardstick("cp", &mut || read(place.program("cp").arg(book).arg(&copy)).map(drop))?;
    yardstick("openssl dgst -sha256", &mut || {
        read(place.program("openssl").args(["dgst", "-sha256"]).arg(book)).map(drop)
    })?;
    fs::remove_file(&copy).map_err(Failure::while_doing(copy.display()))?;

    let port = spare_port()?;
    let password = format!("bench-{port}-quires-and-signatures");
    let data = folder.join("data");
    let environment = [
        ("ADMIN_USERNAME", "bench".to_owned()),
        ("ADMIN_PASSWORD", password.clone()),
        ("BIND_ADDR", format!("127.0.0.1:{port}")),
        ("DATA_DIR", data.display().to_string()),
    ];
    let server = start(place, &environment, &folder.join("log"))?;
    let address = format!("http://127.0.0.1:{port}");
    wait_until_healthy(place, &address, &folder.join("log"))?;
    let api = Api::sign_in(place, &address, "bench", &password)?;
    let group = api.create_group("BENCH")?;

    let mut highest = 0;
    let mut stage = |name: &str, work: &mut dyn FnMut() -> Outcome| -> Outcome {
        forget_peak(server.id())?;
        let start = Instant::now();
        work()?;
        let took = start.elapsed();
        let peak = peak_kib(server.id())?;
        highest = highest.max(peak);
        line(name, size, took, Some(peak));
        Ok(())
    };
    let mut release = String::new();
    stage("upload, stored and hashed", &mut || {
        release = api.upload(book, size)?;
        Ok(())
    })?;
    stage("what is left of inspection", &mut || api.wait_for(&release, "draft").map(drop))?;
    api.decide(&release, &group)?;
    let mut packed = String::new();
    stage("packing", &mut || {
        api.pack(&release)?;
        packed = api.wait_for(&release, "packed")?;
        Ok(())
    })?;
    stage("download", &mut || api.download(&packed, &folder.join("package.zip")))?;
    if highest <= MEMORY_LIMIT_KIB {
        Ok(())
    } else {
        Err(Failure::new(format!("the server held {highest} KiB in memory; {MEMORY_LIMIT_KIB} are allowed")))
    }
}

fn make_book(place: &Place, folder: &Path) -> Outcome<PathBuf> {
    let size = BOOK_BYTES.to_string();
    let mut example = place.cargo();
    example.args(["run", "--quiet", "-p", "packer", "--features", "builder", "--example", "make_books", "--"]);
    run(example.arg(folder).args(["--large", &size]))?;
    Ok(folder.join("large.epub"))
}

fn start(place: &Place, environment: &[(&str, String)], log: &Path) -> Outcome<Background> {
    let mut arguments: Vec<String> = environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    arguments.extend([place.server(true).display().to_string(), "serve".to_owned()]);
    Background::start(place, "env", &arguments, log)
}

fn wait_until_healthy(place: &Place, address: &str, log: &Path) -> Outcome {
    let start = Instant::now();
    let health = format!("{address}/api/health");
    while start.elapsed() < START_LIMIT {
        if succeeds(place.program("curl").args(["--silent", "--fail", "--noproxy", "*", &health])) {
            return Ok(());
        }
        sleep(Duration::from_millis(50));
    }
    let said = fs::read_to_string(log).unwrap_or_default();
    Err(Failure::new(format!("the server was not healthy in time:\n{said}")))
}

/// Lets the kernel count the peak of the memory anew.
fn forget_peak(process: u32) -> Outcome {
    let path = format!("/proc/{process}/clear_refs");
    fs::write(&path, "5").map_err(Failure::while_doing(path))
}

/// The peak of resident memory since it was last forgotten.
fn peak_kib(process: u32) -> Outcome<u64> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path).map_err(Failure::while_doing(&path))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.split_whitespace().next()?.parse().ok())
        .ok_or_else(|| Failure::new(format!("{path} does not tell the peak of memory")))
}

fn line(name: &str, bytes: u64, took: Duration, peak: Option<u64>) {
    let milliseconds = u64::try_from(took.as_millis()).unwrap_or(u64::MAX).max(1);
    let seconds = format!("{}.{:02}", milliseconds / 1000, milliseconds % 1000 / 10);
    let speed = bytes / 1000 / milliseconds;
    let peak = peak.map(|kib| (kib * 1024 / 1_000_000).to_string()).unwrap_or_default();
    answer(format_args!("{name:<28} {seconds:>8} {speed:>8} {peak:>10}"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_of_a_process_is_read_from_the_kernel() {
        assert!(peak_kib(std::process::id()).unwrap() > 0);
    }
}
