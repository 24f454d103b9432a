//! What is done with releases that were chosen in a list, and what the first page says that waits.

use axum::http::{Method, StatusCode};
use serde_json::json;

use crate::harness::{Answer, FORM_TYPE, House, book, form, request, with_body};

async fn page(house: &House, bearer: &str, path: &str) -> Answer {
    house.send(request(Method::GET, path, &[("authorization", bearer), ("accept", "text/html")])).await
}

/// Presses a button of the form for chosen releases, as a browser without script does.
async fn act(house: &House, bearer: &str, action: &str, releases: &[&str]) -> Answer {
    let headers = [
        ("authorization", bearer),
        ("accept", "text/html"),
        ("referer", "http://127.0.0.1:5000/releases?view=table"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let ids: Vec<_> = releases.iter().map(|id| format!("form[releases][]={id}")).collect();
    let body = format!("form[action]={action}&form[back]=%2Freleases%3Fview%3Dtable&{}", ids.join("&"));
    house.send(with_body(Method::POST, "/api/app/releases-act", &headers, body)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chosen_releases_are_written_out_packed_and_deleted_by_name() {
    House::on_both_engines(act_on_chosen).await;
}

async fn act_on_chosen(house: House) {
    let admin = house.signed_in().await;
    let working = house.worker();
    let group = house.json(Method::POST, "/api/v1/groups", &admin, &json!({ "tag": "GRP" })).await.json();
    let (first, second) = (house.draft(&admin).await, house.draft(&admin).await);
    let third = house.draft(&admin).await;
    let titles = [(&first, "Ebb"), (&second, "Flood"), (&third, "Neap")];
    for (id, title) in titles {
        let edit = json!({
            "group": group["id"], "rights": { "basis": "CC-BY-4.0" },
            "changes": [{ "field": "title", "values": [title] }],
        });
        house.json(Method::PATCH, &format!("/api/v1/releases/{id}"), &admin, &edit).await;
    }

    let csv = act(&house, &admin, "csv", &[&first, &second]).await;
    assert_eq!(csv.header("location"), format!("/api/v1/releases.csv?ids={first},{second}"));
    let table = page(&house, &admin, csv.header("location")).await;
    let lines: Vec<_> = table.text().lines().skip(1).map(ToOwned::to_owned).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines.iter().all(|line| line.contains(",Ebb,") || line.contains(",Flood,")), "{lines:?}");
    let wrong = house.send(request(Method::GET, "/api/v1/releases?ids=x", &[("authorization", &admin)])).await;
    assert_eq!((wrong.status, &wrong.json()["code"]), (StatusCode::BAD_REQUEST, &json!("bad-query")));

    let packed = act(&house, &admin, "pack", &[&first, &second]).await;
    assert_eq!(packed.header("location"), "/releases?view=table&done=pack-begun");
    let cookie = packed.header("set-cookie").to_owned();
    assert!(cookie.starts_with("esp-batch=") && cookie.contains("HttpOnly"), "{cookie}");
    house.until_status(&admin, &first, "packed").await;
    house.until_status(&admin, &second, "packed").await;
    let headers =
        [("authorization", admin.as_str()), ("accept", "text/html"), ("cookie", cookie.split(';').next().unwrap())];
    let desk = house.send(request(Method::GET, "/new?view=table", &headers)).await.text();
    assert!(desk.contains("2 of 2 packed"), "{desk}");
    // Somebody else's jobs do not count, whatever the cookie says.
    let stranger = house.person(&admin, "stranger", "editor").await;
    let headers = [("authorization", stranger.as_str()), headers[1], headers[2]];
    let desk = house.send(request(Method::GET, "/new?view=table", &headers)).await;
    assert_eq!(desk.status, StatusCode::OK);
    assert!(!desk.text().contains("of 2 packed"));

    // One that cannot be packed is named, and the other goes on.
    let again = act(&house, &admin, "pack", &[&first, &third]).await;
    let told = page(&house, &admin, again.header("location")).await.text();
    assert!(told.contains("1 release is being packed.") && told.contains("<strong>Ebb"), "{told}");
    house.until_status(&admin, &third, "packed").await;
    let headers =
        [("authorization", admin.as_str()), ("accept", "text/html"), ("cookie", cookie.split(';').next().unwrap())];
    let desk = async || house.send(request(Method::GET, "/new?view=table", &headers)).await.text();
    // What is packed after a batch is none of it, be it another release or the same book once more.
    assert!(desk().await.contains("2 of 2 packed"));
    let form = [headers[0], headers[1], ("content-type", "application/x-www-form-urlencoded")];
    let repack = format!("release={second}&tag=REPACK");
    let repack = house.send(with_body(Method::POST, "/api/app/correct-release", &form, repack)).await;
    let repack = repack.header("location").split('/').nth(2).unwrap().to_owned();
    let packed = house.json(Method::POST, &format!("/api/v1/releases/{repack}/pack"), &admin, &json!({})).await;
    assert!(packed.status.is_success(), "{}", packed.text());
    house.until_status(&admin, &repack, "packed").await;
    assert!(desk().await.contains("2 of 2 packed"));
    working.stop().await;

    let asked = act(&house, &admin, "delete", &[&first, &second]).await;
    assert_eq!(asked.header("location"), format!("/releases?view=table&delete={first},{second}"));
    let told = page(&house, &admin, asked.header("location")).await.text();
    assert!(told.contains("Delete 2 releases?") && told.contains("<strong>Flood"), "{told}");
    assert_eq!(page(&house, &admin, &format!("/releases/{first}")).await.status, StatusCode::OK, "it only asked");
    let unknown = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    let deleted = act(&house, &admin, "delete-these", &[&first, &second, unknown]).await;
    let told = page(&house, &admin, deleted.header("location")).await.text();
    assert!(told.contains("It was done with 2 releases."), "{told}");
    for id in [&first, &second] {
        assert_eq!(page(&house, &admin, &format!("/releases/{id}")).await.status, StatusCode::NOT_FOUND);
    }
    // Whoever may not delete is not even asked.
    let viewer = house.person(&admin, "viewer", "viewer").await;
    let shown = page(&house, &viewer, &format!("/releases?delete={third}")).await.text();
    assert!(!shown.contains("delete-these"), "{shown}");
}

#[tokio::test]
async fn a_book_in_the_inbox_waits_on_the_first_page_of_who_decides() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let _working = house.worker();
    let contributor = house.person(&admin, "sender", "contributor").await;
    let headers = [("authorization", contributor.as_str()), ("content-type", FORM_TYPE)];
    let sent = house.send(with_body(Method::POST, "/api/v1/books", &headers, form("a.epub", &book()))).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.text());
    let shown = page(&house, &admin, "/").await.text();
    assert!(shown.contains("sent in by sender"), "{shown}");
    let viewer = house.person(&admin, "viewer", "viewer").await;
    assert!(!page(&house, &viewer, "/").await.text().contains("sent in by"));
}

#[tokio::test]
async fn who_may_read_the_log_finds_a_release_s_changes_from_its_page() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let _working = house.worker();
    let release = house.draft(&admin).await;
    let address = format!("/audit?subject={release}");
    assert!(page(&house, &admin, &format!("/releases/{release}")).await.text().contains(&address));
    let edit = json!({ "changes": [{ "field": "title", "values": ["Slack water"] }] });
    house.json(Method::PATCH, &format!("/api/v1/releases/{release}"), &admin, &edit).await;
    assert!(page(&house, &admin, &address).await.text().contains("Slack water"));
    let editor = house.person(&admin, "ed", "editor").await;
    let own = house.draft(&editor).await;
    assert!(!page(&house, &editor, &format!("/releases/{own}")).await.text().contains("/audit?subject="));
}

#[tokio::test]
async fn the_settings_lead_to_the_limits_of_groups() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let settings = page(&house, &admin, "/settings").await.text();
    assert!(settings.contains("How much each group may keep"), "{settings}");
    assert!(!settings.contains("the reference of the configuration"), "every variable of this version is explained");
    // And the palette to every place.
    for place in ["/inbox", "/groups", "/roles", "/audit"] {
        let palette = settings.split("id=\"palette\"").nth(1).unwrap();
        assert!(palette.split("</ul>").next().unwrap().contains(&format!("href=\"{place}\"")), "{place}");
    }
}
