//! Made-up roads: times between all cells of a week that are not the same there and back, are quicker than the straight line here and
//! far slower there, break the triangle inequality, and do not lead everywhere.

use std::sync::Arc;

use matching::snapshot::Snapshot;
use matching::travel::{Block, Bounds, Entry, Measure, Spot, Table, Told, TravelTime};

use crate::weeks::Dice;

/// The modes of the weeks, none of which gets on more than three times as fast in a straight line.
pub(crate) fn bounds() -> Bounds {
    Bounds::new(9, &[(45, 135), (140, 420), (350, 1_050)]).expect("a resolution")
}

/// The roads of a seed.
pub(crate) fn table(snapshot: &Snapshot, seed: u64) -> Arc<Table> {
    let mut dice = Dice::new(seed ^ 0x0a0d);
    let (bounds, measure) = (bounds(), Measure::new(snapshot.earth_radius_m, snapshot.detour_permille));
    let homes = snapshot.volunteers.iter().filter_map(|row| row.home);
    let places = snapshot.gigs.iter().flat_map(|row| [row.place, row.destination]).flatten();
    let mut spots: Vec<(u64, Spot)> =
        homes.chain(places).map(|point| (bounds.cell(Spot::from(point)).expect("a cell"), Spot::from(point))).collect();
    spots.sort_by_key(|(cell, _)| *cell);
    spots.dedup_by_key(|(cell, _)| *cell);
    let mut entries = Vec::new();
    for speed_dkmh in [45, 140, 350] {
        for &(from, a) in &spots {
            for &(to, b) in &spots {
                let straight_s = measure.way_s(speed_dkmh, a, b).expect("on the earth");
                let seconds = (straight_s * dice.roll(30, 180) / 100).try_into().expect("short");
                let is_told = !dice.chance(15);
                let seconds = (!dice.chance(10)).then_some(seconds);
                if is_told {
                    entries.push(Entry { speed_dkmh, from, to, seconds });
                }
            }
        }
    }
    Arc::new(Table::new(bounds, entries))
}

/// What of a table was asked for.
pub(crate) fn only(table: &Table, blocks: &[Block]) -> Arc<Table> {
    let mut entries = Vec::new();
    for block in blocks {
        for (&from, &to) in block.from.iter().flat_map(|from| block.to.iter().map(move |to| (from, to))) {
            let seconds = match table.between(block.speed_dkmh, from, to) {
                Told::Nothing => continue,
                Told::NoWay => None,
                Told::Seconds(seconds) => Some(seconds.try_into().expect("short")),
            };
            entries.push(Entry { speed_dkmh: block.speed_dkmh, from, to, seconds });
        }
    }
    Arc::new(Table::new(table.bounds().clone(), entries))
}
