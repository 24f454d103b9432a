//! Migrations that only add: nodes of the version before believe their name, `expand_…`, and work on beside the new schema.

use std::collections::BTreeSet;

/// What the name of such a file holds behind its number.
pub(super) const MARK: &str = "_expand_";

/// The statements of a file that an older version may trip over: all that is not known to leave alone what it reads and
/// writes.
pub(super) fn narrowing(sql: &str) -> Vec<String> {
    let statements: Vec<Vec<String>> = words(sql).split(|word| word == ";").map(<[String]>::to_vec).collect();
    let mut made = Made::default();
    for statement in &statements {
        made.learn(&as_words(statement));
    }
    let narrow = statements.iter().filter(|statement| !statement.is_empty() && !made.allows(&as_words(statement)));
    narrow.map(|statement| statement.join(" ")).collect()
}

/// What a file makes itself: nobody older knows of it.
#[derive(Debug, Default)]
struct Made {
    tables: BTreeSet<String>,
    columns: BTreeSet<String>,
    indexes: BTreeSet<String>,
}

impl Made {
    fn learn(&mut self, statement: &[&str]) {
        match statement {
            ["CREATE", "TABLE", name, ..] => {
                self.tables.insert((*name).to_owned());
            }
            ["CREATE", "INDEX", name, ..] | ["CREATE", "UNIQUE", "INDEX", name, ..] => {
                self.indexes.insert((*name).to_owned());
            }
            ["ALTER", "TABLE", _, changes @ ..] => {
                for change in parts(changes) {
                    let _is_new = match change {
                        ["ADD", "COLUMN", name, ..] => self.columns.insert((*name).to_owned()),
                        ["ADD", "KEY" | "INDEX", name, ..] => self.indexes.insert((*name).to_owned()),
                        _ => false,
                    };
                }
            }
            _ => {}
        }
    }

    fn allows(&self, statement: &[&str]) -> bool {
        match statement {
            ["CREATE", "TABLE" | "INDEX", ..] => true,
            // What may stand only once in a table that an older version writes would refuse it.
            ["CREATE", "UNIQUE", "INDEX", _, "ON", table, ..] | ["INSERT", "INTO", table, ..] => {
                self.tables.contains(*table)
            }
            ["DROP", "INDEX", name, ..] => self.indexes.contains(*name),
            ["ALTER", "TABLE", _, changes @ ..] => parts(changes).iter().all(|change| self.allows_change(change)),
            ["UPDATE", _, "SET", rest @ ..] => {
                let end = rest.iter().position(|word| *word == "WHERE").unwrap_or(rest.len());
                parts(&rest[..end]).iter().all(|part| part.first().is_some_and(|name| self.columns.contains(*name)))
            }
            _ => false,
        }
    }

    fn allows_change(&self, change: &[&str]) -> bool {
        match change {
            // An older version writes rows without it.
            ["ADD", "COLUMN", _, definition @ ..] => {
                let is_required = definition.windows(2).any(|pair| pair == ["NOT", "NULL"]);
                let is_filled = definition.contains(&"DEFAULT");
                let is_single = definition.iter().any(|word| ["UNIQUE", "PRIMARY"].contains(word));
                !is_single && (is_filled || !is_required)
            }
            ["ADD", "KEY" | "INDEX", ..] => true,
            // It comes back, made otherwise, under its name.
            ["DROP", "KEY" | "INDEX", name] => self.indexes.contains(*name),
            _ => false,
        }
    }
}

/// What stands between commas that are in no parentheses.
fn parts<'words, 'text>(words: &'words [&'text str]) -> Vec<&'words [&'text str]> {
    let mut depth = 0_u32;
    let is_comma = |word: &&str| {
        match *word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *word == ","
    };
    words.split(is_comma).collect()
}

/// Words in capitals, and every other sign alone; no comment, and of a text in quotation marks these alone.
fn words(sql: &str) -> Vec<String> {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let code = lines.collect::<Vec<_>>().join("\n");
    let mut words = Vec::new();
    for (position, piece) in code.split('\'').enumerate() {
        if position % 2 == 1 {
            words.push("''".to_owned());
            continue;
        }
        let mut word = String::new();
        for character in piece.chars() {
            if character.is_alphanumeric() || character == '_' {
                word.extend(character.to_uppercase());
                continue;
            }
            if !word.is_empty() {
                words.push(std::mem::take(&mut word));
            }
            // Quoted or not, a name is the same.
            if !character.is_whitespace() && character != '`' && character != '"' {
                words.push(character.to_string());
            }
        }
        if !word.is_empty() {
            words.push(word);
        }
    }
    words
}

fn as_words(statement: &[String]) -> Vec<&str> {
    statement.iter().map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_adds_passes() {
        for sql in [
            "-- Don't DROP anything;\nCREATE TABLE t (a BIGINT NOT NULL, UNIQUE KEY (a));",
            "ALTER TABLE t ADD COLUMN a BIGINT NULL;\nALTER TABLE t ADD COLUMN b BIGINT NOT NULL DEFAULT 1;",
            "ALTER TABLE t ADD COLUMN a TEXT CHECK (length(a) <= 5), ADD KEY t_a (a, b);",
            "ALTER TABLE t DROP KEY one, ADD KEY one (a, b);",
            "DROP INDEX one;\nCREATE INDEX one ON t (a);",
            "CREATE TABLE t (a TEXT);\nCREATE UNIQUE INDEX t_a ON t (a);\nINSERT INTO t VALUES ('drop; table');",
            "ALTER TABLE t ADD COLUMN a TEXT;\nUPDATE t SET a = LOWER(b, '$.c') WHERE b = 'x';",
        ] {
            assert_eq!(narrowing(sql), Vec::<String>::new(), "{sql}");
        }
    }

    #[test]
    fn what_an_older_version_may_trip_over_is_named() {
        for sql in [
            "DROP TABLE t;",
            "alter table t drop column a;",
            "ALTER TABLE t ADD COLUMN b TEXT, DROP COLUMN a;",
            "ALTER TABLE t RENAME TO u;",
            "ALTER TABLE t RENAME COLUMN a TO b;",
            "RENAME TABLE t TO u;",
            "ALTER TABLE t MODIFY a BIGINT NOT NULL;",
            "ALTER TABLE t CHANGE a b BIGINT;",
            "ALTER TABLE t ALTER COLUMN a DROP DEFAULT;",
            "ALTER TABLE t ADD COLUMN a BIGINT NOT NULL;",
            "ALTER TABLE t ADD a BIGINT NOT NULL;",
            "ALTER TABLE t ADD COLUMN a BIGINT UNIQUE;",
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1);",
            "ALTER TABLE t ADD UNIQUE KEY u (a);",
            "CREATE UNIQUE INDEX u ON t (a);",
            "ALTER TABLE t DROP KEY one, ADD KEY two (a);",
            "DROP INDEX one;",
            "UPDATE t SET a = 1;",
            "DELETE FROM t;",
            "INSERT INTO t VALUES (1);",
            "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;",
            "ALTER TABLE `t` /* why */ DROP `a`;",
        ] {
            assert_eq!(narrowing(sql).len(), 1, "{sql}");
        }
    }
}
