//! Strangers: everything that is not public refuses them.

use axum::http::{Method, StatusCode};

use crate::harness::{House, ORIGIN, request, with_body};

/// What strangers may use. Whoever adds a route decides here, too.
pub(crate) const PUBLIC: [&str; 21] = [
    "/sign-in",
    "/sign-in/code",
    "/reset",
    "/confirm-email",
    "/forgotten",
    "/api/app/sign-in-code",
    "/api/app/reset-password",
    "/api/app/confirm-email",
    "/api/app/ask-for-letter",
    "/setup",
    "/verify",
    "/verify/release",
    "/api/app/sign-in",
    "/api/app/set-up",
    "/api/app/set-locale",
    "/api/app/set-theme",
    "/api/v1/sessions",
    "/api/health",
    "/api/health/live",
    "/api/health/ready",
    "/metrics",
];

/// The routes of the REST API, uploads and downloads, with ids that look like ids.
pub(crate) const ROUTES: [(&str, &str); 66] = [
    ("DELETE", "/api/v1/sessions"),
    ("GET", "/api/v1/releases"),
    ("GET", "/api/v1/releases.csv"),
    ("GET", "/api/v1/releases/ID"),
    ("PATCH", "/api/v1/releases/ID"),
    ("DELETE", "/api/v1/releases/ID"),
    ("GET", "/api/v1/releases/ID/preview"),
    ("POST", "/api/v1/releases/ID/preview"),
    ("POST", "/api/v1/releases/ID/pack"),
    ("POST", "/api/v1/releases/ID/verify"),
    ("GET", "/api/v1/releases/ID/duplicates"),
    ("POST", "/api/v1/releases/ID/withdraw"),
    ("POST", "/api/v1/releases/ID/offer"),
    ("GET", "/api/v1/releases/ID/cover"),
    ("GET", "/api/v1/releases/ID/cover/small"),
    ("GET", "/api/v1/packages/ID"),
    ("GET", "/api/v1/packages/ID/archive"),
    ("GET", "/api/v1/packages/ID/files/0"),
    ("GET", "/packages/ID/archive/name.zip"),
    ("GET", "/packages/ID/files/0/name"),
    ("GET", "/api/v1/jobs"),
    ("GET", "/api/v1/jobs/ID"),
    ("GET", "/api/v1/jobs/ID/log"),
    ("POST", "/api/v1/jobs/ID/retry"),
    ("POST", "/api/v1/jobs/ID/cancel"),
    ("GET", "/api/v1/groups"),
    ("POST", "/api/v1/groups"),
    ("GET", "/api/v1/groups/members"),
    ("PUT", "/api/v1/groups/ID/members"),
    ("PUT", "/api/v1/groups/ID/quota"),
    ("GET", "/api/v1/account/sessions"),
    ("DELETE", "/api/v1/account/sessions"),
    ("DELETE", "/api/v1/account/sessions/ID"),
    ("GET", "/api/v1/account/tokens"),
    ("POST", "/api/v1/account/tokens"),
    ("DELETE", "/api/v1/account/tokens/ID"),
    ("GET", "/api/v1/users"),
    ("POST", "/api/v1/users"),
    ("GET", "/api/v1/users/ID"),
    ("PATCH", "/api/v1/users/ID"),
    ("POST", "/api/v1/users/ID/reset-link"),
    ("POST", "/api/v1/users/ID/reset-letter"),
    ("PUT", "/api/v1/account/email"),
    ("DELETE", "/api/v1/users/ID/codes"),
    ("GET", "/api/v1/roles"),
    ("POST", "/api/v1/roles"),
    ("PUT", "/api/v1/roles/name"),
    ("DELETE", "/api/v1/roles/name"),
    ("GET", "/api/v1/audit"),
    ("GET", "/api/v1/audit/export"),
    ("GET", "/api/v1/inbox"),
    ("POST", "/api/v1/inbox/ID/take"),
    ("POST", "/api/v1/inbox/ID/decline"),
    ("GET", "/api/v1/profiles"),
    ("DELETE", "/api/v1/profiles/name"),
    ("POST", "/api/v1/profiles/name/restore"),
    ("GET", "/api/v1/events"),
    ("POST", "/api/v1/books"),
    ("GET", "/api/v1/uploads"),
    ("POST", "/api/v1/uploads"),
    ("GET", "/api/v1/uploads/ID"),
    ("HEAD", "/api/v1/uploads/ID"),
    ("PATCH", "/api/v1/uploads/ID"),
    ("POST", "/api/v1/uploads/ID"),
    ("DELETE", "/api/v1/uploads/ID"),
    ("GET", "/api/v1/anything/else"),
];

#[tokio::test]
async fn every_route_of_the_api_refuses_a_stranger() {
    let house = House::new().await;
    for (method, path) in ROUTES {
        let path = path.replace("ID", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let tus = [("tus-resumable", "1.0.0")];
        let answer = house.send(request(method.clone(), &path, &tus)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}: {}", answer.text());
        if method != Method::HEAD && path.starts_with("/api/v1/") {
            assert_eq!(answer.json()["code"], "signed-out", "{method} {path}");
        }
    }
}

/// What strangers may ask by which method; of the rest of a public address they may not. Whoever is added here is public
/// for strangers.
const PUBLIC_ROUTES: [(&str, &str); 5] = [
    ("POST", "/api/v1/sessions"),
    ("GET", "/api/health"),
    ("GET", "/api/health/live"),
    ("GET", "/api/health/ready"),
    ("GET", "/metrics"),
];

#[test]
fn strangers_may_use_what_the_table_says_and_nothing_else() {
    use server::middleware::guard;

    let mut let_through = [&guard::PUBLIC[..], &guard::PROBES].concat();
    let mut known = PUBLIC.to_vec();
    let_through.sort_unstable();
    known.sort_unstable();
    assert_eq!(let_through, known);
}

/// Reads the routes from the sources, so that nobody adds one without deciding who may use it.
#[test]
fn every_route_of_the_sources_is_in_a_table() {
    let mut found = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            // Routes that the look below would not find.
            for other in [".nest(", ".nest_service(", ".route_service(", "MethodRouter", "MethodFilter", "routing::on("]
            {
                assert!(!text.contains(other), "{other} in {}", path.display());
            }
            let takes_any = text.matches("any(").count() - text.matches(".any(").count();
            assert_eq!(takes_any, text.matches("routing::any(nowhere)").count(), "{}", path.display());
            for route in text.split(".route(").skip(1) {
                let Some(pattern) = route.split('"').nth(1) else { continue };
                let chain = route.split("\n        .").next().unwrap();
                for method in ["get", "head", "post", "put", "patch", "delete"] {
                    if chain.contains(&format!("{method}(")) {
                        found.push((method.to_uppercase(), pattern.to_owned()));
                    }
                }
            }
        }
    }
    assert!(found.len() > 40, "{found:?}");
    let fits = |pattern: &str, path: &str| {
        let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        pattern.len() == path.len() && pattern.iter().zip(&path).all(|(part, word)| part == word || part.contains('{'))
    };
    for (method, pattern) in found {
        let known = PUBLIC_ROUTES.contains(&(method.as_str(), pattern.as_str()))
            || ROUTES.iter().any(|(known, path)| *known == method && fits(&pattern, path));
        assert!(known, "{method} {pattern} is in no table");
    }
}

#[tokio::test]
async fn every_door_of_the_interface_refuses_a_stranger_or_is_public() {
    let house = House::new().await;
    let mut doors = 0;
    for (path, method) in leptos::server_fn::axum::server_fn_paths() {
        doors += 1;
        assert_eq!(method, Method::POST, "{path}: a change by GET");
        if PUBLIC.contains(&path) {
            continue;
        }
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let answer = house.send(with_body(Method::POST, path, &form, "")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(answer.json()["kind"], "signed-out", "{path}");
    }
    assert!(doors > 0, "no door was registered");
}

#[tokio::test]
async fn every_page_sends_a_stranger_to_the_door_with_an_empty_answer() {
    let house = House::new().await;
    let pages = leptos_axum::generate_route_list(app::App);
    assert!(!pages.is_empty());
    for page in pages {
        let path = page.path().replace("{id}", "01ARZ3NDEKTSV4RRFFQ69G5FAV");
        let answer = house.send(request(Method::GET, &path, &[("accept", "text/html")])).await;
        if path == "/verify/release" {
            // Public for whoever has a link, and nothing without one.
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        } else if PUBLIC.contains(&path.as_str()) {
            assert_eq!(answer.status, StatusCode::OK, "{path}");
        } else {
            assert_eq!(answer.status, StatusCode::FOUND, "{path}");
            assert!(answer.header("location").starts_with("/sign-in"), "{path}");
            assert!(answer.body.is_empty(), "{path} was rendered for a stranger");
        }
    }
}

#[tokio::test]
async fn the_way_back_is_kept_and_never_leads_to_another_host() {
    let house = House::new().await;
    let html = [("accept", "text/html")];
    let answer = house.send(request(Method::GET, "/releases?status=packed&search=a%20b", &html)).await;
    assert_eq!(answer.header("location"), "/sign-in?return=/releases%3Fstatus%3Dpacked%26search%3Da%2520b");
    for path in ["//evil.example/x", "/\\evil.example"] {
        let Ok(uri) = path.parse::<axum::http::Uri>() else { continue };
        let mut request = request(Method::GET, "/", &html);
        *request.uri_mut() = uri;
        let answer = house.send(request).await;
        assert_eq!(answer.header("location"), "/sign-in", "{path}");
    }
}

#[tokio::test]
async fn the_sign_in_page_does_not_pass_on_a_foreign_address() {
    let house = House::new().await;
    // In a house without people there is nobody to sign in.
    house.signed_in().await;
    for back in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example"] {
        let page = house.get(&format!("/sign-in?return={back}")).await;
        assert!(page.text().contains("name=\"username\""), "{back}");
        assert!(!page.text().contains("name=\"back\""), "{back}");
    }
    let page = house.get("/sign-in?return=%2Freleases").await.text();
    assert!(page.contains("name=\"back\""));
}

#[tokio::test]
async fn an_expired_form_leads_back_to_its_own_page() {
    let house = House::new().await;
    let headers = [
        ("accept", "text/html"),
        ("origin", ORIGIN),
        ("referer", "http://127.0.0.1:5000/releases/1?tab=nfo"),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = house.send(with_body(Method::POST, "/api/app/sign-out", &headers, "")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/sign-in?return=/releases/1%3Ftab%3Dnfo");
}
