//! Writing a profile: as a form and as text side by side, what is wrong with it as one types, and a release tried under it.

use leptos::prelude::*;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use service::{Action, Actor, ProfileView, ReleaseId, Resource, Services};

use super::{
    choice::{Choice, FindRelease, ReleaseChoice, Wish},
    deletion::NotEdited,
    diff::Diff,
    form::Fields,
    template::{InfoPreview, Templates, VariableList},
    trial::{Trial, Tried, tried},
};
use crate::{
    components::{
        ask::{Ask, Asked, Look},
        form::{FormError, returned_error},
        frame::Frame,
        icon::{Glyph, Icon},
        loaded::loaded,
        raw_text::text_of_area,
    },
    error::AppError,
    islands::Follow,
    model::{paths, profile_form::ProfileForm},
    ssr::{
        convert::{answer_with, convert, told},
        guard, profile_text,
    },
    texts::texts,
};

struct Writing {
    /// What the draft is kept under: the name of the profile, or of the one that it is a copy of.
    draft: String,
    /// The version that the text was begun from; 0 for a copy.
    seen: u32,
    /// What somebody else saved since.
    meanwhile: Option<Meanwhile>,
    text: String,
    /// True when the text is a draft that was not saved.
    is_draft: bool,
    choice: Choice,
    outcome: Outcome,
}

/// What stands where the next version of a profile is written.
enum Editor {
    Open(Box<Writing>),
    /// The profile is deleted: nothing is written for it.
    Closed(NotEdited),
}

/// What is wrong with a text, or what a release would be under it.
struct Outcome {
    error: Option<AppError>,
    tried: Option<Tried>,
}

/// A version that was saved while a draft was written from an older one.
struct Meanwhile {
    version: u32,
    /// The text that the draft was begun from.
    before: String,
    /// The text of the latest version.
    after: String,
}

/// A copy of a profile, to be made one's own.
#[component]
pub fn NewProfilePage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let from = query.get("from").unwrap_or_else(|| "plain".to_owned());
    loaded(copied(from, query), page)
}

/// The next version of a profile of one's own.
#[component]
pub fn EditProfilePage() -> impl IntoView {
    let name = use_params_map().get_untracked().get("name").unwrap_or_default();
    let query = use_query_map().get_untracked();
    loaded(edited(name, query), |editor| match editor {
        Editor::Open(writing) => page(*writing),
        Editor::Closed(profile) => closed(profile),
    })
}

async fn copied(from: String, query: ParamsMap) -> Result<Writing, AppError> {
    let (actor, services) = guard::allowed(Resource::Profiles, Action::Write)?;
    let text = services.profiles().copy_of(&actor, &from).await.map_err(convert)?;
    let kept = services.profiles().draft(&actor, &from, true).await.map_err(convert)?;
    let choice = to_try(&services, &actor, &query).await?;
    let is_draft = kept.is_some();
    let text = kept.map_or(text, |kept| kept.text);
    let outcome = outcome(&services, &actor, &text, choice.chosen).await?;
    Ok(Writing { draft: from, seen: 0, meanwhile: None, is_draft, text, choice, outcome })
}

async fn edited(name: String, query: ParamsMap) -> Result<Editor, AppError> {
    let (actor, services) = guard::allowed(Resource::Profiles, Action::Modify)?;
    let view = services.profiles().lookup(&actor, &name).await.map_err(convert)?;
    if view.summary.built_in {
        // What comes with the product is never changed: it is copied.
        return Ok(Editor::Open(Box::new(copied(name, query).await?)));
    }
    if let Some(deleted_at) = view.deleted_at {
        let may_restore = actor.may(Resource::Profiles, Action::Delete);
        let may_copy = actor.may(Resource::Profiles, Action::Write);
        return Ok(Editor::Closed(NotEdited { name, at: deleted_at.0, may_restore, may_copy }));
    }
    let kept = services.profiles().draft(&actor, &name, false).await.map_err(convert)?;
    let seen = kept.as_ref().map_or(view.summary.version, |kept| kept.seen);
    let choice = to_try(&services, &actor, &query).await?;
    let meanwhile = meanwhile(&view, seen);
    let is_draft = kept.is_some();
    let text = kept.map_or(view.text, |kept| kept.text);
    let outcome = outcome(&services, &actor, &text, choice.chosen).await?;
    Ok(Editor::Open(Box::new(Writing { draft: name, seen, meanwhile, is_draft, text, choice, outcome })))
}

/// Looks at a text, and tries it where a release is given.
async fn outcome(
    services: &Services,
    actor: &Actor,
    text: &str,
    release: Option<ReleaseId>,
) -> Result<Outcome, AppError> {
    let error = match services.profiles().check(actor, text).await.map_err(told) {
        Err(error @ AppError::Conflict { .. }) => Some(error),
        Err(error) => return Err(answer_with(error)),
        Ok(()) => None,
    };
    // A profile whose own tests do not hold can still be tried: that is how one sees why.
    let tried = tried(services, actor, text, release).await?;
    let is_said = error.is_some();
    Ok(Outcome { error, tried: tried.filter(|tried| !is_said || tried.outcome.is_ok()) })
}

fn meanwhile(view: &ProfileView, seen: u32) -> Option<Meanwhile> {
    let version = view.summary.version;
    let before = || view.versions.iter().find(|one| one.version == seen).map(|one| one.text.clone());
    (seen < version).then(|| Meanwhile { version, before: before().unwrap_or_default(), after: view.text.clone() })
}

/// What a page begins to try: what its address asks for, or the last that was changed.
async fn to_try(services: &Services, actor: &Actor, query: &ParamsMap) -> Result<Choice, AppError> {
    let mut choice = Choice::of(services, actor, Wish::from_query(query)).await?;
    if query.get_str("release").is_none() {
        choice.chosen = choice.chosen.or_else(|| choice.releases.first().map(|first| first.id));
    }
    Ok(choice)
}

/// What can be asked of a profile from where it is written.
const DOORS: [&str; 3] = ["/api/app/profile-save", "/api/app/profile-apply", "/api/app/profile-restore"];

/// A deleted profile in the place of its editor, with the ways on.
fn closed(profile: NotEdited) -> AnyView {
    let error = DOORS.into_iter().find_map(returned_error);
    view! {
        <Frame title=profile.name.clone()>
            <div class="narrow stack">
                <h1>{profile.name.clone()}</h1>
                <FormError error />
                {profile.view()}
            </div>
        </Frame>
    }
    .into_any()
}

fn page(writing: Writing) -> AnyView {
    let texts = texts();
    let Writing { draft, seen, meanwhile, text, is_draft, choice, outcome } = writing;
    let error = DOORS.into_iter().find_map(returned_error);
    let title = if seen == 0 { texts.say("profiles.new") } else { texts.say("profiles.edit") };
    let save = match &meanwhile {
        Some(Meanwhile { version, .. }) => texts.say_with("profiles.save-over", &[("version", version)]),
        None => texts.say("profiles.save").to_owned(),
    };
    let over = meanwhile.as_ref().map(|meanwhile| meanwhile.version.to_string());
    let back = if seen == 0 { paths::PROFILES.to_owned() } else { paths::profile(&draft) };
    view! {
        <Frame title=title.to_owned()>
            <div class="stack">
                <header><h1>{title}</h1><p class="lead">{texts.say("profiles.edit-lead")}</p></header>
                <FormError error />
                {is_draft.then(|| view! { <DraftNotice draft=draft.clone() is_new=seen == 0 /> })}
                {meanwhile.map(|Meanwhile { version, before, after }| view! {
                    <section class="panel" aria-labelledby="meanwhile-title">
                        <h2 id="meanwhile-title">{texts.say_with("profiles.meanwhile", &[("version", &version)])}</h2>
                        <p>{texts.say("profiles.meanwhile-text")}</p>
                        <Diff before after />
                    </section>
                })}
                <form id="profile-form" class="stack" method="post" action="/api/app/profile-save"
                    data-follow-to="/api/app/profile-check">
                    // Enter presses the first button of a form: here none, so that no version is saved in passing.
                    <button type="submit" class="unseen" disabled=true aria-hidden="true"></button>
                    <input type="hidden" name="form[draft]" value=draft />
                    <input type="hidden" name="form[seen]" value=seen.to_string() />
                    {over.map(|over| view! { <input type="hidden" name="form[over]" value=over /> })}
                    <div class="profile-bar">
                        <button type="submit" class="button button--primary">{save}</button>
                        <button type="submit" class="button" formaction="/api/app/profile-apply">{texts.say("profiles.apply")}</button>
                        <a class="button button--quiet" href=back>{texts.say("profiles.leave")}</a>
                    </div>
                    <div class="profile-editor">
                        <div id="profile-fields" data-live data-fresh><Fields text=text.clone() /></div>
                        <div class="stack profile-editor__side">
                            <div id="profile-toml" data-live data-fresh><Toml text=text.clone() /></div>
                            <FindRelease name="form[find]" find=choice.find.clone() />
                            <div id="try-choice" data-live data-fresh><ReleaseChoice name="form[release]" found="form[found]" choice /></div>
                            <div id="profile-outcome" class="stack" data-live role="status">{outcome_view(&outcome)}</div>
                        </div>
                    </div>
                    <section class="panel" aria-labelledby="templates-title">
                        <h2 id="templates-title">{texts.say("template.title")}</h2>
                        <p>{texts.say("template.lead")}</p>
                        <div class="template-editor">
                            <div class="stack">
                                <div id="profile-templates" data-live data-fresh><Templates text=text.clone() /></div>
                                <VariableList />
                            </div>
                            <div id="profile-preview" class="template-editor__preview" data-live><InfoPreview tried=outcome.tried.clone() /></div>
                        </div>
                    </section>
                    <div id="profile-shown" data-live data-fresh hidden><Shown text /></div>
                </form>
            </div>
            <template id="not-kept"><NotKept said=texts.say("profiles.not-kept").to_owned() /></template>
            <Follow />
        </Frame>
    }
    .into_any()
}

#[component]
fn DraftNotice(draft: String, is_new: bool) -> impl IntoView {
    let texts = texts();
    let asked = Asked {
        id: "discard",
        open: texts.say("profiles.discard"),
        glyph: Glyph::Delete,
        title: texts.say("profiles.discard-title").to_owned(),
        text: texts.say("profiles.discard-text").to_owned(),
        action: "/api/app/profile-discard".to_owned(),
        sent: ("draft", draft),
        keep: texts.say("delete.keep"),
        submit: texts.say("profiles.discard"),
    };
    view! {
        <div class="alert alert--notice">
            <Icon glyph=Glyph::Notice />
            <p>{texts.say("profiles.is-draft")}</p>
            <Ask asked look=Look::Small><input type="hidden" name="is_new" value=is_new.to_string() /></Ask>
        </div>
    }
}

/// The text itself.
#[component]
fn Toml(text: String) -> impl IntoView {
    view! {
        <div class="field">
            <label for="profile-text">"TOML"</label>
            <textarea id="profile-text" class="mono profile-editor__text" name="form[text]" rows="30" spellcheck="false"
                autocapitalize="none" wrap="off" aria-describedby="profile-outcome">{text_of_area(&text)}</textarea>
        </div>
    }
}

/// The text that the form was filled from: what differs from it in the form was changed there.
#[component]
fn Shown(text: String) -> impl IntoView {
    view! { <textarea name="form[shown]" readonly=true>{text_of_area(&text)}</textarea> }
}

/// What comes of what was typed as HTML, for the page that follows it: the outcome, and those parts of the form that the other
/// part has changed. `text` is the text with the form's changes in it.
pub async fn outcome_html(
    services: &Services,
    actor: &Actor,
    form: &ProfileForm,
    text: &str,
) -> Result<String, AppError> {
    let wish = Wish::from_form(form);
    // Where nothing else is looked for, the list that one chooses from stays as it is.
    let choice = if wish.is_new() { Some(Choice::of(services, actor, wish).await?) } else { None };
    let chosen = choice.as_ref().map_or_else(|| wish.chosen(), |choice| choice.chosen);
    let outcome = outcome(services, actor, text, chosen).await?;
    let is_typed = form.text.replace("\r\n", "\n") == text;
    let is_filled = profile_text::is_filled_from(form, text);
    // A text that is no TOML fills nothing: what the form had shown stays what its changes are told by.
    let shown = profile_text::read(text).map(|_| text.to_owned());
    let toml = (!is_typed).then(|| view! { <div id="profile-toml"><Toml text=text.to_owned() /></div> });
    let fields = (!is_filled).then(|| {
        view! {
            <div id="profile-fields"><Fields text=text.to_owned() /></div>
            <div id="profile-templates"><Templates text=text.to_owned() /></div>
        }
    });
    Ok(view! {
        <div>
            {choice.map(|choice| view! {
                <div id="try-choice"><ReleaseChoice name="form[release]" found="form[found]" choice /></div>
            })}
            <div id="profile-outcome">{outcome_view(&outcome)}</div>
            <div id="profile-preview"><InfoPreview tried=outcome.tried.clone() /></div>
            {toml}
            {fields}
            {shown.map(|text| view! { <div id="profile-shown"><Shown text /></div> })}
        </div>
    }
    .to_html())
}

/// That what was typed is not kept, and why, for the page that follows it.
pub fn not_kept_html(error: AppError) -> String {
    view! { <NotKept said=texts().error(&error) /> }.to_html()
}

/// Such an answer. The page has one at hand that says so where the server gives none.
#[component]
fn NotKept(said: String) -> impl IntoView {
    view! { <div data-not-kept=""><div id="profile-outcome">{wrong(said)}</div></div> }
}

/// What is wrong with the text, or how a release stands under it.
fn outcome_view(outcome: &Outcome) -> AnyView {
    let texts = texts();
    let good = outcome.error.is_none().then(|| texts.say("profiles.good"));
    let error = outcome.error.as_ref().map(|error| wrong(texts.error(error)));
    let tried = outcome.tried.clone();
    view! {
        {good.map(|good| view! { <p class="all-done"><Icon glyph=Glyph::Good />{good}</p> })}
        {error}
        {tried.map(|tried| view! { <Trial tried with_nfo=false /> })}
    }
    .into_any()
}

fn wrong(said: String) -> impl IntoView {
    view! { <div class="alert alert--wrong"><Icon glyph=Glyph::Wrong /><p>{said}</p></div> }
}
