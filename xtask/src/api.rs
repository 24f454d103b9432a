//! The product's API, through `curl`: as much of it as the benchmark needs.

use std::path::Path;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::read;

/// Nothing that is measured takes this long.
const LIMIT: Duration = Duration::from_mins(10);

/// A session of the API.
#[derive(Debug)]
pub(crate) struct Api {
    place: Place,
    /// What runs `curl`, such as a program that enters another network; empty for nothing.
    runner: Vec<String>,
    address: String,
    token: String,
}

impl Api {
    /// Signs in.
    pub(crate) fn sign_in(place: &Place, address: &str, username: &str, password: &str) -> Outcome<Self> {
        Self::sign_in_through(place, Vec::new(), address, username, password)
    }

    /// Signs in, and runs `curl` by another program.
    pub(crate) fn sign_in_through(
        place: &Place,
        runner: Vec<String>,
        address: &str,
        username: &str,
        password: &str,
    ) -> Outcome<Self> {
        let mut api = Self { place: place.clone(), runner, address: address.to_owned(), token: String::new() };
        let credentials = format!(r#"{{"username":"{username}","password":"{password}"}}"#);
        api.token = member(&api.send("POST", "/api/v1/sessions", &credentials)?, "access_token")?;
        Ok(api)
    }

    /// Makes a group and gives its id.
    pub(crate) fn create_group(&self, tag: &str) -> Outcome<String> {
        member(&self.send("POST", "/api/v1/groups", &format!(r#"{{"tag":"{tag}"}}"#))?, "id")
    }

    /// Uploads a file in one part, as a tus client does, and gives the id of its release.
    pub(crate) fn upload(&self, file: &Path, size: u64) -> Outcome<String> {
        let mut begin = self.curl("POST", "/api/v1/uploads");
        // `bGFyZ2UuZXB1Yg==` is `large.epub`.
        begin.args(["--dump-header", "-", "--header", "Tus-Resumable: 1.0.0", "--header"]);
        begin.arg(format!("Upload-Length: {size}")).args(["--header", "Upload-Metadata: filename bGFyZ2UuZXB1Yg=="]);
        let location = header(&read(&mut begin)?, "location")?;
        let mut send = self.curl("PATCH", &location);
        send.args(["--dump-header", "-", "--header", "Tus-Resumable: 1.0.0", "--header", "Upload-Offset: 0"]);
        send.args(["--header", "Content-Type: application/offset+octet-stream", "--upload-file"]).arg(file);
        header(&read(&mut send)?, "upload-release")
    }

    /// Says what may be packed, for whom and why.
    pub(crate) fn decide(&self, release: &str, group: &str) -> Outcome {
        let edit =
            format!(r#"{{"group":"{group}","rights":{{"basis":"CC0-1.0"}},"profile":"scene-ebook","changes":[]}}"#);
        self.send("PATCH", &format!("/api/v1/releases/{release}"), &edit).map(drop)
    }

    /// Begins to pack.
    pub(crate) fn pack(&self, release: &str) -> Outcome {
        self.send("POST", &format!("/api/v1/releases/{release}/pack"), "").map(drop)
    }

    /// Waits until a release has this status, and gives what the API says of it.
    pub(crate) fn wait_for(&self, release: &str, wanted: &str) -> Outcome<String> {
        let start = Instant::now();
        loop {
            let text = self.send("GET", &format!("/api/v1/releases/{release}"), "")?;
            let status = member(&text, "status")?;
            if status == wanted {
                return Ok(text);
            }
            if matches!(status.as_str(), "failed" | "refused") || start.elapsed() > LIMIT {
                return Err(Failure::new(format!("the release should become {wanted} and is {status}: {text}")));
            }
            sleep(Duration::from_millis(50));
        }
    }

    /// Downloads the newest package of a release, whole.
    pub(crate) fn download(&self, release: &str, to: &Path) -> Outcome {
        let packages = member_after(release, "\"packages\":[", "id")?;
        let mut curl = self.curl("GET", &format!("/api/v1/packages/{packages}/archive"));
        read(curl.arg("--output").arg(to)).map(drop)
    }

    fn send(&self, method: &str, path: &str, body: &str) -> Outcome<String> {
        let mut curl = self.curl(method, path);
        if !body.is_empty() {
            curl.args(["--header", "Content-Type: application/json", "--data", body]);
        }
        read(&mut curl)
    }

    fn curl(&self, method: &str, path: &str) -> Command {
        let words: Vec<&str> = self.runner.iter().map(String::as_str).chain(["curl"]).collect();
        let mut curl = self.place.program(words[0]);
        curl.args(&words[1..]);
        curl.args(["--silent", "--show-error", "--fail-with-body", "--noproxy", "*", "--request", method]);
        if !self.token.is_empty() {
            curl.arg("--header").arg(format!("Authorization: Bearer {}", self.token));
        }
        curl.arg(format!("{}{path}", self.address));
        curl
    }
}

/// The first text member of this name.
fn member(json: &str, name: &str) -> Outcome<String> {
    member_after(json, "", name)
}

/// The first text member of this name behind a mark. No text that is read here holds a quotation mark.
fn member_after(json: &str, mark: &str, name: &str) -> Outcome<String> {
    let key = format!("\"{name}\":\"");
    let value =
        json.split_once(mark).and_then(|(_, rest)| rest.split_once(&key)).and_then(|(_, rest)| rest.split_once('"'));
    value.map(|(value, _)| value.to_owned()).ok_or_else(|| Failure::new(format!("the answer has no `{name}`: {json}")))
}

fn header(answer: &str, name: &str) -> Outcome<String> {
    answer
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.trim().to_owned())
        .ok_or_else(|| Failure::new(format!("the answer has no header `{name}`: {answer}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_is_read_where_it_stands() {
        let json = r#"{"id":"1","status":"packed","jobs":[{"id":"2"}],"packages":[{"id":"3"}]}"#;
        assert_eq!(member(json, "status").unwrap(), "packed");
        assert_eq!(member_after(json, "\"packages\":[", "id").unwrap(), "3");
        assert!(member(json, "name").is_err());
    }

    #[test]
    fn a_header_is_found_in_any_case() {
        let answer = "HTTP/1.1 201 Created\r\nlocation: /api/v1/uploads/1\r\n\r\n";
        assert_eq!(header(answer, "Location").unwrap(), "/api/v1/uploads/1");
        assert!(header(answer, "Upload-Release").is_err());
    }
}
