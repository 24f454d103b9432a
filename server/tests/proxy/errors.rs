//! What nginx says when it answers itself.

use spare_port::spare_port;

use crate::house::{House, Options, header, status};

#[test]
fn a_book_over_the_limit_is_refused_with_the_limit_before_it_is_sent() {
    let house = House::with(&Options { proxy: &[("UPLOAD_MAX_BYTES", "2000000")], ..Options::default() });
    std::fs::write(house.path("large"), vec![0; 4_000_000]).unwrap();
    let answer = house.curl(&["--form", "file=@large", &house.url("/api/v1/books")]);
    assert_eq!(status(&answer), 413, "{answer}");
    assert!(answer.contains(r#"{"code":"too-large","limit":2000000,"#), "{answer}");
    assert_eq!(header(&answer, "content-type"), ["application/json"], "{answer}");
    // One byte below nginx's own limit it is the application that answers: nobody is signed in.
    std::fs::write(house.path("fits"), vec![0; 2_900_000]).unwrap();
    let answer = house.curl(&["--form", "file=@fits", &house.url("/api/v1/books")]);
    assert!([401, 403].contains(&status(&answer)), "{answer}");
}

#[test]
fn a_form_that_is_too_large_gets_a_page_in_the_language_of_its_reader() {
    let house = House::new();
    std::fs::write(house.path("large"), vec![b'a'; 4_000_000]).unwrap();
    let send = |language: &str| {
        let language = format!("Accept-Language: {language}");
        house.curl(&["--header", &language, "--data-binary", "@large", &house.url("/api/app/review-save")])
    };
    let french = send("fr-CH, fr;q=0.9");
    assert_eq!(status(&french), 413, "{french}");
    assert!(french.contains("<html lang=\"fr\">") && french.contains("500 Mo"), "{french}");
    let english = send("de");
    assert!(english.contains("<html lang=\"en\">") && english.contains("UPLOAD_MAX_BYTES"), "{english}");
    assert!(header(&english, "content-security-policy")[0].starts_with("default-src 'none'"), "{english}");
    let style = house.get("/error.css");
    assert_eq!((status(&style), header(&style, "content-type")), (200, vec!["text/css; charset=utf-8"]), "{style}");
}

#[test]
fn without_any_node_people_get_a_page_and_programs_get_json() {
    let dead = spare_port().unwrap();
    let house = House::with(&Options::default());
    let prefix = house.path("alone");
    std::fs::create_dir_all(&prefix).unwrap();
    let http = spare_port().unwrap();
    let mut render = std::process::Command::new("../nginx/render.sh");
    render.arg("proxy").arg(&prefix).env("PUBLIC_URL", "http://localhost");
    render.env("BACKENDS", format!("127.0.0.1:{dead}")).env("FRONTEND", format!("127.0.0.1:{dead}"));
    render.env("HTTP_PORT", format!("127.0.0.1:{http}")).env("ACCESS_LOG", "/dev/null");
    assert!(render.status().unwrap().success());
    let _nginx = crate::house::start_nginx(&prefix, "proxy");
    crate::house::wait_for(http, &prefix.join("nginx.log"));
    let page = house.curl(&[&format!("http://localhost:{http}/releases")]);
    assert_eq!((status(&page), header(&page, "retry-after")), (502, vec!["5"]), "{page}");
    assert!(page.contains("does not answer just now"), "{page}");
    let json = house.curl(&[&format!("http://localhost:{http}/api/v1/releases")]);
    assert!(status(&json) == 502 && json.contains(r#""code":"unavailable""#), "{json}");
}

#[test]
fn who_asks_too_often_is_told_to_wait() {
    let house = House::with(&Options { proxy: &[("RATE_LIMIT", "1")], ..Options::default() });
    let many = house.url("/sign-in?[1-130]");
    let answers = house.curl(&["--output", "/dev/null", "--write-out", "%{http_code}\n", &many]);
    let refused = answers.lines().filter(|line| line.trim().ends_with("429")).count();
    assert!((10..=30).contains(&refused), "{refused} of 130: {answers}");
    // On a busy machine a second has passed by now, and one more is let through.
    let pages = house.curl(&[&house.url("/sign-in?[1-4]")]);
    assert_eq!(status(&pages), 429, "{pages}");
    assert!(header(&pages, "retry-after").iter().all(|seconds| *seconds == "5"), "{pages}");
}
