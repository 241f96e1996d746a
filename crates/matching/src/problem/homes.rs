//! Places of gigs by H3 cell: who could be reached from a home, before the exact travel time is asked.

use h3o::{CellIndex, LatLng, Resolution};

use crate::snapshot::Point;

/// Resolution of the buckets: cells about 6 km across, a city is a few dozen of them.
const RESOLUTION: Resolution = Resolution::Six;
/// Least distance in metres that one ring of cells is sure to add, whatever the distortion of the grid
/// (the mean edge is 3.7 km; the shortest is above 2.2 km, and a ring adds 1.5 edges).
const RING_M: f64 = 3_000.0;
/// Beyond this many rings every gig is looked at instead.
const MAX_RINGS: f64 = 40.0;

/// Gigs by cell.
#[derive(Debug, Default)]
pub(super) struct GigCells {
    /// Ascending.
    by_cell: Vec<(CellIndex, u32)>,
    all: Vec<u32>,
}

impl GigCells {
    /// Buckets the gigs that have a place.
    pub(super) fn new(places: &[Option<Point>]) -> Self {
        let placed = places.iter().enumerate().filter_map(|(gig, point)| Some((gig as u32, (*point)?)));
        let all: Vec<u32> = placed.clone().map(|(gig, _)| gig).collect();
        let mut by_cell: Vec<(CellIndex, u32)> = placed.filter_map(|(gig, point)| Some((cell(point)?, gig))).collect();
        by_cell.sort_unstable();
        Self { by_cell, all }
    }

    /// Puts into `out` every gig whose place may lie within `reach_m` of the point, ascending; never misses one.
    pub(super) fn near(&self, point: Point, reach_m: f64, out: &mut Vec<u32>) {
        out.clear();
        let rings = (reach_m / RING_M).ceil() + 1.0;
        let Some(home) = cell(point).filter(|_| rings <= MAX_RINGS) else {
            out.extend_from_slice(&self.all);
            return;
        };
        for near in home.grid_disk::<Vec<CellIndex>>(rings as u32) {
            let first = self.by_cell.partition_point(|(cell, _)| *cell < near);
            out.extend(self.by_cell[first..].iter().take_while(|(cell, _)| *cell == near).map(|(_, gig)| gig));
        }
        out.sort_unstable();
    }
}

fn cell(point: Point) -> Option<CellIndex> {
    LatLng::new(point.lat, point.lon).ok().map(|at| at.to_cell(RESOLUTION))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::travel::{Measure, Spot};

    #[test]
    fn no_gig_in_reach_is_missed_anywhere_in_finland() {
        let measure = Measure::new(6_371_000.0, 1000);
        let mut state = 7_u64;
        let mut unit = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1_u64 << 53) as f64
        };
        let mut point = |lat: f64, lon: f64, spread: f64| Point {
            lat: lat + spread * (unit() - 0.5),
            lon: lon + 2.0 * spread * (unit() - 0.5),
        };
        for (lat, lon) in [(60.2, 24.8), (60.9, 26.7), (65.0, 25.5), (69.9, 27.0)] {
            let gigs: Vec<Option<Point>> = (0..400).map(|_| Some(point(lat, lon, 0.6))).collect();
            let cells = GigCells::new(&gigs);
            let mut near = Vec::new();
            for reach_m in [500.0, 4_000.0, 9_000.0, 20_000.0] {
                for _ in 0..40 {
                    let home = point(lat, lon, 0.6);
                    cells.near(home, reach_m, &mut near);
                    for (gig, place) in gigs.iter().enumerate() {
                        let metres = measure.metres(Spot::from(home), Spot::from(place.expect("all have a place")));
                        if metres as f64 <= reach_m {
                            assert!(near.contains(&(gig as u32)), "missed a gig at {metres} m with reach {reach_m}");
                        }
                    }
                }
            }
        }
    }
}
