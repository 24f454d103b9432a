//! Books on their way in.

use std::{
    io::Write,
    net::TcpStream,
    thread::sleep,
    time::{Duration, Instant},
};

use crate::house::{House, header, status};

/// More than the node takes in one part, so that the first part is durable before the rest is sent.
const HALF: usize = 12 << 20;

#[test]
fn a_book_reaches_the_node_while_it_is_still_being_sent() {
    let house = House::new();
    let bearer = house.sign_in();
    let tus = ["--header", "Tus-Resumable: 1.0.0", "--header", &bearer];
    let length = format!("Upload-Length: {}", 2 * HALF);
    // "book.epub", in base64.
    let name = "Upload-Metadata: filename Ym9vay5lcHVi";
    let create = ["--request", "POST", "--header", &length, "--header", name, &house.url("/api/v1/uploads")];
    let created = house.curl(&[&tus[..], &create].concat());
    assert_eq!(status(&created), 201, "{created}");
    let location = header(&created, "location")[0];
    let path = location.split_once("/api/").map(|(_, rest)| format!("/api/{rest}")).unwrap();

    let mut stream = TcpStream::connect(("127.0.0.1", house.http)).unwrap();
    write!(
        stream,
        "PATCH {path} HTTP/1.1\r\nHost: localhost:{}\r\n{bearer}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: {}\r\n\r\n",
        house.http,
        2 * HALF
    )
    .unwrap();
    stream.write_all(&vec![b'x'; HALF]).unwrap();

    let begun = Instant::now();
    loop {
        let asked = house.curl(&[&tus[..], &["--head", &house.url(&path)]].concat());
        let offset = header(&asked, "upload-offset").first().and_then(|offset| offset.parse::<u64>().ok());
        if offset.is_some_and(|offset| offset > 0) {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(20), "nginx keeps it to itself: {asked}");
        sleep(Duration::from_millis(50));
    }
    let kept: Vec<_> = std::fs::read_dir(house.prefix().join("temp/body")).into_iter().flatten().collect();
    assert!(kept.is_empty(), "{kept:?} lies on the disk of nginx");
}
