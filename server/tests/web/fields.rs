//! What a form holds that is not taken is said where it stands, and what nobody changed is taken as it was.

use axum::http::{Method, StatusCode};

use crate::{
    harness::{Answer, House, request, with_body},
    hostile::encoded,
    things::Things,
};

struct Reader {
    house: House,
    admin: String,
}

impl Reader {
    async fn new() -> Self {
        let house = House::new().await;
        let admin = house.signed_in().await;
        Self { house, admin }
    }

    async fn read(&self, path: &str) -> Answer {
        let headers = [("authorization", self.admin.as_str()), ("accept", "text/html")];
        self.house.send(request(Method::GET, path, &headers)).await
    }

    /// Sends a form as a browser without a script does from a page, and reads the page that the answer leads to.
    async fn send(&self, page: &str, door: &str, fields: &[(&str, &str)]) -> String {
        let form: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let referer = format!("{}{page}", crate::harness::ORIGIN);
        let headers = [
            ("authorization", self.admin.as_str()),
            ("accept", "text/html"),
            ("referer", referer.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let path = format!("/api/app/{door}");
        let answer = self.house.send(with_body(Method::POST, &path, &headers, form.join("&"))).await;
        assert!(answer.status.is_redirection(), "{} {}", answer.status, answer.text());
        let location = answer.header("location");
        self.read(location.strip_prefix(crate::harness::ORIGIN).unwrap_or(location)).await.text()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_reason_of_a_withdrawal_that_is_not_taken_comes_back_and_is_asked_for_again_with_its_limit() {
    let reader = Reader::new().await;
    let things = Things::made(&reader.house, &reader.admin).await;
    let packed = things.put("PACKED");
    let page = format!("/releases/{packed}");
    let closed = reader.read(&page).await.text();
    assert!(!closed.contains("reason-problem"), "{closed}");
    let (long, longest) = (format!("<{}\r\nx", "x".repeat(498)), "é".repeat(1_200));
    for (reason, said, given) in [
        (" ", "Write why it is withdrawn: something is needed, and at most 500 characters.", " "),
        (&*long, "This has 501 characters, and at most 500 are taken.", &*long.replace('<', "&lt;")),
        // An address has room for so much.
        (&*longest, "This has 1200 characters, and at most 500 are taken.", &*"é".repeat(1_000)),
    ] {
        let answer = reader.send(&page, "withdraw-release", &[("release", &packed), ("reason", reason)]).await;
        assert!(answer.contains("id=\"reason-problem\"") && answer.contains(said), "{said}: {answer}");
        assert!(answer.contains(&format!(">\n{given}</textarea>")), "{given}: {answer}");
        // It stands open, for nothing opens it without script.
        let dialog = answer.split("id=\"withdraw\"").nth(1).unwrap().split('>').next().unwrap();
        assert!(!dialog.contains("popover"), "{dialog}");
    }
    let lines = format!("{}\r\nx", "x".repeat(498));
    let answer = reader.send(&page, "withdraw-release", &[("release", &packed), ("reason", &lines)]).await;
    assert!(answer.contains("The release is withdrawn"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_below_a_megabyte_is_saved_as_the_form_shows_it() {
    let reader = Reader::new().await;
    let group = serde_json::json!({ "tag": "GRP" });
    let group = reader.house.json(Method::POST, "/api/v1/groups", &reader.admin, &group).await.json();
    let id = group["id"].as_str().unwrap();
    let limit = serde_json::json!({ "quota_bytes": 123_456 });
    reader.house.json(Method::PUT, &format!("/api/v1/groups/{id}/quota"), &reader.admin, &limit).await;
    let shown = reader.read("/groups").await.text();
    assert!(shown.contains("value=\"0.123456\""), "{shown}");
    let fields = [("group", id), ("megabytes", "0.123456"), ("seen", "123456")];
    let answer = reader.send("/groups", "set-quota", &fields).await;
    assert!(answer.contains("value=\"0.123456\"") && !answer.contains("aria-invalid"), "{answer}");
    let fields = [("group", id), ("megabytes", "0"), ("seen", "123456")];
    let answer = reader.send("/groups", "set-quota", &fields).await;
    assert!(answer.contains("Megabytes between 0.000001 and 1000000000, with at most six decimals."), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_for_a_deleted_profile_until_it_is_had_back() {
    let reader = Reader::new().await;
    let text =
        packer::profile::Profile::built_in_text("plain").unwrap().replacen("name = \"plain\"", "name = \"house\"", 1);
    let fields = |seen: &'static str| [("form[draft]", "house"), ("form[seen]", seen), ("form[text]", text.as_str())];
    let saved = reader.send("/profiles/new", "profile-save", &fields("0")).await;
    assert!(saved.contains("The profile is saved."), "{saved}");
    let page = "/profiles/house/edit";
    assert!(reader.read(page).await.text().contains("id=\"profile-text\""));
    reader.send("/profiles/house", "profile-delete", &[("name", "house")]).await;

    let editor = reader.read(page).await;
    assert_eq!(editor.status, StatusCode::OK);
    let editor = editor.text();
    assert!(!editor.contains("id=\"profile-text\"") && editor.contains("/api/app/profile-restore"), "{editor}");
    for door in ["profile-save", "profile-apply"] {
        let answer = reader.send(page, door, &fields("1")).await;
        assert!(answer.contains("house is deleted, and nothing that is typed for it is kept."), "{door}: {answer}");
    }
    // Whoever had the page open is told with the next key.
    let form: Vec<_> = fields("1").iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    let headers = [
        ("authorization", reader.admin.as_str()),
        ("accept", "application/json"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let check = with_body(Method::POST, "/api/app/profile-check", &headers, form.join("&"));
    let told = reader.house.send(check).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.text().contains("data-not-kept") && told.text().contains("house is deleted"), "{}", told.text());

    let back = reader.send(page, "profile-restore", &[("name", "house")]).await;
    assert!(back.contains("can be chosen again"), "{back}");
    assert!(reader.read(page).await.text().contains("id=\"profile-text\""));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_or_a_licence_that_is_none_is_said_where_it_was_typed() {
    let reader = Reader::new().await;
    let things = Things::made(&reader.house, &reader.admin).await;
    let release = things.put("RELEASE");
    let page = format!("/releases/{release}/review");
    for (typed, place, said) in [
        (
            &[("form[new-group]", "no good!")][..],
            "problem-new_group",
            "2 to 30 letters and digits, without accents or blanks.",
        ),
        (
            &[("form[rights]", "licence"), ("form[licence]", "CC-NONE-9")],
            "problem-rights",
            "is no SPDX id of a licence.",
        ),
        (&[("form[rights]", "licence"), ("form[licence]", "CC BY 4.0")], "problem-rights", "Is CC-BY-4.0 meant?"),
    ] {
        let form = [&[("form[release]", release.as_str())], typed].concat();
        let answer = reader.send(&page, "review-save", &form).await;
        let place = answer.split(&format!("id=\"{place}\"")).nth(1).unwrap().split("</p>").next().unwrap();
        assert!(place.contains(said), "{said}: {place}");
    }
}
