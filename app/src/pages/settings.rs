//! Settings: what the house decides for itself, changed here once one has seen what it does; and what the process was told by
//! its environment, to be read and copied.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};
use service::{Action, Actor, Keeping, Outlook, Resource, Told, ToldFrom};

use crate::{
    components::{
        copy_button::CopyButton,
        form::{Done, FormError, Input, TextField, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
    error::AppError,
    model::paths,
    ssr::{
        context::may,
        convert::{convert, told},
        guard,
    },
    texts::{Texts, texts},
};

struct Found {
    actor: Actor,
    keeping: Keeping,
    /// What somebody asked for and has not decided yet, with what would go.
    wanted: Option<(Keeping, Result<Outlook, AppError>)>,
    told: Vec<Told>,
}

/// The page of the settings.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    loaded(found(query), page)
}

async fn found(query: ParamsMap) -> Result<Found, AppError> {
    let (actor, services) = guard::allowed(Resource::Settings, Action::Read)?;
    let house = services.house();
    let keeping = house.keeping(&actor).await.map_err(convert)?;
    let wanted = match wanted(&query, keeping).filter(|wanted| *wanted != keeping) {
        Some(wanted) => Some((wanted, house.outlook(&actor, &wanted).await.map_err(told))),
        None => None,
    };
    let told = house.told(&actor).map_err(convert)?.to_vec();
    Ok(Found { actor, keeping, wanted, told })
}

/// The values of the address. What is not there stays as it is; nothing is 0, and what is no number is more than anybody may
/// want: both are told to be wrong where they are.
fn wanted(query: &ParamsMap, keeping: Keeping) -> Option<Keeping> {
    let number = |text: &str| if text.is_empty() { 0 } else { text.parse().unwrap_or(u32::MAX) };
    let value = |name: &str| query.get(name).map(|text| number(text.trim()));
    let (uploads, jobs, audit) = (value("upload_hours"), value("job_days"), value("audit_days"));
    let (sources, packages) = (value("source_days"), value("package_days"));
    [uploads, jobs, audit, sources, packages].iter().any(Option::is_some).then(|| Keeping {
        source_days: sources.unwrap_or(keeping.source_days),
        package_days: packages.unwrap_or(keeping.package_days),
        upload_hours: uploads.unwrap_or(keeping.upload_hours),
        job_days: jobs.unwrap_or(keeping.job_days),
        audit_days: audit.unwrap_or(keeping.audit_days),
    })
}

fn page(found: Found) -> AnyView {
    let texts = texts();
    let Found { actor, keeping, wanted, told } = found;
    let may_change = actor.may(Resource::Settings, Action::Modify);
    let error = returned_error("/api/app/settings-change");
    let shown = wanted.as_ref().map_or(keeping, |(wanted, _)| *wanted);
    let problem = wanted.as_ref().and_then(|(_, outlook)| outlook.as_ref().err().cloned());
    let change = wanted.and_then(|(wanted, outlook)| Some((wanted, outlook.ok()?))).filter(|_| may_change);
    let fields = Keeping::LIMITS
        .map(|(name, least, most)| {
            let wrong = problem.clone();
            view! { <KeepingField texts name least most value=shown.get(name) may_change problem=wrong /> }
        })
        .into_iter()
        .collect_view();
    let rows = told.into_iter().map(|told| view! { <Variable texts told /> }).collect_view();
    view! {
        <Frame title=texts.say("settings.title").to_owned()>
            <div class="stack">
                <header>
                    <h1>{texts.say("settings.title")}</h1>
                    <p class="lead">{texts.say("settings.lead")}</p>
                </header>
                <Done />
                <FormError error=error.clone() />
                {change.map(|(wanted, outlook)| view! { <Change texts username=actor.username.clone() keeping wanted outlook error=error.clone() /> })}
                <section class="panel" aria-labelledby="keeping-title">
                    <h2 id="keeping-title">{texts.say("settings.keeping")}</h2>
                    <p>{texts.say("settings.keeping-text")}</p>
                    {may(Resource::Groups, Action::Read).then(|| view! {
                        <p>{texts.say("settings.quotas")}" "<a href=paths::GROUPS>{texts.say("chrome.groups")}</a></p>
                    })}
                    <form class="form settings-form" method="get" action=paths::SETTINGS>
                        {fields}
                        {may_change.then(|| view! {
                            <div><button class="button button--primary" type="submit">{texts.say("settings.foretell")}</button></div>
                        })}
                    </form>
                </section>
                <section class="panel" aria-labelledby="told-title">
                    <h2 id="told-title">{texts.say("settings.told")}</h2>
                    <p>{texts.say("settings.told-text")}</p>
                    <ul class="variables">{rows}</ul>
                </section>
            </div>
        </Frame>
    }
    .into_any()
}

/// One value with its unit and its limits.
#[component]
fn KeepingField(
    texts: Texts,
    name: &'static str,
    least: u32,
    most: u32,
    value: u32,
    may_change: bool,
    problem: Option<AppError>,
) -> impl IntoView {
    let id = format!("field-{name}");
    let hint = format!("{id}-hint");
    let wrong = format!("{id}-problem");
    let problem = problem.as_ref().and_then(|error| error.field(name)).map(|problem| texts.field_problem(problem));
    let described = if problem.is_some() { format!("{hint} {wrong}") } else { hint.clone() };
    let may_stay = Keeping::may_stay(name);
    let limits = if may_stay { "settings.limits-or-empty" } else { "settings.limits" };
    let limits = texts.say_with(limits, &[("least", &least), ("most", &most)]);
    let usual = match Keeping::default().get(name) {
        0 => texts.say("settings.usual-stays").to_owned(),
        usual => texts.say_with("settings.usual", &[("usual", &usual)]),
    };
    let value = if may_stay && value == 0 { String::new() } else { value.to_string() };
    view! {
        <div class="field">
            <label for=id.clone()>{texts.word("setting", name)}</label>
            <input id=id type="number" inputmode="numeric" name=name min=least.to_string() max=most.to_string() required=!may_stay
                value=value disabled=!may_change aria-describedby=described aria-invalid=problem.as_ref().map(|_| "true") />
            <p class="field__hint" id=hint>{texts.word("setting-hint", name)}" "{limits}" "{usual}</p>
            {problem.map(|problem| view! { <p class="field__problem" id=wrong><Icon glyph=Glyph::Wrong /> <span>{problem}</span></p> })}
        </div>
    }
}

/// A value as one reads it: what may stay has one for that.
fn written(texts: Texts, name: &str, value: u32) -> String {
    if value == 0 && Keeping::may_stay(name) {
        texts.say("settings.until-deleted").to_owned()
    } else {
        value.to_string()
    }
}

/// What goes at once when a setting is changed.
fn goes(texts: Texts, name: &str, outlook: &Outlook) -> String {
    let (text, count, bytes) = match name {
        "source_days" => ("settings.sources-go", outlook.sources, Some(outlook.source_bytes)),
        "package_days" => ("settings.packages-go", outlook.packages, Some(outlook.package_bytes)),
        "job_days" => ("settings.jobs-go", outlook.jobs, None),
        "audit_days" => ("settings.entries-go", outlook.audit, None),
        _ => return texts.say("settings.uploads-go").to_owned(),
    };
    if count == 0 {
        return texts.say("settings.nothing-goes").to_owned();
    }
    let what = texts.count(text, count);
    match bytes {
        Some(bytes) => format!("{what} {}", texts.say_with("settings.together", &[("size", &texts.size(bytes))])),
        None => what,
    }
}

/// What it is, what it would be, and what would go; then the button.
#[component]
fn Change(
    texts: Texts,
    username: String,
    keeping: Keeping,
    wanted: Keeping,
    outlook: Outlook,
    error: Option<AppError>,
) -> impl IntoView {
    let changed: Vec<_> = Keeping::LIMITS
        .into_iter()
        .map(|(name, ..)| name)
        .filter(|name| keeping.get(name) != wanted.get(name))
        .collect();
    let rows = changed
        .into_iter()
        .map(|name| {
            view! {
                <tr>
                    <th scope="row">{texts.word("setting", name)}</th>
                    <td class="number comparison__old">{written(texts, name, keeping.get(name))}</td>
                    <td class="number comparison__new">{written(texts, name, wanted.get(name))}</td>
                    <td>{goes(texts, name, &outlook)}</td>
                </tr>
            }
        })
        .collect_view();
    let hidden = Keeping::LIMITS
        .map(|(name, ..)| {
            view! {
                <input type="hidden" name=format!("form[wanted][{name}]") value=wanted.get(name).to_string() />
                <input type="hidden" name=format!("form[seen][{name}]") value=keeping.get(name).to_string() />
            }
        })
        .into_iter()
        .collect_view();
    view! {
        <section class="panel settings-change" aria-labelledby="change-title">
            <h2 id="change-title">{texts.say("settings.change")}</h2>
            <div class="table-scroll" tabindex="0" role="group" aria-labelledby="change-title">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{texts.say("settings.setting")}</th>
                            <th scope="col" class="number">{texts.say("settings.now")}</th>
                            <th scope="col" class="number">{texts.say("settings.then")}</th>
                            <th scope="col">{texts.say("settings.does")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <form class="form" method="post" action="/api/app/settings-change">
                {hidden}
                {wanted.asks_for_password(&keeping).then(|| view! {
                    <input type="text" name="username" value=username autocomplete="username" hidden=true />
                    <TextField name="current" id="settings-current" label=texts.say("account.current") input=Input::Password hint=texts.say("settings.current-hint") error />
                })}
                <div class="button-row">
                    <button class="button button--primary" type="submit">{texts.say("settings.save")}</button>
                    <a class="button" href=paths::SETTINGS>{texts.say("settings.leave")}</a>
                </div>
            </form>
        </section>
    }
}

/// A variable: its name, what it does, what it is and from where, and the line that sets it.
#[component]
fn Variable(texts: Texts, told: Told) -> impl IntoView {
    let Told { name, value, from, default, secret } = told;
    let (source, glyph) = match from {
        ToldFrom::Environment => ("environment", Glyph::Check),
        ToldFrom::File => ("file", Glyph::File),
        ToldFrom::Default => ("default", Glyph::Draft),
    };
    let shown = match (&value, from, secret) {
        (Some(value), ..) => view! { <code>{value.clone()}</code> }.into_any(),
        (None, ToldFrom::Default, _) => {
            view! { <span class="soft"><UsualValue texts name default /></span> }.into_any()
        }
        (None, _, true) => view! { <span class="soft">{texts.say("settings.secret")}</span> }.into_any(),
        (None, _, false) => view! { <span class="soft">{texts.say("settings.in-file")}</span> }.into_any(),
    };
    let line = format!("{name}={}", value.unwrap_or_default());
    view! {
        <li class="variable">
            <div class="variable__head">
                <code class="variable__name">{name}</code>
                <span class=format!("variable__source variable__source--{source}")><Icon glyph />{texts.word("told-from", source)}</span>
                <CopyButton text=line.clone() what=line />
            </div>
            <p class="variable__value">{shown}</p>
            <p class="soft">{texts.word("variable", name)}</p>
        </li>
    }
}

/// What holds when nobody sets it: what the reference writes as code, else in words.
#[component]
fn UsualValue(texts: Texts, name: &'static str, default: &'static str) -> impl IntoView {
    let is_code = default.len() > 2 && default.starts_with('`') && default.ends_with('`');
    match default {
        "none" => texts.say("settings.no-value").into_any(),
        code if is_code => view! { <code>{code.trim_matches('`')}</code> }.into_any(),
        _ => texts.word("variable-default", name).into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::locale::Locale;

    #[test]
    fn what_goes_is_said_with_its_number_and_its_bytes() {
        let outlook =
            Outlook { jobs: 1, audit: 2, sources: 3, source_bytes: 4_000, packages: 5, package_bytes: 6_000_000 };
        let said = |locale, name| goes(Texts::of(locale), name, &outlook).replace('\u{a0}', " ");
        let english = |name| said(Locale::ENGLISH, name);
        assert!(english("job_days").starts_with("1 ended job goes"));
        assert!(english("audit_days").starts_with("2 entries of the audit log"));
        assert!(
            english("source_days").starts_with("3 sources go") && english("source_days").ends_with("Together 4 kB.")
        );
        let packages = english("package_days");
        assert!(packages.starts_with("The books of 5 packages") && packages.ends_with("Together 6 MB."), "{packages}");
        assert!(said(Locale::french(), "package_days").ends_with("En tout 6 Mo."));
        for name in ["job_days", "audit_days", "source_days", "package_days"] {
            assert_eq!(goes(Texts::of(Locale::ENGLISH), name, &Outlook::default()), "Nothing goes at once.");
        }
    }
}
