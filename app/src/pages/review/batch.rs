//! The batch: one row a book, its state and its name, and one form for all that are chosen. As a table it shows what is
//! the same in many books side by side.

use leptos::prelude::*;
use packer::{
    finding::Severity,
    kind::{Kind, Source},
    metadata::Field,
};
use service::{BatchProgress, Group, ProfileSummary, ReleaseSummary, Standing};

use super::{
    blocked::Blocked,
    fields::{GroupChoice, ProfileChoice, RightsChoice},
    progress::Progress,
};
use crate::{
    components::mark::ReleaseMark,
    model::paths,
    texts::{Texts, texts},
};

/// Fields that many books can have in common. Titles and numbers of a series are each book's own.
const COLUMNS: [Field; 7] =
    [Field::Authors, Field::Publisher, Field::Language, Field::Year, Field::Edition, Field::Genre, Field::Url];

#[component]
pub fn Batch(
    releases: Vec<ReleaseSummary>,
    /// There are more than are shown.
    more: bool,
    /// How those of them stand that are decided.
    standings: Vec<Standing>,
    open: Option<String>,
    as_table: bool,
    /// How far those are that were sent to be packed last.
    progress: Option<BatchProgress>,
    groups: Vec<Group>,
    profiles: Vec<ProfileSummary>,
) -> impl IntoView {
    let say = texts();
    let packable = releases.iter().filter(|release| release.is_packable()).count();
    // One book is reviewed by itself; the form for many is for many.
    let form_is_open = packable > 1;
    let ready = standings.iter().filter(|one| one.is_ready()).count() as u64;
    let blocked = view! { <Blocked standings releases=releases.clone() /> };
    let count = releases.len() as u64;
    let rows = releases
        .into_iter()
        .map(|release| {
            let current = open.as_deref() == Some(release.id.to_string().as_str());
            view! { <BatchRow release current as_table /> }
        })
        .collect_view();
    let change = view! { <Change say groups profiles is_open=form_is_open /> }.into_any();
    // Above a table of two hundred rows, and below the list at the side.
    let (before, after) = if as_table { (Some(change), None) } else { (None, Some(change)) };
    let back = if as_table { "table".to_owned() } else { open.unwrap_or_default() };
    view! {
        <form id="batch" class="batch" method="post" action="/api/app/review-batch">
            <input type="hidden" id="batch-open" data-follow name="form[open]" value=back />
            <div class="batch__head">
                {if as_table {
                    view! { <a href=paths::NEW>{say.say("review.as-list")}</a> }
                } else {
                    view! { <a href=paths::NEW_TABLE>{say.say("review.as-table")}</a> }
                }}
                <span id="batch-ready" data-live>
                    <button type="submit" id="pack-ready" class="button button--primary" name="form[action]" value="pack-ready"
                        data-save disabled=ready == 0>
                        {say.count("review.pack-ready", ready)}
                    </button>
                </span>
            </div>
            {blocked}
            <Progress batch=progress />
            {before}
            <div id="rows" class="table-scroll" data-live>
                <table>
                    <caption>{say.count("review.batch", count)}</caption>
                    <thead>
                        <tr>
                            <th scope="col"><input type="checkbox" id="choose-all" data-all aria-label=say.say("review.choose-all") /></th>
                            <th scope="col">{say.say("review.column-book")}</th>
                            {as_table.then(|| heads(say))}
                            <th scope="col">{say.say("review.column-state")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
                {more.then(|| view! {
                    <p class="soft">{say.count("review.desk-full", count)}" "<a href=format!("{}?mine=true&sort=created", paths::RELEASES)>{say.say("review.desk-rest")}</a></p>
                })}
            </div>
            {after}
        </form>
    }
}

/// What every chosen book gets.
#[component]
fn Change(say: Texts, groups: Vec<Group>, profiles: Vec<ProfileSummary>, is_open: bool) -> impl IntoView {
    view! {
        <details class="batch__change" open=is_open>
            <summary>{say.say("review.for-chosen")}" "<span class="soft" data-chosen data-text=say.say("releases.chosen-count")></span></summary>
            <div class="batch__fields">
                <GroupChoice prefix="batch" groups present=None />
                <ProfileChoice prefix="batch" profiles chosen=String::new() keep=true />
                <RightsChoice prefix="batch" rights=String::new() licence=String::new() note=String::new() />
                <ColumnChoice say />
            </div>
            <div class="button-row">
                <button type="submit" class="button" name="form[action]" value="apply" data-save>
                    {say.say("review.apply")}
                </button>
                <button type="submit" class="button" name="form[action]" value="pack" data-save>
                    {say.say("review.pack-chosen")}
                </button>
            </div>
        </details>
    }
}

/// The same value in one field of every chosen book.
#[component]
fn ColumnChoice(say: Texts) -> impl IntoView {
    let options = COLUMNS
        .map(|field| view! { <option value=field.word()>{say.word("field", field.word())}</option> })
        .into_iter()
        .collect_view();
    // Of these one chooses the value: what can be typed into the field beside them would mostly be wrong.
    let kinds = Kind::ALL.map(|kind| (kind.word(), say.word("kind", kind.word()))).to_vec();
    let sources =
        [Source::Retail, Source::Scan].map(|source| (source.tag(), say.word("source", source.tag()))).to_vec();
    let chosen = [(Field::Kind, kinds), (Field::Source, sources)]
        .map(|(field, values)| {
            let options = values
                .into_iter()
                .map(|(value, label)| view! { <option value=format!("{}={value}", field.word())>{label}</option> })
                .collect_view();
            view! { <optgroup label=say.word("field", field.word())>{options}</optgroup> }
        })
        .into_iter()
        .collect_view();
    view! {
        <div class="field">
            <label for="batch-field">{say.say("review.column")}</label>
            <select id="batch-field" name="form[field]">
                <option value="" selected>{say.say("review.keep")}</option>
                {options}
                {chosen}
            </select>
        </div>
        <div class="field">
            <label for="batch-value">{say.say("review.column-value")}</label>
            <textarea id="batch-value" name="form[value]" rows="1" aria-describedby="batch-value-hint"></textarea>
            <p class="field__hint" id="batch-value-hint">{say.say("review.column-value-hint")}</p>
        </div>
    }
}

/// The names of the columns that only the table has.
fn heads(say: Texts) -> AnyView {
    ["authors", "language", "year", "group", "rights"]
        .map(|word| view! { <th scope="col">{say.word("field", word)}</th> })
        .into_iter()
        .chain([view! { <th scope="col" class="number">{say.say("review.findings")}</th> }])
        .collect_view()
        .into_any()
}

#[component]
fn BatchRow(release: ReleaseSummary, current: bool, as_table: bool) -> impl IntoView {
    let say = texts();
    let id = release.id.to_string();
    let name = release.name.clone().unwrap_or_else(|| release.file_name.clone());
    let label = say.say_with("review.choose", &[("title", &release.title)]);
    let cells = as_table.then(|| cells(say, &release));
    view! {
        <tr data-row data-status=release.status.word() aria-current=current.then_some("true")>
            <td class="batch-box">
                <input type="checkbox" name="form[releases][]" value=id.clone() id=format!("choose-{id}")
                    aria-label=label disabled=!release.is_packable() />
            </td>
            <th scope="row" class="batch__title">
                <a data-open id=format!("row-{id}") href=paths::review(&id)>{release.title}</a>
                <code class="batch__name">{name}</code>
            </th>
            {cells}
            <td class="batch-state"><ReleaseMark status=release.status /></td>
        </tr>
    }
}

/// What a person decides stands out while it is missing.
fn cells(say: Texts, release: &ReleaseSummary) -> AnyView {
    let decided = |text: Option<String>| match text {
        Some(text) => view! { <td>{text}</td> }.into_any(),
        None => view! { <td class="batch__missing">{say.say("review.missing")}</td> }.into_any(),
    };
    let heavy = [Severity::Fatal, Severity::Error, Severity::Warning];
    let findings: u64 = heavy.iter().filter_map(|severity| release.findings.get(severity)).sum();
    view! {
        <td>{release.authors.clone()}</td>
        <td>{release.language.clone()}</td>
        <td>{release.year.map(|year| year.to_string())}</td>
        {decided(release.group.as_ref().map(|group| group.tag.to_string()))}
        {decided(release.rights_basis.as_ref().map(|basis| say.rights(basis)))}
        <td class="number">{say.number(findings)}</td>
    }
    .into_any()
}
