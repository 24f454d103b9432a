//! The files of the site.

use std::{fs, process::Command};

use spare_port::spare_port;

use crate::house::{House, Options, header, start_nginx, status, wait_for};

const SCRIPT: &str = "pkg/app.0sYq2bT4Xk_9aZ-1mN3pQw.js";

#[test]
fn files_come_compressed_from_the_frontend_and_from_a_node_when_it_has_none() {
    let folder = tempfile::tempdir().unwrap();
    let assets = folder.path().join("assets");
    fs::create_dir_all(assets.join("pkg")).unwrap();
    for (ending, bytes) in [("", "plain"), (".br", "as brotli"), (".gz", "as gzip")] {
        fs::write(assets.join(format!("{SCRIPT}{ending}")), bytes).unwrap();
    }
    let site = folder.path().join("site");
    fs::create_dir_all(site.join("pkg")).unwrap();
    fs::write(site.join("favicon.svg"), "<svg>of the node</svg>").unwrap();

    let port = spare_port().unwrap();
    let mut render = Command::new("../nginx/render.sh");
    render.arg("frontend").arg(folder.path()).env("PUBLIC_URL", "https://books.example.org");
    render.env("ASSETS", &assets).env("HTTP_PORT", format!("127.0.0.1:{port}")).env("ACCESS_LOG", "/dev/null");
    assert!(render.status().unwrap().success());
    let frontend = start_nginx(folder.path(), "frontend");
    wait_for(port, &folder.path().join("nginx.log"));

    let site_root = site.to_str().unwrap();
    let house = House::with(&Options {
        frontend: Some(port),
        server: &[("LEPTOS_SITE_ROOT", site_root)],
        ..Options::default()
    });
    for (accepted, expected, encoding) in
        [("br, gzip", "as brotli", vec!["br"]), ("gzip", "as gzip", vec!["gzip"]), ("identity", "plain", vec![])]
    {
        let accepted = format!("Accept-Encoding: {accepted}");
        let answer = house.curl(&["--header", &accepted, &house.url(&format!("/{SCRIPT}"))]);
        assert!(answer.ends_with(expected), "{answer}");
        assert_eq!(header(&answer, "content-encoding"), encoding, "{answer}");
        assert_eq!(header(&answer, "cache-control"), ["public, max-age=31536000, immutable"], "{answer}");
        assert_eq!(header(&answer, "content-type"), ["text/javascript; charset=utf-8"], "{answer}");
    }
    // Not in the frontend: asked of the node. Then the frontend is away, and the same goes for everything.
    assert!(house.get("/favicon.svg").ends_with("<svg>of the node</svg>"));
    let page = house.curl(&[&format!("http://127.0.0.1:{port}/releases")]);
    assert_eq!(header(&page, "location"), ["https://books.example.org/releases"], "{page}");
    drop(frontend);
    let answer = house.get("/favicon.svg");
    assert_eq!(status(&answer), 200, "{answer}");
}
