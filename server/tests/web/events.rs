//! The stream of events on a real connection.

use std::time::Duration;

use axum::http::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{House, request};

/// Reads until `text` has come.
async fn read_until(stream: &mut TcpStream, heard: &mut String, text: &str) {
    let reading = async {
        let mut buffer = [0; 1024];
        while !heard.contains(text) {
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(read > 0, "the stream ended before {text:?}: {heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    };
    tokio::time::timeout(Duration::from_secs(10), reading).await.unwrap_or_else(|_| panic!("no {text:?}"));
}

#[tokio::test]
async fn a_change_is_told_and_a_leaving_server_says_goodbye() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let listening = house.listen().await;
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    let head = format!("GET /api/v1/events HTTP/1.1\r\nHost: {}\r\nAuthorization: {bearer}\r\n\r\n", listening.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut heard = String::new();
    read_until(&mut stream, &mut heard, "retry:").await;
    assert!(heard.to_lowercase().contains("x-accel-buffering: no"), "{heard}");
    assert!(heard.contains("text/event-stream"), "{heard}");

    house.draft_without_waiting(&bearer).await;
    read_until(&mut stream, &mut heard, "\"topic\":\"release\"").await;

    listening.shutdown.cancel();
    read_until(&mut stream, &mut heard, "event: goodbye").await;
    read_until(&mut stream, &mut heard, "retry: 500").await;
    tokio::time::timeout(Duration::from_secs(10), listening.task).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_page_is_told_that_nothing_happened_since_and_only_then() {
    let house = House::new().await;
    let bearer = house.signed_in().await;
    let listening = house.listen().await;
    let mark = async || {
        let headers = [("authorization", bearer.as_str()), ("accept", "text/html")];
        let page = house.send(request(Method::GET, "/releases", &headers)).await.text();
        page.split_once("data-heard=\"").unwrap().1.split('"').next().unwrap().to_owned()
    };
    let first_words = async |mark: &str| {
        let mut stream = TcpStream::connect(listening.address).await.unwrap();
        let head = format!(
            "GET /api/v1/events?heard={mark} HTTP/1.1\r\nHost: {}\r\nAuthorization: {bearer}\r\n\r\n",
            listening.address
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut heard = String::new();
        read_until(&mut stream, &mut heard, "retry: 3000").await;
        // What comes next is a change, so whatever is said of the mark came before it.
        house.draft_without_waiting(&bearer).await;
        read_until(&mut stream, &mut heard, "\"topic\":\"release\"").await;
        heard
    };
    let fresh = mark().await;
    let heard = first_words(&fresh).await;
    let (current, change) = (heard.find("event: current"), heard.find("\"topic\""));
    assert!(current.is_some() && current < change, "{heard}");
    let heard = first_words(&fresh).await;
    assert!(!heard.contains("event: current"), "a release was made since: {heard}");
}

#[tokio::test]
async fn an_inbox_hears_of_news_for_who_decides_and_not_for_who_only_sends() {
    let house = House::new().await;
    let admin = house.signed_in().await;
    let sender = house.person(&admin, "sender", "contributor").await;
    for (bearer, hears) in [(admin, true), (sender, false)] {
        let headers = [("authorization", bearer.as_str()), ("accept", "text/html")];
        let page = house.send(request(Method::GET, "/inbox", &headers)).await.text();
        let listens = page.split("<leptos-island").any(|island| {
            let tag = island.split('>').next().unwrap();
            tag.contains("data-component=\"Live") && tag.contains("release")
        });
        assert_eq!(listens, hears, "{page}");
        assert!(page.contains("data-live"), "what is kept up to date");
    }
}
