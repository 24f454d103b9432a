//! Ten thousand wrong passwords from many addresses, through the real router: the right person still comes in, who guesses
//! is slowed, and memory stays flat.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    extract::ConnectInfo,
    http::{Method, StatusCode},
};
use futures::{StreamExt, stream};
use server::{drain::Peer, metrics::resident_bytes};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
};

use crate::harness::{Answer, House, PASSWORD, USERNAME, with_body};

const ATTEMPTS: u32 = 10_000;
/// Each asks Redis several times.
const ATTEMPTS_OVER_REDIS: u32 = 4_000;
/// Guesses that are under way at once: more than strangers may wait for a hash.
const AT_ONCE: usize = 200;
/// Guesses at names that nobody has, to begin with: many more than strangers may wait for a hash.
const BURST: u32 = 600;
/// Guesses after which the owner comes again: a dozen times in all, as somebody at work does not even do in a day.
const OWNER_EVERY: u32 = 800;
/// Guesses after which memory is taken for used to it: by then everything that is allocated once is there, and each of the
/// five hashes that may be made at once has had its 19 MiB.
const WARMING_UP: u32 = 2_000;
/// Bytes that may come on top. What is counted under 50 000 keys may take 8 MB, and a hash more or less is 19 MiB; one
/// kilobyte kept of each guess would be 8 MB more each time the test is made ten times as long.
const MOST_GROWTH: u64 = 32 << 20;

async fn sign_in(house: &House, from: [u8; 4], username: &str, password: &str) -> Answer {
    let body = serde_json::json!({ "username": username, "password": password }).to_string();
    let json = [("content-type", "application/json")];
    let mut request = with_body(Method::POST, "/api/v1/sessions", &json, body);
    request.extensions_mut().insert(ConnectInfo(Peer(SocketAddr::from((from, 40_000)))));
    house.send(request).await
}

/// What a guess was answered with.
#[derive(Default)]
struct Tally {
    wrong: u32,
    slowed: u32,
}

/// One guess: first at another name and from another address each time, which nothing slows but the hashes themselves; then
/// at the owner's account from another address each time, and at other names from a few addresses.
async fn guess(house: Arc<House>, number: u32) -> Answer {
    let house = &*house;
    let [_, a, b, c] = number.to_be_bytes();
    match number {
        0..BURST => sign_in(house, [11, a, b, c], &format!("somebody-{number}"), "a wrong guess").await,
        _ if number.is_multiple_of(8) => {
            sign_in(house, [12, 0, 0, c / 8 % 8], &format!("somebody-{number}"), "a wrong guess").await
        }
        _ => sign_in(house, [10, a, b, c], USERNAME, "a wrong guess").await,
    }
}

async fn attack(house: House, attempts: u32) -> Tally {
    let house = Arc::new(house);
    let home = [192, 0, 2, 77];
    house.signed_in().await;
    assert_eq!(sign_in(&house, home, USERNAME, PASSWORD).await.status, StatusCode::CREATED);
    let mut tally = Tally::default();
    let mut used_to = 0;
    // Tasks of their own: they go on while the owner is waited for.
    let begun = |number| tokio::spawn(guess(Arc::clone(&house), number));
    let mut answers = stream::iter(0..attempts).map(begun).buffer_unordered(AT_ONCE);
    let mut answered = 0;
    while let Some(answer) = answers.next().await {
        let answer = answer.unwrap();
        match answer.status {
            StatusCode::UNAUTHORIZED => tally.wrong += 1,
            StatusCode::TOO_MANY_REQUESTS => {
                tally.slowed += 1;
                assert!(answer.header("retry-after").parse::<u64>().unwrap() >= 1);
            }
            other => panic!("{other}: {}", answer.text()),
        }
        answered += 1;
        if answered == WARMING_UP {
            used_to = resident_bytes().unwrap();
        }
        if answered % OWNER_EVERY == 0 {
            let owner = sign_in(&house, home, USERNAME, PASSWORD);
            let owner = tokio::time::timeout(Duration::from_secs(10), owner).await.expect("the owner waits for ever");
            assert_eq!(owner.status, StatusCode::CREATED, "after {answered}: {}", owner.text());
        }
    }
    drop(answers);
    let growth = resident_bytes().unwrap().saturating_sub(used_to);
    assert!(growth < MOST_GROWTH, "{growth} bytes more than after {WARMING_UP}");
    tally
}

fn assert_slowed(tally: &Tally, attempts: u32) {
    assert_eq!(tally.wrong + tally.slowed, attempts);
    // At her account ten get a hash each time that she has come in, and then one in six seconds; from each of the few
    // addresses thirty, and then one in three seconds; of the burst as many as there are hashes to be had.
    assert!(tally.slowed > attempts * 7 / 10, "{} of {attempts} were slowed", tally.slowed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_wrong_passwords_slow_who_guesses_and_nobody_else() {
    let house = House::new().await;
    assert_slowed(&attack(house, ATTEMPTS).await, ATTEMPTS);
}

/// Longer than the attempts of an address or of a name are counted for.
const COUNTED_FOR: Duration = Duration::from_secs(8);

/// How many keys a database of Redis has. Not its size: that counts what has run out, until somebody asks for it or Redis
/// comes by, which takes a minute where there are ten thousand databases.
async fn keys(server: &str, database: &str) -> u64 {
    let stream = TcpStream::connect(server).await.unwrap();
    let mut stream = BufReader::new(stream);
    stream.write_all(format!("SELECT {database}\r\nKEYS *\r\n").as_bytes()).await.unwrap();
    let mut answer = String::new();
    for _ in 0..2 {
        answer.clear();
        stream.read_line(&mut answer).await.unwrap();
    }
    answer.trim().strip_prefix('*').unwrap_or_else(|| panic!("{answer}")).parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_wrong_passwords_fill_no_redis_either() {
    let url = std::env::var("TEST_REDIS_URL").expect("run `cargo xtask test`, or set TEST_REDIS_URL");
    let server = url.strip_prefix("redis://").unwrap().split('/').next().unwrap();
    // A database of its own: other tests use the first.
    let database = "9";
    let house = House::with(&[("REDIS_URL", &format!("redis://{server}/{database}"))]).await;
    assert_slowed(&attack(house, ATTEMPTS_OVER_REDIS).await, ATTEMPTS_OVER_REDIS);
    tokio::time::sleep(COUNTED_FOR).await;
    // What is left is of the owner's account, and of the few addresses that tried everything.
    let left = keys(server, database).await;
    assert!(left < 100, "{left} keys are left");
}
