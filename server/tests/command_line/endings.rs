//! However packing ends, no half package stays.

use std::{
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    binary::{Place, Run},
    sample_book::{epub, large},
};

/// Large enough that packing it takes a while.
const LARGE: usize = 400_000_000;
/// How long a test waits for what must happen soon.
const PATIENCE: Duration = Duration::from_mins(1);

/// Starts packing a large book and waits until a staging directory is there.
fn packing_under_way(place: &Place) -> Child {
    place.write("large.epub", &large("Grand", LARGE));
    let mut child = place
        .command(&["pack", "large.epub", "--group", "GRP", "--rights", "CC-BY-4.0", "--out", "out"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while !place.names("out").iter().any(|name| name.contains(".partial-")) {
        assert!(child.try_wait().unwrap().is_none(), "packing ended before it could be stopped");
        assert!(started.elapsed() < PATIENCE, "no staging directory");
        thread::sleep(Duration::from_millis(1));
    }
    child
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap().success());
}

#[test]
fn interrupted_it_ends_with_130_and_leaves_nothing() {
    for name in ["INT", "TERM"] {
        let place = Place::new();
        let child = packing_under_way(&place);
        signal(&child, name);
        let run = Run::of(&child.wait_with_output().unwrap()).ends_with(130);
        assert_eq!(place.names(""), ["large.epub"], "{run:?}");
    }
}

#[test]
fn killed_it_leaves_no_package_and_the_next_run_takes_the_rest_away() {
    let place = Place::new();
    let mut child = packing_under_way(&place);
    signal(&child, "KILL");
    child.wait().unwrap();
    let left = place.names("out");
    assert!(left.iter().all(|name| name.starts_with('.')), "{left:?}");
    place.write("small.epub", &epub("Petit"));
    place.pack(&["small.epub"]).ends_with(0);
    let names = place.names("out");
    assert!(names.len() == 1 && names[0].contains("Petit"), "{names:?}");
}

#[test]
fn on_a_full_disk_it_ends_with_3_says_so_and_leaves_nothing() {
    let place = Place::new();
    place.write("book.epub", &large("Grand", 3_000_000));
    std::fs::create_dir(place.path().join("full")).unwrap();
    // A file system of one mebibyte that only this process and its children see.
    let script = "mount -t tmpfs -o size=1m tmpfs full || exit 99\n\
                  \"$0\" pack book.epub --group GRP --rights CC-BY-4.0 --out full\n\
                  code=$?; ls -A full; exit $code";
    let binary = env!("CARGO_BIN_EXE_ebook-scene-packer");
    let output = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script, binary])
        .current_dir(place.path())
        .output()
        .unwrap();
    let run = Run::of(&output);
    assert_ne!(run.code, 99, "a tmpfs is needed to fill a disk and cannot be mounted: {run:?}");
    let run = run.ends_with(3);
    assert!(run.messages.contains("make room"), "{run:?}");
    assert_eq!(run.results, "", "nothing stands on the full disk");
}

#[test]
fn where_nobody_may_write_it_ends_with_3() {
    let place = Place::new();
    place.write("book.epub", &epub("Petit"));
    place.write("file", b"");
    let run = place.pack(&["book.epub", "--out", "file/below"]).ends_with(3);
    assert!(run.messages.contains("file/below"), "{}", run.messages);
}
