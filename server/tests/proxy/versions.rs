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

/// Stands in for `docker`: `images/TAG-TARGET` are its images, and `runs-SERVICE` says by which tag that one was made, of
/// which image `made-SERVICE`. One of the tag `broken` never becomes healthy, and certbot is not yet. The proxy is not when it
/// is asked for the first time. In the registry there is nothing.
const DOCKER: &str = r#"#!/bin/sh
echo "$*" >> asked
for last; do :; done
target_of() {
    case "$1" in nginx) echo proxy ;; backend | frontend) echo "$1" ;; esac
}
case "$*" in
    'compose version') ;;
    'compose config --services') printf '%s\n' alertmanager backend certbot frontend grafana nginx prometheus redis ;;
    'compose pull'* | 'compose run'* | 'compose logs'* | 'compose exec'*) ;;
    'compose build '*) for target in backend frontend proxy; do cp sources "images/$IMAGE_TAG-$target"; done ;;
    'compose up -d --no-deps --no-build '*)
        rm -f "up-$last"
        echo "$IMAGE_TAG" > "runs-$last"
        target=$(target_of "$last")
        if [ -n "$target" ]; then cp "images/$IMAGE_TAG-$target" "made-$last"; fi ;;
    'compose ps --quiet '*) echo "$last" ;;
    'inspect --format {{.Config.Image}} {{.Image}} '*)
        echo "ghcr.io/yourorg/ebook-scene-packer:$(cat "runs-$last")-$(target_of "$last") $(cat "made-$last")" ;;
    'inspect --format '*Health*' nginx') if [ -e up-nginx ]; then echo healthy; else touch up-nginx; echo starting; fi ;;
    'inspect --format '*Health*' certbot') echo starting ;;
    'inspect --format '*)
        if [ "$last" = backend ] && [ "$(cat runs-backend)" = broken ]; then echo starting; else echo healthy; fi ;;
    'image inspect --format {{.Id}} '*) cat "images/${last##*:}" ;;
    'image inspect '*) echo "layers of $last" ;;
    'tag '*) echo "$2" > "images/${last##*:}" ;;
    *) echo "no docker $*" >&2; exit 1 ;;
esac
"#;

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
    fs::create_dir(folder.path().join("images")).unwrap();
    for tag in ["one", "two", "broken"] {
        build(folder.path(), tag, tag);
    }
    for (service, _) in OURS {
        fs::write(folder.path().join(format!("runs-{service}")), "one").unwrap();
        fs::write(folder.path().join(format!("made-{service}")), "sha256:one").unwrap();
    }
    folder
}

/// The services of ours, with the target of the image of each.
const OURS: [(&str, &str); 3] = [("backend", "backend"), ("frontend", "frontend"), ("nginx", "proxy")];

/// Makes the images of a tag of some sources, as `docker compose build` does.
fn build(clone: &Path, tag: &str, sources: &str) {
    for (_, target) in OURS {
        fs::write(clone.join(format!("images/{tag}-{target}")), format!("sha256:{sources}")).unwrap();
    }
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
fn what_runs_can_be_gone_back_to_although_its_name_was_built_anew() {
    let folder = clone();
    let clone = folder.path();
    // `git pull` and `docker compose build`, before the script.
    build(clone, "one", "two");
    fs::write(clone.join("sources"), "sha256:two").unwrap();
    let (is_done, said) = script(clone, "rolling-update.sh", None);
    assert!(is_done && said.contains("one was built or pulled anew"), "{said}");
    assert_eq!(
        (word(clone, "made-backend"), word(clone, "images/one-backend")),
        ("sha256:two".to_owned(), "sha256:two".to_owned())
    );
    let before = word(clone, ".previous-tag");
    assert!(before.starts_with("before-"), "{before}");
    for (_, target) in OURS {
        assert_eq!(word(clone, &format!("images/{before}-{target}")), "sha256:one");
    }
    let (is_done, said) = script(clone, "rollback.sh", None);
    assert!(is_done && said.contains(&format!("All nodes run {before}")), "{said}");
    assert_eq!(
        (word(clone, "made-backend"), word(clone, "made-nginx")),
        ("sha256:one".to_owned(), "sha256:one".to_owned())
    );
    assert_eq!(word(clone, ".env"), format!("IMAGE_TAG={before}"));
}

#[test]
fn an_update_that_fails_and_a_restart_keep_what_runs_although_its_name_was_built_anew() {
    for (name, tag, runs) in [("rolling-update.sh", Some("gone"), "one"), ("restart.sh", None, "before-")] {
        let folder = clone();
        build(folder.path(), "one", "two");
        let (is_done, said) = script(folder.path(), name, tag);
        assert_eq!(is_done, tag.is_none(), "{said}");
        assert_eq!(word(folder.path(), "made-backend"), "sha256:one", "{name}");
        assert!(word(folder.path(), "runs-backend").starts_with(runs), "{name}");
        // Whoever says `up` now, too, gets what ran.
        let kept = word(folder.path(), ".env").replace("IMAGE_TAG=", "");
        assert_eq!(word(folder.path(), &format!("images/{kept}-backend")), "sha256:one", "{name}");
    }
}

#[test]
fn an_update_that_ended_half_way_before_its_name_was_built_anew_is_not_said_to_be_taken_back() {
    let folder = clone();
    let clone = folder.path();
    let (is_done, said) = script(clone, "rolling-update.sh", Some("broken"));
    assert!(!is_done, "{said}");
    // No node is left that runs what was there before: nobody knows what that was.
    build(clone, "one", "two");
    let (is_done, said) = script(clone, "rollback.sh", None);
    assert!(!is_done && said.contains("rollback.sh: there is no image"), "{said}");
    assert_eq!(word(clone, "runs-backend"), "broken");
}

#[test]
fn a_version_whose_images_are_nowhere_touches_nobody() {
    for name in ["rolling-update.sh", "rollback.sh"] {
        let folder = clone();
        fs::remove_file(folder.path().join("images/two-proxy")).unwrap();
        for tag in ["gone", "two"] {
            let (is_done, said) = script(folder.path(), name, Some(tag));
            assert!(!is_done && said.contains(&format!("{name}: there is no image")), "{name} {tag}: {said}");
        }
        let asked = word(folder.path(), "asked");
        assert!(asked.contains("pull --quiet ghcr.io/yourorg/ebook-scene-packer:two-proxy"), "{asked}");
        assert!(!asked.contains("compose up") && !asked.contains("compose run"), "{asked}");
        assert_eq!(word(folder.path(), ".env"), "IMAGE_TAG=one");
    }
}

#[test]
fn a_change_of_the_settings_reaches_everybody_who_is_told_of_it() {
    let folder = clone();
    let (is_done, said) = script(folder.path(), "restart.sh", None);
    assert!(is_done, "{said}");
    let asked = word(folder.path(), "asked");
    let place = |what: &str| {
        asked.find(&format!("compose up -d --no-deps --no-build {what}")).unwrap_or_else(|| panic!("{what}: {asked}"))
    };
    let node = place("--force-recreate backend");
    assert!(
        place("--force-recreate redis") < node,
        "a new node would ask Redis with a password that it does not have yet"
    );
    for service in ["frontend", "nginx", "prometheus", "alertmanager", "grafana"] {
        assert!(node < place(service), "{service}");
    }
    assert!(place("nginx") < place("certbot"), "nginx must know a name before it is proved");
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
