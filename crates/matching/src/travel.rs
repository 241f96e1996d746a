//! How far and how long: metres along the way and seconds by a volunteer's mode, in whole numbers.
//!
//! Whoever knows how long a way takes is a [`TravelTime`]: the straight line times a detour ([`Measure`]), or that and a [`Table`] of
//! times from cell to cell ([`Ruler`]). The hot paths ask a [`Measure`] directly wherever there is no table.
//!
//! metres = ceil(haversine x detour), seconds = ceil(metres x 36 / speed in tenths of a km/h). Rounding up keeps the
//! triangle inequality. The order of the floating-point operations is part of the rule: another order can differ by
//! one metre, and a plan would then pass here and fail elsewhere.

mod block;
mod table;

use std::fmt;
use std::sync::Arc;

pub use block::{Block, blocks, blocks_of_weeks};
pub use table::{Bounds, Entry, Table, Told};

use crate::snapshot::Point;

/// Stands for "cannot get there": longer than any window, small enough to be added up.
pub const UNREACHABLE_S: i64 = 1 << 40;

/// A point with the parts of the haversine formula that depend on it alone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    lat_rad: f64,
    lat_cos: f64,
    lon_deg: f64,
}

impl From<Point> for Spot {
    fn from(point: Point) -> Self {
        let lat_rad = point.lat.to_radians();
        Self { lat_rad, lat_cos: lat_rad.cos(), lon_deg: point.lon }
    }
}

/// The measure of distance of one problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    diameter_m: f64,
    detour: f64,
}

impl Measure {
    /// A measure from the earth's radius in metres and the detour factor in thousandths.
    pub fn new(earth_radius_m: f64, detour_permille: u32) -> Self {
        Self { diameter_m: 2.0 * earth_radius_m, detour: f64::from(detour_permille) / 1000.0 }
    }

    /// Metres along the way from one spot to another, rounded up.
    ///
    /// ```
    /// use matching::{snapshot::Point, travel::{Measure, Spot}};
    /// let measure = Measure::new(6_371_000.0, 1300);
    /// let koria = Spot::from(Point { lat: 60.845, lon: 26.597 });
    /// let centre = Spot::from(Point { lat: 60.868, lon: 26.704 });
    /// assert_eq!(measure.metres(koria, centre), 8234);
    /// assert_eq!(measure.metres(koria, koria), 0);
    /// ```
    pub fn metres(&self, a: Spot, b: Spot) -> i64 {
        let dlon = (b.lon_deg - a.lon_deg).to_radians();
        let south_north = ((b.lat_rad - a.lat_rad) / 2.0).sin();
        let west_east = (dlon / 2.0).sin();
        let h = south_north * south_north + a.lat_cos * b.lat_cos * (west_east * west_east);
        (self.diameter_m * h.sqrt().min(1.0).asin() * self.detour).ceil() as i64
    }

    /// The straight line itself, on a round earth.
    pub(crate) fn earth() -> Self {
        Self::new(6_371_000.0, 1000)
    }

    /// The longest straight line in metres that `seconds` of travel at `speed_dkmh` can cover, rounded up.
    pub fn reach_m(&self, seconds: i64, speed_dkmh: u32) -> f64 {
        let way = seconds.clamp(0, UNREACHABLE_S) as f64 * f64::from(speed_dkmh) / 36.0;
        way / self.detour.max(1e-3) + 1.0
    }

    /// A straight line along the surface in metres as an angle at the centre of the earth.
    pub(crate) fn angle_rad(&self, line_m: f64) -> f64 {
        line_m / (self.diameter_m / 2.0)
    }
}

/// Seconds for `metres` at `speed_dkmh` tenths of a km/h, rounded up; standing still gets nowhere.
///
/// ```
/// use matching::travel::seconds;
/// assert_eq!(seconds(1000, 45), 800);
/// assert_eq!(seconds(1001, 350), 103);
/// assert_eq!(seconds(0, 0), 0);
/// ```
pub fn seconds(metres: i64, speed_dkmh: u32) -> i64 {
    match (metres, i64::from(speed_dkmh)) {
        (0, _) => 0,
        (_, 0) => UNREACHABLE_S,
        (metres, speed) => (metres * 36 + speed - 1) / speed,
    }
}

/// Somebody who knows how long ways take.
pub trait TravelTime: fmt::Debug + Send + Sync {
    /// Seconds from one spot to another at the speed of a mode, in tenths of a km/h; `None` = there is no way. A way that exists and
    /// leads anywhere takes at least a second.
    fn way_s(&self, speed_dkmh: u32, from: Spot, to: Spot) -> Option<i64>;

    /// A straight line in metres beyond which nobody gets in `seconds`: what looks for neighbours asks this, and must miss nobody.
    fn farthest_m(&self, seconds: i64, speed_dkmh: u32) -> f64;
}

impl TravelTime for Measure {
    fn way_s(&self, speed_dkmh: u32, from: Spot, to: Spot) -> Option<i64> {
        Some(seconds(self.metres(from, to), speed_dkmh)).filter(|&way_s| way_s < UNREACHABLE_S)
    }

    fn farthest_m(&self, seconds: i64, speed_dkmh: u32) -> f64 {
        self.reach_m(seconds, speed_dkmh)
    }
}

/// What the ways of one question are measured with.
#[derive(Debug, Clone, PartialEq)]
pub enum Ruler {
    /// The straight line times the detour.
    Straight(Measure),
    /// A table, and the straight line where it says nothing.
    Table(Measure, Arc<Table>),
}

impl Ruler {
    /// A ruler with a table, if there is one.
    #[must_use]
    pub fn new(straight: Measure, table: Option<Arc<Table>>) -> Self {
        table.map_or(Self::Straight(straight), |table| Self::Table(straight, table))
    }

    /// Whether ways may differ there and back, and a detour be quicker than the direct way.
    #[must_use]
    pub fn is_rough(&self) -> bool {
        matches!(self, Self::Table(..))
    }
}

impl TravelTime for Ruler {
    fn way_s(&self, speed_dkmh: u32, from: Spot, to: Spot) -> Option<i64> {
        let (straight, table) = match self {
            Self::Straight(straight) => return straight.way_s(speed_dkmh, from, to),
            Self::Table(straight, table) => (straight, table),
        };
        let told = match (table.bounds().cell(from), table.bounds().cell(to)) {
            (Some(from), Some(to)) => table.between(speed_dkmh, from, to),
            _ => Told::Nothing,
        };
        match told {
            Told::Seconds(way_s) => Some(way_s),
            Told::NoWay => None,
            Told::Nothing => straight.way_s(speed_dkmh, from, to),
        }
    }

    fn farthest_m(&self, seconds: i64, speed_dkmh: u32) -> f64 {
        match self {
            Self::Straight(straight) => straight.reach_m(seconds, speed_dkmh),
            Self::Table(straight, table) => table.bounds().reach_m(straight, seconds, speed_dkmh),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_symmetric_and_keeps_the_triangle_inequality() {
        let measure = Measure::new(6_371_000.0, 1300);
        let spots: Vec<Spot> = (0..40)
            .map(|i| {
                Spot::from(Point {
                    lat: 60.7 + f64::from(i * 7 % 40) / 97.0,
                    lon: 26.4 + f64::from(i * 11 % 40) / 61.0,
                })
            })
            .collect();
        for &a in &spots {
            for &b in &spots {
                assert_eq!(measure.metres(a, b), measure.metres(b, a));
                for &c in &spots {
                    let direct = seconds(measure.metres(a, c), 45);
                    assert!(direct <= seconds(measure.metres(a, b), 45) + seconds(measure.metres(b, c), 45));
                }
            }
        }
    }

    #[test]
    fn antipodes_do_not_produce_a_number_that_is_none() {
        let measure = Measure::new(6_371_000.0, 1000);
        let metres =
            measure.metres(Spot::from(Point { lat: 90.0, lon: 0.0 }), Spot::from(Point { lat: -90.0, lon: 0.0 }));
        assert_eq!(metres, 20_015_087);
    }
}
