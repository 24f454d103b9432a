//! The scripts that run in containers of others: certificates, alerts, backups.

use std::{
    fs,
    path::Path,
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::stand_in::{moved, path_with, program};

/// For a shell to start a program, beside whatever else is tested.
const PATIENCE: Duration = Duration::from_secs(30);

fn make_certificate(folder: &Path, days: &str) {
    fs::create_dir_all(folder).unwrap();
    let mut openssl = Command::new("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=books.example.org", "-days", days]);
    openssl.args(["-keyout", "privkey.pem", "-out", "fullchain.pem"]).current_dir(folder);
    assert!(openssl.output().unwrap().status.success());
}

/// Sends SIGTERM, as a container that is stopped does, and gives the code.
fn stop(mut running: Child) -> Option<i32> {
    assert!(Command::new("kill").arg(running.id().to_string()).status().unwrap().success());
    running.wait().unwrap().code()
}

#[test]
fn nginx_is_handed_the_certificate_each_time_even_when_certbot_fails() {
    let folder = tempfile::tempdir().unwrap();
    let room = folder.path();
    let (certbot, letsencrypt, certificates) =
        (room.join("certbot"), room.join("letsencrypt"), room.join("certificates"));
    let lineage = letsencrypt.join("live/books.example.org");
    moved(
        "../deploy/certbot/run.sh",
        &certbot.join("run.sh"),
        &[("/etc/letsencrypt", &letsencrypt), ("/opt/certbot", &certbot)],
    );
    moved("../deploy/certbot/hook.sh", &certbot.join("hook.sh"), &[("/run/certificates", &certificates)]);
    moved(
        "../deploy/certbot/healthcheck.sh",
        &certbot.join("healthcheck.sh"),
        &[("/etc/letsencrypt", &letsencrypt), ("/run/certificates", &certificates)],
    );
    let bin = room.join("bin");
    program(&bin.join("certbot"), "#!/bin/sh\necho asked >> \"$ASKED\"\nexit 1\n");
    // Only root may give a file away.
    program(&bin.join("chown"), "#!/bin/sh\n");
    let sh = |script: &str| {
        let mut sh = Command::new("sh");
        sh.arg(certbot.join(script)).env("PATH", path_with(&bin)).env("ASKED", room.join("asked"));
        sh.env("SERVER_NAMES", "books.example.org www.example.org").env("CERTBOT_EMAIL", "a@example.org");
        sh.env("RENEWED_LINEAGE", &lineage);
        sh
    };
    let is_healthy = || sh("healthcheck.sh").output().unwrap().status.success();

    // What nginx made for itself when there was none, or when the volume was lost.
    make_certificate(&certificates, "7");
    fs::rename(certificates.join("fullchain.pem"), certificates.join("site.crt")).unwrap();
    fs::rename(certificates.join("privkey.pem"), certificates.join("site.key")).unwrap();
    assert!(!is_healthy(), "no certificate has come yet");
    make_certificate(&lineage, "90");
    assert!(!is_healthy(), "nginx does not have it");
    let (running, begun) = (sh("run.sh").spawn().unwrap(), Instant::now());
    while !is_healthy() {
        assert!(begun.elapsed() < PATIENCE, "the certificate is not handed to nginx");
        sleep(Duration::from_millis(50));
    }
    assert_eq!(stop(running), Some(143));
    let at = |name: &str| fs::metadata(certificates.join(name)).unwrap().modified().unwrap();
    assert_eq!(fs::read(certificates.join("site.key")).unwrap(), fs::read(lineage.join("privkey.pem")).unwrap());

    let before = at("site.crt");
    assert!(sh("hook.sh").output().unwrap().status.success());
    assert_eq!(at("site.crt"), before, "nginx would load what it has");
    make_certificate(&lineage, "10");
    assert!(sh("hook.sh").output().unwrap().status.success());
    assert_ne!(at("site.crt"), before);
    assert!(!is_healthy(), "it ends in ten days, and nobody has renewed it");
}

#[test]
fn alerts_and_the_watchdog_go_where_the_secrets_say_and_else_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let room = folder.path();
    let secrets = room.join("secrets");
    fs::create_dir(&secrets).unwrap();
    let (script, program_there) = (room.join("start.sh"), room.join("alertmanager"));
    let configuration = fs::canonicalize("../deploy/alertmanager").unwrap();
    moved(
        "../deploy/alertmanager/start.sh",
        &script,
        &[("/run/secrets", &secrets), ("/etc/alertmanager", &configuration), ("/bin/alertmanager", &program_there)],
    );
    program(&program_there, "#!/bin/sh\namtool check-config \"${1#*=}\" >&2 && cat \"${1#*=}\"\n");
    let made = |alerts: &str, watchdog: Option<&str>| {
        fs::write(secrets.join("alert_webhook_url"), alerts).unwrap();
        if let Some(watchdog) = watchdog {
            fs::write(secrets.join("watchdog_url"), watchdog).unwrap();
        }
        let output = Command::new("sh").arg(&script).env("TMPDIR", room).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let nowhere = made("", None);
    assert!(nowhere.contains("receiver: watchdog") && !nowhere.contains("url:"), "{nowhere}");
    let both = made("https://alerts.example.org/?a=1&b=2", Some("https://watch.example.org/x"));
    assert!(both.contains(r#"{url: "https://alerts.example.org/?a=1&b=2", send_resolved: true}"#), "{both}");
    assert!(both.contains(r#"{url: "https://watch.example.org/x", send_resolved: false}"#), "{both}");
    let one = made("", Some("https://watch.example.org/x"));
    assert!(one.contains("watch.example.org") && !one.contains("alerts.example.org"), "{one}");
}

#[test]
fn a_backup_is_made_here_and_in_the_bucket_and_both_are_looked_at() {
    const PROGRAM: &str = "#!/bin/sh
case \"$2\" in
    s3://*) exec test ! -e \"$ROOM/bucket-refuses\" ;;
    *) mkdir -p \"$2/20260101T000000Z\" && touch \"$2/20260101T000000Z/backup.json\" ;;
esac
";
    let folder = tempfile::tempdir().unwrap();
    let room = folder.path();
    program(&room.join("bin/ebook-scene-packer"), PROGRAM);
    let backups = room.join("backups");
    fs::create_dir(&backups).unwrap();
    let ends_well = |script: &str, arguments: &[&str], place: &str| {
        let mut sh = Command::new("sh");
        sh.arg(format!("../deploy/backup/{script}")).args(arguments).env("PATH", path_with(&room.join("bin")));
        sh.env("ROOM", room).env("BACKUPS", &backups).env("BACKUP_PLACE", place);
        sh.envs([("BACKUP_KEEP_DAYS", "14"), ("BACKUP_EVERY_HOURS", "24")]).status().unwrap().success()
    };
    let is_healthy = |place: &str| ends_well("healthcheck.sh", &[], place);
    assert!(!is_healthy(""));
    assert!(ends_well("run.sh", &["once"], ""));
    assert!(is_healthy(""));
    assert!(!is_healthy("s3://backups/one"), "there is none yet");
    fs::write(room.join("bucket-refuses"), "").unwrap();
    assert!(!ends_well("run.sh", &["once"], "s3://backups/one"));
    assert!(!is_healthy("s3://backups/one"));
    fs::remove_file(room.join("bucket-refuses")).unwrap();
    assert!(ends_well("run.sh", &["once"], "s3://backups/one"));
    assert!(is_healthy("s3://backups/one"));
    assert!(!is_healthy("s3://backups/two"), "that is another place");
    for file in [backups.join(".elsewhere"), backups.join("20260101T000000Z/backup.json")] {
        assert!(Command::new("touch").args(["-d", "27 hours ago"]).arg(&file).status().unwrap().success());
        assert!(!is_healthy("s3://backups/one"), "{} is too old", file.display());
        assert!(Command::new("touch").arg(&file).status().unwrap().success());
    }
    assert!(is_healthy("s3://backups/one"));
}
