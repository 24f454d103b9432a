//! Tokens: the access token that names a session, and the refresh tokens that prolong it.

use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use packer::hash::Sha256;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use sha2::Digest;
use store::{SessionId, Timestamp, UserId};

use crate::{failure::Failure, settings::Settings};

/// What an access token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    sub: UserId,
    /// The session.
    pub(super) sid: SessionId,
    iat: i64,
    exp: i64,
}

/// Makes an access token, and says until when it is good.
pub(super) fn issue_access(
    settings: &Settings,
    user: UserId,
    session: SessionId,
    now: Timestamp,
) -> Result<(SecretString, Timestamp), Failure> {
    let expires_at = now.after(settings.access_token_lifetime);
    let claims = Claims { sub: user, sid: session, iat: now.0 / 1_000, exp: expires_at.0 / 1_000 };
    let header = Header { kid: Some(key_id(&settings.jwt_secret)), ..Header::new(Algorithm::HS256) };
    let key = EncodingKey::from_secret(settings.jwt_secret.expose_secret().as_bytes());
    let token = jsonwebtoken::encode(&header, &claims, &key).map_err(Failure::internal)?;
    Ok((token.into(), expires_at))
}

/// What a token says, when it is ours and still good.
pub(super) fn read_access(settings: &Settings, token: &str, now: Timestamp) -> Option<Claims> {
    let key_id_found = jsonwebtoken::decode_header(token).ok()?.kid?;
    let secrets = [Some(&settings.jwt_secret), settings.jwt_secret_previous.as_ref()];
    let secret = secrets.into_iter().flatten().find(|secret| key_id(secret) == key_id_found)?;
    let mut validation = Validation::new(Algorithm::HS256);
    // The library compares with the machine's clock; ours is compared below.
    validation.validate_exp = false;
    validation.required_spec_claims.clear();
    let key = DecodingKey::from_secret(secret.expose_secret().as_bytes());
    let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims;
    (claims.exp > now.0 / 1_000).then_some(claims)
}

/// Names a secret without telling it.
fn key_id(secret: &SecretString) -> String {
    sha256(&format!("key id of {}", secret.expose_secret())).to_string()[..8].to_owned()
}

/// The refresh token of a session with a sequence. It can be derived again, so only its hash is kept.
pub(super) fn derive_refresh(
    secret: &SecretString,
    session: SessionId,
    sequence: u32,
) -> Result<SecretString, Failure> {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.expose_secret().as_bytes()).map_err(Failure::internal)?;
    mac.update(format!("refresh token\0{session}\0{sequence}").as_bytes());
    let mut text = String::with_capacity(64);
    for byte in mac.finalize().into_bytes() {
        write!(text, "{byte:02x}").map_err(Failure::internal)?;
    }
    Ok(text.into())
}

/// What is stored of a token.
pub(crate) fn sha256(token: &str) -> Sha256 {
    Sha256(sha2::Sha256::digest(token.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    fn settings(secret: &str, previous: Option<&str>) -> Settings {
        let settings = Settings::new(secret.into(), PathBuf::new(), "0.1.0");
        Settings { jwt_secret_previous: previous.map(Into::into), ..settings }
    }

    fn ids() -> (UserId, SessionId) {
        (UserId::new(Timestamp(1), 1), SessionId::new(Timestamp(1), 2))
    }

    #[test]
    fn a_token_is_good_until_its_time_is_over() {
        let settings = settings("a secret", None);
        let (user, session) = ids();
        let now = Timestamp(1_700_000_000_000);
        let (token, until) = issue_access(&settings, user, session, now).unwrap();
        let token = token.expose_secret();
        assert_eq!(read_access(&settings, token, now).unwrap().sid, session);
        assert!(read_access(&settings, token, Timestamp(until.0 - 1_000)).is_some());
        assert!(read_access(&settings, token, until).is_none());
    }

    #[test]
    fn the_secret_before_is_still_accepted_and_no_other() {
        let (user, session) = ids();
        let now = Timestamp(1_700_000_000_000);
        let (token, _) = issue_access(&settings("old", None), user, session, now).unwrap();
        let token = token.expose_secret();
        assert!(read_access(&settings("new", Some("old")), token, now).is_some());
        assert!(read_access(&settings("new", None), token, now).is_none());
        assert!(read_access(&settings("new", Some("older")), token, now).is_none());
    }

    #[test]
    fn a_token_that_was_touched_or_is_none_says_nothing() {
        let settings = settings("a secret", None);
        let (user, session) = ids();
        let now = Timestamp(1_700_000_000_000);
        let (token, _) = issue_access(&settings, user, session, now).unwrap();
        let token = token.expose_secret();
        let parts: Vec<&str> = token.split('.').collect();
        // {"alg":"none"}
        let unsigned = format!("eyJhbGciOiJub25lIn0.{}.", parts[1]);
        for wrong in [&token[..token.len() - 2], "", "a.b.c", &unsigned] {
            assert!(read_access(&settings, wrong, now).is_none(), "{wrong}");
        }
    }

    #[test]
    fn a_refresh_token_is_derived_again_from_session_and_sequence_alone() {
        let (_, session) = ids();
        let derive = |secret: &str, sequence| {
            derive_refresh(&secret.into(), session, sequence).unwrap().expose_secret().to_owned()
        };
        assert_eq!(derive("a", 1), derive("a", 1));
        assert_ne!(derive("a", 1), derive("a", 2));
        assert_ne!(derive("a", 1), derive("b", 1));
    }
}
