//! Neighbourhoods: members by the H3 cell of their home, with how far anybody there goes.

use std::sync::Arc;

use h3o::{LatLng, Resolution};

use super::row::{Row, unpack};
use super::{Member, Roster};
use crate::{
    snapshot::{Point, Span},
    travel::{Measure, Spot},
};

/// Neighbourhoods of about 5 km2.
const CHUNKS: Resolution = Resolution::Seven;
/// Regions of about 1,800 km2.
const GROUPS: Resolution = Resolution::Four;
/// Metres allowed for the rounding of distances up to whole metres and of floating-point sums.
const SLACK_M: f64 = 10.0;

/// Where a member is kept: the neighbourhood of their home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    chunk: u64,
    group: u64,
}

impl Cell {
    /// The neighbourhood of a home; those without one share one.
    #[must_use]
    pub fn of(home: Option<Point>) -> Self {
        let chunk = home.and_then(|home| LatLng::new(home.lat, home.lon).ok()).map(|at| at.to_cell(CHUNKS));
        let group = chunk.and_then(|chunk| chunk.parent(GROUPS));
        Self { chunk: chunk.map_or(0, u64::from), group: group.map_or(0, u64::from) }
    }
}

/// A circle that holds everywhere somebody would go from home.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    middle: Spot,
    metres: f64,
}

impl Reach {
    /// Around the first home.
    fn around(middle: Spot) -> Self {
        Self { middle, metres: 0.0 }
    }

    /// With somebody more.
    fn widen(&mut self, line: &Measure, home: Spot, reach_m: f64) {
        self.metres = self.metres.max(line.metres(self.middle, home) as f64 + reach_m + SLACK_M);
    }

    /// Whether somebody might come to a place.
    pub(super) fn meets(&self, line: &Measure, place: Spot) -> bool {
        line.metres(self.middle, place) as f64 <= self.metres
    }
}

/// The members of one neighbourhood.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    pub(super) reach: Reach,
    pub(super) rows: Vec<Row>,
    windows: Vec<u32>,
}

impl Chunk {
    /// The windows of a row, ascending, in minutes of a horizon.
    pub(super) fn windows(&self, row: &Row, base: i64) -> impl Iterator<Item = Span> {
        let first = row.first_window as usize;
        self.windows[first..first + usize::from(row.window_count)].iter().map(move |&packed| unpack(base, packed))
    }

    fn place(&self, id: &str) -> Option<usize> {
        self.rows.iter().position(|row| *row.id == *id)
    }

    fn add(&mut self, mut row: Row, windows: &[u32]) {
        let used: usize = self.rows.iter().map(|row| usize::from(row.window_count)).sum();
        if self.windows.len() > 2 * used + 64 {
            self.tidy(used);
        }
        row.first_window = self.windows.len() as u32;
        row.window_count = windows.len() as u16;
        self.windows.extend_from_slice(windows);
        self.rows.push(row);
    }

    /// Closes the gaps that members who left or changed have made.
    fn tidy(&mut self, used: usize) {
        let mut packed = Vec::with_capacity(used);
        for row in &mut self.rows {
            let first = row.first_window as usize;
            row.first_window = packed.len() as u32;
            packed.extend_from_slice(&self.windows[first..first + usize::from(row.window_count)]);
        }
        self.windows = packed;
    }
}

/// The neighbourhoods of one region.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) reach: Reach,
    /// By number of the cell.
    chunks: Vec<(u64, Arc<Chunk>)>,
}

impl Group {
    /// The neighbourhoods.
    pub(super) fn chunks(&self) -> impl Iterator<Item = &Chunk> {
        self.chunks.iter().map(|(_, chunk)| chunk.as_ref())
    }

    pub(super) fn bytes(&self) -> usize {
        let chunks = self.chunks.iter().map(|(_, chunk)| {
            size_of::<(u64, Arc<Chunk>)>()
                + size_of::<Chunk>()
                + chunk.windows.capacity() * size_of::<u32>()
                + chunk.rows.capacity() * size_of::<Row>()
                + chunk.rows.iter().map(Row::bytes).sum::<usize>()
        });
        size_of::<Group>() + chunks.sum::<usize>()
    }
}

/// The measure of straight lines.
pub(super) fn line(roster: &Roster) -> Measure {
    Measure::new(roster.earth_radius_m, 1000)
}

impl Roster {
    /// Takes a member in, who is not in it; answers where they are kept.
    pub fn insert(&mut self, member: Member) -> Cell {
        let cell = Cell::of(member.row.home);
        let line = line(self);
        let reach_m = self.reach_m(member.row.max_travel_s, member.row.speed_dkmh);
        let (row, windows) = self.row(member);
        self.counts[row.association as usize] += 1;
        let at = *self.group_of.entry(cell.group).or_insert_with(|| {
            self.groups.push(Arc::new(Group { reach: Reach::around(row.spot), chunks: Vec::new() }));
            self.groups.len() - 1
        });
        let group = Arc::make_mut(&mut self.groups[at]);
        group.reach.widen(&line, row.spot, reach_m);
        let place = group.chunks.binary_search_by_key(&cell.chunk, |(number, _)| *number).unwrap_or_else(|place| {
            let chunk = Chunk { reach: Reach::around(row.spot), rows: Vec::new(), windows: Vec::new() };
            group.chunks.insert(place, (cell.chunk, Arc::new(chunk)));
            place
        });
        let chunk = Arc::make_mut(&mut group.chunks[place].1);
        chunk.reach.widen(&line, row.spot, reach_m);
        chunk.add(row, &windows);
        cell
    }

    /// Lets a member go, who is kept there; answers whether they were.
    pub fn remove(&mut self, cell: Cell, id: &str) -> bool {
        let Some(&at) = self.group_of.get(&cell.group) else { return false };
        let Ok(place) = self.groups[at].chunks.binary_search_by_key(&cell.chunk, |(number, _)| *number) else {
            return false;
        };
        let Some(position) = self.groups[at].chunks[place].1.place(id) else { return false };
        let group = Arc::make_mut(&mut self.groups[at]);
        let row = Arc::make_mut(&mut group.chunks[place].1).rows.swap_remove(position);
        self.counts[row.association as usize] -= 1;
        true
    }

    /// Gives back room that growing has left over: once, after everybody has been taken in.
    pub fn shrink(&mut self) {
        for group in &mut self.groups {
            let group = Arc::make_mut(group);
            group.chunks.shrink_to_fit();
            for (_, chunk) in &mut group.chunks {
                let chunk = Arc::make_mut(chunk);
                chunk.rows.shrink_to_fit();
                chunk.windows.shrink_to_fit();
            }
        }
    }

    /// The neighbourhoods from which somebody might come to a place; all of them where there is none.
    pub(super) fn near(&self, place: Option<Spot>) -> impl Iterator<Item = &Chunk> {
        let line = line(self);
        let meets = move |reach: &Reach| place.is_none_or(|place| reach.meets(&line, place));
        let groups = self.groups.iter().filter(move |group| meets(&group.reach));
        groups.flat_map(|group| group.chunks()).filter(move |chunk| meets(&chunk.reach))
    }
}
