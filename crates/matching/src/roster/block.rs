//! Some thousands of members as columns: bits for what a look asks of all of them, rows for what it asks of few.

use super::bits::{Bits, ROWS};
use super::calendar::{Calendar, QUARTERS, Usual, WEEK};
use super::lull::Lull;
use super::plane::Home;
use super::row::{NEVER, Row, UNBORN, unpack};
use crate::snapshot::Span;

/// What a member is, for the columns.
#[derive(Debug, Clone)]
pub(super) struct Marks {
    /// Whether they take gigs at all.
    pub(super) takes: bool,
    pub(super) is_active: bool,
    /// Kinds, likes, languages, lasting skills, limited skills and traits as bits of words.
    pub(super) words: [u64; SORTS],
    pub(super) association: u32,
    pub(super) birth_year: i16,
    pub(super) last_gig_end: i64,
    /// What orders them by their id, as far as it goes.
    pub(super) key: u64,
    pub(super) usual: Usual,
    /// Days that the trips of their promises touch.
    pub(super) taken: u128,
    /// What is left for calls there, day by day, ascending.
    pub(super) lulls: Vec<(usize, Lull)>,
    /// Weeks of their promises, and those that hold as many as they take.
    pub(super) promised: u128,
    pub(super) full: u128,
}

/// Sorts of words in [`Marks::words`].
pub(super) const SORTS: usize = 6;
pub(super) const KINDS: usize = 0;
pub(super) const LIKES: usize = 1;
pub(super) const LANGUAGES: usize = 2;
pub(super) const SKILLS: usize = 3;
pub(super) const LIMITED: usize = 4;
pub(super) const TRAITS: usize = 5;

/// A day of the horizon.
#[derive(Debug, Clone, Default)]
pub(super) struct Day {
    /// Whose usual hours hold.
    pub(super) usual: Bits,
    /// Who has others, or has promised something that lulls cannot say.
    pub(super) odd: Bits,
    /// Who has promised something.
    pub(super) taken: Bits,
    /// What their promises leave those of usual hours for calls, rows ascending.
    pub(super) lulls: Vec<Lull>,
}

/// A week of the horizon.
#[derive(Debug, Clone, Default)]
pub(super) struct Week {
    /// Who has promised something.
    pub(super) promised: Bits,
    /// Who has promised all they take.
    pub(super) full: Bits,
}

/// A window of somebody's usual week, on its day: quarters of an hour.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay {
    pub(super) row: u16,
    pub(super) from: u8,
    pub(super) to: u8,
}

/// Members by number; numbers of those who left stand empty until others come.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) rows: Vec<Row>,
    windows: Vec<u32>,
    /// Who is active, and takes gigs at all.
    pub(super) takes: Bits,
    /// Who is active, whatever their caps.
    pub(super) active: Bits,
    /// Rows that do not fit into bits.
    pub(super) whole: Bits,
    pub(super) words: [Vec<Bits>; SORTS],
    pub(super) days: Vec<Day>,
    pub(super) weeks: Vec<Week>,
    hours: Vec<Bits>,
    /// The windows of usual weeks by day of the week, those of one row beside each other, rows ascending.
    stays: [Vec<Stay>; WEEK],
    pub(super) homes: Vec<Home>,
    pub(super) associations: Vec<u32>,
    pub(super) birth_years: Vec<i16>,
    pub(super) last_gig_ends: Vec<i64>,
    pub(super) keys: Vec<u64>,
}

impl Block {
    /// An empty one for the days of a calendar.
    pub(super) fn new(calendar: &Calendar) -> Self {
        Self {
            rows: Vec::new(),
            windows: Vec::new(),
            takes: Bits::default(),
            active: Bits::default(),
            whole: Bits::default(),
            words: Default::default(),
            days: vec![Day::default(); calendar.days()],
            weeks: vec![Week::default(); calendar.weeks()],
            hours: vec![Bits::default(); WEEK * QUARTERS],
            stays: Default::default(),
            homes: Vec::new(),
            associations: Vec::new(),
            birth_years: Vec::new(),
            last_gig_ends: Vec::new(),
            keys: Vec::new(),
        }
    }

    /// An empty one with room for so many rows: none is moved as it fills.
    pub(super) fn with_room(calendar: &Calendar, rows: usize) -> Self {
        Self {
            rows: Vec::with_capacity(rows),
            homes: Vec::with_capacity(rows),
            associations: Vec::with_capacity(rows),
            birth_years: Vec::with_capacity(rows),
            last_gig_ends: Vec::with_capacity(rows),
            keys: Vec::with_capacity(rows),
            ..Self::new(calendar)
        }
    }

    /// Whether there is no room at the end.
    pub(super) fn is_full(&self) -> bool {
        self.rows.len() >= ROWS
    }

    /// Whose usual hours hold a quarter of an hour.
    pub(super) fn hour(&self, weekday: usize, quarter: usize) -> &Bits {
        &self.hours[weekday * QUARTERS + quarter]
    }

    /// The windows of usual weeks on a day of the week, rows ascending.
    pub(super) fn stays(&self, weekday: usize) -> &[Stay] {
        &self.stays[weekday]
    }

    /// A word's column, if anybody here has it.
    pub(super) fn word(&self, sort: usize, number: u32) -> Option<&Bits> {
        self.words[sort].get(number as usize)
    }

    /// The windows of a row, ascending.
    pub(super) fn windows(&self, row: &Row, base: i64) -> impl Iterator<Item = Span> {
        let first = row.first_window as usize;
        self.windows[first..first + usize::from(row.window_count)].iter().map(move |&packed| unpack(base, packed))
    }

    /// Puts a member at a place that is empty, or at the end.
    pub(super) fn put(&mut self, at: usize, mut row: Row, windows: &[u32], marks: &Marks) {
        if at < self.rows.len() {
            self.tidy();
        }
        row.first_window = self.windows.len() as u32;
        row.window_count = windows.len() as u16;
        self.windows.extend_from_slice(windows);
        self.takes.set_if(at, marks.takes);
        self.active.set_if(at, marks.is_active);
        self.whole.set_if(at, row.whole().is_some());
        let home = Home::new(row.home(), row.speed_dkmh, row.max_travel_s);
        if at == self.rows.len() {
            self.homes.push(home);
            self.rows.push(row);
            self.associations.push(marks.association);
            self.birth_years.push(marks.birth_year);
            self.last_gig_ends.push(marks.last_gig_end);
            self.keys.push(marks.key);
        } else {
            self.homes[at] = home;
            self.rows[at] = row;
            self.associations[at] = marks.association;
            self.birth_years[at] = marks.birth_year;
            self.last_gig_ends[at] = marks.last_gig_end;
            self.keys[at] = marks.key;
        }
        for (columns, &bits) in self.words.iter_mut().zip(&marks.words) {
            for number in ones(u128::from(bits)) {
                if columns.len() <= number {
                    columns.resize(number + 1, Bits::default());
                }
                columns[number].set(at);
            }
        }
        for (weekday, &hours) in marks.usual.hours.iter().enumerate() {
            ones(hours).for_each(|quarter| self.hours[weekday * QUARTERS + quarter].set(at));
            let stays = &mut self.stays[weekday];
            let place = stays.partition_point(|stay| usize::from(stay.row) < at);
            stays.splice(place..place, runs(hours).map(|(from, to)| Stay { row: at as u16, from, to }));
        }
        let days = self.days.len();
        let of = |bits: u128, most: usize| ones(bits).take_while(move |number| *number < most);
        of(marks.usual.is_usual, days).for_each(|day| self.days[day].usual.set(at));
        of(marks.usual.is_odd, days).for_each(|day| self.days[day].odd.set(at));
        of(marks.taken, days).for_each(|day| self.days[day].taken.set(at));
        for &(day, lull) in &marks.lulls {
            let lulls = &mut self.days[day].lulls;
            let place = lulls.partition_point(|lull| lull.row() <= at);
            lulls.insert(place, lull.of_row(at));
        }
        let weeks = self.weeks.len();
        of(marks.promised, weeks).for_each(|week| self.weeks[week].promised.set(at));
        of(marks.full, weeks).for_each(|week| self.weeks[week].full.set(at));
    }

    /// Empties a place.
    pub(super) fn clear(&mut self, at: usize) {
        self.rows[at] = Row::default();
        self.last_gig_ends[at] = NEVER;
        self.birth_years[at] = UNBORN;
        self.homes[at] = Home::NONE;
        self.stays.iter_mut().for_each(|stays| stays.retain(|stay| usize::from(stay.row) != at));
        self.days.iter_mut().for_each(|day| day.lulls.retain(|lull| lull.row() != at));
        self.columns().for_each(|column| column.clear(at));
    }

    fn columns(&mut self) -> impl Iterator<Item = &mut Bits> {
        let days = self.days.iter_mut().flat_map(|day| [&mut day.usual, &mut day.odd, &mut day.taken]);
        let weeks = self.weeks.iter_mut().flat_map(|week| [&mut week.promised, &mut week.full]);
        [&mut self.takes, &mut self.active, &mut self.whole]
            .into_iter()
            .chain(self.words.iter_mut().flatten())
            .chain(self.hours.iter_mut())
            .chain(days)
            .chain(weeks)
    }

    /// Closes the gaps that members who left or changed have made, once they are wider than what is used.
    fn tidy(&mut self) {
        let used: usize = self.rows.iter().map(|row| usize::from(row.window_count)).sum();
        if self.windows.len() <= 2 * used + 64 {
            return;
        }
        let mut packed = Vec::with_capacity(used);
        for row in &mut self.rows {
            let first = row.first_window as usize;
            row.first_window = packed.len() as u32;
            packed.extend_from_slice(&self.windows[first..first + usize::from(row.window_count)]);
        }
        self.windows = packed;
    }

    /// Gives back room that growing has left over.
    pub(super) fn shrink(&mut self) {
        self.rows.shrink_to_fit();
        self.windows.shrink_to_fit();
        self.homes.shrink_to_fit();
        self.stays.iter_mut().for_each(Vec::shrink_to_fit);
        self.days.iter_mut().for_each(|day| day.lulls.shrink_to_fit());
        self.associations.shrink_to_fit();
        self.birth_years.shrink_to_fit();
        self.last_gig_ends.shrink_to_fit();
        self.keys.shrink_to_fit();
        self.columns().for_each(Bits::shrink);
    }

    pub(super) fn bytes(&self) -> usize {
        let days = self.days.iter().flat_map(|day| [&day.usual, &day.odd, &day.taken]);
        let weeks = self.weeks.iter().flat_map(|week| [&week.promised, &week.full]);
        let columns = self.words.iter().flatten().chain(&self.hours).chain(days).chain(weeks);
        let each = size_of::<u32>() + size_of::<i16>() + size_of::<i64>() + size_of::<u64>() + size_of::<Home>();
        size_of::<Self>()
            + columns.chain([&self.takes, &self.active, &self.whole]).map(Bits::bytes).sum::<usize>()
            + self.windows.capacity() * size_of::<u32>()
            + self
                .days
                .iter()
                .map(|day| size_of_val(&day.lulls) + day.lulls.capacity() * size_of::<Lull>())
                .sum::<usize>()
            + self.stays.iter().map(|stays| stays.capacity() * size_of::<Stay>()).sum::<usize>()
            + self.rows.capacity() * (size_of::<Row>() + each)
            + self.rows.iter().map(Row::bytes).sum::<usize>()
    }
}

/// The runs of bits that are set, ascending: where each begins, and where it has ended.
fn runs(bits: u128) -> impl Iterator<Item = (u8, u8)> {
    let mut left = bits;
    std::iter::from_fn(move || {
        let from = left.trailing_zeros();
        let to = from + (left.checked_shr(from)?).trailing_ones();
        left &= u128::MAX.checked_shl(to).unwrap_or(0);
        Some((from as u8, to as u8))
    })
}

/// The numbers of the bits that are set, ascending.
pub(super) fn ones(bits: u128) -> impl Iterator<Item = usize> {
    let mut left = bits;
    std::iter::from_fn(move || {
        let bit = left.trailing_zeros();
        left &= left.wrapping_sub(1);
        (bit < u128::BITS).then_some(bit as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_bits_are_told_by_their_ends() {
        let all = |bits| runs(bits).collect::<Vec<_>>();
        assert_eq!(all(0b0110_1100), [(2, 4), (5, 7)]);
        assert_eq!((all(0), all(1 << 127), all(u128::MAX)), (vec![], vec![(127, 128)], vec![(0, 128)]));
    }
}
