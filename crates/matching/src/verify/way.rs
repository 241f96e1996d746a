//! The referee's own ruler: haversine, detour, speed.

use crate::snapshot::{Point, Snapshot};

/// Seconds from one point to another at a speed in tenths of a km/h.
pub(super) fn way_s(snapshot: &Snapshot, speed_dkmh: u32, from: Point, to: Point) -> i64 {
    let (lat_a, lat_b) = (from.lat.to_radians(), to.lat.to_radians());
    let across = (to.lon - from.lon).to_radians();
    let h = ((lat_b - lat_a) / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (across / 2.0).sin().powi(2);
    let line = 2.0 * snapshot.earth_radius_m * h.sqrt().min(1.0).asin();
    let metres = (line * (f64::from(snapshot.detour_permille) / 1000.0)).ceil() as i64;
    if metres == 0 {
        0
    } else if speed_dkmh == 0 {
        i64::MAX / 4
    } else {
        (metres * 36).div_euclid(i64::from(speed_dkmh)) + i64::from((metres * 36) % i64::from(speed_dkmh) != 0)
    }
}
