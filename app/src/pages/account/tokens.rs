//! Personal tokens of the API.

use leptos::prelude::*;
use service::{ApiToken, TokenScope};

use crate::{
    components::{
        copy_button::CopyButton,
        form::{FormError, Input, TextField, returned_error},
        icon::{Glyph, Icon},
        select::Select,
    },
    ssr::once,
    texts::{Texts, time::machine_time},
};

/// Days that one may choose from.
const DAYS: [u32; 4] = [7, 30, 90, 365];

/// One's tokens, and the form for one more.
#[component]
pub fn Tokens(texts: Texts, tokens: Vec<ApiToken>) -> impl IntoView {
    let error = returned_error("/api/app/create-token");
    let ended = returned_error("/api/app/end-token");
    let scopes = TokenScope::ALL
        .iter()
        .map(|scope| (scope.word().to_owned(), texts.word("token-scope", scope.word()).to_owned()))
        .collect();
    let days = DAYS.iter().map(|days| (days.to_string(), texts.count("tokens.days", u64::from(*days)))).collect();
    let rows = tokens
        .into_iter()
        .map(|token| {
            let used = match token.last_used_at {
                Some(at) => texts.say_with("tokens.used", &[("when", &texts.moment(at.0))]),
                None => texts.say("tokens.unused").to_owned(),
            };
            view! {
                <li class="thing">
                    <div>
                        <p><strong>{token.name.clone()}</strong>" · "{texts.word("token-scope", token.scope.word())}</p>
                        <p class="soft">
                            {texts.say("tokens.until")}" "<time datetime=machine_time(token.expires_at.0)>{texts.day(token.expires_at.0)}</time>" · "{used}
                        </p>
                    </div>
                    <form action="/api/app/end-token" method="post">
                        <input type="hidden" name="token" value=token.id.to_string() />
                        <button class="button button--small" type="submit">{texts.say("tokens.end")}<span class="unseen">" "{token.name.clone()}</span></button>
                    </form>
                </li>
            }
        })
        .collect_view();
    let made = once::take("token").map(|secret| {
        view! {
            <div class="alert alert--notice" role="status">
                <Icon glyph=Glyph::Notice />
                <div>
                    <p>{texts.say("tokens.made")}</p>
                    <p class="secret"><code>{secret.clone()}</code><CopyButton text=secret what=texts.say("tokens.token").to_owned() /></p>
                </div>
            </div>
        }
    });
    view! {
        <section class="panel" aria-labelledby="tokens-title">
            <h2 id="tokens-title">{texts.say("tokens.title")}</h2>
            <p class="soft">{texts.say("tokens.text")}</p>
            {made}
            <FormError error=ended />
            <ul class="things">{rows}</ul>
            <FormError error=error.clone() />
            <form class="form" action="/api/app/create-token" method="post">
                <TextField name="name" label=texts.say("tokens.name") hint=texts.say("tokens.name-hint") error=error.clone() />
                <Select name="scope" label=texts.say("tokens.scope") is_seen=true options=scopes chosen=Some("read".to_owned()) />
                <Select name="days" label=texts.say("tokens.lifetime") is_seen=true options=days chosen=Some("30".to_owned()) />
                <TextField name="current" id="tokens-current" label=texts.say("account.current") input=Input::Password error />
                <div><button class="button" type="submit">{texts.say("tokens.create")}</button></div>
            </form>
        </section>
    }
}
