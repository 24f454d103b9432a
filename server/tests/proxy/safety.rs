//! What stays inside, and how the way outside is protected.

use std::process::Command;

use crate::house::{House, Options, header, status};

#[test]
fn metrics_stay_inside_however_the_address_is_written() {
    let house = House::new();
    for path in ["/metrics", "//metrics", "/%6Detrics", "/./metrics", "/x/../metrics", "/metrics?x"] {
        let answer = house.curl(&["--path-as-is", &house.url(path)]);
        assert_eq!(status(&answer), 403, "{path}: {answer}");
        assert!(!answer.contains("http_requests_total"), "{path}: {answer}");
    }
    let inside = house.curl(&[&format!("http://127.0.0.1:{}/metrics", house.node)]);
    assert!(status(&inside) == 200 && inside.contains("node_ready 1"), "{inside}");
    assert_eq!(status(&house.get("/api/health/ready")), 200);
}

#[test]
fn tls_is_modern_and_browsers_are_told_once_to_stay_with_it() {
    let house = House::with(&Options { tls: true, ..Options::default() });
    let url = |path: &str| format!("https://localhost:{}{path}", house.https);
    let ask = |more: &[&str], path: &str| house.curl(&[&["--cacert", "site.crt"], more, &[&url(path)]].concat());
    for path in ["/sign-in", "/metrics", "/api/v1/releases", "/error.css"] {
        let answer = ask(&[], path);
        let said = header(&answer, "strict-transport-security");
        assert_eq!(said, ["max-age=31536000; includeSubDomains"], "{path}: {answer}");
    }
    assert!(ask(&["--http2"], "/sign-in").starts_with("HTTP/2 200"));
    for version in [["--tlsv1.2", "--tls-max", "1.2"], ["--tlsv1.3", "--tls-max", "1.3"]] {
        assert_eq!(status(&ask(&version, "/sign-in")), 200);
    }
    // The oldest that curl and its library still speak when asked to.
    let old = ask(&["--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0"], "/sign-in");
    assert!(!old.contains("HTTP/"), "{old}");
    let stranger = house.curl(&["--insecure", &format!("https://127.0.0.1:{}/sign-in", house.https)]);
    assert!(!stranger.contains("HTTP/"), "another name gets no certificate: {stranger}");

    let plain = house.get("/releases?page=2");
    assert_eq!(status(&plain), 308, "{plain}");
    assert_eq!(header(&plain, "location"), [url("/releases?page=2")], "{plain}");
    assert!(header(&plain, "strict-transport-security").is_empty(), "over http it means nothing: {plain}");
    let health = house.get("/api/health");
    assert!(status(&health) == 200 && health.contains("\"status\":\"") && health.contains("\"database\""), "{health}");
    assert!(header(&health, "strict-transport-security").is_empty(), "{health}");
    for path in ["/api/health/ready", "/api/v1/releases", "/metrics"] {
        assert_eq!(status(&house.get(path)), 308, "only that is said without TLS: {path}");
    }
}

#[test]
fn another_name_of_the_site_leads_to_the_one_that_people_are_at() {
    let names = [("SERVER_NAMES", "www.localhost localhost")];
    let house = House::with(&Options { tls: true, proxy: &names, ..Options::default() });
    let there = format!("localhost:{}/releases?page=2", house.https);
    let to_us = format!("www.localhost:{}:127.0.0.1", house.https);
    let other = house.curl(&["--insecure", "--resolve", &to_us, &format!("https://www.{there}")]);
    assert_eq!(status(&other), 308, "{other}");
    assert_eq!(header(&other, "location"), [format!("https://{there}")], "{other}");
    assert_eq!(header(&other, "strict-transport-security").len(), 1, "{other}");
    let own = house.curl(&["--cacert", "site.crt", &format!("https://localhost:{}/sign-in", house.https)]);
    assert_eq!(status(&own), 200, "{own}");
}

#[test]
fn the_certificate_has_a_place_unless_it_is_told() {
    let place = |told: &[(&str, &str)]| {
        let mut sh = Command::new("sh");
        sh.args(["-euc", ". ../nginx/names.sh; echo $TLS_CERTIFICATE $TLS_CERTIFICATE_KEY"]);
        sh.env("PUBLIC_URL", "https://books.example.org:8443/").envs(told.iter().copied());
        String::from_utf8(sh.output().unwrap().stdout).unwrap()
    };
    assert_eq!(place(&[]), "/etc/ssl/certs/books.example.org.crt /etc/ssl/private/books.example.org.key\n");
    assert_eq!(
        place(&[("SERVER_NAMES", "example.org books.example.org"), ("TLS_CERTIFICATE", "/a.crt")]),
        "/a.crt /etc/ssl/private/example.org.key\n"
    );
}

#[test]
fn the_id_of_a_request_is_the_same_in_every_log_and_in_the_answer() {
    let house = House::new();
    let answer = house.curl(&["--header", "X-Request-Id: chosen-by-a-stranger", &house.url("/sign-in?token=secret")]);
    let id = header(&answer, "x-request-id")[0];
    assert_eq!(id.len(), 32, "{answer}");
    let (own, server) = (read_until(&house, "access.log", id), read_until(&house, "server.log", id));
    assert!(!own.contains("secret") && !server.contains("secret"), "a query may hold a token");
    assert!(own.contains(r#""path":"/sign-in","status":200"#), "{own}");
}

#[test]
fn no_log_holds_the_token_of_a_link_when_no_node_answers() {
    let mut house = House::new();
    house.stop_node();
    let paths = [
        ("/reset?token=a-secret-1&back=%2F", "/reset?token=hidden&back=%2F"),
        ("/verify/release?link=a-secret-2", "/verify/release?link=hidden"),
        ("/verify/release?page=2&link=a-secret-3", "/verify/release?page=2&link=hidden"),
        ("/sign-in?return=%2Fverify%2Frelease%3Flink%3Da-secret-4", "return=%2Fverify%2Frelease%3Flink%3Dhidden"),
        ("/sign-in?return=/verify/release%3flink=a-secret-5&x=1", "return=/verify/release%3flink=hidden&x=1"),
        ("/sign-in?return=%2Fa%3Fb%3Dc%26token%3Da-secret-6", "return=%2Fa%3Fb%3Dc%26token%3Dhidden"),
        ("/sign-in?return=%2Fa%253Ftoken%253Da-secret-7", "return=%2Fa%253Ftoken%253Dhidden"),
    ];
    for (path, written) in paths {
        let referrer = format!("Referer: {}", house.url("/setup?token=a-secret-before"));
        assert_eq!(status(&house.curl(&["--header", &referrer, &house.url(path)])), 502);
        let errors = read_until(&house, "nginx/nginx.log", written);
        assert!(errors.contains("/setup?token=hidden") && !errors.contains("a-secret"), "{path}: {errors}");
    }
    let access = read_until(&house, "access.log", r#""status":502"#);
    assert!(!access.contains("a-secret"), "{access}");
}

/// The text of a log, once a word has come: it is written a moment after the answer.
fn read_until(house: &House, log: &str, word: &str) -> String {
    for _ in 0..200 {
        let text = std::fs::read_to_string(house.path(log)).unwrap();
        if text.contains(word) {
            return text;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("{word} is not in {log}")
}
