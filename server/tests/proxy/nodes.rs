//! Nodes that are away.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use spare_port::spare_port;

use crate::house::{House, Options, start_node, status};

#[test]
fn a_dead_node_is_not_felt_by_reading_nor_by_writing() {
    let dead = spare_port().unwrap();
    let house = House::with(&Options { others: &[dead], ..Options::default() });
    for _ in 0..10 {
        assert_eq!(status(&house.get("/sign-in")), 200);
        // Nothing was sent to the dead one, so this may go to the other.
        let post = house.curl(&["--json", "{}", &house.url("/api/v1/sessions")]);
        assert!([400, 401, 409, 422].contains(&status(&post)), "{post}");
    }
}

#[test]
fn a_node_that_breaks_off_is_asked_again_elsewhere_only_when_that_changes_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let broken = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut head = [0; 256];
            // Reads the request and says nothing.
            let _ = stream.read(&mut head);
            let _ = stream.flush();
        }
    });
    let house = House::with(&Options { others: &[broken], ..Options::default() });
    for _ in 0..4 {
        assert_eq!(status(&house.get("/sign-in")), 200);
    }
    let house = House::with(&Options { others: &[broken], ..Options::default() });
    let posts: Vec<_> =
        (0..2).map(|_| status(&house.curl(&["--json", "{}", &house.url("/api/v1/sessions")]))).collect();
    assert!(posts.contains(&502), "a POST that was sent is never repeated: {posts:?}");
}

/// Posts again and again on one connection, and gives every status that is not the application's own.
fn post_until_told(port: u16, stop: &AtomicBool, answered: &AtomicU64) -> Vec<String> {
    let mut wrong = Vec::new();
    let request = format!(
        "POST /api/v1/sessions HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n\
         Content-Length: 8\r\n\r\nnot json"
    );
    let mut stream: Option<BufReader<TcpStream>> = None;
    while !stop.load(Ordering::Relaxed) {
        // nginx ends a connection after a thousand requests; that is between two of them, and none is lost.
        let mut open =
            stream.take().unwrap_or_else(|| BufReader::new(TcpStream::connect(("127.0.0.1", port)).unwrap()));
        open.get_mut().write_all(request.as_bytes()).unwrap();
        let (mut line, mut length, mut closes) = (String::new(), 0, false);
        open.read_line(&mut line).unwrap();
        if !line.starts_with("HTTP/1.1 400") && !line.starts_with("HTTP/1.1 429") {
            wrong.push(line.trim().to_owned());
        }
        loop {
            line.clear();
            if open.read_line(&mut line).unwrap() == 0 || line.trim().is_empty() {
                break;
            }
            let header = line.to_ascii_lowercase();
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            closes |= header.trim() == "connection: close";
        }
        let mut body = vec![0; length];
        open.read_exact(&mut body).unwrap();
        answered.fetch_add(1, Ordering::Relaxed);
        stream = (!closes).then_some(open);
        thread::sleep(Duration::from_millis(5));
    }
    wrong
}

#[test]
fn no_post_is_lost_when_the_nodes_are_changed_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let ports = [spare_port().unwrap(), spare_port().unwrap()];
    let start = |position: usize| start_node(folder.path(), &format!("node-{position}"), ports[position], &[]);
    let mut nodes = vec![start(0), start(1)];
    // The node that the house brings goes on all the time, as the third.
    let house = House::with(&Options { others: &ports, proxy: &[("RATE_LIMIT", "100000")], ..Options::default() });
    let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let (stop, answered, port) = (Arc::clone(&stop), Arc::clone(&answered), house.http);
            thread::spawn(move || post_until_told(port, &stop, &answered))
        })
        .collect();
    thread::sleep(Duration::from_millis(500));
    for position in 0..2 {
        // Dropped, a node gets SIGTERM and is waited for; then one with the same address takes its place.
        drop(nodes.remove(0));
        nodes.push(start(position));
        thread::sleep(Duration::from_millis(300));
    }
    stop.store(true, Ordering::Relaxed);
    let wrong: Vec<String> = clients.into_iter().flat_map(|client| client.join().unwrap()).collect();
    assert!(wrong.is_empty(), "of {}: {wrong:?}", answered.load(Ordering::Relaxed));
    assert!(answered.load(Ordering::Relaxed) > 200, "no load");
}
