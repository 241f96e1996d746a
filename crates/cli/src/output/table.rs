//! Aligned columns without frames: easy to read, easy to cut.

use comfy_table::{CellAlignment, Table, presets};

fn bare() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}

fn shorten(text: &str, width_max: usize) -> String {
    let one_line = text.replace(['\n', '\r'], " ");
    if one_line.chars().count() <= width_max {
        return one_line;
    }
    let mut short: String = one_line.chars().take(width_max.saturating_sub(1)).collect();
    short.push('…');
    short
}

fn finished(mut table: Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let mut text = table.trim_fmt();
    text.push('\n');
    text
}

/// Headings in capitals and rows, every cell cut at its column's width.
pub(crate) fn columns_text(headings: &[&str], widths_max: &[usize], rows: &[Vec<String>]) -> String {
    let mut table = bare();
    table.set_header(headings.iter().map(|heading| heading.to_uppercase()));
    let width_of = |index: usize| widths_max.get(index).copied().unwrap_or(usize::MAX);
    for row in rows {
        table.add_row(row.iter().enumerate().map(|(index, cell)| shorten(cell, width_of(index))));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        let mut cells = rows.iter().filter_map(|row| row.get(index)).filter(|cell| !cell.is_empty()).peekable();
        if cells.peek().is_some() && cells.all(|cell| is_number(cell)) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    finished(table)
}

/// Names and values, one pair a line.
pub(crate) fn pairs_text(pairs: &[(String, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    pairs.iter().map(|(name, value)| format!("{name:width$}  {}\n", value.replace(['\n', '\r'], " "))).collect()
}

fn is_number(cell: &str) -> bool {
    cell.trim_end_matches(['%', ' ']).parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_end_where_the_text_ends() {
        let rows = vec![vec!["g1".to_owned(), "5".to_owned()], vec!["g100".to_owned(), "16".to_owned()]];
        assert_eq!(columns_text(&["gig", "weight"], &[9, 9], &rows), "GIG   WEIGHT\ng1         5\ng100      16\n");
    }

    #[test]
    fn long_cells_are_cut_and_stay_on_one_line() {
        let rows = vec![vec!["a\nb cdefgh".to_owned()]];
        assert_eq!(columns_text(&["note"], &[5], &rows), "NOTE\na b …\n");
    }
}
