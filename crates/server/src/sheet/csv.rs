//! Comma-separated values with the comma, semicolon or tab found by itself (RFC 4180 otherwise). Reads rows as a spreadsheet counts
//! them: a blank line is a row, a quoted cell may hold lines.

use domain::sheet::{Sheet, SheetProblem};

use super::shape::{Raw, Short, shape};

/// The separators, the most Finnish first.
const SEPARATORS: [char; 3] = [';', '\t', ','];

/// Reads a text as a table.
pub(super) fn read(text: &str) -> Result<Sheet, Vec<SheetProblem>> {
    let (told, text) = match text.strip_prefix("sep=") {
        // Excel's own first line.
        Some(rest) => (rest.chars().next(), rest.split_once('\n').map_or("", |(_, rest)| rest)),
        None => (None, text),
    };
    let told = told.filter(|separator| SEPARATORS.contains(separator));
    let rows = Rows { separator: told.unwrap_or_else(|| sniff(text)), rest: text.chars().peekable(), row: 0 };
    let first_row = if told.is_some() { 1 } else { 0 };
    let rows: Vec<Raw> = rows.map(|raw| Raw { row: raw.row + first_row, ..raw }).collect();
    shape(rows, Short::IsWrong)
}

/// The separator of a text: the one that its first filled line has most of outside quotation marks.
fn sniff(text: &str) -> char {
    let rows = |separator| Rows { separator, rest: text.chars().peekable(), row: 0 };
    let cells = |separator| {
        rows(separator)
            .find(|raw| raw.cells.iter().any(|cell| cell.contains(char::is_alphanumeric)))
            .map_or(0, |raw| raw.cells.len())
    };
    let most = SEPARATORS.iter().map(|&separator| cells(separator)).max().unwrap_or(0);
    SEPARATORS.into_iter().find(|&separator| cells(separator) == most).unwrap_or(';')
}

struct Rows<'a> {
    separator: char,
    rest: std::iter::Peekable<std::str::Chars<'a>>,
    row: u32,
}

impl Iterator for Rows<'_> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        self.rest.peek()?;
        self.row += 1;
        let mut raw = Raw { row: self.row, cells: Vec::new(), problems: Vec::new() };
        let mut cell = String::new();
        // Whether the cell was quoted from its beginning, and whether that quotation is still open.
        let (mut began, mut open) = (true, false);
        while let Some(c) = self.rest.next() {
            match c {
                '"' if open && self.rest.next_if_eq(&'"').is_some() => cell.push('"'),
                '"' if open => open = false,
                '"' if began => open = true,
                '\r' if open => {
                    self.rest.next_if_eq(&'\n');
                    cell.push('\n');
                }
                c if open => cell.push(c),
                '\r' | '\n' => {
                    if c == '\r' {
                        self.rest.next_if_eq(&'\n');
                    }
                    raw.cells.push(cell);
                    return Some(raw);
                }
                c if c == self.separator => {
                    raw.cells.push(std::mem::take(&mut cell));
                    began = true;
                    continue;
                }
                c => cell.push(c),
            }
            began = false;
        }
        if open {
            raw.problems
                .push((raw.cells.len(), "a quotation mark is not closed: the rest of the file hangs on this cell"));
        }
        raw.cells.push(cell);
        Some(raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u32, Vec<String>)> {
        let sheet = read(text).expect("a table");
        sheet.rows.into_iter().map(|row| (row.number, row.cells)).collect()
    }

    fn cells(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|&cell| cell.to_owned()).collect()
    }

    fn wrong(text: &str) -> Vec<(u32, String)> {
        let problems = read(text).map_or_else(|problems| problems, |sheet| sheet.problems.into_listed());
        problems.into_iter().map(|problem| (problem.row, problem.column)).collect()
    }

    #[test]
    fn comma_semicolon_and_tab_are_found() {
        for text in
            ["a,b\n1,2\n", "a;b\n1;2", "a\tb\r\n1\t2\r\n", "sep=,\r\na,b\r\n1,2", "a;b\r1;2\r", "\"a,x\";b\n1;2\n"]
        {
            assert_eq!(rows(text)[0].1, cells(&["1", "2"]), "{text:?}");
        }
        assert_eq!(rows("a;b\n1,5;2,5\n")[0].1, cells(&["1,5", "2,5"]));
        assert_eq!(rows("nimi\nAino\n"), [(2, cells(&["Aino"]))]);
    }

    #[test]
    fn quotation_marks_hold_separators_lines_and_themselves() {
        let text = "nimi;lisätiedot\r\nAino;\"rivi 1\r\nrivi; 2\"\r\n\r\nToivo;\"sanoi \"\"hei\"\" ja 5\"\"\"\r\n";
        assert_eq!(
            rows(text),
            [(2, cells(&["Aino", "rivi 1\nrivi; 2"])), (4, cells(&["Toivo", "sanoi \"hei\" ja 5\""]))]
        );
        assert_eq!(rows("a;b\nruuvi 5\" pitkä;2\n")[0].1, cells(&["ruuvi 5\" pitkä", "2"]));
    }

    #[test]
    fn blank_rows_count_and_trailing_separators_do_not() {
        assert_eq!(rows("sep=;\na;b;;\n\n1;2;;\n;;;\n"), [(4, cells(&["1", "2"]))]);
    }

    #[test]
    fn ragged_rows_are_named() {
        assert_eq!(wrong("a;b;c\n1;2;3\n1;2\n1;2;3;4\n"), [(3, String::new()), (4, String::new())]);
    }

    #[test]
    fn an_open_quotation_mark_is_named_where_it_opens() {
        assert_eq!(wrong("a;b\n1;2\n3;\"neljä\n5;6\n"), [(3, "b".to_owned())]);
    }
}
