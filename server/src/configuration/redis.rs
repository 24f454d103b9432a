//! Which Redis, if any.

use cache::RedisLocation;
use secrecy::ExposeSecret;

use super::{problem::Problem, reading::Reader};

/// `REDIS_URL`, with `REDIS_PASSWORD` where the password does not stand in it.
pub(super) fn read(reader: &Reader<'_>) -> Option<RedisLocation> {
    let url = reader.secret("REDIS_URL");
    let password = reader.secret("REDIS_PASSWORD");
    let Some(url) = url else {
        if password.is_some() {
            reader.problem(Problem::Missing { name: "REDIS_URL", because: "when REDIS_PASSWORD is set" });
        }
        return None;
    };
    let Ok(location) = url.expose_secret().parse::<RedisLocation>() else {
        let expected =
            "takes redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss://, redis-sentinel://, redis-cluster://";
        reader.problem(Problem::Invalid { name: "REDIS_URL", expected });
        return None;
    };
    match password {
        Some(_) if location.has_password() => {
            reader.problem(Problem::Contradiction { first: "REDIS_PASSWORD", second: "REDIS_URL" });
            None
        }
        Some(password) => Some(location.with_password(password.expose_secret())),
        None => Some(location),
    }
}
