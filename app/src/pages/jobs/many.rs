//! What can be done with all jobs that a list shows.

use leptos::prelude::*;
use service::{JobQuery, ManyJobs, jobs::MOST_AT_ONCE};

use crate::{
    components::{
        ask::{Ask, Asked},
        icon::{Glyph, Icon},
    },
    texts::{Texts, texts},
};

/// The buttons above the list: the failed ones begun anew, and, after a question, those that wait or work stopped. One job
/// alone has its button in its row.
#[component]
pub fn Many(query: JobQuery, many: ManyJobs) -> impl IntoView {
    let texts = texts();
    let state = query.state.map(|state| state.word().to_owned()).unwrap_or_default();
    let kind = query.kind.map(|kind| kind.word().to_owned()).unwrap_or_default();
    let again = (many.failed > 1).then(|| {
        let said = said(texts, ["jobs.retry-all", "jobs.retry-newest"], many.failed);
        view! {
            <form action="/api/app/retry-jobs" method="post">
                <input type="hidden" name="state" value=state.clone() />
                <input type="hidden" name="kind" value=kind.clone() />
                <button class="button" type="submit" id="retry-all"><Icon glyph=Glyph::Again />{said}</button>
            </form>
        }
    });
    let stop = (many.under_way > 1).then(|| {
        let asked = Asked {
            id: "cancel-all",
            open: texts.say("jobs.cancel-all"),
            glyph: Glyph::Close,
            title: said(texts, ["jobs.cancel-title", "jobs.cancel-newest"], many.under_way),
            text: texts.say("jobs.cancel-text").to_owned(),
            action: "/api/app/cancel-jobs".to_owned(),
            sent: ("state", state.clone()),
            keep: texts.say("jobs.cancel-keep"),
            submit: texts.say("jobs.cancel-them"),
        };
        view! { <Ask asked><input type="hidden" name="kind" value=kind.clone() /></Ask> }
    });
    (again.is_some() || stop.is_some()).then(|| view! { <div class="filter">{again}{stop}</div> })
}

/// How many it is about; where there are more than go at once, that it is the newest.
fn said(texts: Texts, [all, newest]: [&'static str; 2], number: u64) -> String {
    let most = u64::from(MOST_AT_ONCE);
    if number > most { texts.count(newest, most) } else { texts.count(all, number) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::locale::Locale;

    #[test]
    fn more_than_go_at_once_are_not_promised() {
        let said = |number| said(Texts::of(Locale::ENGLISH), ["jobs.retry-all", "jobs.retry-newest"], number);
        assert_eq!(said(200), "Begin all 200 failed anew");
        assert_eq!(said(201), "Begin the newest 200 failed anew");
    }
}
