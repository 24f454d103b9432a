//! The configuration of nginx, as nginx reads it. How it behaves is tested in `server/tests/proxy`.

use std::fs;
use std::process::Command;

use crate::deployment::{refusal, workshop};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};

pub(super) fn check(place: &Place) -> Outcome {
    let folder = workshop(place, "nginx")?;
    let (certificate, key) = (folder.join("site.crt"), folder.join("site.key"));
    let mut openssl = place.program("openssl");
    openssl.args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=books.example.org"]);
    read(openssl.arg("-keyout").arg(&key).arg("-out").arg(&certificate))?;

    for (role, tls) in [("proxy", "off"), ("proxy", "on"), ("frontend", "off")] {
        let prefix = folder.join(format!("{role}-{tls}"));
        fs::create_dir_all(&prefix).map_err(Failure::while_doing(prefix.display()))?;
        let mut render = render(place);
        render.arg(role).arg(&prefix).env("TLS", tls);
        // Names are looked up when it starts; none of these exists here.
        render
            .env("BACKENDS", "127.0.0.1:5000 127.0.0.1:5001")
            .env("FRONTEND", "127.0.0.1:5002")
            .env("METRICS_PORT", "8081");
        run(render.env("TLS_CERTIFICATE", &certificate).env("TLS_CERTIFICATE_KEY", &key))?;
        let configuration = prefix.join("conf").join(format!("{role}.conf"));
        run(place.program("nginx").arg("-t").arg("-q").arg("-p").arg(&prefix).arg("-c").arg(configuration))?;
    }
    limit_is_derived(place)?;
    let said = refusal(render(place).arg("proxy").arg(&folder).env("UPLOAD_MAX_BYTES", "5 GB"))?;
    if said.contains("UPLOAD_MAX_BYTES") { Ok(()) } else { Err(Failure::new(said)) }
}

/// There is one size limit: the largest book, and 1 MiB for the form around it.
fn limit_is_derived(place: &Place) -> Outcome {
    let prefix = workshop(place, "nginx/limit")?;
    run(render(place).arg("proxy").arg(&prefix).env("UPLOAD_MAX_BYTES", "123000000"))?;
    let site = fs::read_to_string(prefix.join("conf/site.conf")).map_err(Failure::while_doing("site.conf"))?;
    if site.contains("client_max_body_size 124048576;") {
        Ok(())
    } else {
        Err(Failure::new("nginx's limit is not UPLOAD_MAX_BYTES and 1 MiB"))
    }
}

fn render(place: &Place) -> Command {
    let mut command = place.program("nginx/render.sh");
    command.env("PUBLIC_URL", "https://books.example.org");
    command
}
