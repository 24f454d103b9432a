//! Accounts for everybody, made by the administrator before the work begins.

use http::Method;
use serde_json::json;

use crate::{
    Outcome,
    browser::{Browser, Question, Site},
    person::PASSWORD,
};

/// Who may sign in.
pub(crate) struct Newcomers {
    /// The group that everybody is in.
    pub(crate) group: String,
    pub(crate) usernames: Vec<String>,
}

/// Lets so many people in.
pub(crate) async fn welcome(site: &Site, number: u32) -> Outcome<Newcomers> {
    let mut browser = site.browser(u32::from(u16::MAX) - 1)?;
    let (username, password) = (std::env::var("ADMIN_USERNAME")?, std::env::var("ADMIN_PASSWORD")?);
    sign_in(&mut browser, &username, &password).await.ok_or("the administrator cannot sign in")?;
    let group = json!({ "tag": "REHEARSAL" });
    let group = browser.ask(Question::json("prepare", Method::POST, "/api/v1/groups", &group, 201)).await;
    let group = group.and_then(|answer| Some(answer.json()["id"].as_str()?.to_owned())).ok_or("no group was made")?;
    let mut usernames = Vec::new();
    for position in 0..number {
        let username = format!("person-{position:04}");
        let account = json!({
            "username": username, "display_name": username, "password": PASSWORD, "role": "editor", "groups": [group]
        });
        let made = browser.ask(Question::json("prepare", Method::POST, "/api/v1/users", &account, 201)).await;
        made.ok_or_else(|| format!("no account was made for {username}"))?;
        usernames.push(username);
    }
    Ok(Newcomers { group, usernames })
}

/// Where people go once they are in.
const BACK: &str = "/";

/// The form of the page to sign in, as a browser without script sends it. Whoever is in already gives that session up.
pub(crate) async fn sign_in(browser: &mut Browser, username: &str, password: &str) -> Option<()> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("username", username)
        .append_pair("password", password)
        .append_pair("back", BACK)
        .finish();
    let question = Question {
        operation: "sign in",
        method: Method::POST,
        path: "/api/app/sign-in",
        headers: &[("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")],
        body: form.into_bytes(),
        expected: 302,
    };
    browser.leave_session();
    // A form that is refused leads somewhere as well, with what was wrong in the address.
    let answer = browser.ask(question).await?;
    (answer.header("location") == Some(BACK)).then(|| browser.begin_session())
}
