//! The metrics that dashboards and rules name are those that the product keeps, and each that it keeps is shown or watched.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use crate::deployment::labels::{Asked, Recorded};
use crate::deployment::promql::metrics_in;
use crate::deployment::{text_of, workshop};
use crate::failure::{Failure, Outcome};
use crate::place::Place;
use crate::program::{read, run};

/// Prometheus keeps these itself.
const OF_PROMETHEUS: [&str; 1] = ["up"];

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
    // What nginx says, and what rules make of all.
    let of_nginx = text_of(&place.root.join("nginx/metrics.sh"))?;
    let named = of_nginx.lines().filter_map(|line| line.trim().strip_prefix("echo '# TYPE ")?.split_once(' '));
    known.extend(named.map(|(name, _)| name.to_owned()));
    let mut recorded = Recorded::read(place, &described)?;
    let mut asked = Vec::new();
    for file in ["rules.yml", "alerts.yml"] {
        let text = text_of(&place.root.join("deploy/prometheus").join(file))?;
        for rule in of_rules(file, &text) {
            if let Some(name) = rule.records {
                recorded.learn_rule(&name, &rule.asked.expression);
                known.insert(name);
            }
            asked.push(rule.asked);
        }
    }
    let folder = place.root.join("deploy/grafana/dashboards");
    let dashboards = fs::read_dir(&folder).map_err(Failure::while_doing(folder.display()))?;
    let mut of_dashboards = Vec::new();
    for path in dashboards.flatten().map(|entry| entry.path()) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        of_dashboards.extend(of_dashboard(&name, &text_of(&path)?));
    }
    if of_dashboards.is_empty() {
        return Err(Failure::new("no dashboard asks anything"));
    }
    parse(place, &of_dashboards)?;
    asked.extend(of_dashboards);
    let faults = [unknown(&asked, &known), unseen(&asked, &described)].concat();
    let of_labels = asked.iter().flat_map(|asked| recorded.faults(asked));
    let faults: Vec<String> = faults.into_iter().chain(of_labels).collect();
    if faults.is_empty() { Ok(()) } else { Err(Failure::new(faults.join("\n"))) }
}

/// Metrics that are asked for, and that nobody keeps.
fn unknown(asked: &[Asked], known: &BTreeSet<String>) -> Vec<String> {
    let faults = asked.iter().flat_map(|Asked { place, expression, .. }| {
        let unknown = metrics_in(expression).into_iter().filter(|metric| !known.contains(metric));
        unknown.map(move |metric| format!("{place} asks for {metric}, which nobody keeps: {expression}"))
    });
    faults.collect()
}

/// Metrics that are kept, and that no dashboard shows and no rule asks for.
fn unseen(asked: &[Asked], described: &[(String, String)]) -> Vec<String> {
    let seen: BTreeSet<String> = asked.iter().flat_map(|asked| metrics_in(&asked.expression)).collect();
    let is_seen =
        |name: &str| ["", "_bucket", "_count", "_sum"].iter().any(|end| seen.contains(&format!("{name}{end}")));
    let unseen = described.iter().filter(|(_, name)| !is_seen(name));
    unseen.map(|(_, name)| format!("{name} is kept, and no dashboard shows it and no rule asks for it")).collect()
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
fn parse(place: &Place, asked: &[Asked]) -> Outcome {
    let mut rules = String::from("groups:\n  - name: dashboards\n    rules:\n");
    for (position, asked) in asked.iter().enumerate() {
        let quoted = asked.expression.replace('\'', "''");
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

/// A rule or an alert.
struct Rule {
    /// The name that it keeps its answer under, when it is no alert.
    records: Option<String>,
    asked: Asked,
}

/// Each with what stands behind `expr:`, also when it is folded over several lines, and its summary.
fn of_rules(file: &str, text: &str) -> Vec<Rule> {
    let mut found: Vec<Rule> = Vec::new();
    let mut records = None;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if let Some(name) = trimmed.strip_prefix("- record: ") {
            records = Some(name.to_owned());
        }
        if let (Some(summary), Some(last)) = (trimmed.strip_prefix("summary: "), found.last_mut()) {
            summary.clone_into(&mut last.asked.legend);
        }
        let Some(rest) = trimmed.strip_prefix("expr: ") else { continue };
        let mut expression = rest.to_owned();
        if rest == ">-" {
            let indent = line.len() - line.trim_start().len();
            let is_deeper = |next: &&str| next.len() - next.trim_start().len() > indent;
            let folded = std::iter::from_fn(|| lines.next_if(is_deeper)).map(str::trim);
            expression = folded.collect::<Vec<_>>().join(" ");
        }
        let asked = Asked { place: file.to_owned(), expression, legend: String::new() };
        found.push(Rule { records: records.take(), asked });
    }
    found
}

/// The values of `"expr"` in JSON, each with that of `"legendFormat"`, which follows.
fn of_dashboard(file: &str, json: &str) -> Vec<Asked> {
    let value = |line: &str, key: &str| {
        let value = line.trim().strip_prefix(key)?.strip_prefix(": \"")?;
        let value = value.trim_end_matches(',').trim_end_matches('"');
        Some(value.replace("\\\"", "\"").replace("\\\\", "\\"))
    };
    let mut found: Vec<Asked> = Vec::new();
    for line in json.lines() {
        if let Some(expression) = value(line, "\"expr\"") {
            found.push(Asked { place: file.to_owned(), expression, legend: String::new() });
        }
        if let (Some(legend), Some(last)) = (value(line, "\"legendFormat\""), found.last_mut()) {
            last.legend = legend;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(expression: &str) -> Asked {
        Asked { place: "x".to_owned(), expression: expression.to_owned(), legend: String::new() }
    }

    #[test]
    fn expressions_are_found_on_one_line_and_folded() {
        let text = "  - alert: A\n    expr: up == 0\n    annotations:\n      summary: \"{{ $labels.job }}\"\n  \
                    - record: b\n    expr: >-\n      sum(x)\n      / y\n    for: 1m\n";
        let rules = of_rules("a.yml", text);
        assert_eq!((rules[0].asked.expression.as_str(), rules[1].asked.expression.as_str()), ("up == 0", "sum(x) / y"));
        assert_eq!((rules[0].records.as_deref(), rules[1].records.as_deref()), (None, Some("b")));
        assert_eq!(rules[0].asked.legend, "\"{{ $labels.job }}\"");
        let json = "  \"expr\": \"a{b=\\\"c\\\"}\",\n  \"legendFormat\": \"{{b}}\",\n";
        let found = of_dashboard("a.json", json);
        assert_eq!((found[0].expression.as_str(), found[0].legend.as_str()), ("a{b=\"c\"}", "{{b}}"));
    }

    #[test]
    fn what_is_asked_and_not_kept_or_kept_and_not_seen_is_named() {
        let described = [("counter", "a_total"), ("histogram", "b_seconds")];
        let described = described.map(|(kind, name)| (kind.to_owned(), name.to_owned()));
        let all = [asked("rate(a_total[5m])"), asked("b_seconds_bucket")];
        assert!(unseen(&all, &described).is_empty());
        assert_eq!(unseen(&all[..1], &described).len(), 1);
        let known = BTreeSet::from(["a_total".to_owned()]);
        assert_eq!(unknown(&all, &known).len(), 1);
        assert!(unknown(&all[..1], &known).is_empty());
    }

    #[test]
    fn described_metrics_have_kind_and_name() {
        let source = "use metrics::describe_gauge;\ndescribe_gauge!(\"jobs\", \"Jobs.\");\ndescribe_histogram!(\"s\", Unit::Seconds";
        let expected = [("gauge", "jobs"), ("histogram", "s")].map(|(kind, name)| (kind.to_owned(), name.to_owned()));
        assert_eq!(described(source), expected);
    }
}
