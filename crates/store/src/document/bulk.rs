//! Many rows as one: the database hands over the bodies of a part of a table in one long text, because each row costs the driver more
//! than what stands in it.

use super::{Document, read_text};
use crate::error::{Error, Result};

/// Some rows of a table: how many, the last id, and each as `id version bytes body` without anything in between.
pub(super) type Bulk = (i64, Option<String>, Option<String>);

/// The documents of a text, by id, each made into something else.
pub(super) fn documents<D: Document, T>(text: &str, make: impl Fn(D) -> T) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    let mut left = text;
    while !left.is_empty() {
        let (row, rest) = first(left).ok_or(Error::Corrupt { table: D::TABLE, column: "body", id: String::new() })?;
        rows.push(row);
        left = rest;
    }
    // The order in which an engine puts texts together is its own business; mostly it is this one.
    rows.sort_by_key(|(id, ..)| *id);
    rows.into_iter().map(|(id, version, body)| read_text(id, version, body).map(&make)).collect()
}

/// Id, version and body of a row.
type Row<'a> = (&'a str, i64, &'a str);

/// The first row, and what follows it.
fn first(text: &str) -> Option<(Row<'_>, &str)> {
    let (id, text) = text.split_once(' ')?;
    let (version, text) = text.split_once(' ')?;
    let (bytes, text) = text.split_once(' ')?;
    let (body, rest) = text.split_at_checked(bytes.parse().ok()?)?;
    Some(((id, version.parse().ok()?, body), rest))
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn rows_come_apart_where_they_were_put_together() {
        let (row, rest) = first("v1 3 3 {äv2 1 0 ").expect("a row");
        assert_eq!((row, rest), (("v1", 3, "{ä"), "v2 1 0 "));
        assert_eq!(first(rest), Some((("v2", 1, ""), "")));
        for cut in ["v1", "v1 3", "v1 3 4", "v1 3 4 {", "v1 x 1 {", "v1 3 -1 {", "v1 3 2 {ä"] {
            assert_eq!(first(cut), None, "{cut}");
        }
    }
}
