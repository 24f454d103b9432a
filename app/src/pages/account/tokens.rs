//! Personal tokens of the API.

use leptos::prelude::*;
use service::{ApiToken, TokenScope};

use crate::{
    components::{
        ask::{Ask, Asked, Look, Of},
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
                    <Ask asked=ending(texts, &token) look=Look::Small of=Of { id: token.id.to_string(), name: token.name } />
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

/// Names what goes before it goes.
fn ending(texts: Texts, token: &ApiToken) -> Asked {
    Asked {
        id: "end-token",
        open: texts.say("tokens.end"),
        glyph: Glyph::Delete,
        title: texts.say_with("tokens.end-title", &[("name", &token.name)]),
        text: texts.say("tokens.end-text").to_owned(),
        action: "/api/app/end-token".to_owned(),
        sent: ("token", token.id.to_string()),
        keep: texts.say("delete.keep"),
        submit: texts.say("tokens.end-submit"),
    }
}
