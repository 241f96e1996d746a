//! The referee's own ruler: haversine, detour, speed; and its own reading of a table of times, if the snapshot has one.

use h3o::{LatLng, Resolution};

use crate::{
    snapshot::{Point, Snapshot},
    travel::{Table, Told},
};

/// Longer than anybody is ever under way: there is no way.
const NEVER_S: i64 = i64::MAX / 4;

/// Seconds from one point to another at a speed in tenths of a km/h.
pub(super) fn way_s(snapshot: &Snapshot, speed_dkmh: u32, from: Point, to: Point) -> i64 {
    match snapshot.table.as_ref().map_or(Told::Nothing, |table| told(table, speed_dkmh, from, to)) {
        Told::Seconds(seconds) => return seconds,
        Told::NoWay => return NEVER_S,
        Told::Nothing => {}
    }
    let (lat_a, lat_b) = (from.lat.to_radians(), to.lat.to_radians());
    let across = (to.lon - from.lon).to_radians();
    let h = ((lat_b - lat_a) / 2.0).sin().powi(2) + lat_a.cos() * lat_b.cos() * (across / 2.0).sin().powi(2);
    let line = 2.0 * snapshot.earth_radius_m * h.sqrt().min(1.0).asin();
    let metres = (line * (f64::from(snapshot.detour_permille) / 1000.0)).ceil() as i64;
    if metres == 0 {
        0
    } else if speed_dkmh == 0 {
        NEVER_S
    } else {
        (metres * 36).div_euclid(i64::from(speed_dkmh)) + i64::from((metres * 36) % i64::from(speed_dkmh) != 0)
    }
}

/// What the table says of two points.
fn told(table: &Table, speed_dkmh: u32, from: Point, to: Point) -> Told {
    let cell = |point: Point| {
        let resolution = Resolution::try_from(table.bounds().resolution()).ok()?;
        LatLng::new(point.lat, point.lon).ok().map(|at| u64::from(at.to_cell(resolution)))
    };
    match (cell(from), cell(to)) {
        (Some(from), Some(to)) if from != to => table.between(speed_dkmh, from, to),
        _ => Told::Nothing,
    }
}

/// The same, where a way that does not exist takes no time: a promise that nobody can travel to takes up its own hours only.
pub(super) fn taken_s(way_s: i64) -> i64 {
    if way_s >= NEVER_S { 0 } else { way_s }
}
