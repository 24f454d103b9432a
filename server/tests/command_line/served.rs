//! The server of a test, as a process of its own.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use crate::binary::Place;

/// The longest that a process may take to begin, or to give a service up, on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);

/// A `serve` that listens.
pub(crate) struct Served<'a> {
    process: Child,
    place: &'a Place,
    address: String,
}

impl<'a> Served<'a> {
    pub(crate) fn start(place: &'a Place, variables: &[(&str, String)]) -> Self {
        let file = |name: &str| fs::File::create(place.path().join(name)).unwrap();
        let mut command = place.command(&["serve"]);
        command.envs(variables.iter().map(|(name, value)| (name, value))).stdin(Stdio::null());
        let process = command.stdout(file("results")).stderr(file("messages")).spawn().unwrap();
        let mut served = Self { process, place, address: String::new() };
        let begun = Instant::now();
        while served.address.is_empty() {
            assert!(begun.elapsed() < PATIENCE, "it does not listen: {}", served.said());
            sleep(Duration::from_millis(50));
            let said = served.said();
            let listens = said.split("listens on ").nth(1).and_then(|rest| rest.split_once(';'));
            served.address = listens.map(|(address, _)| address.to_owned()).unwrap_or_default();
        }
        served
    }

    /// All that it has written, to both outputs.
    pub(crate) fn said(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.place.path().join(name)).unwrap();
        format!("{}{}", read("results"), read("messages"))
    }

    /// What it answers, head and all.
    pub(crate) fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        let ended = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(ended.is_ok());
        self.process.wait().unwrap();
    }
}
