//! Which ways an answer may hang on: what is to be asked of somebody who knows the roads before the answer is worked out.
//!
//! Nothing breaks if more or less is asked: what a table does not say is measured as a straight line.

use std::collections::{BTreeMap, BTreeSet};

use h3o::{CellIndex, Resolution};

use super::{Bounds, Measure, Spot};
use crate::snapshot::{GigRow, Point, Snapshot};

/// Regions of about 250 km2, in which ways are asked for together.
const TILES: Resolution = Resolution::Five;
/// Surely no further than this many metres lies anything in a region from its middle.
const TILE_RIM_M: f64 = 20_000.0;

/// The ways from all of some cells to all of some others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Block {
    /// The mode, by its speed in tenths of a km/h.
    pub speed_dkmh: u32,
    /// Where they begin, ascending.
    pub from: Vec<u64>,
    /// Where they end, ascending.
    pub to: Vec<u64>,
}

impl Block {
    /// A block of cells in any order, repeated or not.
    #[must_use]
    pub fn new(speed_dkmh: u32, from: impl IntoIterator<Item = u64>, to: impl IntoIterator<Item = u64>) -> Self {
        let sorted = |cells: BTreeSet<u64>| cells.into_iter().collect();
        Self { speed_dkmh, from: sorted(from.into_iter().collect()), to: sorted(to.into_iter().collect()) }
    }

    /// How many pairs it has.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.from.len() * self.to.len()
    }
}

/// Cells of one sort by region.
type ByTile = BTreeMap<u64, BTreeSet<u64>>;

/// The ways that a plan of a snapshot may hang on: between the homes and the places that somebody of each mode may reach, and between
/// those places.
#[must_use]
pub fn blocks(snapshot: &Snapshot, bounds: &Bounds) -> Vec<Block> {
    let straight = Measure::new(snapshot.earth_radius_m, snapshot.detour_permille);
    let (mut places, mut ends) = (ByTile::new(), ByTile::new());
    for gig in &snapshot.gigs {
        add(&mut places, bounds, gig.place);
        add(&mut ends, bounds, gig.place.and(gig.destination).or(gig.place));
    }
    let mut out = Vec::new();
    for speed_dkmh in bounds.speeds_dkmh() {
        let mut homes = ByTile::new();
        let mut reach: BTreeMap<u64, f64> = BTreeMap::new();
        for person in snapshot.volunteers.iter().filter(|person| person.speed_dkmh == speed_dkmh) {
            let Some(tile) = add(&mut homes, bounds, person.home) else { continue };
            let metres = bounds.reach_m(&straight, person.max_travel_s, speed_dkmh);
            let widest = reach.entry(tile).or_insert(metres);
            *widest = widest.max(metres);
        }
        let mut legs: BTreeSet<(u64, u64)> = BTreeSet::new();
        for (&tile, homes) in &homes {
            let near = |other: &u64| distance_m(tile, *other) <= reach[&tile] + 2.0 * TILE_RIM_M;
            let begins: Vec<u64> = places.keys().copied().filter(near).collect();
            let finishes: Vec<u64> = ends.keys().copied().filter(near).collect();
            let of = |all: &ByTile, tiles: &[u64]| -> BTreeSet<u64> {
                tiles.iter().filter_map(|tile| all.get(tile)).flatten().copied().collect()
            };
            out.push(Block::new(speed_dkmh, homes.iter().copied(), of(&places, &begins)));
            out.push(Block::new(speed_dkmh, of(&ends, &finishes), homes.iter().copied()));
            legs.extend(finishes.iter().flat_map(|&from| begins.iter().map(move |&to| (from, to))));
        }
        for (&tile, from) in &ends {
            let to = legs.range((tile, 0)..=(tile, u64::MAX)).filter_map(|(_, to)| places.get(to)).flatten();
            out.push(Block::new(speed_dkmh, from.iter().copied(), to.copied()));
        }
    }
    out.retain(|block| block.pairs() > 0);
    out
}

/// The ways that the weeks of a few volunteers may hang on: between each one's home, their promises and all the gigs.
#[must_use]
pub fn blocks_of_weeks(snapshot: &Snapshot, bounds: &Bounds) -> Vec<Block> {
    let cell = |point: Option<Point>| point.and_then(|point| bounds.cell(Spot::from(point)));
    let end = |gig: &GigRow| cell(gig.place.and(gig.destination).or(gig.place));
    let places: BTreeSet<u64> = snapshot.gigs.iter().filter_map(|gig| cell(gig.place)).collect();
    let ends: BTreeSet<u64> = snapshot.gigs.iter().filter_map(end).collect();
    let mut out = Vec::new();
    for person in snapshot.volunteers.iter().filter(|row| bounds.speeds_dkmh().any(|known| known == row.speed_dkmh)) {
        let own = |gig: &&GigRow| snapshot.promises.iter().any(|one| one.volunteer == person.id && one.gig == gig.id);
        let promised: Vec<&GigRow> = snapshot.gigs.iter().filter(own).collect();
        let from = cell(person.home).into_iter().chain(promised.iter().filter_map(|gig| end(gig)));
        let to = cell(person.home).into_iter().chain(promised.iter().filter_map(|gig| cell(gig.place)));
        out.push(Block::new(person.speed_dkmh, from, places.iter().copied().chain(cell(person.home))));
        out.push(Block::new(person.speed_dkmh, ends.iter().copied(), to));
    }
    out.retain(|block| block.pairs() > 0);
    out
}

/// Adds the cell of a point and answers its region.
fn add(cells: &mut ByTile, bounds: &Bounds, point: Option<Point>) -> Option<u64> {
    let cell = bounds.cell(Spot::from(point?))?;
    let index = CellIndex::try_from(cell).ok()?;
    let tile = index.parent(TILES).map_or(cell, u64::from);
    cells.entry(tile).or_default().insert(cell);
    Some(tile)
}

/// Metres between the middles of two regions.
fn distance_m(a: u64, b: u64) -> f64 {
    match (super::table::middle(a), super::table::middle(b)) {
        (Some(a), Some(b)) => Measure::earth().metres(a, b) as f64,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eligibility::cases::{self, CENTRE, KORIA};
    use crate::snapshot::{GigRow, VolunteerRow};

    #[test]
    fn homes_and_places_are_asked_there_and_back_and_between() {
        let escort = GigRow { id: "e".into(), place: Some(CENTRE), destination: Some(KORIA), ..cases::gig() };
        let snapshot = cases::snapshot(vec![cases::volunteer()], vec![cases::gig(), escort]);
        let bounds = Bounds::new(10, &[(350, 1200), (45, 70)]).expect("resolution");
        let asked = blocks(&snapshot, &bounds);
        assert!(asked.iter().all(|block| block.speed_dkmh == 350), "nobody walks: {asked:?}");
        let cell = |point: Point| bounds.cell(Spot::from(point)).expect("cell");
        let holds = |from: Point, to: Point| {
            asked.iter().any(|block| block.from.contains(&cell(from)) && block.to.contains(&cell(to)))
        };
        let home = cases::volunteer().home.expect("home");
        let place = cases::gig().place.expect("place");
        for (from, to) in [(home, place), (home, CENTRE), (place, home), (KORIA, home), (place, CENTRE), (KORIA, place)]
        {
            assert!(holds(from, to), "{from:?} to {to:?}");
        }
    }

    #[test]
    fn nobody_asks_across_the_country() {
        let far = GigRow { place: Some(Point { lat: 67.0, lon: 26.0 }), ..cases::gig() };
        let walker = VolunteerRow { speed_dkmh: 45, ..cases::volunteer() };
        let snapshot = cases::snapshot(vec![walker], vec![far]);
        assert_eq!(blocks(&snapshot, &Bounds::new(10, &[(45, 70)]).expect("resolution")), Vec::new());
    }
}
