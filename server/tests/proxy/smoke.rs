//! The checklist after a deployment: `deploy/smoke.sh` behind the real nginx, with a Compose and a Prometheus that say what a
//! test wants.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use spare_port::spare_port;

use crate::{
    house::{House, Options, start_node},
    one_answer,
    stand_in::{path_with, program},
};

/// Until it says that it waits: the checks before that ask nobody who is away for long.
const PATIENCE: Duration = Duration::from_secs(30);

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
    program(&folder.join("bin/docker"), DOCKER);
    let copied = Command::new("cp").args(["-R", "../deploy"]).arg(&folder).status().unwrap();
    assert!(copied.success());
    folder
}

/// What `smoke.sh` says, and its code.
fn smoke(house: &House, url: &str, prometheus: u16, more: &[(&str, &str)]) -> (i32, String) {
    let output = script(house, url, prometheus, more).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(said).unwrap())
}

/// The script itself, with who stands in for whom.
fn script(house: &House, url: &str, prometheus: u16, more: &[(&str, &str)]) -> Command {
    let folder = house.path("clone");
    let mut script = Command::new(folder.join("deploy/smoke.sh"));
    script.arg(url).env("PATH", path_with(&folder.join("bin"))).env("PROMETHEUS_PORT", prometheus.to_string());
    script.current_dir(&folder).env_remove("COMPOSE_FILE").env_remove("LOGS_SINCE").envs(more.iter().copied());
    script
}

#[test]
fn after_a_deployment_monitoring_logs_and_speed_are_looked_at() {
    const UP: &str = r#"{"labels":{"job":"a"},"health":"up"},{"labels":{"job":"b"},"health":"up"}"#;
    const DOWN: &str = r#"{"labels":{"job":"a"},"health":"up"},{"labels":{"job":"b"},"health":"down"}"#;
    let house = House::new();
    let folder = scripts(house.path("clone"));
    fs::write(folder.join("log"), "backend-1  | {\"level\":\"INFO\",\"message\":\"no ERRORs\"}\n").unwrap();
    // A machine that others use as well is given time.
    let (_, said) = smoke(&house, &house.url(""), prometheus(UP), &[("SLOWEST_MS", "5000")]);
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
    let (code, said) = smoke(&house, &house.url(""), prometheus(DOWN), &[("SLOWEST_MS", "0"), ("WAIT", "0")]);
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
    let (_, said) = smoke(&house, &house.url(""), nobody, &[]);
    assert!(said.contains("wrong  Prometheus reaches 0 of 0 targets"), "{said}");
}

#[test]
fn a_certificate_that_nobody_renews_is_told_and_one_of_a_rehearsal_noted() {
    // It holds for a day.
    let house = House::with(&Options { tls: true, ..Options::default() });
    scripts(house.path("clone"));
    let url = format!("https://localhost:{}", house.https);
    let certificate = house.path("site.crt");
    let trusted = [("CURL_CA_BUNDLE", certificate.to_str().unwrap()), ("WAIT", "0")];
    let (code, said) = smoke(&house, &url, prometheus(""), &trusted);
    assert!(code == 1 && said.contains("wrong  the certificate ends within two weeks: notAfter="), "{said}");
    assert!(said.contains("good   browsers are told to stay with https"), "{said}");
    let (_, said) = smoke(&house, &url, prometheus(""), &[("INSECURE", "1"), ("WAIT", "0")]);
    assert!(said.contains("note   the certificate ends within two weeks"), "{said}");
}

#[test]
fn it_waits_for_the_first_node_as_nginx_does_not() {
    let mut house = House::new();
    scripts(house.path("clone"));
    house.stop_node();
    let heard = house.path("said");
    let said = fs::File::create(&heard).unwrap();
    let mut script = script(&house, &house.url(""), spare_port().unwrap(), &[("SLOWEST_MS", "5000")]);
    let mut script = script.stdout(said.try_clone().unwrap()).stderr(said).spawn().unwrap();
    let (begun, said) = (Instant::now(), || fs::read_to_string(&heard).unwrap());
    while !said().contains("waiting for the node") {
        assert!(begun.elapsed() < PATIENCE, "it waits for nothing: {}", said());
        thread::sleep(Duration::from_millis(20));
    }
    let node = start_node(&house.path(""), "later", house.node, &[("PUBLIC_URL", &house.url(""))]);
    script.wait().unwrap();
    assert!(said().contains("good   the page to sign in"), "{}", said());
    drop(node);
}
