//! A way as it is on a flat map: a few multiplications instead of sines, with how far the truth may lie on either side. Who could come by
//! both sides, or by neither, needs no exact way.

use crate::snapshot::Point;

/// Degrees of latitude beyond which the map is too crooked.
const LAT_MAX: f64 = 75.0;
/// Degrees around a place within which the map holds.
const NORTH_MAX: f64 = 2.0;
const EAST_MAX: f64 = 4.0;
/// By which part a line on the map may be too long or too short, and by how many metres a home may be misplaced.
const WRONG: f64 = 1e-3;
const WRONG_M: f64 = 2.0;

/// A home, and how fast and far its owner goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    /// Degrees; not a number where there is no home.
    lat: f32,
    lon: f32,
    /// Tenths of a km/h.
    speed_dkmh: u16,
    /// The longest way in seconds; the largest number where it is as long or longer.
    most_s: u16,
}

impl Home {
    /// Nobody's.
    pub(super) const NONE: Self = Self { lat: f32::NAN, lon: f32::NAN, speed_dkmh: 0, most_s: 0 };

    pub(super) fn new(home: Option<Point>, speed_dkmh: u16, max_travel_s: i32) -> Self {
        home.map_or(Self::NONE, |home| Self {
            lat: home.lat as f32,
            lon: home.lon as f32,
            speed_dkmh,
            most_s: max_travel_s.clamp(0, u16::MAX.into()) as u16,
        })
    }
}

/// Seconds that a way takes at least and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct About {
    pub(super) least: i64,
    pub(super) most: i64,
}

/// The map around a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    place: Point,
    /// Metres of a degree to the north, with the detour.
    north_m: f64,
    /// The same to the east at the place, and how much less each degree further north.
    east_m: f64,
    less_m: f64,
    /// What a home that is misplaced adds, with the detour.
    wrong_m: f64,
}

impl Plane {
    /// None where the map is too crooked.
    pub(super) fn new(earth_radius_m: f64, detour_permille: u32, place: Point) -> Option<Self> {
        let detour = f64::from(detour_permille) / 1000.0;
        let north_m = earth_radius_m * 1_f64.to_radians() * detour;
        let (sin, cos) = place.lat.to_radians().sin_cos();
        // Halfway to the home is where a degree is as long as it is on the whole way.
        let less_m = north_m * sin * 0.5_f64.to_radians();
        let is_flat = place.lat.abs() <= LAT_MAX;
        is_flat.then_some(Self { place, north_m, east_m: north_m * cos, less_m, wrong_m: WRONG_M * detour.max(1.0) })
    }

    /// The way to a home; none if the map does not say, or there is no home.
    pub(super) fn way(&self, home: &Home) -> Option<About> {
        let (north, east) = (f64::from(home.lat) - self.place.lat, f64::from(home.lon) - self.place.lon);
        if !(north.abs() <= NORTH_MAX && east.abs() <= EAST_MAX) || home.speed_dkmh == 0 {
            return None;
        }
        let (north_m, east_m) = (north * self.north_m, east * (self.east_m - north * self.less_m));
        let (metres, pace) = ((north_m * north_m + east_m * east_m).sqrt(), 36.0 / f64::from(home.speed_dkmh));
        let wrong_m = metres * WRONG + self.wrong_m;
        // Metres and seconds are rounded up.
        let (least, most) = ((metres - wrong_m) * pace, (metres + wrong_m + 1.0) * pace);
        Some(About { least: least.max(0.0) as i64, most: most as i64 + 2 })
    }

    /// Whether somebody who goes that way goes further than they would: surely, surely not, or nobody knows.
    pub(super) fn is_too_far(home: &Home, out: About) -> Option<bool> {
        let most_s = i64::from(home.most_s);
        if out.most <= most_s {
            return Some(false);
        }
        (out.least > most_s && home.most_s < u16::MAX).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::travel::{Measure, Spot, seconds};

    #[test]
    fn the_truth_lies_between() {
        let measure = Measure::new(6_371_000.0, 1300);
        let mut widest = 0;
        for place in [(60.87, 26.7), (69.9, 27.02), (-33.3, 151.2), (0.001, -0.002), (74.9, 179.0)] {
            let place = Point { lat: place.0, lon: place.1 };
            let plane = Plane::new(6_371_000.0, 1300, place).expect("flat enough");
            for n in 0..20_000_i32 {
                let far = [0.003, 0.05, 0.4, 1.0][n as usize % 4];
                let north = far * f64::from(n * 7_919 % 4_001 - 2_000) / 1_010.0;
                let east = far * f64::from(n * 104_729 % 4_001 - 2_000) / 505.0;
                let home = Point { lat: place.lat + north, lon: place.lon + east };
                let speed_dkmh = [45, 140, 350][n as usize % 3];
                let truth = seconds(measure.metres(Spot::from(home), Spot::from(place)), u32::from(speed_dkmh));
                let about = plane.way(&Home::new(Some(home), speed_dkmh, 2_400)).expect("near");
                assert!(about.least <= truth && truth <= about.most, "{about:?} {truth} from {home:?} to {place:?}");
                if truth <= 2_700 {
                    widest = widest.max(about.most - about.least);
                }
            }
        }
        assert!(widest <= 15, "{widest}");
    }

    #[test]
    fn who_has_no_home_or_stands_still_is_not_measured() {
        let place = Point { lat: 60.0, lon: 25.0 };
        let plane = Plane::new(6_371_000.0, 1300, place).expect("flat enough");
        assert_eq!(plane.way(&Home::new(None, 45, 600)), None);
        assert_eq!(plane.way(&Home::new(Some(place), 0, 600)), None);
        assert_eq!(plane.way(&Home::new(Some(Point { lat: 63.0, ..place }), 45, 600)), None);
        assert!(Plane::new(6_371_000.0, 1300, Point { lat: 80.0, lon: 0.0 }).is_none());
        let is_too_far = |max_travel_s, least, most| {
            Plane::is_too_far(&Home::new(Some(place), 45, max_travel_s), About { least, most })
        };
        assert_eq!((is_too_far(600, 590, 600), is_too_far(600, 601, 610)), (Some(false), Some(true)));
        assert_eq!((is_too_far(600, 600, 601), is_too_far(90_000, 70_000, 70_010)), (None, None));
    }
}
