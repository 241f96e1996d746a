//! Seconds from cell to cell, by speed: what somebody who knows the roads has said, and how far it is believed.
//!
//! A [`Table`] says nothing of a way within one cell or of a pair it has not been given: there the straight line holds. Its times are
//! those of roads: not the same there and back, and two short ways may be quicker than the one between their ends, so that nothing may
//! lean on the triangle inequality where there is a table. What is leant on is a bound: no way is quicker than the straight line at
//! the mode's fastest speed. An entry that says otherwise is taken up to it, so that whoever looks for people within the bound
//! ([`Bounds::reach_m`]) misses nobody whom the table would let come.

use h3o::{CellIndex, LatLng, Resolution};

use super::{Block, Measure, Spot};

/// How many edges of a cell surely reach from its middle to any point in it, whatever the distortion of the grid.
const EDGES_TO_RIM: f64 = 2.0;
/// Stands for a pair between which there is no way.
const NO_WAY: u32 = u32::MAX;

/// What a table is about: cells of one size, and how fast anybody gets on.
#[derive(Debug, Clone, PartialEq)]
pub struct Bounds {
    resolution: Resolution,
    /// Speeds of the modes with the speed in a straight line that nobody of that mode beats, ascending; tenths of a km/h.
    fastest: Vec<(u32, u32)>,
}

impl Bounds {
    /// Cells of an H3 resolution (0 to 15), and for each speed in tenths of a km/h the speed in a straight line that is never beaten.
    /// None for a resolution that does not exist.
    #[must_use]
    pub fn new(resolution: u8, fastest: &[(u32, u32)]) -> Option<Self> {
        let resolution = Resolution::try_from(resolution).ok()?;
        let mut fastest = fastest.to_vec();
        fastest.sort_unstable();
        fastest.dedup_by_key(|(speed_dkmh, _)| *speed_dkmh);
        Some(Self { resolution, fastest })
    }

    /// The same for cells of another resolution; none if it does not exist.
    #[must_use]
    pub fn at(&self, resolution: u8) -> Option<Self> {
        Self::new(resolution, &self.fastest)
    }

    /// The H3 resolution of the cells.
    #[must_use]
    pub fn resolution(&self) -> u8 {
        u8::from(self.resolution)
    }

    /// The speeds that have times, in tenths of a km/h, ascending.
    pub fn speeds_dkmh(&self) -> impl Iterator<Item = u32> {
        self.fastest.iter().map(|(speed_dkmh, _)| *speed_dkmh)
    }

    /// The cell of a spot, as a number.
    #[must_use]
    pub fn cell(&self, spot: Spot) -> Option<u64> {
        let at = LatLng::from_radians(spot.lat_rad, spot.lon_deg.to_radians()).ok()?;
        Some(u64::from(at.to_cell(self.resolution)))
    }

    /// The longest straight line in metres that `seconds` at a speed can cover by any table within these bounds, or without one.
    #[must_use]
    pub fn reach_m(&self, straight: &Measure, seconds: i64, speed_dkmh: u32) -> f64 {
        let straight_m = straight.reach_m(seconds, speed_dkmh);
        let Some(fastest_dkmh) = self.fastest_dkmh(speed_dkmh) else { return straight_m };
        let rims_m = 2.0 * EDGES_TO_RIM * self.resolution.edge_length_m();
        straight_m.max(seconds.max(0) as f64 * f64::from(fastest_dkmh) / 36.0 + rims_m + 1.0)
    }

    fn fastest_dkmh(&self, speed_dkmh: u32) -> Option<u32> {
        let at = self.fastest.binary_search_by_key(&speed_dkmh, |(speed_dkmh, _)| *speed_dkmh).ok()?;
        Some(self.fastest[at].1)
    }
}

/// What has been said of one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The mode, by its speed in tenths of a km/h.
    pub speed_dkmh: u32,
    /// The cell it begins in.
    pub from: u64,
    /// The cell it ends in.
    pub to: u64,
    /// How long it takes in seconds; `None` = there is no way.
    pub seconds: Option<u32>,
}

/// What a table says of a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It takes so many seconds.
    Seconds(i64),
    /// There is none.
    NoWay,
    /// Nothing: the straight line holds.
    Nothing,
}

/// Times from cell to cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    bounds: Bounds,
    /// Ascending.
    cells: Vec<u64>,
    layers: Vec<Layer>,
}

/// The times of one speed: for each cell a row of cells, ascending, with seconds.
#[derive(Debug, Clone, PartialEq)]
struct Layer {
    speed_dkmh: u32,
    first: Vec<u32>,
    to: Vec<u32>,
    seconds: Vec<u32>,
}

impl Table {
    /// A table of entries in any order; of several for one way the quickest counts. Entries of speeds that the bounds do not name, within
    /// one cell or of numbers that are no cell of the resolution are left out.
    #[must_use]
    pub fn new(bounds: Bounds, mut entries: Vec<Entry>) -> Self {
        let is_cell =
            |number: u64| CellIndex::try_from(number).is_ok_and(|cell| cell.resolution() == bounds.resolution);
        entries.retain(|entry| {
            entry.from != entry.to
                && bounds.fastest_dkmh(entry.speed_dkmh).is_some()
                && is_cell(entry.from)
                && is_cell(entry.to)
        });
        entries.sort_unstable_by_key(|entry| (entry.speed_dkmh, entry.from, entry.to, entry.seconds.unwrap_or(NO_WAY)));
        entries.dedup_by_key(|entry| (entry.speed_dkmh, entry.from, entry.to));
        let mut cells: Vec<u64> = entries.iter().flat_map(|entry| [entry.from, entry.to]).collect();
        cells.sort_unstable();
        cells.dedup();
        let middles: Vec<Spot> = cells.iter().filter_map(|&number| middle(number)).collect();
        let layers = bounds.fastest.iter().map(|&(speed_dkmh, fastest_dkmh)| {
            let first = entries.partition_point(|entry| entry.speed_dkmh < speed_dkmh);
            let count = entries[first..].partition_point(|entry| entry.speed_dkmh == speed_dkmh);
            Layer::new(speed_dkmh, fastest_dkmh, &cells, &middles, &entries[first..first + count])
        });
        let layers = layers.collect();
        Self { bounds, cells, layers }
    }

    /// What it is about.
    #[must_use]
    pub fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    /// How many ways it knows, those that do not exist included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.layers.iter().map(|layer| layer.to.len()).sum()
    }

    /// Whether it knows no way at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it says of the way from one cell to another at a speed in tenths of a km/h.
    #[must_use]
    pub fn between(&self, speed_dkmh: u32, from: u64, to: u64) -> Told {
        match (self.layer(speed_dkmh), self.node(from), self.node(to)) {
            (Some(layer), Some(from), Some(to)) => self.told(layer, from, to),
            _ => Told::Nothing,
        }
    }

    /// Whether it says anything of a way of a block.
    #[must_use]
    pub fn tells_of(&self, block: &Block) -> bool {
        let Some(layer) = self.layer(block.speed_dkmh) else { return false };
        let nodes = |cells: &[u64]| cells.iter().filter_map(|&cell| self.node(cell)).collect::<Vec<u32>>();
        let ends = nodes(&block.to);
        nodes(&block.from).iter().any(|&from| ends.iter().any(|&to| self.told(layer, from, to) != Told::Nothing))
    }

    /// The number of a layer.
    pub(crate) fn layer(&self, speed_dkmh: u32) -> Option<usize> {
        self.layers.iter().position(|layer| layer.speed_dkmh == speed_dkmh)
    }

    /// The number of a cell in this table.
    pub(crate) fn node(&self, cell: u64) -> Option<u32> {
        self.cells.binary_search(&cell).ok().map(|at| at as u32)
    }

    /// The same question by numbers.
    pub(crate) fn told(&self, layer: usize, from: u32, to: u32) -> Told {
        let layer = &self.layers[layer];
        let row = layer.first[from as usize] as usize..layer.first[from as usize + 1] as usize;
        match layer.to[row.clone()].binary_search(&to) {
            Err(_) => Told::Nothing,
            Ok(at) => match layer.seconds[row.start + at] {
                NO_WAY => Told::NoWay,
                seconds => Told::Seconds(i64::from(seconds)),
            },
        }
    }
}

impl Layer {
    /// `entries` are of this speed, by cell.
    fn new(speed_dkmh: u32, fastest_dkmh: u32, cells: &[u64], middles: &[Spot], entries: &[Entry]) -> Self {
        let line = Measure::earth();
        let number = |cell: u64| cells.partition_point(|known| *known < cell);
        let mut layer =
            Self { speed_dkmh, first: Vec::with_capacity(cells.len() + 1), to: Vec::new(), seconds: Vec::new() };
        layer.first.push(0);
        let mut rest = entries;
        for (at, &cell) in cells.iter().enumerate() {
            let count = rest.partition_point(|entry| entry.from <= cell);
            for entry in &rest[..count] {
                let to = number(entry.to);
                let least_s = super::seconds(line.metres(middles[at], middles[to]), fastest_dkmh);
                let least_s = u32::try_from(least_s).unwrap_or(NO_WAY - 1);
                layer.to.push(to as u32);
                layer.seconds.push(entry.seconds.map_or(NO_WAY, |seconds| seconds.max(least_s).min(NO_WAY - 1)));
            }
            rest = &rest[count..];
            layer.first.push(layer.to.len() as u32);
        }
        layer
    }
}

/// The middle of a cell.
pub(super) fn middle(number: u64) -> Option<Spot> {
    let at = LatLng::from(CellIndex::try_from(number).ok()?);
    Some(Spot::from(crate::snapshot::Point { lat: at.lat(), lon: at.lng() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::snapshot::Point;

    fn spot(lat: f64, lon: f64) -> Spot {
        Spot::from(Point { lat, lon })
    }

    fn bounds() -> Bounds {
        Bounds::new(10, &[(350, 1200), (45, 70)]).expect("resolution 10")
    }

    #[test]
    fn what_is_said_comes_back_and_the_rest_is_nothing() {
        let bounds = bounds();
        let [a, b, c] = [26.70, 26.72, 26.74].map(|lon| bounds.cell(spot(60.86, lon)).expect("cell"));
        let entry = |from, to, seconds| Entry { speed_dkmh: 350, from, to, seconds };
        let entries = vec![
            entry(a, b, Some(300)),
            entry(b, a, None),
            entry(a, b, Some(240)),
            entry(a, a, Some(9)),
            Entry { speed_dkmh: 140, ..entry(a, c, Some(1)) },
            entry(a, 12, Some(1)),
        ];
        let table = Table::new(bounds, entries);
        assert_eq!(table.between(350, a, b), Told::Seconds(240));
        assert_eq!(table.between(350, b, a), Told::NoWay);
        for (speed, from, to) in [(350, a, a), (350, a, c), (140, a, c), (45, a, b)] {
            assert_eq!(table.between(speed, from, to), Told::Nothing, "{speed} {from} {to}");
        }
        assert_eq!(table.len(), 2);
        let tells = |speed, from: &[u64], to| table.tells_of(&Block::new(speed, from.iter().copied(), [to]));
        assert_eq!((tells(350, &[a, c], b), tells(350, &[a, b, c], c), tells(45, &[a], b)), (true, false, false));
        assert!(tells(350, &[b], a), "that there is no way is told as well");
    }

    #[test]
    fn no_entry_is_quicker_than_the_bound() {
        let bounds = bounds();
        let (from, to) = (spot(60.86, 26.70), spot(60.86, 26.90));
        let (a, b) = (bounds.cell(from).expect("cell"), bounds.cell(to).expect("cell"));
        let table = Table::new(bounds, vec![Entry { speed_dkmh: 350, from: a, to: b, seconds: Some(0) }]);
        let Told::Seconds(least_s) = table.between(350, a, b) else { panic!("known") };
        assert!((300..=340).contains(&least_s), "10.8 km at 120 km/h take 325 s, told {least_s}");
        let straight = Measure::new(6_371_000.0, 1300);
        let line_m = Measure::earth().metres(from, to) as f64;
        assert!(table.bounds().reach_m(&straight, least_s, 350) >= line_m);
    }

    #[test]
    fn a_cell_reaches_no_further_from_its_middle_than_is_allowed() {
        let mut state = 3_u64;
        let mut unit = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let line = Measure::earth();
        for resolution in [7, 8, 9, 10, 11] {
            let bounds = Bounds::new(resolution, &[]).expect("exists");
            let most_m = EDGES_TO_RIM * bounds.resolution.edge_length_m();
            for _ in 0..3_000 {
                let at = spot(59.5 + 11.0 * unit(), 19.0 + 13.0 * unit());
                let middle = bounds.cell(at).and_then(middle).expect("cell");
                assert!(line.metres(at, middle) as f64 <= most_m, "{at:?}");
            }
        }
    }
}
