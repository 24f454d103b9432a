//! Lists of placeholders, for statements over several values or rows.

/// Rows that one `INSERT` carries: far below the engines' limits of bound values, far above one row a statement.
pub(crate) const ROWS_AT_ONCE: usize = 200;

/// Identifiers that one `IN` carries.
pub(crate) const VALUES_AT_ONCE: usize = 1_000;

/// `?, ?, ?`
pub(crate) fn placeholders(count: usize) -> String {
    vec!["?"; count].join(", ")
}

/// `(?, ?), (?, ?)`
pub(crate) fn placeholder_rows(rows: usize, columns: usize) -> String {
    vec![format!("({})", placeholders(columns)); rows].join(", ")
}
