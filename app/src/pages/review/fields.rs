//! The fields: what each holds, where the value came from, and what is wrong with it.

use leptos::prelude::*;
use packer::{
    kind::{Kind, Source},
    metadata::{Field, Origin},
};
use service::{Group, Preview, ProfileSummary, Release};

use crate::{components::raw_text::text_of_area, error::AppError, model::review_form::ReviewForm, texts::texts};

/// Marks that a person can put between source and format.
const TAGS: [&str; 6] = ["iNTERNAL", "READNFO", "NFOFiX", "DiRFiX", "REPACK", "PROPER"];

/// Open licences that books are published under most; any other SPDX id can be typed.
const LICENCES: [&str; 8] = [
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-NC-ND-4.0",
    "GFDL-1.3-or-later",
];

/// Fields that most releases never need; they are folded until one of them has a value.
const FURTHER: [Field; 8] = [
    Field::Edition,
    Field::Volume,
    Field::Issue,
    Field::IssueDate,
    Field::Isbn,
    Field::Genre,
    Field::Url,
    Field::Corrects,
];

#[component]
pub fn Fields(
    release: Release,
    preview: Preview,
    form: ReviewForm,
    groups: Vec<Group>,
    profiles: Vec<ProfileSummary>,
    problems: Option<AppError>,
) -> impl IntoView {
    let say = texts();
    let enabled = release.editable;
    let text = |field: Field| {
        let value = form.values(field).into_iter().next().unwrap_or_default();
        view! { <TextField field value problems=problems.clone() preview=preview.clone() /> }
    };
    // What the book says of them is rarely touched; what a person said is worth seeing.
    let origins = preview.fields.as_ref().map(|fields| fields.origins.clone()).unwrap_or_default();
    // The group that it has, else the one that the form begins with.
    let chosen = groups.iter().find(|group| form.group.as_deref() == Some(group.id.to_string().as_str())).cloned();
    let present = release.summary.group.or(chosen).map(|group| (group.id.to_string(), group.tag.to_string()));
    // What is wrong with a field there must be seen, without script, too.
    let is_wrong = |word: &str| problems.as_ref().is_some_and(|error| error.field(word).is_some());
    let further_open = is_wrong("date")
        || FURTHER.iter().any(|field| origins.get(field) == Some(&Origin::Person) || is_wrong(field.word()));
    view! {
        <fieldset id="review-fields" class="panel review__fields" data-follow disabled=!enabled>
            <legend><h2>{say.say("review.metadata")}</h2></legend>
            <RightsChoice prefix="form" rights=form.rights.clone() licence=form.licence.clone()
                note=form.rights_note.clone() />
            <Problem name="rights" problems=problems.clone() />
            <Problem name="rights_note" problems=problems.clone() />
            <GroupChoice prefix="form" groups present />
            <div class="field new-group">
                <label for="field-new-group">{say.say("review.new-group")}</label>
                <input type="text" id="field-new-group" data-follow name="form[new-group]" value="" minlength="2" maxlength="30"
                    pattern="[A-Za-z0-9]+" autocomplete="off" spellcheck="false" />
            </div>
            <Problem name="new_group" problems=problems.clone() />
            <Problem name="group" problems=problems.clone() />
            <ProfileChoice prefix="form" profiles chosen=form.profile.clone() keep=false />
            {text(Field::Title)}
            <AreaField field=Field::Authors value=form.authors.clone() rows=2 problems=problems.clone()
                preview=preview.clone() />
            {text(Field::Publisher)} {text(Field::Year)} {text(Field::Language)}
            <Choice field=Field::Kind value=form.kind.clone()
                options=Kind::ALL.map(|kind| (kind.word().to_owned(), say.word("kind", kind.word()).to_owned())).to_vec()
                preview=preview.clone() />
            <Choice field=Field::Source value=form.source.clone()
                options=[Source::Retail, Source::Scan]
                    .map(|source| (source.tag().to_owned(), say.word("source", source.tag()).to_owned()))
                    .to_vec()
                preview=preview.clone() />
            <details class="further" open=further_open>
                <summary>{say.say("review.further")}</summary>
                {FURTHER.map(text).collect_view()}
                <AreaField field=Field::Description value=form.description.clone() rows=4 problems=problems.clone()
                    preview=preview.clone() />
                <fieldset class="tags" id="field-tags">
                    <legend>{say.word("field", "tags")}</legend>
                    {TAGS
                        .map(|tag| {
                            let ticked = form.tags.iter().any(|one| one == tag);
                            view! {
                                <label class="tag">
                                    <input type="checkbox" name="form[tags][]" value=tag id=format!("tag-{tag}") data-follow
                                        checked=ticked />
                                    <code>{tag}</code>
                                </label>
                            }
                        })
                        .collect_view()}
                </fieldset>
                <div class="field">
                    <label for="field-date">{say.say("review.date")}</label>
                    <input type="date" id="field-date" data-follow name="form[date]" min="1980-01-01" max="2107-12-31"
                        value=form.date.clone() />
                    <Problem name="date" problems=problems.clone() />
                </div>
            </details>
        </fieldset>
    }
}

/// Where each value came from: the regions beside the fields, for the preview.
#[component]
pub fn Origins(preview: Preview) -> impl IntoView {
    Field::ALL.map(|field| view! { <OriginOf field preview=preview.clone() /> }).collect_view()
}

#[component]
fn OriginOf(field: Field, preview: Preview) -> impl IntoView {
    let say = texts();
    let origin = preview.fields.and_then(|fields| fields.origins.get(&field).copied());
    let word = origin.map(|origin| match origin {
        Origin::Book => "book",
        Origin::File => "file",
        Origin::Person => "person",
        Origin::Mended => "mended",
        Origin::Fallback => "fallback",
    });
    let reset = (origin == Some(Origin::Person)).then(|| {
        let label = say.say_with("review.reset", &[("field", &say.word("field", field.word()))]);
        view! {
            <button type="submit" class="reset" id=format!("reset-{}", field.word()) name="form[reset]" value=field.word() data-save aria-label=label.clone()
                title=label>
                "↺"
            </button>
        }
    });
    view! {
        <span id=format!("origin-{}", field.word()) class="field__origin" data-live data-origin=word>
            {word.map(|word| say.word("origin", word))}{reset}
        </span>
    }
}

#[component]
fn TextField(field: Field, value: String, problems: Option<AppError>, preview: Preview) -> impl IntoView {
    let say = texts();
    let id = format!("field-{}", field.word());
    let numeric = (field == Field::Year).then_some("numeric");
    view! {
        <div class="field">
            <label for=id.clone()>{say.word("field", field.word())}</label>
            <input type="text" id=id data-follow name=format!("form[{}]", field.word()) value=value inputmode=numeric
                autocomplete="off" aria-describedby=format!("problem-{}", field.word()) />
            <OriginOf field preview />
            <Problem name=field.word() problems />
        </div>
    }
}

#[component]
fn AreaField(field: Field, value: String, rows: u8, problems: Option<AppError>, preview: Preview) -> impl IntoView {
    let say = texts();
    let id = format!("field-{}", field.word());
    view! {
        <div class="field">
            <label for=id.clone()>{say.word("field", field.word())}</label>
            <textarea id=id data-follow name=format!("form[{}]", field.word()) rows=rows.to_string()
                aria-describedby=format!("problem-{}", field.word())>{text_of_area(&value)}</textarea>
            <OriginOf field preview />
            <Problem name=field.word() problems />
        </div>
    }
}

#[component]
fn Choice(field: Field, value: String, options: Vec<(String, String)>, preview: Preview) -> impl IntoView {
    let say = texts();
    let id = format!("field-{}", field.word());
    view! {
        <div class="field">
            <label for=id.clone()>{say.word("field", field.word())}</label>
            <select id=id data-follow name=format!("form[{}]", field.word())>
                {options
                    .into_iter()
                    .map(|(word, label)| {
                        let chosen = word == value;
                        view! { <option value=word selected=chosen>{label}</option> }
                    })
                    .collect_view()}
            </select>
            <OriginOf field preview />
        </div>
    }
}

/// The fields of a release follow what is stored; those of the batch are what one is about to do.
fn follows(prefix: &str) -> Option<&'static str> {
    (prefix == "form").then_some("")
}

/// What the last save said of a field: what was typed there is kept until the next one, and so is this.
#[component]
fn Problem(name: &'static str, problems: Option<AppError>) -> impl IntoView {
    let say = texts();
    let sentence = problems.as_ref().and_then(|error| error.field(name)).map(|problem| say.field_problem(problem));
    view! {
        <p id=format!("problem-{name}") class="field__problem" data-answer>{sentence}</p>
    }
}

/// The rights basis: one of four grounds, the licence where it is one, and the note.
#[component]
pub fn RightsChoice(prefix: &'static str, rights: String, licence: String, note: String) -> impl IntoView {
    let say = texts();
    // The form's own fields are found by problems and by the name's parts; those of the batch are not.
    let id = if prefix == "form" { "field" } else { prefix };
    let follow = follows(prefix);
    let bases = ["own-work", "permission", "public-domain", "licence"];
    view! {
        <div class="rights" data-rights-group>
        <div class="field">
            <label for=format!("{id}-rights")>{say.word("field", "rights")}</label>
            <select id=format!("{id}-rights") name="form[rights]" data-rights data-follow=follow>
                <option value="" selected=rights.is_empty()>{say.say("review.choose-rights")}</option>
                {bases
                    .map(|basis| {
                        let chosen = rights == basis;
                        view! { <option value=basis selected=chosen>{say.word("rights", basis)}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
        <div class="field rights-licence">
            <label for=format!("{id}-licence")>{say.say("review.licence")}</label>
            <input type="text" id=format!("{id}-licence") name="form[licence]" data-follow=follow value=licence list=format!("{id}-licences")
                autocomplete="off" spellcheck="false" />
            <datalist id=format!("{id}-licences")>
                {LICENCES.map(|licence| view! { <option value=licence></option> }).collect_view()}
            </datalist>
        </div>
        <div class="field rights-note">
            <label for=format!("{id}-rights-note")>{say.say("review.rights-note")}</label>
            <input type="text" id=format!("{id}-rights-note") name="form[rights-note]" data-follow=follow value=note
                placeholder=say.say("review.rights-note-hint") />
        </div>
        </div>
    }
}

/// The group that publishes.
#[component]
pub fn GroupChoice(
    prefix: &'static str,
    groups: Vec<Group>,
    /// Id and tag of the one that the release has or gets with the next save. It is offered to whoever may see no groups, too: else leaving any field
    /// would take it away.
    present: Option<(String, String)>,
) -> impl IntoView {
    let say = texts();
    let id = if prefix == "form" { "field-group" } else { "batch-group" };
    let follow = follows(prefix);
    let options = group_options(groups, present.clone());
    let chosen = present.map(|(id, _)| id).unwrap_or_default();
    view! {
        <div class="field">
            <label for=id>{say.word("field", "group")}</label>
            <select id=id name="form[group]" data-follow=follow>
                <option value="" selected=chosen.is_empty()>{say.say("review.choose-group")}</option>
                {options
                    .into_iter()
                    .map(|(value, tag)| {
                        let selected = value == chosen;
                        view! { <option value=value selected=selected>{tag}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

/// Id and tag of every group that can be chosen.
fn group_options(groups: Vec<Group>, present: Option<(String, String)>) -> Vec<(String, String)> {
    let mut options: Vec<_> = groups.into_iter().map(|group| (group.id.to_string(), group.tag.to_string())).collect();
    options.extend(present.filter(|present| !options.contains(present)));
    options
}

/// The profile that the release follows.
#[component]
pub fn ProfileChoice(prefix: &'static str, profiles: Vec<ProfileSummary>, chosen: String, keep: bool) -> impl IntoView {
    let say = texts();
    let mut names: Vec<String> = profiles.into_iter().map(|profile| profile.name).collect();
    // A deleted one is offered to the releases that follow it: else leaving any field would give them another.
    if !chosen.is_empty() && !names.contains(&chosen) {
        names.push(chosen.clone());
    }
    let id = if prefix == "form" { "field-profile" } else { "batch-profile" };
    let follow = follows(prefix);
    view! {
        <div class="field">
            <label for=id>{say.word("field", "profile")}</label>
            <select id=id name="form[profile]" data-follow=follow>
                {keep.then(|| view! { <option value="" selected>{say.say("review.keep")}</option> })}
                {names
                    .into_iter()
                    .map(|name| {
                        let selected = name == chosen;
                        let label = name.clone();
                        view! { <option value=name selected=selected>{label}</option> }
                    })
                    .collect_view()}
            </select>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_that_a_release_has_can_always_be_chosen() {
        let present = ("01".to_owned(), "GRP".to_owned());
        assert_eq!(group_options(Vec::new(), Some(present.clone())), [present]);
        assert_eq!(group_options(Vec::new(), None), []);
    }
}
