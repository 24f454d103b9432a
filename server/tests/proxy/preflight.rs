//! The checklist before a deployment: `deploy/preflight.sh` in a clone, with a Docker that says what a test wants.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

use crate::stand_in::{path_with, program};

/// Stands in for `docker`, of the versions in two files beside it.
const DOCKER: &str = "#!/bin/sh
case \"$*\" in
    'compose version' | 'compose config --quiet') ;;
    'version --format {{.Server.Version}}') cat bin/docker-version ;;
    'compose version --short') cat bin/compose-version ;;
    'info --format {{.DockerRootDir}}') echo / ;;
    *) echo \"no docker $*\" >&2; exit 1 ;;
esac
";

/// A clone, which is nobody's repository yet.
fn clone(room: &Path) -> PathBuf {
    let folder = room.join("clone");
    program(&folder.join("bin/docker"), DOCKER);
    // The disk of whoever runs the tests is not what they are about.
    program(&folder.join("bin/df"), "#!/bin/sh\necho head\necho disk 90000000 1 80000000 1% /\n");
    fs::write(folder.join("bin/docker-version"), "20.10.24\n").unwrap();
    fs::write(folder.join("bin/compose-version"), "v2.0.0\n").unwrap();
    let mut copy = Command::new("cp");
    copy.args(["-R", "../deploy", "../.env.example"]).arg(&folder);
    assert!(copy.status().unwrap().success());
    folder
}

/// Whether it lets one go on, and what it says.
fn preflight(clone: &Path, more: &[(&str, &str)]) -> (bool, String) {
    let mut script = Command::new(clone.join("deploy/preflight.sh"));
    script.current_dir(clone).env("PATH", path_with(&clone.join("bin"))).envs(more.iter().copied());
    for name in ["COMPOSE_FILE", "FIRST", "TESTED"] {
        if !more.iter().any(|(given, _)| *given == name) {
            script.env_remove(name);
        }
    }
    let output = script.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// An installation as the guide makes it, with a backup: everything is in order.
fn installation(room: &Path) -> PathBuf {
    let folder = clone(room);
    for script in ["new-env.sh", "new-secrets.sh"] {
        let made = Command::new(folder.join("deploy").join(script)).current_dir(&folder).output().unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    set(&folder, "PUBLIC_URL", "https://books.example.org");
    set(&folder, "SERVER_NAMES", "\"example.org books.example.org\"");
    set(&folder, "CERTBOT_EMAIL", "books@example.org");
    let backup = folder.join("backups/20260101T000000Z");
    fs::create_dir_all(&backup).unwrap();
    fs::write(backup.join("backup.json"), "{}").unwrap();
    folder
}

/// Changes a line of `.env`.
fn set(clone: &Path, name: &str, value: &str) {
    let path = clone.join(".env");
    let text = fs::read_to_string(&path).unwrap();
    let lines = text.lines().map(|line| {
        if line.starts_with(&format!("{name}=")) { format!("{name}={value}\n") } else { format!("{line}\n") }
    });
    let changed: String = lines.collect();
    assert!(changed.contains(&format!("{name}={value}\n")), "{name} is not in .env");
    fs::write(path, changed).unwrap();
}

#[test]
fn an_installation_that_is_in_order_may_go_on() {
    let room = tempfile::tempdir().unwrap();
    let clone = installation(room.path());
    let (goes_on, said) = preflight(&clone, &[("TESTED", "1")]);
    assert!(goes_on && !said.contains("wrong"), "{said}");
    for line in [
        "good   Docker 20.10.24\n",
        "good   Compose v2.0.0\n",
        "good   the name in PUBLIC_URL is on the certificate\n",
        "good   only its owner enters ./secrets\n",
        "good   only its owner enters ./backups\n",
        "good   a verified backup: ./backups/20260101T000000Z\n",
        "good   disk of /: ",
        "note   Compose before 2.2 passes over pids_limit",
        "note   alerts are shown, and sent to nobody: write an address into ./secrets/alert_webhook_url\n",
        "note   nobody outside notices when monitoring itself is gone: write an address into ./secrets/watchdog_url\n",
        "note   backups stay on the machine that they are for",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    fs::write(clone.join("bin/compose-version"), "2.2.0\n").unwrap();
    fs::write(clone.join("secrets/alert_webhook_url"), "https://alerts.example.org/").unwrap();
    let webhook = clone.join("deploy/alertmanager/webhook.yml");
    let own = fs::read_to_string(&webhook).unwrap().replace("http://watchdog.invalid/", "http://own.example.org/");
    fs::write(webhook, own).unwrap();
    set(&clone, "BACKUP_PLACE", "s3://backups/books");
    fs::write(clone.join("backups/.elsewhere"), "s3://backups/books\n").unwrap();
    let (goes_on, said) = preflight(&clone, &[("TESTED", "1")]);
    assert!(goes_on && !said.contains("note   "), "{said}");
}

#[test]
fn the_simple_file_needs_no_names_of_a_certificate() {
    let room = tempfile::tempdir().unwrap();
    let clone = installation(room.path());
    for (name, value) in [("COMPOSE_FILE", "compose.yaml"), ("SERVER_NAMES", "yourdomain.com"), ("CERTBOT_EMAIL", "")] {
        set(&clone, name, value);
    }
    fs::remove_dir_all(clone.join("secrets")).unwrap();
    let (goes_on, said) = preflight(&clone, &[("TESTED", "1")]);
    assert!(goes_on && !said.contains("wrong"), "{said}");
}

/// One thing that is not in order, and what is said of it.
type Fault = (&'static str, fn(&Path), &'static str);

const FAULTS: [Fault; 19] = [
    (
        "a password that MySQL does not take",
        |it| fs::write(it.join("secrets/replication_password"), "4".repeat(33)).unwrap(),
        "wrong  ./secrets/replication_password has more than 32 signs",
    ),
    ("examples", |it| set(it, "SERVER_NAMES", "yourdomain.com"), "wrong  SERVER_NAMES=yourdomain.com is the example"),
    (
        "nobody's address",
        |it| set(it, "CERTBOT_EMAIL", "admin@yourdomain.com"),
        "wrong  CERTBOT_EMAIL=admin@yourdomain.com is the example",
    ),
    ("no address", |it| set(it, "CERTBOT_EMAIL", ""), "wrong  CERTBOT_EMAIL is '', which is no address"),
    (
        "nobody's site",
        |it| set(it, "PUBLIC_URL", "https://yourdomain.com"),
        "wrong  PUBLIC_URL=https://yourdomain.com is the example",
    ),
    (
        "another name",
        |it| set(it, "PUBLIC_URL", "https://shop.example.org:8443/"),
        "wrong  SERVER_NAMES lacks 'shop.example.org'",
    ),
    (
        "in the clear",
        |it| set(it, "PUBLIC_URL", "http://books.example.org"),
        "people's passwords would cross the network",
    ),
    (
        "an example of a secret",
        |it| set(it, "DB_PASSWORD", "changeme_x"),
        "wrong  .env still holds examples: DB_PASSWORD",
    ),
    (
        "a secret in the wrong place",
        |it| set(it, "SMTP_URL", "smtps://a:b@mail.example.org"),
        "wrong  .env sets SMTP_URL, which nobody reads here",
    ),
    ("an open folder of secrets", |it| open(&it.join("secrets")), "wrong  others can enter ./secrets: chmod 700"),
    ("no secret", |it| fs::remove_file(it.join("secrets/jwt_secret_key")).unwrap(), "jwt_secret_key is missing"),
    (
        "an open folder of backups",
        |it| open(&it.join("backups")),
        "wrong  others can enter ./backups, where every book lies",
    ),
    (
        "no backup",
        |it| fs::remove_dir_all(it.join("backups/20260101T000000Z")).unwrap(),
        "wrong  no verified backup of the last 26 hours in ./backups: docker compose run --rm --no-deps backup once",
    ),
    (
        "a backup that is half made",
        |it| fs::remove_file(it.join("backups/20260101T000000Z/backup.json")).unwrap(),
        "wrong  no verified backup of the last 26 hours in ./backups",
    ),
    (
        "an old backup",
        |it| {
            let made = it.join("backups/20260101T000000Z/backup.json");
            assert!(Command::new("touch").args(["-d", "27 hours ago"]).arg(made).status().unwrap().success());
        },
        "wrong  no verified backup of the last 26 hours in ./backups",
    ),
    (
        "none in the bucket",
        |it| set(it, "BACKUP_PLACE", "s3://backups/books"),
        "wrong  no verified backup of the last 26 hours in s3://backups/books",
    ),
    (
        "an old Docker",
        |it| fs::write(it.join("bin/docker-version"), "19.03.15\n").unwrap(),
        "wrong  Docker is '19.03.15': 20.10.10 or later",
    ),
    (
        "a Docker that lets no thread begin",
        |it| fs::write(it.join("bin/docker-version"), "20.10.9\n").unwrap(),
        "wrong  Docker is '20.10.9': 20.10.10 or later",
    ),
    (
        "an old Compose",
        |it| fs::write(it.join("bin/compose-version"), "1.29.2\n").unwrap(),
        "wrong  Compose is '1.29.2': 2.0 or later",
    ),
];

fn open(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn whatever_is_not_in_order_is_told_and_nothing_else() {
    for (name, spoil, line) in FAULTS {
        let room = tempfile::tempdir().unwrap();
        let clone = installation(room.path());
        spoil(&clone);
        let (goes_on, said) = preflight(&clone, &[("TESTED", "1")]);
        assert!(!goes_on && said.contains(line), "{name}: {said}");
        let wrong: Vec<_> = said.lines().filter(|line| line.starts_with("wrong")).collect();
        assert!(wrong.len() == 1 || line.contains("is the example"), "{name}: {wrong:?}");
    }
}

#[test]
fn the_folder_of_backups_is_closed_whoever_makes_it() {
    let room = tempfile::tempdir().unwrap();
    let clone = installation(room.path());
    let mode = fs::metadata(clone.join("backups")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn before_a_deployment_it_is_asked_what_this_commit_has_passed() {
    let room = tempfile::tempdir().unwrap();
    let folder = clone(room.path());
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&folder).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(arguments);
        String::from_utf8(git.output().unwrap().stdout).unwrap()
    };
    let preflight = |more: &[(&str, &str)]| preflight(&folder, more).1;
    let wrong = |said: &str, what: &str| said.contains(&format!("wrong  {what}: not known to have passed"));
    assert!(preflight(&[]).contains("wrong  this is no clone"));
    git(&["init", "--quiet"]);
    git(&["add", "deploy"]);
    git(&["commit", "--quiet", "--message", "One"]);
    let said = preflight(&[]);
    assert!(["tests", "coverage", "documents"].iter().all(|what| wrong(&said, what)), "{said}");
    fs::create_dir(folder.join(".checked")).unwrap();
    fs::write(folder.join(".checked/tests"), git(&["rev-parse", "HEAD"])).unwrap();
    let said = preflight(&[]);
    assert!(said.contains("good   tests: passed for this commit") && wrong(&said, "coverage"), "{said}");
    assert!(!preflight(&[("TESTED", "1")]).contains("not known"));
    let script = folder.join("deploy/restart.sh");
    let restart = fs::read_to_string(&script).unwrap();
    fs::write(&script, format!("{restart}# changed\n")).unwrap();
    let changed = "wrong  there are changes that are in no commit";
    assert!(preflight(&[]).contains(changed));
    assert!(!preflight(&[("TESTED", "1")]).contains(changed), "what CI tested is for its owner to say");
    fs::write(&script, restart).unwrap();
    assert!(!preflight(&[]).contains(changed));
    git(&["commit", "--quiet", "--allow-empty", "--message", "Two"]);
    assert!(wrong(&preflight(&[]), "tests"), "another commit is another one");

    // Somebody commits while it looks: what it said is of the commit before.
    let moved = "wrong  another commit stands here than when this began";
    assert!(!preflight(&[("TESTED", "1")]).contains(moved));
    let identity = "-c user.name=A -c user.email=a@example.org";
    let commits = format!("#!/bin/sh\ngit {identity} commit --quiet --allow-empty --message Three\nexit 1\n");
    program(&folder.join("bin/docker"), &commits);
    assert!(preflight(&[("TESTED", "1")]).contains(moved));
}
