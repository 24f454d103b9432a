//! The checklists of a deployment: `deploy/preflight.sh`, and `deploy/smoke.sh` behind the real nginx, with a Compose and a Prometheus that say what a test wants.

use std::{fs, net::TcpListener, os::unix::fs::PermissionsExt, path::PathBuf, process::Command};

use crate::{house::House, one_answer};

/// Stands in for `docker compose`: the services of production, and a log.
const DOCKER: &str = "#!/bin/sh
case \"$*\" in
    'compose version') ;;
    'compose config --services') printf '%s\\n' backend backend-2 nginx worker prometheus ;;
    'compose logs --no-color --since 10m backend backend-2 worker') cat log ;;
    *) echo \"no docker $*\" >&2; exit 1 ;;
esac
";

/// A Prometheus with these targets; the port that it listens at.
fn prometheus(targets: &str) -> u16 {
    let body = format!("{{\"status\":\"success\",\"data\":{{\"activeTargets\":[{targets}]}}}}");
    let (url, _) = one_answer::always("200 OK", "", &body);
    url.rsplit(':').next().unwrap().parse().unwrap()
}

/// The scripts in a folder of their own, as in a clone.
fn scripts(folder: PathBuf) -> PathBuf {
    fs::create_dir_all(folder.join("bin")).unwrap();
    let copied = Command::new("cp").args(["-R", "../deploy"]).arg(&folder).status().unwrap();
    assert!(copied.success());
    let docker = folder.join("bin/docker");
    fs::write(&docker, DOCKER).unwrap();
    fs::set_permissions(&docker, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// What `smoke.sh` says, and its code.
fn smoke(house: &House, prometheus: u16, more: &[(&str, &str)]) -> (i32, String) {
    let folder = house.path("clone");
    let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap());
    let mut script = Command::new(folder.join("deploy/smoke.sh"));
    script.arg(house.url("")).env("PATH", path).env("PROMETHEUS_PORT", prometheus.to_string());
    script.current_dir(&folder).env_remove("COMPOSE_FILE").env_remove("LOGS_SINCE").envs(more.iter().copied());
    let output = script.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

#[test]
fn after_a_deployment_monitoring_logs_and_speed_are_looked_at() {
    const UP: &str = r#"{"labels":{"job":"a"},"health":"up"},{"labels":{"job":"b"},"health":"up"}"#;
    const DOWN: &str = r#"{"labels":{"job":"a"},"health":"up"},{"labels":{"job":"b"},"health":"down"}"#;
    let house = House::new();
    let folder = scripts(house.path("clone"));
    fs::write(folder.join("log"), "backend-1  | {\"level\":\"INFO\",\"message\":\"no ERRORs\"}\n").unwrap();
    // A machine that others use as well is given time.
    let (_, said) = smoke(&house, prometheus(UP), &[("SLOWEST_MS", "5000")]);
    for line in [
        "good   the page to sign in",
        "good   health answers",
        "good   metrics stay inside",
        "good   twenty pages are answered",
        "good   19 of 20 pages come within ",
        "good   Prometheus reaches all of its 2 targets",
        "good   errors in the logs since 10m",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }

    let failing = "backend-2  | {\"timestamp\":\"x\",\"level\":\"ERROR\",\"message\":\"it broke\"}\n";
    fs::write(folder.join("log"), failing).unwrap();
    let (code, said) = smoke(&house, prometheus(DOWN), &[("SLOWEST_MS", "0")]);
    assert_eq!(code, 1, "{said}");
    for line in [
        "wrong  one page in twenty takes more than ",
        "wrong  Prometheus reaches 1 of 2 targets",
        "wrong  errors in the logs since 10m: expected 0, got 1",
        "it broke",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (_, said) = smoke(&house, nobody, &[]);
    assert!(said.contains("wrong  Prometheus reaches 0 of 0 targets"), "{said}");
}

#[test]
fn before_a_deployment_it_is_asked_what_this_commit_has_passed() {
    let room = tempfile::tempdir().unwrap();
    let folder = scripts(room.path().join("clone"));
    let git = |arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(&folder).args(["-c", "user.name=A", "-c", "user.email=a@example.org"]).args(arguments);
        String::from_utf8(git.output().unwrap().stdout).unwrap()
    };
    let preflight = |more: &[(&str, &str)]| {
        let path = format!("{}:{}", folder.join("bin").display(), std::env::var("PATH").unwrap());
        let mut script = Command::new(folder.join("deploy/preflight.sh"));
        script.current_dir(&folder).env("PATH", path).env_remove("COMPOSE_FILE").envs(more.iter().copied());
        String::from_utf8(script.output().unwrap().stdout).unwrap()
    };
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
    fs::write(folder.join("bin/docker"), commits).unwrap();
    assert!(preflight(&[("TESTED", "1")]).contains(moved));
}
