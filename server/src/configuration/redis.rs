//! Which Redis, if any.

use cache::{AuthorityError, RedisLocation};
use secrecy::ExposeSecret;

use super::{problem::Problem, reading::Reader};

/// `REDIS_URL`, with `REDIS_PASSWORD` where the password does not stand in it and `REDIS_CA` where the system does not
/// know who vouches for the server.
pub(super) fn read(reader: &Reader<'_>) -> Option<RedisLocation> {
    let url = reader.secret("REDIS_URL");
    let password = reader.secret("REDIS_PASSWORD");
    let authorities = reader.text("REDIS_CA");
    let Some(url) = url else {
        for (is_set, because) in [
            (password.is_some(), "when REDIS_PASSWORD is set"),
            (authorities.is_some(), "when REDIS_CA or REDIS_CA_FILE is set"),
        ] {
            if is_set {
                reader.problem(Problem::Missing { name: "REDIS_URL", because });
            }
        }
        return None;
    };
    let Ok(location) = url.expose_secret().parse::<RedisLocation>() else {
        let expected =
            "takes redis://USER:PASSWORD@HOST:PORT/NUMBER, or rediss://, redis-sentinel://, redis-cluster://";
        reader.problem(Problem::Invalid { name: "REDIS_URL", expected });
        return None;
    };
    let location = match password {
        Some(_) if location.has_password() => {
            reader.problem(Problem::Contradiction { first: "REDIS_PASSWORD", second: "REDIS_URL" });
            return None;
        }
        Some(password) => location.with_password(password.expose_secret()),
        None => location,
    };
    let Some(authorities) = authorities else { return Some(location) };
    match location.with_authorities(&authorities) {
        Ok(location) => Some(location),
        Err(AuthorityError::WithoutTls) => {
            reader.problem(Problem::Contradiction { first: "REDIS_CA", second: "REDIS_URL" });
            None
        }
        Err(AuthorityError::NoCertificate) => {
            let expected = "takes certificates in PEM; REDIS_CA_FILE takes the path of a file with them";
            reader.problem(Problem::Invalid { name: "REDIS_CA", expected });
            None
        }
    }
}
