//! One version after the other: the scripts that change it, with a Docker that says what a test wants, and the files of the
//! version before.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    thread,
    time::{Duration, Instant},
};

use crate::stand_in::{path_with, program};

/// Stands in for `docker`: a node runs the tag that it was made with, and one of the tag `broken` never becomes healthy. The
/// proxy is not yet when it is asked for the first time.
const DOCKER: &str = "#!/bin/sh
echo \"$*\" >> asked
case \"$*\" in
    'compose version') ;;
    'compose config --services') printf '%s\\n' alertmanager backend frontend nginx prometheus ;;
    'compose pull'* | 'compose run'* | 'compose logs'* | 'compose exec'*) ;;
    'compose up -d --no-deps '*) echo \"$IMAGE_TAG\" > \"runs-$5\"; rm -f \"up-$5\" ;;
    'compose ps --quiet '*) echo \"$4\" ;;
    'inspect --format '*Health*' nginx') if [ -e up-nginx ]; then echo healthy; else touch up-nginx; echo starting; fi ;;
    'inspect --format '*)
        if [ \"$4\" = backend ] && [ \"$(cat runs-backend)\" = broken ]; then echo starting; else echo healthy; fi ;;
    'image inspect '*) echo \"layers of $5\" ;;
    *) echo \"no docker $*\" >&2; exit 1 ;;
esac
";

/// For a shell to start a program, beside whatever else is tested.
const BEGINS_WITHIN: Duration = Duration::from_secs(30);

/// A clone whose node runs the version `one`.
fn clone() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    assert!(Command::new("cp").args(["-R", "../deploy"]).arg(folder.path()).status().unwrap().success());
    // What it looks at afterwards is another test's matter; when it looks, the proxy must answer.
    for (name, text) in [("bin/docker", DOCKER), ("deploy/smoke.sh", "#!/bin/sh\ntest -e up-nginx\n")] {
        program(&folder.path().join(name), text);
    }
    fs::write(folder.path().join(".env"), "IMAGE_TAG=one\n").unwrap();
    folder
}

/// Runs one of the scripts; whether it went well, and what it said.
fn script(clone: &Path, name: &str, tag: Option<&str>) -> (bool, String) {
    let mut command = Command::new(clone.join("deploy").join(name));
    command.args(tag).current_dir(clone).env("PATH", path_with(&clone.join("bin"))).env("HEALTHY_WITHIN", "3");
    command.env_remove("COMPOSE_FILE").env_remove("IMAGE_TAG");
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8([output.stdout, output.stderr].concat()).unwrap())
}

fn word(clone: &Path, name: &str) -> String {
    fs::read_to_string(clone.join(name)).unwrap().trim().to_owned()
}

#[test]
fn an_update_that_ended_half_way_is_taken_back_and_a_whole_one_as_well() {
    let folder = clone();
    let clone = folder.path();
    let (is_done, said) = script(clone, "rolling-update.sh", Some("broken"));
    assert!(!is_done && said.contains("backend is not healthy"), "{said}");
    assert_eq!((word(clone, "runs-backend"), word(clone, ".env")), ("broken".to_owned(), "IMAGE_TAG=one".to_owned()));
    let (is_done, said) = script(clone, "rollback.sh", None);
    assert!(is_done, "{said}");
    assert_eq!((word(clone, "runs-backend"), word(clone, ".env")), ("one".to_owned(), "IMAGE_TAG=one".to_owned()));

    let (is_done, said) = script(clone, "rolling-update.sh", Some("two"));
    assert!(is_done && said.contains("All nodes run two"), "{said}");
    assert_eq!((word(clone, "runs-backend"), word(clone, ".env")), ("two".to_owned(), "IMAGE_TAG=two".to_owned()));
    for watcher in ["alertmanager", "prometheus"] {
        let again = format!("compose exec -T {watcher} /bin/sh /etc/{watcher}/start.sh again");
        assert!(word(clone, "asked").contains(&again), "{watcher} goes on with the rules of before");
    }
    let (is_done, said) = script(clone, "rollback.sh", None);
    assert!(is_done && said.contains("All nodes run one"), "{said}");
    assert_eq!((word(clone, "runs-backend"), word(clone, ".previous-tag")), ("one".to_owned(), "two".to_owned()));
}

#[test]
fn a_change_of_the_settings_reaches_everybody_who_is_told_of_it() {
    let folder = clone();
    let (is_done, said) = script(folder.path(), "restart.sh", None);
    assert!(is_done, "{said}");
    let asked = word(folder.path(), "asked");
    assert!(asked.contains("compose up -d --no-deps --force-recreate backend"), "{asked}");
    for service in ["frontend", "nginx", "prometheus"] {
        assert!(asked.contains(&format!("compose up -d --no-deps {service}")), "{service}: {asked}");
    }
    assert!(folder.path().join("up-nginx").exists(), "it says that all is new before the proxy answers");
}

/// Starts the frontend with the files of one version, without an nginx.
fn start_frontend(room: &Path, version: &str) {
    let mut start = Command::new(room.join("nginx/start.sh"));
    start.arg("frontend").env("PREFIX", room.join("prefix")).env("ASSETS", room.join("assets"));
    start.env("SITE", room.join(version)).env("PUBLIC_URL", "http://localhost");
    assert!(start.status().unwrap().success(), "render.sh needs envsubst: run `cargo xtask test`");
}

fn file(room: &Path, name: &str) -> PathBuf {
    room.join("assets/pkg").join(name)
}

fn make_older(path: &Path) {
    assert!(Command::new("touch").args(["-d", "40 days ago"]).arg(path).status().unwrap().success());
}

#[test]
fn the_files_of_the_version_before_stay_for_a_month_however_long_it_ran() {
    let folder = tempfile::tempdir().unwrap();
    let room = folder.path();
    assert!(Command::new("cp").args(["-R", "../nginx"]).arg(room).status().unwrap().success());
    fs::write(room.join("nginx/run.sh"), "#!/bin/sh\n").unwrap();
    for (version, name) in [("one", "old.js"), ("two", "new.js")] {
        fs::create_dir_all(room.join(version).join("pkg")).unwrap();
        fs::write(room.join(version).join("pkg").join(name), version).unwrap();
    }
    fs::create_dir(room.join("assets")).unwrap();

    start_frontend(room, "one");
    make_older(&file(room, "old.js"));
    start_frontend(room, "two");
    assert!(file(room, "old.js").exists(), "pages that were open a minute ago ask for it");
    make_older(&file(room, "old.js"));
    make_older(&file(room, "new.js"));
    start_frontend(room, "two");
    assert!(!file(room, "old.js").exists(), "nobody has a page that is so old");
    assert!(file(room, "new.js").exists());
}

#[test]
fn a_container_that_is_stopped_takes_its_backup_along() {
    const BACKUP: &str = "#!/bin/sh\necho $$ > pid.new && mv pid.new pid && exec sleep 60\n";
    let folder = tempfile::tempdir().unwrap();
    program(&folder.path().join("ebook-scene-packer"), BACKUP);
    let script = fs::canonicalize("../deploy/backup/run.sh").unwrap();
    let mut running = Command::new("sh")
        .arg(script)
        .current_dir(folder.path())
        .env("PATH", path_with(folder.path()))
        .envs([("BACKUP_KEEP_DAYS", "1"), ("BACKUP_EVERY_HOURS", "1")])
        .spawn()
        .unwrap();
    let (pid, begun) = (folder.path().join("pid"), Instant::now());
    while !pid.exists() {
        assert!(begun.elapsed() < BEGINS_WITHIN, "no backup begins");
        assert!(running.try_wait().unwrap().is_none(), "it ended before the backup began");
        thread::sleep(Duration::from_millis(10));
    }
    let is_sent = Command::new("kill").arg(running.id().to_string()).status().unwrap();
    assert!(is_sent.success());
    assert_eq!(running.wait().unwrap().code(), Some(143));
    let backup = fs::read_to_string(pid).unwrap();
    assert!(!Path::new("/proc").join(backup.trim()).exists(), "the backup goes on alone");
}
