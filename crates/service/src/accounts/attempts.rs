//! How often somebody may try.

use std::{net::IpAddr, time::Duration};

use cache::{Rate, Verdict};
use store::UserId;

use super::{Accounts, Client, LONGEST_USERNAME};
use crate::failure::{Failure, FailureKind};

/// Of one account: whoever forgot which password it was gets through, whoever guesses gets ten a minute.
pub(super) const OF_ACCOUNT: Rate = Rate { burst: 10, interval: Duration::from_secs(6) };
/// Of the codes of one account: six digits are a million, so whoever has the password and guesses gets one a minute.
pub(super) const OF_CODES: Rate = Rate { burst: 5, interval: Duration::from_mins(1) };
/// Of one address: an office behind one address gets through.
pub(super) const OF_ADDRESS: Rate = Rate { burst: 30, interval: Duration::from_secs(3) };

impl Accounts<'_> {
    /// Counts an attempt. A cache that does not answer limits nothing: it is an accelerator, not a lock.
    pub(crate) async fn count_attempt(&self, key: &str, rate: Rate) -> Result<(), Failure> {
        match self.services.inner.cache.rates.attempt(key, rate).await {
            Ok(Verdict::Allowed) => Ok(()),
            Ok(Verdict::Refused { retry_after }) => {
                let retry_after_s = u64::try_from(retry_after.as_millis().div_ceil(1_000)).unwrap_or(u64::MAX);
                Err(Failure::new(FailureKind::Busy { retry_after_s }))
            }
            Err(error) => {
                tracing::warn!(%error, "attempts are not counted");
                Ok(())
            }
        }
    }

    /// Counts an attempt of a stranger at the door, by address.
    pub(crate) async fn count_at_door(&self, client: &Client) -> Result<(), Failure> {
        self.count_attempt(&address_key(client.address), OF_ADDRESS).await
    }

    /// Forgets the attempts of somebody who got in.
    pub(super) async fn forgive_attempts(&self, key: &str) {
        if let Err(error) = self.services.inner.cache.rates.forgive(key).await {
            tracing::debug!(%error, "attempts were not forgiven");
        }
    }
}

/// The key of an account, whatever the case it was written in. No longer than a username is: a stranger chooses it.
pub(super) fn account_key(username: &str) -> String {
    let username: String = username.trim().chars().take(LONGEST_USERNAME).collect();
    format!("sign-in:account:{}", store::fold(&username))
}

/// The key of the one-time codes of a person, at the door and where they are switched on.
pub(super) fn codes_key(user: UserId) -> String {
    format!("sign-in:codes:{user}")
}

/// The key of the password of somebody who is in and is asked for it again: strangers at the door do not use it up.
pub(super) fn password_key(user: UserId) -> String {
    format!("password:{user}")
}

/// The key of an address.
pub(super) fn address_key(address: IpAddr) -> String {
    format!("sign-in:address:{}", household(address))
}

/// What strangers at an address are counted under: of version 6 the first half, for a household has all of the other.
pub fn household(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x}", u128::from(address) >> 64),
    }
}
