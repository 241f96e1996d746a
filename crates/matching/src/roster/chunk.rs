//! Neighbourhoods: members by the H3 cell of their home, with how far anybody there goes.

use std::sync::Arc;

use h3o::{LatLng, Resolution};
use rayon::prelude::*;

use super::bits::{ROWS, Some64};
use super::block::{Block, Marks};
use super::id::Id;
use super::row::{Prepared, Row};
use super::{Member, Roster};
use crate::{
    snapshot::Point,
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

/// Where somebody lives, and how far they go from there.
pub(super) struct Stead {
    pub(super) cell: Cell,
    pub(super) spot: Spot,
    pub(super) reach_m: f64,
}

/// The members of one neighbourhood.
#[derive(Debug, Clone)]
pub(super) struct Chunk {
    reach: Reach,
    /// Their numbers, ascending.
    members: Vec<u32>,
}

/// The neighbourhoods of one region.
#[derive(Debug, Clone)]
pub(super) struct Group {
    reach: Reach,
    /// By number of the cell.
    chunks: Vec<(u64, Chunk)>,
}

impl Group {
    /// The numbers of its members.
    pub(super) fn members(&self) -> impl Iterator<Item = u32> {
        self.chunks.iter().flat_map(|(_, chunk)| chunk.members.iter().copied())
    }

    pub(super) fn bytes(&self) -> usize {
        let chunks = self.chunks.iter();
        let members = chunks.map(|(_, chunk)| chunk.members.capacity() * size_of::<u32>()).sum::<usize>();
        size_of::<Self>() + self.chunks.capacity() * size_of::<(u64, Chunk)>() + members
    }
}

/// The measure of straight lines.
pub(super) fn line(roster: &Roster) -> Measure {
    Measure::new(roster.earth_radius_m, 1000)
}

impl Roster {
    /// Takes a member in, who is not in it; answers where they are kept. A look is fastest where neighbours were taken in one after
    /// another, by [`Cell`].
    pub fn insert(&mut self, member: Member) -> Cell {
        self.learn(&member);
        let prepared = self.prepare(member);
        self.take(prepared)
    }

    fn take(&mut self, prepared: Prepared) -> Cell {
        let Prepared { cell, spot, reach_m, row, windows, marks, is_ordered } = prepared;
        self.has_keys &= is_ordered;
        self.has_demands |= !row.demands().is_empty();
        self.counts[marks.association as usize] += 1;
        let number = self.free.pop().unwrap_or(self.blocks.len() as u32 * ROWS as u32);
        let number = self.put(number, row, &windows, &marks);
        self.settle(number, Stead { cell, spot, reach_m });
        cell
    }

    /// Notes in which neighbourhood a number lives.
    pub(super) fn settle(&mut self, number: u32, stead: Stead) {
        let Stead { cell, spot, reach_m } = stead;
        let line = line(self);
        let at = *self.group_of.entry(cell.group).or_insert_with(|| {
            self.groups.push(Arc::new(Group { reach: Reach::around(spot), chunks: Vec::new() }));
            self.groups.len() - 1
        });
        let group = Arc::make_mut(&mut self.groups[at]);
        group.reach.widen(&line, spot, reach_m);
        let place = group.chunks.binary_search_by_key(&cell.chunk, |(number, _)| *number).unwrap_or_else(|place| {
            group.chunks.insert(place, (cell.chunk, Chunk { reach: Reach::around(spot), members: Vec::new() }));
            place
        });
        let chunk = &mut group.chunks[place].1;
        chunk.reach.widen(&line, spot, reach_m);
        let position = chunk.members.partition_point(|other| *other < number);
        chunk.members.insert(position, number);
    }

    /// Puts a row at a number that is free; at the end where the number is beyond it.
    fn put(&mut self, number: u32, row: Row, windows: &[u32], marks: &Marks) -> u32 {
        let (mut block, mut at) = place_of(number);
        if block >= self.blocks.len() {
            if self.blocks.last().is_none_or(|last| last.is_full()) {
                self.blocks.push(Arc::new(Block::new(&self.calendar)));
            }
            block = self.blocks.len() - 1;
            at = self.blocks[block].rows.len();
        }
        Arc::make_mut(&mut self.blocks[block]).put(at, row, windows, marks);
        (block * ROWS + at) as u32
    }

    /// The number of a member who is kept there.
    pub(super) fn find(&self, cell: Cell, id: &str) -> Option<u32> {
        let group = &self.groups[*self.group_of.get(&cell.group)?];
        let place = group.chunks.binary_search_by_key(&cell.chunk, |(number, _)| *number).ok()?;
        let id = Id::new(id);
        group.chunks[place].1.members.iter().copied().find(|number| self.member(*number).1.id == id)
    }

    /// The row of a number.
    pub(super) fn member(&self, number: u32) -> (&Block, &Row) {
        let (block, at) = place_of(number);
        (&self.blocks[block], &self.blocks[block].rows[at])
    }

    /// Lets a member go, who is kept there; answers whether they were.
    pub fn remove(&mut self, cell: Cell, id: &str) -> bool {
        let Some(number) = self.find(cell, id) else { return false };
        let Some(&at) = self.group_of.get(&cell.group) else { return false };
        let group = Arc::make_mut(&mut self.groups[at]);
        if let Ok(place) = group.chunks.binary_search_by_key(&cell.chunk, |(number, _)| *number) {
            group.chunks[place].1.members.retain(|other| *other != number);
        }
        let (block, at) = place_of(number);
        let block = Arc::make_mut(&mut self.blocks[block]);
        self.counts[block.associations[at] as usize] -= 1;
        block.clear(at);
        self.free.push(number);
        true
    }

    /// Gives back room that growing has left over: once, after everybody has been taken in.
    pub fn shrink(&mut self) {
        for group in &mut self.groups {
            let group = Arc::make_mut(group);
            group.chunks.iter_mut().for_each(|(_, chunk)| chunk.members.shrink_to_fit());
            group.chunks.shrink_to_fit();
        }
        self.blocks.par_iter_mut().for_each(|block| Arc::make_mut(block).shrink());
    }

    /// The members of neighbourhoods from which somebody might come to a place, block by block.
    pub(super) fn near(&self, place: Spot) -> impl Iterator<Item = (usize, Box<Some64>)> + use<> {
        let line = line(self);
        self.members_where(&|reach| reach.meets(&line, place))
    }

    /// Everybody, block by block.
    pub(super) fn members(&self) -> impl Iterator<Item = (usize, Box<Some64>)> + use<> {
        self.members_where(&|_| true)
    }

    /// The members of neighbourhoods of which something holds, and of the regions around them, block by block.
    fn members_where(&self, meets: &dyn Fn(&Reach) -> bool) -> impl Iterator<Item = (usize, Box<Some64>)> + use<> {
        let groups = self.groups.iter().filter(|group| meets(&group.reach));
        let mut near: Vec<Option<Box<Some64>>> = vec![None; self.blocks.len()];
        for (_, chunk) in groups.flat_map(|group| &group.chunks).filter(|(_, chunk)| meets(&chunk.reach)) {
            let (Some(&first), Some(&last)) = (chunk.members.first(), chunk.members.last()) else { continue };
            let ((block, from), (other, to)) = (place_of(first), place_of(last));
            // Neighbours who were taken in together have numbers one after another.
            if block == other && to - from + 1 == chunk.members.len() {
                near[block].get_or_insert_default().set_range(from..to + 1);
                continue;
            }
            for same in chunk.members.chunk_by(|a, b| place_of(*a).0 == place_of(*b).0) {
                let rows = near[place_of(same[0]).0].get_or_insert_default();
                same.iter().for_each(|number| rows.set(place_of(*number).1));
            }
        }
        near.into_iter().enumerate().filter_map(|(block, rows)| Some((block, rows?)))
    }
}

/// The block of a number, and the place there.
pub(super) fn place_of(number: u32) -> (usize, usize) {
    (number as usize / ROWS, number as usize % ROWS)
}
