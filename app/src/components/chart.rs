//! Charts that the server draws: the picture for who sees it, and the numbers as a table for everybody.

use leptos::prelude::*;

use crate::texts::texts;

/// Units of the drawing of columns; it is scaled to the width that there is.
const WIDTH: u64 = 480;
const HEIGHT: u64 = 120;
/// Between two columns.
const GAP: u64 = 8;
/// Units of the drawing of a bar.
const BAR: u64 = 100;

/// A value of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    /// What it is of.
    pub label: String,
    /// Where more of it is found.
    pub address: Option<String>,
    /// How much.
    pub value: u64,
    /// The same in words.
    pub text: String,
}

/// Values over time, as columns; the table of the same stands below, folded.
#[component]
pub fn Columns(
    /// What is shown, as the name of the picture.
    title: &'static str,
    /// What the labels are.
    label: &'static str,
    /// What the values are.
    value: &'static str,
    /// From the first to the last.
    points: Vec<Point>,
) -> impl IntoView {
    let most = points.iter().map(|point| point.value).max().unwrap_or(0).max(1);
    let count = u64::try_from(points.len()).unwrap_or(1).max(1);
    let width = (WIDTH - GAP * (count - 1)) / count;
    let columns = (0..)
        .zip(&points)
        .map(|(index, point)| {
            let height = part_of(point.value, most, HEIGHT);
            let hint = texts().labelled(&point.label, &point.text);
            view! {
                <rect class="chart__bar" x=(index * (width + GAP)).to_string() y=(HEIGHT - height).to_string()
                    width=width.to_string() height=height.to_string()><title>{hint}</title></rect>
            }
        })
        .collect_view();
    let ends = points.first().zip(points.last()).map(|(first, last)| (first.label.clone(), last.label.clone()));
    view! {
        <figure class="chart">
            <svg class="chart__columns" preserveAspectRatio="none" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=title>
                <line class="chart__ground" x1="0" x2=WIDTH.to_string() y1=HEIGHT.to_string() y2=HEIGHT.to_string() />
                {columns}
            </svg>
            {ends.map(|(first, last)| view! {
                <p class="chart__ends" aria-hidden="true"><span>{first}</span><span>{last}</span></p>
            })}
            <details>
                <summary>{texts().say("chart.table")}</summary>
                <table>
                    <caption class="unseen">{title}</caption>
                    <thead><tr><th scope="col">{label}</th><th scope="col" class="number">{value}</th></tr></thead>
                    <tbody>
                        {points.into_iter().map(|point| view! {
                            <tr><th scope="row">{point.label}</th><td class="number">{point.text}</td></tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </details>
        </figure>
    }
}

/// Values of a few things, as bars in the very table that says them.
#[component]
pub fn Bars(
    /// What is shown.
    title: &'static str,
    /// What the labels are.
    label: &'static str,
    /// What the values are.
    value: &'static str,
    /// The most first.
    points: Vec<Point>,
) -> impl IntoView {
    let most = points.iter().map(|point| point.value).max().unwrap_or(0).max(1);
    let rows = points
        .into_iter()
        .map(|point| {
            let width = part_of(point.value, most, BAR).to_string();
            let label = match point.address {
                Some(address) => view! { <a href=address>{point.label}</a> }.into_any(),
                None => point.label.into_any(),
            };
            view! {
                <tr>
                    <th scope="row">{label}</th>
                    <td class="chart__cell">
                        <svg viewBox=format!("0 0 {BAR} 8") preserveAspectRatio="none" aria-hidden="true">
                            <rect class="chart__bar" width=width height="8" />
                        </svg>
                    </td>
                    <td class="number">{point.text}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <table class="chart chart--bars">
            <caption class="unseen">{title}</caption>
            <thead class="unseen">
                <tr><th scope="col">{label}</th><th scope="col">{texts().say("chart.bar")}</th><th scope="col">{value}</th></tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

/// The part of a length that a value has of the most; what is not nothing can be seen.
fn part_of(value: u64, most: u64, length: u64) -> u64 {
    let part = u128::from(value) * u128::from(length) / u128::from(most);
    if value == 0 { 0 } else { u64::try_from(part).unwrap_or(length).max(2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_takes_the_whole_length_and_little_can_be_seen() {
        assert_eq!(part_of(7, 7, 120), 120);
        assert_eq!(part_of(1, 1_000_000, 120), 2);
        assert_eq!(part_of(0, 5, 120), 0);
        assert_eq!(part_of(u64::MAX, u64::MAX, 120), 120);
    }
}
