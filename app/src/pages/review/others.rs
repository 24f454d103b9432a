//! Who else is at the release, and what they changed last.

use leptos::prelude::*;
use service::Others;

use crate::{
    components::icon::{Glyph, Icon},
    texts::{texts, time::machine_time},
};

/// A region that is read out when somebody comes or saves; empty while one is alone.
#[component]
pub fn OthersHere(others: Others) -> impl IntoView {
    let say = texts();
    let here = (!others.here.is_empty()).then(|| {
        let names = others.here.join(", ");
        let sentence = say.count_with("others.here", others.here.len() as u64, &[("names", &names)]);
        view! {
            <p class="alert alert--notice"><Icon glyph=Glyph::Users /><span>{sentence}</span></p>
        }
    });
    let last = others.last.map(|last| {
        let fields: Vec<&str> = last.fields.iter().map(|word| say.word("field", word)).collect();
        let (name, fields) = (last.name, fields.join(", "));
        view! {
            <p class="soft">
                {say.say_with("others.changed", &[("name", &name), ("fields", &fields)])}" "
                <time datetime=machine_time(last.at.0)>{say.moment(last.at.0)}</time>
            </p>
        }
    });
    view! { <div id="review-others" class="review__others" data-live role="status">{here}{last}</div> }
}
