//! Traces, as a collector receives them.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest, common::v1::any_value::Value, trace::v1::Span,
};
use prost::Message;

use crate::{
    house::{House, Options, header, status},
    one_answer,
};

/// Longer than spans are gathered before they are sent.
const PATIENCE: Duration = Duration::from_secs(40);

/// A collector that keeps what it is sent.
struct Collector {
    url: String,
    spans: Arc<Mutex<Vec<Span>>>,
    /// Everything, as it came: nothing in it may be a secret.
    raw: Arc<Mutex<Vec<u8>>>,
}

impl Collector {
    fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (spans, raw) = (Arc::<Mutex<Vec<Span>>>::default(), Arc::<Mutex<Vec<u8>>>::default());
        let (kept, bytes) = (Arc::clone(&spans), Arc::clone(&raw));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (kept, bytes) = (Arc::clone(&kept), Arc::clone(&bytes));
                thread::spawn(move || receive(stream.unwrap(), &kept, &bytes));
            }
        });
        Self { url, spans, raw }
    }

    /// Waits for a span of this name in this trace.
    fn wait_for(&self, name: &str, trace: &str) -> Span {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let found = self
                .spans
                .lock()
                .unwrap()
                .iter()
                .find(|span| span.name == name && hex(&span.trace_id) == trace)
                .cloned();
            if let Some(span) = found {
                return span;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let known: Vec<_> =
            self.spans.lock().unwrap().iter().map(|span| (span.name.clone(), hex(&span.trace_id))).collect();
        panic!("no {name} in {trace}: {known:?}")
    }
}

/// Answers one connection for as long as something comes on it.
fn receive(stream: TcpStream, spans: &Mutex<Vec<Span>>, raw: &Mutex<Vec<u8>>) {
    let mut reader = BufReader::new(stream);
    loop {
        let (mut line, mut length, mut path) = (String::new(), 0, String::new());
        while reader.read_line(&mut line).unwrap_or(0) > 0 && !line.trim().is_empty() {
            if path.is_empty() {
                path.clone_from(&line);
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            line.clear();
        }
        if path.is_empty() {
            return;
        }
        assert!(path.starts_with("POST /v1/traces "), "{path}");
        let mut body = vec![0; length];
        reader.read_exact(&mut body).unwrap();
        let sent = ExportTraceServiceRequest::decode(&body[..]).unwrap();
        let scopes = sent.resource_spans.into_iter().flat_map(|resource| resource.scope_spans);
        spans.lock().unwrap().extend(scopes.flat_map(|scope| scope.spans));
        raw.lock().unwrap().extend(body);
        reader.get_mut().write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
}

/// An id of sixteen bytes, as logs write it.
fn hex(id: &[u8]) -> String {
    format!("{:032x}", u128::from_be_bytes(id.try_into().unwrap()))
}

/// The value of an attribute, in words.
fn attribute(span: &Span, name: &str) -> String {
    let found = span.attributes.iter().find(|attribute| attribute.key == name);
    match found.and_then(|attribute| attribute.value.clone()?.value) {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{name} of {span:?} is {other:?}"),
    }
}

#[test]
fn a_request_and_the_job_that_it_causes_are_one_trace_and_hold_no_secret() {
    let collector = Collector::open();
    // Traces do not depend on how much is logged.
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url.as_str()), ("LOG_LEVEL", "ERROR"), ("WORKERS", "1")];
    let house = House::with(&Options { server: &settings, ..Options::default() });
    let bearer = house.sign_in();
    let book = packer::builder::Book::epub3().title("A title that is nobody's business").build();
    std::fs::write(house.path("private-name.epub"), book).unwrap();
    let file = format!("file=@{}", house.path("private-name.epub").display());
    let url = house.url("/api/v1/books?reset=secret-in-the-address");
    let sent = house.curl(&["--header", &bearer, "--form", &file, &url]);
    assert_eq!(status(&sent), 201, "{sent}");
    let id = header(&sent, "x-request-id")[0];

    let request = collector.wait_for("request", id);
    let route = [attribute(&request, "method"), attribute(&request, "route"), attribute(&request, "status")];
    assert_eq!(route, ["POST", "/api/v1/books", "201"]);
    assert!(request.end_time_unix_nano > request.start_time_unix_nano, "{request:?}");
    let job = collector.wait_for("job", id);
    assert_eq!((attribute(&job, "kind"), attribute(&job, "request")), ("inspect".to_owned(), id.to_owned()));
    assert_eq!(job.parent_span_id, request.parent_span_id, "both are of the proxy's request");
    assert_ne!(job.span_id, request.span_id);

    let raw = String::from_utf8_lossy(&collector.raw.lock().unwrap()).into_owned();
    let token = bearer.rsplit(' ').next().unwrap();
    for secret in [token, crate::house::PASSWORD, "secret-in-the-address", "private-name", "nobody's business"] {
        assert!(!raw.contains(secret), "{secret} was sent");
    }
}

#[test]
fn a_collector_cannot_send_traces_elsewhere() {
    let within = TcpListener::bind("127.0.0.1:0").unwrap();
    within.set_nonblocking(true).unwrap();
    let elsewhere = format!("Location: http://{}/v1/traces\r\n", within.local_addr().unwrap());
    let (url, _) = one_answer::always("307 Temporary Redirect", &elsewhere, "");
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    let house = House::with(&Options { server: &settings, ..Options::default() });
    assert_eq!(status(&house.get("/sign-in")), 200);
    let begun = Instant::now();
    let mut log = String::new();
    // It is said once the collector has answered; who follows has followed by then.
    while !log.contains("the collector of traces") {
        assert!(begun.elapsed() < PATIENCE, "nothing was sent: {log}");
        thread::sleep(Duration::from_millis(50));
        log = std::fs::read_to_string(house.path("server.log")).unwrap();
    }
    assert!(log.contains("307"), "{log}");
    assert_eq!(within.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "the redirect was followed");
}
