//! Lists: what to pick, and one page of it by keyset, so that a page never shifts while others write.

use domain::{AssociationId, KindId, SeekerId, Timestamp};

/// Rows of a page when the caller says nothing.
pub const PAGE_SIZE_DEFAULT: u32 = 50;
/// Most rows of a page.
pub const PAGE_SIZE_MAX: u32 = 1_000;
/// Most rows that a call without pages hands back.
pub const ROWS_MAX: u32 = 1_000_000;

/// Which part of a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageRequest {
    /// Rows wanted: 0 means [`PAGE_SIZE_DEFAULT`], more than [`PAGE_SIZE_MAX`] means that.
    pub size: u32,
    /// Rows after this id: [`Page::next`] of the page before.
    pub after: Option<String>,
}

impl PageRequest {
    /// The first page of a size.
    #[must_use]
    pub fn first(size: u32) -> Self {
        Self { size, after: None }
    }

    /// The rows to hand back, 1 to [`PAGE_SIZE_MAX`].
    #[must_use]
    pub fn rows(&self) -> u32 {
        if self.size == 0 { PAGE_SIZE_DEFAULT } else { self.size.min(PAGE_SIZE_MAX) }
    }
}

/// A part of a list, ordered by id (bytewise, alike on both engines).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The id to go on after; none when this is the end.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with each row changed into another form.
    pub fn map<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(change).collect(), next: self.next }
    }

    /// Cuts a list fetched one row too long, by the id of its last row kept.
    pub(crate) fn cut(mut items: Vec<T>, page: &PageRequest, id: impl Fn(&T) -> String) -> Self {
        let rows = page.rows() as usize;
        let more = items.len() > rows;
        items.truncate(rows);
        let next = items.last().filter(|_| more).map(id);
        Self { items, next }
    }
}

/// Which resources of a collection are wanted: every condition that is set must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// Those of one association.
    pub association: Option<AssociationId>,
    /// Those in one of these states, by code (`open`); empty means any.
    pub states: Vec<String>,
    /// Those of one kind.
    pub kind: Option<KindId>,
    /// Those for one seeker.
    pub seeker: Option<SeekerId>,
    /// Those that end after this instant.
    pub from: Option<Timestamp>,
    /// Those that start before this instant.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// Everything.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// The same, in one state more: `Filter::any().state("open").state("offered")`.
    #[must_use]
    pub fn state(mut self, code: &str) -> Self {
        self.states.push(code.to_owned());
        self
    }

    /// The same, touching a period.
    #[must_use]
    pub fn between(self, from: Timestamp, to: Timestamp) -> Self {
        Self { from: Some(from), to: Some(to), ..self }
    }

    /// The states as one text, `,open,offered,`, for a `like` that both engines know.
    pub(crate) fn states_text(&self) -> Option<String> {
        (!self.states.is_empty()).then(|| format!(",{},", self.states.join(",")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_cut_where_more_rows_follow() {
        let page = Page::cut(vec![1, 2, 3], &PageRequest::first(2), ToString::to_string);
        assert_eq!(page, Page { items: vec![1, 2], next: Some("2".to_owned()) });
        assert_eq!(Page::cut(vec![1, 2], &PageRequest::first(2), ToString::to_string).next, None);
    }

    #[test]
    fn sizes_are_bounded() {
        assert_eq!([0, 1, 5_000].map(|size| PageRequest::first(size).rows()), [PAGE_SIZE_DEFAULT, 1, PAGE_SIZE_MAX]);
    }
}
