//! The document between its marks: each part of a run owns one block and rewrites only that.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Puts `text` between the marks of `block`; at the end, with marks of its own, where there are none yet.
pub(super) fn rewrite(file: &Path, block: &str, text: &str) -> Result<()> {
    let old = fs::read_to_string(file).unwrap_or_else(|_| "# Benchmarks\n".to_owned());
    fs::write(file, with_block(&old, block, text)).with_context(|| format!("cannot write {}", file.display()))
}

fn with_block(document: &str, block: &str, text: &str) -> String {
    let (begin, end) = (format!("<!-- {block}: begin -->"), format!("<!-- {block}: end -->"));
    let inner = format!("{begin}\n{}\n{end}", text.trim());
    match document.split_once(&begin).and_then(|(head, rest)| rest.split_once(&end).map(|(_, tail)| (head, tail))) {
        Some((head, tail)) => format!("{head}{inner}{tail}"),
        None => format!("{}\n\n{inner}\n", document.trim_end()),
    }
}

/// A table; every column but the first is a number, so it stands to the right.
pub(super) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut text = format!("| {} |\n|---|{}\n", heads.join(" | "), "---:|".repeat(heads.len().saturating_sub(1)));
    for row in rows {
        text += &format!("| {} |\n", row.join(" | "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_replaced_and_the_rest_stays() {
        let first = with_block("# Head\n\nWords.\n", "plans", "old");
        let both = with_block(&first, "quote", "fast");
        let again = with_block(&both, "plans", "new");
        assert!(again.starts_with("# Head\n\nWords.\n\n<!-- plans: begin -->\nnew\n<!-- plans: end -->\n"), "{again}");
        assert!(again.contains("fast") && !again.contains("old"), "{again}");
    }

    #[test]
    fn a_table_has_a_line_of_rules() {
        assert_eq!(table(&["a", "b"], &[vec!["x".into(), "1".into()]]), "| a | b |\n|---|---:|\n| x | 1 |\n");
    }
}
