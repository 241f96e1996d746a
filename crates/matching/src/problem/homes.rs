//! Places in bands of latitude: which gigs could be reached from a home, or from which homes a gig, before the exact travel time is asked.

use crate::snapshot::Point;

/// Height of a band, in radians: about two kilometres.
const BAND_RAD: f64 = 3e-4;
/// What rounding may add to an angle, in radians: some millimetres.
const SLACK_RAD: f64 = 1e-9;

/// What has a place, gigs or volunteers, band by band from the south, within a band from the west.
#[derive(Debug, Default)]
pub(crate) struct Places {
    placed: Vec<Placed>,
    /// Number of the first band, and where each begins; one more than there are bands.
    south: i64,
    first: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Placed {
    band: i64,
    lon_rad: f64,
    /// The point on a sphere of radius one.
    at: [f64; 3],
    number: u32,
}

impl Placed {
    fn new(number: u32, point: Point) -> Self {
        let (lat, lon) = (point.lat.to_radians(), (point.lon + 180.0).rem_euclid(360.0).to_radians());
        let at = [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()];
        Self { band: band(lat), lon_rad: lon, at, number }
    }
}

fn band(lat_rad: f64) -> i64 {
    (lat_rad / BAND_RAD).floor() as i64
}

impl Places {
    /// Of those that have a place, by number.
    pub(crate) fn new(places: &[Option<Point>]) -> Self {
        let placed =
            places.iter().enumerate().filter_map(|(number, point)| Some(Placed::new(number as u32, (*point)?)));
        let mut placed: Vec<Placed> = placed.collect();
        placed.sort_unstable_by(|a, b| {
            a.band.cmp(&b.band).then(a.lon_rad.total_cmp(&b.lon_rad)).then(a.number.cmp(&b.number))
        });
        let (south, north) = (placed.first().map_or(0, |one| one.band), placed.last().map_or(-1, |one| one.band));
        let first = (south..=north + 1).map(|band| placed.partition_point(|one| one.band < band) as u32).collect();
        Self { placed, south, first }
    }

    /// Tells of everything whose place may lie within `reach_rad` of the point, as an angle at the centre of the earth, and an angle that it
    /// is away at least; never misses one.
    pub(crate) fn near(&self, point: Point, reach_rad: f64, mut tell: impl FnMut(u32, f64)) {
        let home = Placed::new(0, point);
        let reach = reach_rad * (1.0 + SLACK_RAD) + SLACK_RAD;
        let lat = point.lat.to_radians();
        let is_all_round = lat.abs() + reach >= std::f64::consts::FRAC_PI_2;
        // The meridians that touch the circle.
        let wide = if is_all_round { f64::INFINITY } else { (reach.sin() / lat.cos()).min(1.0).asin() + SLACK_RAD };
        let (west, east) = (home.lon_rad - wide, home.lon_rad + wide);
        let is_over_seam = west < 0.0 || east > std::f64::consts::TAU;
        let is_everywhere = reach >= std::f64::consts::PI;
        let chord = 2.0 * (reach.min(std::f64::consts::PI) / 2.0).sin();
        // A straight line through the earth is no longer than the arc above it.
        let square = |placed: &Placed| {
            let [x, y, z] = std::array::from_fn(|axis| placed.at[axis] - home.at[axis]);
            x * x + y * y + z * z
        };
        let bands = self.first.len().saturating_sub(1) as i64;
        let from = (band(lat - reach) - self.south).clamp(0, bands) as usize;
        let to = (band(lat + reach) + 1 - self.south).clamp(0, bands) as usize;
        for at in from..to {
            let band = &self.placed[self.first[at] as usize..self.first[at + 1] as usize];
            let begin = if is_over_seam { 0 } else { band.partition_point(|placed| placed.lon_rad < west) };
            let here = band[begin..].iter().take_while(|placed| is_over_seam || placed.lon_rad <= east);
            for placed in here {
                let square = square(placed);
                if is_everywhere || square <= chord * chord {
                    tell(placed.number, (square.sqrt() - SLACK_RAD).max(0.0));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::travel::{Measure, Spot};

    #[test]
    fn no_gig_in_reach_is_missed_and_none_is_named_that_is_far_away() {
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
        // Finland, both sides of the seam of the map, and a pole.
        for (lat, lon) in [(60.2, 24.8), (65.0, 25.5), (69.9, 27.0), (-17.0, 180.0), (51.5, 0.0), (89.8, 10.0)] {
            let gigs: Vec<Option<Point>> = (0..400).map(|_| Some(point(lat, lon, 0.6))).collect();
            let places = Places::new(&gigs);
            let mut near = Vec::new();
            for reach_m in [0.0, 500.0, 4_000.0, 9_000.0, 20_000.0] {
                for _ in 0..40 {
                    let home = point(lat, lon, 0.6);
                    near.clear();
                    places.near(home, reach_m / 6_371_000.0, |gig, _| near.push(gig));
                    for (gig, place) in gigs.iter().enumerate() {
                        let metres = measure.metres(Spot::from(home), Spot::from(place.expect("all have a place")));
                        // Metres are rounded up.
                        let is_named = near.contains(&(gig as u32));
                        assert!(is_named || metres as f64 > reach_m, "missed a gig at {metres} m with reach {reach_m}");
                        assert!(
                            !is_named || metres as f64 <= reach_m + 2.0,
                            "a gig at {metres} m with reach {reach_m}"
                        );
                    }
                }
            }
        }
    }
}
