//! The labels that dashboards and rules name, and their values, are those that the product records.

use std::collections::{BTreeMap, BTreeSet};

use crate::deployment::promql::{groupings, is_added_up, metrics_in, selectors};
use crate::deployment::text_of;
use crate::failure::Outcome;
use crate::place::Place;
use crate::program::read;

/// Prometheus puts these on whatever it scrapes.
const OF_PROMETHEUS: [&str; 2] = ["instance", "job"];

/// Where the words stand that a label may have, when not beside the macro that records it.
const ELSEWHERE: [(&str, &str); 3] =
    [("kind", "crates/store/src/jobs/mod.rs"), ("state", "crates/store/src/jobs/mod.rs"), ("route", "server/src")];

/// What is asked: where, the expression, and the text that names its series, with labels in braces.
pub(super) struct Asked {
    pub(super) place: String,
    pub(super) expression: String,
    pub(super) legend: String,
}

/// What the product records: the labels of each metric, and the text where their values stand.
#[derive(Debug, Default)]
pub(super) struct Recorded {
    labels: BTreeMap<String, BTreeSet<String>>,
    sources: BTreeMap<String, String>,
    /// What whoever says `route` must find.
    elsewhere: BTreeMap<&'static str, String>,
    jobs: BTreeSet<String>,
}

impl Recorded {
    /// Reads them from the macros in the sources; `described` has kind and name of each metric.
    pub(super) fn read(place: &Place, described: &[(String, String)]) -> Outcome<Self> {
        let mut recorded = Self::default();
        for (kind, name) in described {
            let call = format!("{kind}!(\"{name}\"");
            let listed = read(place.program("git").args(["grep", "-lF", "-e", &call, "--", "server/src", "crates"]))?;
            for file in listed.lines().filter(|file| !file.contains("/tests/")) {
                recorded.learn(name, &call, &text_of(&place.root.join(file))?);
            }
        }
        for (label, files) in ELSEWHERE {
            let words = read(place.program("git").args(["grep", "-hoE", "\"[^\"]+\"", "--", files]))?;
            recorded.elsewhere.insert(label, words);
        }
        let prometheus = text_of(&place.root.join("deploy/prometheus/prometheus.yml"))?;
        let jobs = prometheus.lines().filter_map(|line| line.trim().strip_prefix("- job_name: "));
        recorded.jobs = jobs.map(str::to_owned).collect();
        Ok(recorded)
    }

    /// One file that records a metric.
    fn learn(&mut self, name: &str, call: &str, source: &str) {
        let labels = self.labels.entry(name.to_owned()).or_default();
        // What stands before it is `describe_…` where it is no call.
        for (position, _) in source.match_indices(call).filter(|(position, _)| !source[..*position].ends_with('_')) {
            let arguments = inside_parentheses(&source[position + call.len()..]);
            labels.extend(quoted_before(arguments, " =>"));
            if arguments.contains("&labels") {
                let list = source.split("let labels = [").nth(1).and_then(|rest| rest.split("];").next());
                labels.extend(list.into_iter().flat_map(|list| quoted_before(list, ", ")));
            }
        }
        self.sources.entry(name.to_owned()).or_default().push_str(source);
    }

    /// A rule that keeps what an expression says, under a name of its own.
    pub(super) fn learn_rule(&mut self, name: &str, expression: &str) {
        let labels = groupings(expression).into_iter().filter(|label| label != "le").collect();
        let metrics = metrics_in(expression);
        let sources = metrics.iter().filter_map(|metric| self.sources.get(base(metric)));
        let source = sources.map(String::as_str).collect::<Vec<_>>().join("\n");
        self.labels.insert(name.to_owned(), labels);
        self.sources.insert(name.to_owned(), source);
    }

    /// What is wrong with one expression.
    pub(super) fn faults(&self, asked: &Asked) -> Vec<String> {
        let Asked { place, expression, legend } = asked;
        let mut faults = Vec::new();
        let mut fault = |what: String| faults.push(format!("{place}: {what}: {expression}"));
        for (metric, matchers) in selectors(expression) {
            let known = self.labels_of(&metric);
            for matcher in matchers {
                if !known.contains(&matcher.label) {
                    fault(format!("{metric} has no label `{}`", matcher.label));
                }
                let is_pattern = matcher.operator.ends_with('~');
                for value in if is_pattern { alternatives(&matcher.value) } else { vec![matcher.value.clone()] } {
                    if !self.is_recorded(&metric, &matcher.label, &value, is_pattern) {
                        fault(format!("nothing records {}=\"{value}\"", matcher.label));
                    }
                }
            }
        }
        let metrics = metrics_in(expression);
        let known: BTreeSet<String> = metrics.iter().flat_map(|metric| self.labels_of(metric)).collect();
        let grouped = groupings(expression);
        for label in grouped.difference(&known) {
            fault(format!("nothing in it has a label `{label}`"));
        }
        let left = if grouped.is_empty() && is_added_up(expression) {
            BTreeSet::new()
        } else if grouped.is_empty() {
            known
        } else {
            grouped
        };
        for label in legend.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()) {
            let label = label.trim().trim_start_matches("$labels.");
            if !left.contains(label) && !label.starts_with("$value") {
                fault(format!("no series of it has a label `{label}`"));
            }
        }
        faults
    }

    fn labels_of(&self, metric: &str) -> BTreeSet<String> {
        let mut labels = self.labels.get(metric).or_else(|| self.labels.get(base(metric))).cloned().unwrap_or_default();
        if !metric.contains(':') {
            labels.extend(OF_PROMETHEUS.map(str::to_owned));
        }
        if metric.ends_with("_bucket") {
            labels.insert("le".to_owned());
        }
        labels
    }

    /// Whether a value can come: as it is, or as the beginning of one that a pattern leaves open.
    fn is_recorded(&self, metric: &str, label: &str, value: &str, is_pattern: bool) -> bool {
        if label == "status" {
            return value.len() == 3 && value.chars().all(|sign| sign.is_ascii_digit() || is_pattern && sign == '.');
        }
        let begins = is_pattern.then(|| value.strip_suffix(".*").or_else(|| value.strip_suffix(".+"))).flatten();
        if label == "job" {
            return self.jobs.iter().any(|job| begins.map_or(job == value, |begins| job.starts_with(begins)));
        }
        let wanted = begins.map_or(format!("\"{value}\""), |begins| format!("\"{begins}"));
        let beside = self.sources.get(metric).or_else(|| self.sources.get(base(metric)));
        beside.is_some_and(|source| source.contains(&wanted))
            || self.elsewhere.get(label).is_some_and(|words| words.contains(&wanted))
    }
}

/// The histogram that a series is of.
fn base(metric: &str) -> &str {
    ["_bucket", "_count", "_sum"].iter().find_map(|suffix| metric.strip_suffix(suffix)).unwrap_or(metric)
}

/// The values of a pattern such as `a|b`, `x/(a|b)` or `x/(a|b)|c`.
fn alternatives(pattern: &str) -> Vec<String> {
    let mut depth = 0_u32;
    let parts = pattern.split(|sign| {
        match sign {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        sign == '|' && depth == 0
    });
    parts.flat_map(of_one_group).collect()
}

/// The values of a pattern with at most one group in it.
fn of_one_group(pattern: &str) -> Vec<String> {
    let Some((before, rest)) = pattern.split_once('(') else { return vec![pattern.to_owned()] };
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    inside.split('|').map(|inside| format!("{before}{inside}{after}")).collect()
}

/// Up to the parenthesis that closes what is open.
fn inside_parentheses(text: &str) -> &str {
    let mut depth = 1_u32;
    for (position, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..position];
        }
    }
    text
}

/// Words in quotation marks with `mark` behind them.
fn quoted_before(text: &str, mark: &str) -> BTreeSet<String> {
    let pieces: Vec<&str> = text.split('"').collect();
    let words = pieces.windows(2).skip(1).step_by(2);
    words.filter(|pair| pair[1].starts_with(mark)).map(|pair| pair[0].to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded() -> Recorded {
        let mut recorded = Recorded::default();
        let source = r#"
            describe_gauge!("jobs", "Jobs.");
            gauge!("jobs", "kind" => kind.word(), "state" => "done-well").set(count());
            let labels = [("method", method()), ("status", status.to_string())];
            counter!("asked_total", &labels).increment(1);
            histogram!("took_seconds", "route" => route.clone()).record(1.0);
        "#;
        for (kind, name) in [("gauge", "jobs"), ("counter", "asked_total"), ("histogram", "took_seconds")] {
            recorded.learn(name, &format!("{kind}!(\"{name}\""), source);
        }
        recorded.jobs.insert("packer-backend".to_owned());
        recorded.elsewhere.insert("route", "\"/api/v1/events\"\n\"/api/v1/books/{id}\"\n".to_owned());
        recorded.learn_rule("all:jobs:max", "max by (kind, state) (jobs)");
        recorded
    }

    fn faults(expression: &str, legend: &str) -> String {
        let asked = Asked { place: "x".to_owned(), expression: expression.to_owned(), legend: legend.to_owned() };
        recorded().faults(&asked).join("; ")
    }

    #[test]
    fn a_pattern_is_taken_apart_at_its_bars_and_in_its_group() {
        assert_eq!(alternatives("a|b"), ["a", "b"]);
        assert_eq!(alternatives("x/(a|b.*)"), ["x/a", "x/b.*"]);
        assert_eq!(alternatives("x/(a|b)|c.*|d"), ["x/a", "x/b", "c.*", "d"]);
    }

    #[test]
    fn labels_and_values_that_are_recorded_pass() {
        for (expression, legend) in [
            ("sum by (state) (all:jobs:max{state=~\"done.*\"})", "{{state}}"),
            ("rate(asked_total{status=~\"5..\", job=\"packer-backend\"}[5m])", "{{method}} {{instance}}"),
            ("histogram_quantile(0.5, sum by (le, route) (rate(took_seconds_bucket[5m])))", "{{route}}"),
            ("took_seconds_count{route!~\"/api/v1/(events|books.*)\"}", "{{ $labels.route }}: {{ $value }}"),
            ("jobs{job=~\"packer-.+\", kind=\"done-well\"}", ""),
        ] {
            assert_eq!(faults(expression, legend), "", "{expression}");
        }
    }

    #[test]
    fn what_nobody_records_is_named() {
        for (expression, legend, fault) in [
            ("jobs{stat=\"done-well\"}", "", "jobs has no label `stat`"),
            ("jobs{state=\"well-done\"}", "", "nothing records state=\"well-done\""),
            ("all:jobs:max{instance=\"a\"}", "", "all:jobs:max has no label `instance`"),
            ("sum by (rout) (took_seconds_count)", "", "nothing in it has a label `rout`"),
            ("sum(asked_total)", "{{method}}", "no series of it has a label `method`"),
            ("asked_total", "{{route}}", "no series of it has a label `route`"),
            ("asked_total{status=\"5..\"}", "", "nothing records status=\"5..\""),
            ("asked_total{job=\"packer\"}", "", "nothing records job=\"packer\""),
            ("took_seconds_sum{route=~\"/api/v1/(events|boks.*)\"}", "", "nothing records route=\"/api/v1/boks.*\""),
        ] {
            assert!(faults(expression, legend).contains(fault), "{expression}: {}", faults(expression, legend));
        }
    }
}
