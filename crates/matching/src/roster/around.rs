//! A place beside homes: who surely lives too far away, before any way is measured.

use super::Roster;
use super::row::Row;
use crate::snapshot::Point;

/// A place as a rough sieve sees it: cheaper than the way, and never closer than the truth is far.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'a> {
    /// Where a table of times may take somebody further than the straight line.
    rough: Option<&'a Roster>,
    place: Point,
    /// Metres of a degree of latitude.
    north_m: f64,
    /// Metres of a degree of longitude, at least, anywhere within [`NEAR_DEG`].
    east_m: f64,
    /// Metres in a straight line of a second at a speed of one.
    reach_m: f64,
}

/// Degrees of latitude within which the sieve knows how long a degree of longitude is at least.
const NEAR_DEG: f64 = 2.0;
/// Takes care of the curve of the earth within ten degrees of longitude, and of rounding.
const SURE: f64 = 0.998;
/// Metres allowed for the rounding of ways up to whole metres and seconds.
const SLACK_M: f64 = 30.0;

impl<'a> Around<'a> {
    pub(super) fn new(roster: &'a Roster, place: Point) -> Self {
        let north_m = roster.earth_radius_m * 1_f64.to_radians() * SURE;
        let east_m = north_m * (place.lat.abs() + NEAR_DEG).min(90.0).to_radians().cos();
        let reach_m = 1000.0 / (36.0 * f64::from(roster.detour_permille.max(1)));
        Self { rough: roster.bounds.as_ref().map(|_| roster), place, north_m, east_m, reach_m }
    }

    /// Whether a home is surely further away than its owner goes.
    pub(super) fn is_beyond(&self, row: &Row) -> bool {
        let reach_m = match self.rough {
            None => f64::from(row.max_travel_s) * f64::from(row.speed_dkmh) * self.reach_m + SLACK_M,
            Some(roster) => roster.reach_m(row.max_travel_s.into(), row.speed_dkmh.into()) + SLACK_M,
        };
        let Some(home) = row.home() else { return true };
        let (north, east) = ((home.lat - self.place.lat).abs(), (home.lon - self.place.lon).abs());
        north * self.north_m > reach_m || (north <= NEAR_DEG && east <= 10.0 && east * self.east_m > reach_m)
    }
}
