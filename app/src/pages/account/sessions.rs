//! One's own sessions, one by one.

use leptos::prelude::*;
use service::Device;

use crate::{
    components::form::{FormError, returned_error},
    texts::{Texts, time::machine_time},
};

/// Where one is signed in, with a way to end each session but this one.
#[component]
pub fn Sessions(texts: Texts, devices: Vec<Device>) -> impl IntoView {
    let error = ["/api/app/end-session", "/api/app/end-other-sessions"].into_iter().find_map(returned_error);
    let has_others = devices.iter().any(|device| !device.is_this);
    let rows = devices
        .into_iter()
        .map(|device| {
            let name = browser(&device.user_agent).unwrap_or_else(|| texts.say("sessions.unknown").to_owned());
            let end = (!device.is_this).then(|| {
                view! {
                    <form action="/api/app/end-session" method="post">
                        <input type="hidden" name="session" value=device.id.to_string() />
                        <button class="button button--small" type="submit">{texts.say("sessions.end")}<span class="unseen">" "{name.clone()}</span></button>
                    </form>
                }
            });
            view! {
                <li class="thing">
                    <div>
                        <p><strong>{name.clone()}</strong>{device.is_this.then(|| view! { " · "{texts.say("sessions.this")} })}</p>
                        <p class="soft">
                            <code>{device.address}</code>" · "
                            <time datetime=machine_time(device.last_seen_at.0)>{texts.moment(device.last_seen_at.0)}</time>
                        </p>
                    </div>
                    {end}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel" aria-labelledby="sessions-title">
            <h2 id="sessions-title">{texts.say("sessions.title")}</h2>
            <p class="soft">{texts.say("sessions.text")}</p>
            <FormError error />
            <ul class="things">{rows}</ul>
            {has_others.then(|| view! {
                <form action="/api/app/end-other-sessions" method="post">
                    <button class="button" type="submit">{texts.say("sessions.end-others")}</button>
                </form>
            })}
        </section>
    }
}

/// Enough of what a browser calls itself to know it again: its name and its system.
fn browser(user_agent: &str) -> Option<String> {
    const BROWSERS: [(&str, &str); 5] =
        [("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => Some(format!("{browser} · {system}")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => Some(user_agent.chars().take(60).collect()).filter(|text: &String| !text.is_empty()),
    }
}
