//! As much of PromQL as one needs to know what an expression asks for. Whether it is right, promtool says.

use std::collections::BTreeSet;

/// Words that may stand where a metric may.
const WORDS: [&str; 9] = ["and", "or", "unless", "by", "without", "on", "ignoring", "bool", "offset"];

/// What leaves no label that it is not told to leave.
const ADDING_UP: [&str; 6] = ["sum", "max", "min", "avg", "count", "absent"];

/// `label="value"`, inside braces.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Matcher {
    pub(super) label: String,
    pub(super) operator: String,
    pub(super) value: String,
}

/// Names that are neither functions nor labels, texts or words of the language.
pub(super) fn metrics_in(expression: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let (mut braces, mut labels, mut rest) = (0_u32, false, expression);
    while let Some(first) = rest.chars().next() {
        if first == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
            rest = &rest[end..];
        } else if first.is_ascii_alphabetic() || first == '_' || first == ':' {
            let end = rest.find(|it: char| !is_of_name(it)).unwrap_or(rest.len());
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

/// Each metric that is asked for with braces, and what stands in them.
pub(super) fn selectors(expression: &str) -> Vec<(String, Vec<Matcher>)> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(open) = rest.find('{') {
        let start = rest[..open].rfind(|it: char| !is_of_name(it)).map_or(0, |before| before + 1);
        let (matchers, after) = matchers(&rest[open + 1..]);
        found.push((rest[start..open].to_owned(), matchers));
        rest = after;
    }
    found
}

/// Up to the brace that closes, and what follows it.
fn matchers(text: &str) -> (Vec<Matcher>, &str) {
    let mut found = Vec::new();
    let mut rest = text.trim_start_matches([' ', ',']);
    while !rest.starts_with('}') {
        let Some((label, _)) = rest.split_once(['=', '!']) else { return (found, "") };
        let operator = &rest[label.len()..];
        let Some(quote) = operator.find('"') else { return (found, "") };
        let value = &operator[quote + 1..];
        let end = value.find('"').unwrap_or(value.len());
        found.push(Matcher {
            label: label.trim().to_owned(),
            operator: operator[..quote].trim().to_owned(),
            value: value[..end].to_owned(),
        });
        rest = value.get(end + 1..).unwrap_or("}").trim_start_matches([' ', ',']);
    }
    (found, &rest[1..])
}

/// The labels that it is grouped or matched by, anywhere in it.
pub(super) fn groupings(expression: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let words = expression.split('"').step_by(2).collect::<String>();
    for piece in words.split('(').collect::<Vec<_>>().windows(2) {
        let before = piece[0].trim_end();
        let word = before.rsplit(|it: char| !is_of_name(it)).next().unwrap_or_default();
        if ["by", "without", "on", "ignoring"].contains(&word) {
            let labels = piece[1].split(')').next().unwrap_or_default();
            found.extend(labels.split(',').map(|label| label.trim().to_owned()));
        }
    }
    found
}

/// Whether something adds series up.
pub(super) fn is_added_up(expression: &str) -> bool {
    let mut words = expression.split(|it: char| !is_of_name(it));
    words.any(|word| ADDING_UP.contains(&word))
}

fn is_of_name(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_' || it == ':'
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
    fn what_stands_in_braces_is_read_with_its_metric() {
        let found = selectors(r#"sum(a{x="1", y!~"b|{c}"}) / rate(b:c{z="2"}[5m]) + d"#);
        let matcher = |label: &str, operator: &str, value: &str| Matcher {
            label: label.to_owned(),
            operator: operator.to_owned(),
            value: value.to_owned(),
        };
        let first = vec![matcher("x", "=", "1"), matcher("y", "!~", "b|{c}")];
        assert_eq!(found, [("a".to_owned(), first), ("b:c".to_owned(), vec![matcher("z", "=", "2")])]);
    }

    #[test]
    fn groupings_are_found_wherever_they_stand() {
        let found = groupings("topk(8, sum by (le, route) (x)) / on(job) y{z=\"by (no)\"}");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["job", "le", "route"]);
        assert!(is_added_up("max(x)") && !is_added_up("rate(sums[5m])"));
    }
}
