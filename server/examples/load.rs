//! Requests as fast as nodes answer them, for `cargo xtask bench cluster`. Only this machine is ever asked.
//!
//! - `load people URL`: makes the accounts that the requests come from.
//! - `load requests URL…`: asks nodes in turn and prints requests a second, p50 and p99 of each kind.
//! - `load books URL NUMBER`: uploads so many small books, no more than one session may at once (400).
//! - `load wait URL NUMBER`: waits until so many releases are read, and prints how many a second it were.
//!
//! `ADMIN_USERNAME` and `ADMIN_PASSWORD` are the account of the administrator.

#![expect(clippy::print_stdout, reason = "a program for people at a terminal")]

use std::{
    error::Error,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use reqwest::{Client, RequestBuilder, Response, header};
use serde_json::{Value, json};
use tokio::task::JoinSet;

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// People, each with an address of their own: what one may ask for is limited, what the nodes can do is measured.
const PEOPLE: u8 = 60;
/// Who asks at the same time: enough that no node waits for a question.
const AT_ONCE: usize = 8;
/// How long each kind is asked for.
const PERIOD: Duration = Duration::from_secs(10);
/// Sign-ins of one person in that time: more of them are refused.
const SIGN_INS: usize = 8;
/// The longest that jobs are waited for.
const PATIENCE: Duration = Duration::from_mins(10);
const PASSWORD: &str = "quires and signatures, folded twice";

#[tokio::main]
async fn main() -> Outcome {
    // The library brings no cryptography; a provider that is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let Some(other) = words[1..].iter().find(|word| word.contains("://") && !word.starts_with("http://127.0.0.1:")) {
        return Err(format!("{other} is not this machine").into());
    }
    match words[..] {
        ["people", url] => people(url).await,
        ["requests", ..] if words.len() > 1 => requests(&words[1..]).await,
        ["books", url, number] => books(url, number.parse()?).await,
        ["wait", url, number] => wait(url, number.parse()?).await,
        _ => Err("load people|requests|books|wait URL…".into()),
    }
}

/// The address of a person; the administrator is the last one.
fn address(person: u8) -> IpAddr {
    IpAddr::from([127, 2, 0, person + 1])
}

fn client(person: u8) -> Outcome<Client> {
    Ok(Client::builder().local_address(address(person)).no_proxy().build()?)
}

fn name(person: u8) -> String {
    format!("load-{person:02}")
}

/// A token of somebody.
async fn sign_in(client: &Client, url: &str, username: &str, password: &str) -> Outcome<String> {
    let credentials = json!({ "username": username, "password": password });
    let answer: Value = good(post(client, url, "/api/v1/sessions", &credentials)).await?.json_value().await?;
    Ok(answer["access_token"].as_str().ok_or("no token")?.to_owned())
}

async fn administrator(url: &str) -> Outcome<(Client, String)> {
    let client = client(PEOPLE)?;
    let (username, password) = (std::env::var("ADMIN_USERNAME")?, std::env::var("ADMIN_PASSWORD")?);
    let token = sign_in(&client, url, &username, &password).await?;
    Ok((client, token))
}

fn post(client: &Client, url: &str, path: &str, body: &Value) -> RequestBuilder {
    client.post(format!("{url}{path}")).header(header::CONTENT_TYPE, "application/json").body(body.to_string())
}

/// The answer, when it is a good one.
async fn good(request: RequestBuilder) -> Outcome<Response> {
    let answer = request.send().await?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    let (status, text) = (answer.status(), answer.text().await?);
    Err(format!("{status}: {}", text.chars().take(300).collect::<String>()).into())
}

/// JSON of an answer.
trait JsonValue {
    async fn json_value(self) -> Outcome<Value>;
}

impl JsonValue for Response {
    async fn json_value(self) -> Outcome<Value> {
        Ok(serde_json::from_slice(&self.bytes().await?)?)
    }
}

async fn people(url: &str) -> Outcome {
    let (client, token) = administrator(url).await?;
    for person in 0..PEOPLE {
        let user = json!({
            "username": name(person), "display_name": name(person), "password": PASSWORD, "role": "admin"
        });
        good(post(&client, url, "/api/v1/users", &user).bearer_auth(&token)).await?;
    }
    Ok(())
}

/// What one person asks with.
#[derive(Clone)]
struct Asker {
    client: Client,
    token: String,
    username: String,
}

async fn requests(urls: &[&str]) -> Outcome {
    let mut askers = Vec::new();
    for person in 0..PEOPLE {
        let (client, username) = (client(person)?, name(person));
        let token = sign_in(&client, urls[0], &username, PASSWORD).await?;
        askers.push(Asker { client, token, username });
    }
    let list = good(askers[0].client.get(format!("{}/api/v1/releases", urls[0])).bearer_auth(&askers[0].token)).await?;
    let list = list.json_value().await?;
    let releases: Vec<String> = list["items"].as_array().into_iter().flatten().filter_map(id_of).collect();
    if releases.is_empty() {
        return Err("there are no releases".into());
    }
    let urls: Arc<Vec<String>> = Arc::new(urls.iter().map(|url| (*url).to_owned()).collect());
    let (askers, releases) = (Arc::new(askers), Arc::new(releases));
    println!("{:<16} {:>12} {:>10} {:>10}", "", "a second", "p50 ms", "p99 ms");
    measure("releases list", usize::MAX, &askers, &urls, |asker, url, _| {
        asker.client.get(format!("{url}/api/v1/releases")).bearer_auth(&asker.token)
    })
    .await?;
    let paths = Arc::clone(&releases);
    measure("release", usize::MAX, &askers, &urls, move |asker, url, turn| {
        let path = &paths[turn % paths.len()];
        asker.client.get(format!("{url}/api/v1/releases/{path}")).bearer_auth(&asker.token)
    })
    .await?;
    measure("sign-in", usize::from(PEOPLE) * SIGN_INS, &askers, &urls, |asker, url, _| {
        let credentials = json!({ "username": asker.username, "password": PASSWORD });
        post(&asker.client, url, "/api/v1/sessions", &credentials)
    })
    .await
}

fn id_of(release: &Value) -> Option<String> {
    Some(release["id"].as_str()?.to_owned())
}

/// Asks in turn, several at once, for a while or so many times, and prints what came of it.
async fn measure(
    kind: &str,
    most: usize,
    askers: &Arc<Vec<Asker>>,
    urls: &Arc<Vec<String>>,
    question: impl Fn(&Asker, &str, usize) -> RequestBuilder + Clone + Send + Sync + 'static,
) -> Outcome {
    let turn = Arc::new(AtomicUsize::new(0));
    let start = Instant::now();
    let mut asking = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (askers, urls, turn, question) =
            (Arc::clone(askers), Arc::clone(urls), Arc::clone(&turn), question.clone());
        asking.spawn(async move {
            let mut times = Vec::new();
            while start.elapsed() < PERIOD {
                let turn = turn.fetch_add(1, Ordering::Relaxed);
                if turn >= most {
                    break;
                }
                let begun = Instant::now();
                let request = question(&askers[turn % askers.len()], &urls[turn % urls.len()], turn);
                good(request).await?.bytes().await?;
                times.push(begun.elapsed());
            }
            Outcome::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(some) = asking.join_next().await {
        times.extend(some??);
    }
    let took = start.elapsed();
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)].as_secs_f64() * 1_000.0;
    let a_second = a_second(times.len(), took);
    println!("{kind:<16} {a_second:>12.0} {:>10.1} {:>10.1}", at(50), at(99));
    Ok(())
}

fn a_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / took.as_secs_f64()
}

async fn books(url: &str, number: usize) -> Outcome {
    const BOUNDARY: &str = "----boundary";
    let (client, token) = administrator(url).await?;
    for count in 0..number {
        let book = packer::builder::Book::epub3().title(&format!("Book {count}")).creator("Ada Lovelace").build();
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{count}.epub\"\r\n\
             Content-Type: application/epub+zip\r\n\r\n"
        );
        let form = [head.into_bytes(), book, format!("\r\n--{BOUNDARY}--\r\n").into_bytes()].concat();
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let request = client.post(format!("{url}/api/v1/books")).bearer_auth(&token);
        good(request.header(header::CONTENT_TYPE, &kind).body(form)).await?;
    }
    Ok(())
}

/// Counts from the first that is read, so that the start of the nodes does not count.
async fn wait(url: &str, number: usize) -> Outcome {
    let (client, token) = administrator(url).await?;
    let begun = Instant::now();
    let mut first = None;
    while begun.elapsed() < PATIENCE {
        let health = good(client.get(format!("{url}/api/health")).bearer_auth(&token)).await?.json_value().await?;
        let jobs = &health["services"]["jobs"];
        let open = jobs["queued"].as_u64().ok_or("no queue")? + jobs["running"].as_u64().ok_or("no queue")?;
        let done = number.saturating_sub(usize::try_from(open)?);
        if done > 0 && first.is_none() {
            first = Some((Instant::now(), done));
        }
        if let Some((since, before)) = first.filter(|_| open == 0) {
            println!("{:.1}", a_second(number - before, since.elapsed()));
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Err("the jobs do not end".into())
}
