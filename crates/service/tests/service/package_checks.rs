//! What the check of a package finds, who hears of it, and what a job says of itself.

use std::{path::PathBuf, time::Duration};

use packer::hash::Sha256;
use service::{Job, JobId, JobKind, JobState, LogLevel, Package};

use crate::house::{House, book};

fn file(package: &Package, end: &str) -> (String, Sha256) {
    let file = package.files.iter().find(|file| file.path.ends_with(end)).unwrap();
    (file.path.clone(), file.sha256)
}

async fn said(house: &House, admin: &service::Actor, job: JobId) -> Vec<String> {
    let lines = house.services.jobs().log(admin, job, 0).await.unwrap();
    lines.into_iter().map(|line| line.code).collect()
}

#[tokio::test]
async fn a_damaged_package_is_told_file_by_file_until_a_check_finds_it_whole() {
    let (house, admin) = House::new().await;
    let (release, package) = house.packed(&admin, &book("Damaged")).await;
    let (id, package) = (release.summary.id, house.services.packages().lookup(&admin, package).await.unwrap());
    let jobs = house.services.jobs();
    let check = async || -> Job {
        house.clock.pass(Duration::from_millis(1));
        let job = house.services.releases().verify(&admin, id).await.unwrap();
        house.work_off().await;
        jobs.lookup(&admin, job).await.unwrap()
    };
    let whole = check().await;
    assert_eq!((whole.state, whole.found_damage()), (JobState::Done, false));
    let found = whole.package_check().unwrap();
    assert_eq!((found.files, found.bytes), (package.files.len() as u64, package.size), "no file is left out");
    assert!(found.good && found.wrong.is_empty() && found.volumes.unwrap().is_good());
    assert_eq!(
        said(&house, &admin, whole.id).await,
        ["job-started", "verifying", "compared", "volumes-good", "job-done"]
    );

    let (nfo, zip, sums) = (file(&package, ".nfo"), file(&package, ".zip"), file(&package, "SHA256SUMS"));
    let blob = |(_, sha256): &(String, Sha256)| -> PathBuf { house.blob(sha256) };
    let before = [&nfo, &zip, &sums].map(|one| (blob(one), std::fs::read(blob(one)).unwrap()));
    let mut other = before[0].1.clone();
    other[0] ^= 1;
    std::fs::write(blob(&nfo), other).unwrap();
    std::fs::remove_file(blob(&zip)).unwrap();
    // It stands in no list: only the house knows what it was.
    std::fs::write(blob(&sums), [&before[2].1[..], b"\n"].concat()).unwrap();

    let damaged = check().await;
    assert!(damaged.found_damage());
    let found = damaged.package_check().unwrap();
    let outcomes: Vec<_> = found.wrong.iter().map(|file| (file.path.as_str(), file.outcome.as_str())).collect();
    let mut expected = vec![(nfo.0.as_str(), "checksum"), (zip.0.as_str(), "missing"), (sums.0.as_str(), "size")];
    expected.sort_unstable();
    assert_eq!(outcomes, expected);
    assert_eq!((found.files, found.wrong_files()), (package.files.len() as u64, 3));
    for file in &found.wrong {
        let made = package.files.iter().find(|made| made.path == file.path).unwrap();
        assert_eq!(file.made.unwrap().sha256, made.sha256);
    }
    let volumes = found.volumes.unwrap();
    assert_eq!((volumes.outcome.as_str(), volumes.data["zip"].as_str()), ("open", zip.0.as_str()));
    let lines = jobs.log(&admin, damaged.id, 0).await.unwrap();
    let bad = lines.iter().filter(|line| line.level == LogLevel::Error).map(|line| line.code.as_str());
    let mut bad: Vec<_> = bad.collect();
    assert_eq!(bad.pop(), Some("job-done-with-damage"));
    bad.sort_unstable();
    assert_eq!(bad, ["file-checksum", "file-missing", "file-size", "volumes-wrong"]);
    assert_eq!(jobs.damage(&admin, 10).await.unwrap(), [damaged]);

    for (path, bytes) in before {
        std::fs::write(path, bytes).unwrap();
    }
    assert_eq!(check().await.state, JobState::Done);
    assert_eq!(jobs.damage(&admin, 10).await.unwrap(), [], "the latest check found it whole");
}

#[tokio::test]
async fn a_manifest_that_cannot_be_read_is_told_once_and_by_what_its_bytes_are() {
    let (house, admin) = House::new().await;
    let (release, package) = house.packed(&admin, &book("Unreadable")).await;
    let package = house.services.packages().lookup(&admin, package).await.unwrap();
    let (_, manifest) = file(&package, "manifest.json");
    std::fs::write(house.blob(&manifest), b"{").unwrap();
    let job = house.services.releases().verify(&admin, release.summary.id).await.unwrap();
    house.work_off().await;
    let found = house.services.jobs().lookup(&admin, job).await.unwrap().package_check().unwrap();
    let of_manifest: Vec<_> = found.wrong.iter().filter(|file| file.path == "manifest.json").collect();
    assert_eq!(of_manifest.iter().map(|file| file.outcome.as_str()).collect::<Vec<_>>(), ["checksum"]);
    assert_eq!(found.files, package.files.len() as u64);
}

#[tokio::test]
async fn a_job_says_each_of_its_stages_with_its_facts() {
    let (house, admin) = House::new().await;
    let (release, package) = house.packed(&admin, &book("Told")).await;
    let release = house.lookup(&admin, release.summary.id).await;
    let package = house.services.packages().lookup(&admin, package).await.unwrap();
    let of = |kind| release.jobs.iter().find(|job| job.kind == kind).unwrap().id;
    let (pack, inspect) = (of(JobKind::Pack), of(JobKind::Inspect));
    let lines = house.services.jobs().log(&admin, inspect, 0).await.unwrap();
    let codes: Vec<_> = lines.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(codes, ["job-started", "reading", "checked", codes[3]]);
    assert_eq!(lines[1].data["file"], "book.epub");
    assert_eq!(lines[2].data["findings"], release.book.findings.len().to_string());

    let lines = house.services.jobs().log(&admin, pack, 0).await.unwrap();
    let codes: Vec<_> = lines.iter().map(|line| line.code.as_str()).collect();
    assert_eq!(codes[..3], ["job-started", "packing", "storing"]);
    assert_eq!(codes[codes.len() - 2..], ["package-whole", "job-done"]);
    let stored: Vec<_> = lines.iter().filter(|line| line.code == "file-stored").collect();
    assert_eq!(stored.len(), package.files.len());
    for (line, file) in stored.iter().zip(&package.files) {
        let facts = [("path", &file.path), ("size", &file.size.to_string()), ("crc32", &file.crc32.to_string())];
        assert!(facts.iter().all(|(name, value)| line.data[*name] == **value), "{line:?}");
    }
    assert!(lines.iter().zip(1..).all(|(line, number)| line.sequence == number));
}
