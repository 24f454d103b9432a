//! One-time codes: switched on with a picture and a first code, and off again.

use leptos::prelude::*;
use qrcodegen::{QrCode, QrCodeEcc};
use service::{CodesToBe, ExposeSecret, SecondFactor};

use crate::{
    components::{
        form::{FormError, Input, TextField, returned_error},
        icon::{Glyph, Icon},
    },
    ssr::once,
    texts::Texts,
};

/// The white that a camera needs around a QR code, in modules (ISO 18004 §9.1).
const QUIET_ZONE: i32 = 4;

/// The section: off, being switched on, or on.
#[component]
pub fn Codes(texts: Texts, second_factor: SecondFactor, codes_to_be: Option<CodesToBe>) -> impl IntoView {
    let state = match codes_to_be {
        Some(codes) => view! { <ToBe texts codes /> }.into_any(),
        None if second_factor.on => view! { <On texts left=second_factor.recovery_codes /> }.into_any(),
        None => view! { <Off texts /> }.into_any(),
    };
    view! {
        <section id="codes" class="panel" aria-labelledby="codes-title">
            <h2 id="codes-title">{texts.say("codes.title")}</h2>
            <RecoveryCodes texts />
            {state}
        </section>
    }
}

/// The recovery codes that were just made, the one time that they can be read.
#[component]
fn RecoveryCodes(texts: Texts) -> impl IntoView {
    once::take("recovery-codes").map(|codes| {
        let codes: Vec<String> = codes.split('+').map(str::to_owned).collect();
        view! {
            <div class="alert alert--notice" role="status">
                <Icon glyph=Glyph::Notice />
                <div>
                    <p>{texts.say("codes.recovery-text")}</p>
                    <ul class="recovery-codes">{codes.into_iter().map(|code| view! { <li><code>{code}</code></li> }).collect_view()}</ul>
                </div>
            </div>
        }
    })
}

#[component]
fn Off(texts: Texts) -> impl IntoView {
    let error = ["/api/app/begin-codes", "/api/app/confirm-codes"].into_iter().find_map(returned_error);
    view! {
        <p class="soft">{texts.say("codes.off-text")}</p>
        <FormError error=error.clone() />
        <form class="form" action="/api/app/begin-codes" method="post">
            <TextField name="current" id="codes-current" label=texts.say("account.current") input=Input::Password error />
            <div><button class="button" type="submit">{texts.say("codes.begin")}</button></div>
        </form>
    }
}

#[component]
fn ToBe(texts: Texts, codes: CodesToBe) -> impl IntoView {
    let error = returned_error("/api/app/confirm-codes");
    let seed =
        codes.seed.expose_secret().as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
    view! {
        <ol class="codes-steps">
            <li>
                <p>{texts.say("codes.scan")}</p>
                {picture(codes.address.expose_secret(), texts.say("codes.picture"))}
                <p class="soft">{texts.say("codes.type")}</p>
                <p class="secret"><code>{seed}</code></p>
            </li>
            <li>
                <FormError error=error.clone() />
                <form class="form" action="/api/app/confirm-codes" method="post">
                    <TextField name="code" label=texts.say("codes.first") input=Input::Code error />
                    <div><button class="button button--primary" type="submit">{texts.say("codes.confirm")}</button></div>
                </form>
            </li>
        </ol>
    }
}

#[component]
fn On(texts: Texts, left: u64) -> impl IntoView {
    let error = returned_error("/api/app/end-codes");
    let is_open = error.is_some();
    view! {
        <p>{texts.say("codes.on-text")}" "{texts.count("codes.left", left)}</p>
        <details open=is_open>
            <summary>{texts.say("codes.end-open")}</summary>
            <FormError error=error.clone() />
            <form class="form" action="/api/app/end-codes" method="post">
                <TextField name="current" id="codes-current" label=texts.say("account.current") input=Input::Password error />
                <div><button class="button button--danger" type="submit">{texts.say("codes.end")}</button></div>
            </form>
        </details>
    }
}

/// A text as a QR code, drawn as one path.
fn picture(text: &str, label: &'static str) -> Option<AnyView> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let size = code.size();
    let dark = (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let path: Vec<String> = dark.map(|(x, y)| format!("M{},{}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE)).collect();
    let whole = size + 2 * QUIET_ZONE;
    let drawing = view! {
        <svg class="qr" viewBox=format!("0 0 {whole} {whole}") role="img" aria-label=label shape-rendering="crispEdges">
            <path d=path.concat() />
        </svg>
    };
    Some(drawing.into_any())
}
