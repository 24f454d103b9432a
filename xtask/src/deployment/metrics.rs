//! The metrics that dashboards and rules name are those that the product keeps.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use crate::deployment::{text_of, workshop};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};

/// Prometheus keeps these itself.
const OF_PROMETHEUS: [&str; 1] = ["up"];

/// Words of PromQL that may stand where a metric may.
const WORDS: [&str; 9] = ["and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset"];

pub(super) fn check(place: &Place) -> Outcome {
    let described = described(&text_of(&place.root.join("server/src/metrics.rs"))?);
    are_kept(place, &described)?;

    let mut known: BTreeSet<String> = OF_PROMETHEUS.iter().map(|name| (*name).to_owned()).collect();
    for (kind, name) in &described {
        known.insert(name.clone());
        if kind == "histogram" {
            known.extend(["_bucket", "_count", "_sum"].map(|suffix| format!("{name}{suffix}")));
        }
    }
    let mut expressions = Vec::new();
    // What nginx says, and what rules make of all.
    known.extend(
        values_of(&text_of(&place.root.join("nginx/metrics.sh"))?, "echo '# TYPE ")
            .iter()
            .filter_map(|line| line.split_once(' ').map(|(name, _)| name.to_owned())),
    );
    for file in ["rules.yml", "alerts.yml"] {
        let text = text_of(&place.root.join("deploy/prometheus").join(file))?;
        known.extend(values_of(&text, "- record: "));
        expressions.extend(of_rules(&text).into_iter().map(|expression| (file.to_owned(), expression)));
    }
    let folder = place.root.join("deploy/grafana/dashboards");
    let dashboards = fs::read_dir(&folder).map_err(Failure::while_doing(folder.display()))?;
    let mut of_dashboards = Vec::new();
    for path in dashboards.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        of_dashboards.extend(of_dashboard(&text_of(&path)?).into_iter().map(|expression| (name.clone(), expression)));
    }
    if of_dashboards.is_empty() {
        return Err(Failure::new("no dashboard asks anything"));
    }
    parse(place, &of_dashboards)?;
    expressions.extend(of_dashboards);
    let mut faults = String::new();
    for (file, expression) in &expressions {
        for metric in metrics_in(expression).iter().filter(|metric| !known.contains(*metric)) {
            // Writing to a String does not fail.
            let _ = writeln!(faults, "{file} asks for {metric}, which nobody keeps: {expression}");
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.trim_end())) }
}

/// A metric that is described and never set is an empty panel.
fn are_kept(place: &Place, described: &[(String, String)]) -> Outcome {
    let mut faults = String::new();
    for (kind, name) in described {
        let set = format!("[^_]{kind}!(\"{name}\"");
        if read(place.program("git").args(["grep", "--quiet", "-e", &set, "--", "*.rs"])).is_err() {
            let _ = writeln!(faults, "{name} is described, and nothing sets it");
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.trim_end())) }
}

/// Lets Prometheus read the expressions of the dashboards, as rules.
fn parse(place: &Place, expressions: &[(String, String)]) -> Outcome {
    let mut rules = String::from("groups:\n  - name: dashboards\n    rules:\n");
    for (position, (_, expression)) in expressions.iter().enumerate() {
        let quoted = expression.replace('\'', "''");
        let _ = writeln!(rules, "      - record: panel_{position}\n        expr: '{quoted}'");
    }
    let file = workshop(place, "dashboards")?.join("rules.yml");
    fs::write(&file, rules).map_err(Failure::while_doing(file.display()))?;
    run(place.program("promtool").args(["check", "rules"]).arg(&file))
}

/// Kind and name, from `describe_gauge!("name"`.
fn described(source: &str) -> Vec<(String, String)> {
    let calls = source.split("describe_").skip(1);
    let call = |text: &str| {
        let (kind, rest) = text.split_once("!(\"")?;
        Some((kind.to_owned(), rest.split('"').next()?.to_owned()))
    };
    calls.filter_map(call).filter(|(kind, _)| ["counter", "gauge", "histogram"].contains(&kind.as_str())).collect()
}

fn values_of(text: &str, key: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.trim().strip_prefix(key)).map(str::to_owned).collect()
}

/// What stands behind `expr:`, also when it is folded over several lines.
fn of_rules(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(rest) = line.trim().strip_prefix("expr: ") else { continue };
        if rest != ">-" {
            found.push(rest.to_owned());
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        let mut whole = String::new();
        while let Some(more) = lines.next_if(|next| next.len() - next.trim_start().len() > indent) {
            whole.push_str(more.trim());
            whole.push(' ');
        }
        found.push(whole.trim_end().to_owned());
    }
    found
}

/// The values of `"expr"` in JSON.
fn of_dashboard(json: &str) -> Vec<String> {
    let values = json.lines().filter_map(|line| line.trim().strip_prefix("\"expr\": \""));
    values
        .map(|value| value.trim_end_matches(',').trim_end_matches('"').replace("\\\"", "\"").replace("\\\\", "\\"))
        .collect()
}

/// Names that are neither functions nor labels, texts or words of the language.
fn metrics_in(expression: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut braces, mut labels, mut rest) = (0_u32, false, expression);
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
            rest = &rest[end..];
        } else if first.is_ascii_alphabetic() || first == '_' || first == ':' {
            let end =
                rest.find(|it: char| !(it.is_ascii_alphanumeric() || it == '_' || it == ':')).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let next = after.trim_start();
            // `sum by (route) (…)`: between a function and its arguments may stand what it groups by.
            let is_function = ["(", "by ", "by(", "without ", "without("].iter().any(|it| next.starts_with(it));
            labels |= ["by", "without", "on", "ignoring"].contains(&name) && next.starts_with('(');
            if braces == 0 && !labels && !is_function && !WORDS.contains(&name) {
                found.insert(name.to_owned());
            }
            rest = after;
        } else if first.is_ascii_digit() {
            // A number or a duration: `5m` is no metric.
            let end = rest.find(|it: char| !(it.is_ascii_alphanumeric() || it == '.')).unwrap_or(rest.len());
            rest = &rest[end..];
        } else {
            match first {
                '{' => braces += 1,
                '}' => braces = braces.saturating_sub(1),
                ')' => labels = false,
                _ => {}
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(expression: &str) -> Vec<String> {
        metrics_in(expression).into_iter().collect()
    }

    #[test]
    fn the_metrics_of_an_expression_are_told_from_everything_else() {
        let sum =
            r#"sum by (le, route) (rate(http_seconds_bucket{route!~"a|b_c"}[5m])) / clamp_min(all:x:rate5m, 0.1)"#;
        assert_eq!(names(sum), ["all:x:rate5m", "http_seconds_bucket"]);
        assert_eq!(names("(sum(node_ready) or vector(0)) == 0 and up offset 1h > 2e3"), ["node_ready", "up"]);
    }

    #[test]
    fn expressions_are_found_on_one_line_and_folded() {
        let text =
            "  - alert: A\n    expr: up == 0\n  - record: b\n    expr: >-\n      sum(x)\n      / y\n    for: 1m\n";
        assert_eq!(of_rules(text), ["up == 0", "sum(x) / y"]);
        assert_eq!(of_dashboard("  \"expr\": \"a{b=\\\"c\\\"}\",\n"), ["a{b=\"c\"}"]);
    }

    #[test]
    fn described_metrics_have_kind_and_name() {
        let source = "use metrics::describe_gauge;\ndescribe_gauge!(\"jobs\", \"Jobs.\");\ndescribe_histogram!(\"s\", Unit::Seconds";
        let expected = [("gauge", "jobs"), ("histogram", "s")].map(|(kind, name)| (kind.to_owned(), name.to_owned()));
        assert_eq!(described(source), expected);
    }
}
