//! What somebody new meets: the set-up, forms that come back, books that are refused, the first review and its packing.

use axum::http::{Method, StatusCode, header};
use serde_json::json;
use service::ExposeSecret;

use crate::{
    harness::{Answer, FORM_TYPE, House, ORIGIN, PASSWORD, form, request, with_body},
    hostile::encoded,
    sample_book::{epub, protected},
};

/// A page as a browser asks for it.
async fn page(house: &House, who: (&str, &str), path: &str) -> Answer {
    house.send(request(Method::GET, path, &[who, ("accept", "text/html")])).await
}

/// Sends a form from a page as a browser without script does.
async fn send(house: &House, who: (&str, &str), from: &str, door: &str, fields: &[(&str, &str)]) -> Answer {
    let from = format!("{ORIGIN}{from}");
    let headers = [
        who,
        ("accept", "text/html"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", ORIGIN),
        ("referer", &from),
    ];
    let form: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    house.send(with_body(Method::POST, &format!("/api/app/{door}"), &headers, form.join("&"))).await
}

/// The cookies that an answer sets, as the next request brings them.
fn jar(answer: &Answer) -> String {
    let lines = answer.headers.get_all(header::SET_COOKIE).iter();
    let pairs: Vec<&str> = lines.map(|line| line.to_str().unwrap().split(';').next().unwrap()).collect();
    pairs.join("; ")
}

/// What stands between two texts, the first time.
fn between<'a>(page: &'a str, start: &str, end: &str) -> &'a str {
    let rest = page.split_once(start).unwrap_or_else(|| panic!("no {start} in {page}")).1;
    rest.split(end).next().unwrap()
}

/// The element of a field, by its id.
fn field<'a>(page: &'a str, id: &str) -> &'a str {
    between(page, &format!("id=\"{id}\""), ">")
}

async fn upload(house: &House, bearer: &str, name: &str, bytes: &[u8]) -> String {
    let headers = [("authorization", bearer), ("content-type", FORM_TYPE)];
    let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, form(name, bytes))).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    sent.json()["release"].as_str().unwrap().to_owned()
}

async fn change(house: &House, bearer: &str, release: &str, edit: serde_json::Value) {
    let path = format!("/api/v1/releases/{release}");
    let edited = house.json(Method::PATCH, &path, bearer, &edit).await;
    assert_eq!(edited.status, StatusCode::OK, "{}", edited.text());
}

async fn group(house: &House, bearer: &str, tag: &str) -> String {
    let made = house.json(Method::POST, "/api/v1/groups", bearer, &json!({ "tag": tag })).await;
    made.json()["id"].as_str().unwrap().to_owned()
}

/// Makes an editor in these groups and gives the bearer token of a session.
async fn editor(house: &House, admin: &str, username: &str, groups: &[&str]) -> String {
    let body = json!({
        "username": username, "display_name": username, "password": PASSWORD, "role": "editor", "groups": groups,
    });
    let made = house.json(Method::POST, "/api/v1/users", admin, &body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let session = house.sign_in(username, PASSWORD).await.json();
    format!("Bearer {}", session["access_token"].as_str().unwrap())
}

#[tokio::test]
async fn a_refused_book_says_why_wherever_its_job_stands_and_asks_for_another() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let who = ("authorization", admin.as_str());
    let _working = house.worker();
    let refused = [
        ("locked.epub", protected("Locked"), "This book is protected by"),
        ("notes.txt", b"Only notes.".to_vec(), "none of the formats that can be read"),
    ];
    for (name, bytes, why) in refused {
        let release = upload(&house, &admin, name, &bytes).await;
        let known = house.until_status(&admin, &release, "refused").await;
        let job = known["jobs"][0]["id"].as_str().unwrap();
        for path in [format!("/jobs/{job}"), "/".to_owned(), format!("/releases/{release}/review")] {
            let page = page(&house, who, &path).await.text();
            assert!(page.contains(why), "{path}: {page}");
            assert!(page.contains("Bring another file") && !page.contains("{scheme}"), "{path}: {page}");
            // No other try would take it.
            assert!(!page.contains("/api/app/retry-job"), "{path}: {page}");
        }
        assert!(page(&house, who, "/jobs").await.text().contains(why), "{name}");
    }
    // Whoever only looks is offered nothing that is not theirs to do.
    let grants = json!({ "name": "Looks", "all_groups": true, "grants": [["releases", "read"], ["jobs", "read"]] });
    house.json(Method::POST, "/api/v1/roles", &admin, &grants).await;
    let looks = house.person(&admin, "looks", "Looks").await;
    let page = page(&house, ("authorization", &looks), "/").await.text();
    assert!(page.contains("This book is protected by") && !page.contains("Bring another file"), "{page}");
}

#[tokio::test]
async fn a_job_that_failed_says_why_and_is_begun_anew_from_the_overview() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let who = ("authorization", admin.as_str());
    let _working = house.worker();
    let group = group(&house, &admin, "GRP").await;
    let release = house.draft(&admin).await;
    change(&house, &admin, &release, json!({ "group": group, "rights": { "basis": "CC-BY-4.0" } })).await;
    let (blobs, aside) = (house.state.configuration.data_dir.join("blobs"), tempfile::tempdir().unwrap());
    std::fs::rename(&blobs, aside.path().join("blobs")).unwrap();
    house.json(Method::POST, &format!("/api/v1/releases/{release}/pack"), &admin, &json!({})).await;
    let failed = house.until_status(&admin, &release, "failed").await;
    let job = failed["jobs"][0]["id"].as_str().unwrap();
    for path in ["/".to_owned(), format!("/jobs/{job}"), format!("/releases/{release}")] {
        let page = page(&house, who, &path).await.text();
        assert!(page.contains("Bytes that were stored are missing."), "{path}: {page}");
        assert!(page.contains("action=\"/api/app/retry-job\"") && page.contains("Begin anew"), "{path}: {page}");
        assert!(page.contains(&format!("name=\"job\" value=\"{job}\"")), "{path}: {page}");
    }
    let _ = std::fs::remove_dir_all(&blobs);
    std::fs::rename(aside.path().join("blobs"), &blobs).unwrap();
    let begun = send(&house, who, "/", "retry-job", &[("job", job)]).await;
    assert!(begun.status.is_redirection() && !begun.header("location").contains("__err"), "{:?}", begun.headers);
    house.until_status(&admin, &release, "packed").await;
    // What cannot be begun anew any more is said where it was asked for.
    let late = send(&house, who, "/", "retry-job", &[("job", job)]).await;
    assert!(page(&house, who, late.header("location")).await.text().contains("role=\"alert\""));
    assert!(!page(&house, who, "/").await.text().contains("Begin anew"));
}

#[tokio::test]
async fn a_reading_that_was_stopped_is_begun_anew_from_the_review() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let who = ("authorization", admin.as_str());
    let release = house.draft_without_waiting(&admin).await;
    let known = house.send(request(Method::GET, &format!("/api/v1/releases/{release}"), &[who])).await.json();
    let job = known["jobs"][0]["id"].as_str().unwrap();
    house.json(Method::POST, &format!("/api/v1/jobs/{job}/cancel"), &admin, &json!({})).await;
    let review = format!("/releases/{release}/review");
    let shown = page(&house, who, &review).await.text();
    assert!(shown.contains("It was stopped before its end."), "{shown}");
    assert!(shown.contains("formaction=\"/api/app/retry-job\""), "{shown}");
    // The button sends what else the form holds, too.
    let fields = [("form[release]", release.as_str()), ("job", job)];
    let begun = send(&house, who, &review, "retry-job", &fields).await;
    assert!(begun.status.is_redirection() && !begun.header("location").contains("__err"), "{:?}", begun.headers);
    let _working = house.worker();
    house.until_status(&admin, &release, "draft").await;
}

#[tokio::test]
async fn the_set_up_keeps_what_was_typed_and_leads_to_the_first_steps() {
    let house = House::new().await;
    let link = house.state.services.accounts().issue_setup_link().await.unwrap();
    let setup = format!("/setup?token={}", link.token.expose_secret());
    let nobody = ("cookie", "");
    let fill = |password| {
        [
            ("token", link.token.expose_secret()),
            ("display_name", "Élodie \"Quire\" & Fils"),
            ("username", "elodie"),
            ("group_tag", "QUIRE"),
            ("password", password),
        ]
    };
    let back = send(&house, nobody, &setup, "set-up", &fill("brief-word")).await;
    let cookie = jar(&back);
    assert!(cookie.starts_with("esp-typed=") && !cookie.contains("brief"), "{cookie}");
    assert!(back.header("set-cookie").contains("HttpOnly"), "{cookie}");
    let location = back.header("location").to_owned();
    assert!(location.contains("__err") && !location.contains("elodie"), "{location}");
    let shown = page(&house, ("cookie", &cookie), &location).await;
    assert!(shown.header("set-cookie").starts_with("esp-typed=;"), "{:?}", shown.headers);
    let text = shown.text();
    assert!(field(&text, "field-display_name").contains("value=\"Élodie &quot;Quire&quot; &amp; Fils\""), "{text}");
    assert!(field(&text, "field-username").contains("value=\"elodie\""), "{text}");
    assert!(field(&text, "field-group_tag").contains("value=\"QUIRE\""), "{text}");
    assert!(!field(&text, "field-password").contains("value=") && !text.contains("brief-word"), "{text}");
    // An address alone brings nothing back, and neither does the cookie without an error.
    for (cookie, path) in [("", location.as_str()), (cookie.as_str(), setup.as_str())] {
        assert!(!page(&house, ("cookie", cookie), path).await.text().contains("elodie"), "{path}");
    }

    let done = send(&house, nobody, &setup, "set-up", &fill(PASSWORD)).await;
    assert_eq!(done.header("location"), "/");
    let first = page(&house, ("cookie", &jar(&done)), "/").await.text();
    assert!(first.contains("tour__card") && first.contains("href=\"/new\""), "{first}");
}

#[tokio::test]
async fn the_door_and_the_form_for_somebody_new_keep_what_was_typed() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let wrong = [("username", "somebody-here"), ("password", "not the right one at all")];
    let back = send(&house, ("cookie", ""), "/sign-in", "sign-in", &wrong).await;
    assert!(!jar(&back).contains("not"), "{}", jar(&back));
    let door = page(&house, ("cookie", &jar(&back)), back.header("location")).await.text();
    assert!(field(&door, "field-username").contains("value=\"somebody-here\""), "{door}");
    assert!(!field(&door, "field-username").contains("autofocus"), "{door}");
    assert!(field(&door, "field-password").contains("autofocus"), "{door}");

    let (one, two) = (group(&house, &admin, "ONE").await, group(&house, &admin, "TWO").await);
    let fields = [
        ("display_name", "Zoé Proof"),
        ("username", "zoe"),
        ("email", "zoe@example.org"),
        ("password", "brief-word"),
        ("role", "viewer"),
        ("groups[]", two.as_str()),
    ];
    let who = ("authorization", admin.as_str());
    let back = send(&house, who, "/users", "create-user", &fields).await;
    let cookie = jar(&back);
    let headers = [who, ("accept", "text/html"), ("cookie", cookie.as_str())];
    let shown = house.send(request(Method::GET, back.header("location"), &headers)).await.text();
    for (id, value) in
        [("field-display_name", "Zoé Proof"), ("field-username", "zoe"), ("field-email", "zoe@example.org")]
    {
        assert!(field(&shown, id).contains(&format!("value=\"{value}\"")), "{id}: {shown}");
    }
    assert!(!shown.contains("brief-word"), "{shown}");
    assert!(between(&shown, "value=\"viewer\"", ">").contains("selected"), "{shown}");
    let form = between(&shown, "action=\"/api/app/create-user\"", "</form>");
    let ticked = |group: &str| between(form, &format!("value=\"{group}\""), ">").contains("checked");
    assert!(ticked(&two) && !ticked(&one), "{form}");
    // Nobody else who uses this browser sees it.
    let other = house.person(&admin, "next", "admin").await;
    let headers = [("authorization", other.as_str()), headers[1], headers[2]];
    let shown = house.send(request(Method::GET, back.header("location"), &headers)).await.text();
    assert!(!shown.contains("zoe@example.org"), "{shown}");
}

#[tokio::test]
async fn whoever_may_not_open_a_page_is_led_to_one_that_they_may() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    for (role, refused, next) in [("contributor", "/users", "/inbox"), ("viewer", "/users", "/releases")] {
        let bearer = house.person(&admin, &format!("a-{role}"), role).await;
        let who = ("authorization", bearer.as_str());
        let shown = page(&house, who, refused).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN, "{role}");
        let text = shown.text();
        let message = between(&text, "class=\"message-page\"", "</div>");
        assert!(message.contains(&format!("href=\"{next}\"")), "{role}: {message}");
        assert_eq!(page(&house, who, next).await.status, StatusCode::OK, "{role}");
    }
}

#[tokio::test]
async fn what_is_held_up_is_counted_as_ready_on_no_page() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let who = ("authorization", admin.as_str());
    let _working = house.worker();
    let group = group(&house, &admin, "GRP").await;
    let rights = json!({ "basis": "CC-BY-4.0" });
    let mut drafts = Vec::new();
    for title in ["Ebb", "Neap", "Spring"] {
        let release = upload(&house, &admin, &format!("{title}.epub"), &epub(title)).await;
        house.until_status(&admin, &release, "draft").await;
        drafts.push(release);
    }
    change(&house, &admin, &drafts[0], json!({ "group": group, "rights": rights })).await;
    // A magazine without its number is held up by a finding.
    let magazine = json!([{ "field": "kind", "values": ["magazine"] }]);
    change(&house, &admin, &drafts[1], json!({ "group": group, "rights": rights, "changes": magazine })).await;
    // Nobody has said on what ground it may be published.
    change(&house, &admin, &drafts[2], json!({ "group": group })).await;
    let reviews = drafts.iter().map(|draft| format!("/releases/{draft}/review"));
    for path in ["/new".to_owned()].into_iter().chain(reviews) {
        let desk = page(&house, who, &path).await.text();
        assert!(desk.contains("Pack 1 ready"), "{path}: {}", between(&desk, "id=\"batch-ready\"", "</span>"));
    }
}

#[tokio::test]
async fn whoever_is_in_one_group_alone_need_not_choose_it() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let _working = house.worker();
    let (one, two) = (group(&house, &admin, "ONE").await, group(&house, &admin, "TWO").await);
    let shown = async |bearer: &str, release: &str| {
        let text = page(&house, ("authorization", bearer), &format!("/releases/{release}/review")).await.text();
        between(&text, "id=\"review-form\"", "</form>").to_owned()
    };
    let is_chosen = |form: &str, group: &str| between(form, &format!("value=\"{group}\""), ">").contains("selected");

    let of_both = editor(&house, &admin, "of-both", &[&one, &two]).await;
    let release = house.draft(&of_both).await;
    let form = shown(&of_both, &release).await;
    assert!(!is_chosen(&form, &one) && !is_chosen(&form, &two), "{form}");
    assert!(form.contains("Choose a group."), "{form}");

    let of_one = editor(&house, &admin, "of-one", &[&one]).await;
    let release = house.draft(&of_one).await;
    let form = shown(&of_one, &release).await;
    assert!(is_chosen(&form, &one), "{form}");
    assert!(!form.contains("Choose a group.") && form.contains("Choose the rights basis,"), "{form}");
    // The next save stores it with what was chosen.
    let review = format!("/releases/{release}/review");
    let fields = [
        ("form[release]", release.as_str()),
        ("form[group]", one.as_str()),
        ("form[profile]", "scene-ebook"),
        ("form[rights]", "licence"),
        ("form[licence]", "CC-BY-4.0"),
        ("form[title]", "Une saison"),
    ];
    let saved = send(&house, ("authorization", &of_one), &review, "review-pack", &fields).await;
    assert!(!saved.header("location").contains("__err"), "{}", saved.header("location"));
    let packed = house.until_status(&of_one, &release, "packed").await;
    assert_eq!(packed["group"]["tag"], "ONE");
}
