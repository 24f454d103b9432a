//! Personal tokens of the API: for programs that act in one's name, with less than one may oneself.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::json;
use store::{
    TokenId,
    api_tokens::{ApiToken, TokenScope},
    audit::AuditAction,
    permissions::Resource,
};

use super::{Accounts, names, tokens};
use crate::{
    actor::{Actor, Means},
    audit::Change,
    failure::{Data, Failure, FailureKind, FieldProblem},
    permissions::Action,
};

/// How every token begins: programs that look for leaked secrets know it by this.
const PREFIX: &str = "esp_";
/// The most days that a token is good for.
pub const LONGEST_TOKEN_DAYS: u32 = 366;
/// The most tokens of one person that are alive: a person has to tell them apart.
const MOST: usize = 50;
/// Between two notes that a token was used.
const NOTED_EVERY: Duration = Duration::from_mins(10);

/// A token as it is made: the one time that it can be read.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What is known of it later.
    pub token: ApiToken,
    /// The token itself, for the header `Authorization: Bearer`.
    pub secret: SecretString,
}

impl Accounts<'_> {
    /// Makes a token for oneself, good for so many days. It outlives the session, so the password is asked for.
    ///
    /// # Errors
    /// `Invalid` on `name` or `days`, or on `current` (`wrong`); `Busy`; `Conflict` `too-many-tokens`.
    pub async fn create_token(
        &self,
        actor: &Actor,
        current: &SecretString,
        name: &str,
        scope: TokenScope,
        days: u32,
    ) -> Result<NewToken, Failure> {
        actor.session()?;
        let name = names::display_name(name)
            .map_err(|problem| Failure::new(FailureKind::Invalid(vec![FieldProblem { field: "name", ..problem }])))?;
        if !(1..=LONGEST_TOKEN_DAYS).contains(&days) {
            let data = Data::from([("longest", LONGEST_TOKEN_DAYS.to_string())]);
            let problem = FieldProblem { field: "days", code: "invalid", data };
            return Err(Failure::new(FailureKind::Invalid(vec![problem])));
        }
        self.require_password(actor, current).await?;
        let now = self.services.now();
        let secret = format!("{PREFIX}{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
        let token = ApiToken {
            id: TokenId::new(now, rand::random()),
            user_id: actor.user_id,
            name,
            scope,
            created_at: now,
            expires_at: now.after(Duration::from_hours(u64::from(days) * 24)),
            last_used_at: None,
            ended_at: None,
        };
        let mut transaction = self.services.store().begin_write().await?;
        let alive = transaction.api_tokens().list_of(actor.user_id).await?;
        if alive.iter().filter(|token| token.is_alive(now)).count() >= MOST {
            return Err(Failure::conflict("too-many-tokens", [("most", MOST.to_string())]));
        }
        transaction.api_tokens().add(&token, &tokens::sha256(&secret)).await?;
        let written = json!({ "token": token.name, "scope": token.scope, "expires_at": token.expires_at });
        let change = Change::new(AuditAction::Created, Resource::Keys, token.id, &token.name).after(written);
        self.services.record(&mut transaction, actor, change).await?;
        transaction.commit().await?;
        Ok(NewToken { token, secret: secret.into() })
    }

    /// One's own tokens that were not ended, the newest first.
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<ApiToken>, Failure> {
        actor.session()?;
        Ok(self.services.store().api_tokens().list_of(actor.user_id).await?)
    }

    /// Ends a token of one's own, now.
    ///
    /// # Errors
    /// `NotFound` `token`, for one of somebody else, too.
    pub async fn end_token(&self, actor: &Actor, id: TokenId) -> Result<(), Failure> {
        actor.session()?;
        let mut transaction = self.services.store().begin_write().await?;
        let token = transaction.api_tokens().list_of(actor.user_id).await?.into_iter().find(|token| token.id == id);
        let token = token.ok_or_else(|| Failure::not_found("token"))?;
        transaction.api_tokens().end(id, actor.user_id, self.services.now()).await?;
        let change = Change::new(AuditAction::Ended, Resource::Keys, id, token.name);
        self.services.record(&mut transaction, actor, change).await?;
        Ok(transaction.commit().await?)
    }

    /// Who a token stands for, with no more than its scope. It is looked up each time: one that was ended is ended.
    pub(super) async fn actor_with_token(&self, secret: &str) -> Result<Actor, Failure> {
        let signed_out = || Failure::new(FailureKind::SignedOut);
        let (store, now) = (self.services.store(), self.services.now());
        let token = store.api_tokens().find(&tokens::sha256(secret)).await?;
        let token = token.filter(|token| token.is_alive(now)).ok_or_else(signed_out)?;
        let actor = self.actor_of_token(&token).await?;
        if token.last_used_at.is_none_or(|last| now.since(last) >= NOTED_EVERY) {
            let mut transaction = store.begin_write().await?;
            transaction.api_tokens().touch(token.id, now).await?;
            transaction.commit().await?;
        }
        Ok(actor)
    }

    /// The same of a token that was looked up.
    pub(super) async fn actor_of_token(&self, token: &ApiToken) -> Result<Actor, Failure> {
        let signed_out = || Failure::new(FailureKind::SignedOut);
        let user = self.services.store().users().lookup(token.user_id).await?;
        let user =
            user.filter(|user| user.is_active() && token.is_alive(self.services.now())).ok_or_else(signed_out)?;
        let mut standing = self.standing(&user).await?;
        standing.grants = standing.grants.only(|resource, action| within(token.scope, resource, action));
        Ok(standing.into_actor(Means::Token(token.id)))
    }
}

/// True for a text that can only be a personal token.
pub(super) fn looks_like_one(token: &str) -> bool {
    token.starts_with(PREFIX)
}

fn within(scope: TokenScope, resource: Resource, action: Action) -> bool {
    match scope {
        TokenScope::All => true,
        TokenScope::Read => action == Action::Read,
        TokenScope::Books => action == Action::Read || resource == Resource::Books && action == Action::Write,
    }
}
