//! People at work, for `cargo xtask rehearse`: `people URL CERTIFICATE FOLDER NUMBER MILLISECONDS`.
//!
//! They come one after the other, so many milliseconds apart, and sign in with a browser's cookies. They look at pages,
//! search, upload books, pack and download them, and each has a stream of events open, from an address of their own. Every
//! request is a line of `FOLDER/requests.tsv`. They begin when `FOLDER/working` appears and go on until somebody makes
//! `FOLDER/stop`; then each looks whether everything is there that was acknowledged, and `FOLDER/kept.tsv` says how much
//! of it is.
//!
//! Only this machine is ever asked. `ADMIN_USERNAME` and `ADMIN_PASSWORD` are the account that lets them in; books
//! of `CORPUS_DIR` are uploaded beside invented ones.

#![expect(clippy::print_stderr, reason = "a program for people at a terminal")]

mod books;
mod browser;
mod journal;
mod newcomers;
mod person;
mod proof;

use std::{
    error::Error,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use crate::{books::Books, browser::Site, journal::Journal, person::Person};

pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Nobody works longer: less than an access token lives, which nobody here renews.
const LONGEST: Duration = Duration::from_mins(50);

/// More than this many requests are a fault of the rehearsal, not work.
const MOST_REQUESTS: u64 = 1_000_000;

/// People, at most: each has an address in 127.1.0.0/16.
const MOST_PEOPLE: u32 = 1_000;

#[tokio::main]
async fn main() -> Outcome {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [url, certificate, folder, number, apart] = &arguments[..] else {
        return Err("people URL CERTIFICATE FOLDER NUMBER MILLISECONDS".into());
    };
    let apart = Duration::from_millis(apart.parse()?);
    let (folder, number) = (PathBuf::from(folder), number.parse::<u32>()?.min(MOST_PEOPLE));
    // The library of the browsers brings no cryptography; a provider that is there already is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let journal = Arc::new(Journal::begin(&folder.join("requests.tsv"))?);
    let site = Site::at(url, Path::new(certificate), Arc::clone(&journal))?;

    let people = newcomers::welcome(&site, number).await?;
    eprintln!("{number} people have an account.");
    let books = Arc::new(Books::prepare()?);
    let people = work(&site, people, apart, &books, &folder, &journal).await?;
    journal.flush()?;
    eprintln!("{} requests; now everybody looks whether all is there.", journal.requests());
    let kept = proof::look(people).await?;
    std::fs::write(folder.join("kept.tsv"), kept)?;
    Ok(())
}

/// Everybody works until they are told to stop.
async fn work(
    site: &Site,
    newcomers: newcomers::Newcomers,
    apart: Duration,
    books: &Arc<Books>,
    folder: &Path,
    journal: &Journal,
) -> Outcome<Vec<Person>> {
    let mut working = JoinSet::new();
    let stop = tokio::sync::watch::Sender::new(false);
    for (position, username) in (0_u32..).zip(newcomers.usernames) {
        let browser = site.browser(position)?;
        let mut person = Person::new(browser, username, newcomers.group.clone(), Arc::clone(books));
        let mut stopped = stop.subscribe();
        working.spawn(async move {
            tokio::time::sleep(apart * position).await;
            // Whoever is told to stop finishes what is under way, as a person would.
            person.work(&mut stopped).await;
            person
        });
    }
    std::fs::write(folder.join("working"), "")?;
    let begun = Instant::now();
    while !folder.join("stop").exists() && begun.elapsed() < LONGEST && journal.requests() < MOST_REQUESTS {
        tokio::time::sleep(Duration::from_millis(200)).await;
        journal.flush()?;
    }
    stop.send_replace(true);
    Ok(working.join_all().await)
}
