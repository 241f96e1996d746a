//! The postal codes of Finland with their points, read once from the committed file; rows that are plainly wrong are put right.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::Coordinates;
use domain::cell::fold;

/// GeoNames postal codes, CC BY 4.0 (`data/NOTICE.md`).
const FILE: &str = include_str!("../../data/fi_postal_codes.csv");

/// A code further than this from the middle of its place is a mistake of the source, in metres.
const OUTLIER_M: f64 = 60_000.0;

/// One postal code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Code {
    /// The place as the file writes it.
    pub(super) place: &'static str,
    /// The middle of its area.
    pub(super) point: Coordinates,
}

/// Places that go by one name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Locality {
    /// One place, and the middle of its codes.
    One(Coordinates),
    /// This many places far from each other.
    Several(usize),
}

/// The table: by code, and by folded name.
pub(super) struct Table {
    codes: HashMap<&'static str, Code>,
    localities: HashMap<String, Locality>,
    /// Codes that were moved to the middle of their place.
    #[cfg_attr(not(test), expect(dead_code, reason = "the test lists what was put right"))]
    moved: Vec<&'static str>,
}

/// The table of Finland.
pub(super) fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::read(FILE));
    &TABLE
}

#[derive(Clone, Copy)]
struct Row {
    code: &'static str,
    place: &'static str,
    point: (f64, f64),
}

impl Table {
    fn read(file: &'static str) -> Self {
        let mut rows: Vec<Row> = file.lines().skip(1).filter_map(row).collect();
        let moved = put_right(&mut rows);
        let mut codes = HashMap::with_capacity(rows.len());
        let mut by_name: HashMap<String, Areas> = HashMap::new();
        for row in &rows {
            if let Ok(point) = Coordinates::new(row.point.0, row.point.1) {
                codes.insert(row.code, Code { place: row.place, point });
                by_name.entry(fold(row.place)).or_default().entry(&row.code[..2]).or_default().push(row.point);
            }
        }
        let localities = by_name.into_iter().filter_map(|(name, areas)| Some((name, locality(areas)?))).collect();
        Self { codes, localities, moved }
    }

    /// A postal code.
    pub(super) fn code(&self, code: &str) -> Option<&Code> {
        self.codes.get(code)
    }

    /// The place or places of a folded name.
    pub(super) fn locality(&self, folded: &str) -> Option<Locality> {
        self.localities.get(folded).copied()
    }
}

/// No cell of the file is quoted: a test counts the rows.
fn row(line: &'static str) -> Option<Row> {
    let mut cells = line.split(',');
    let (code, place, _region, lat, lon) = (cells.next()?, cells.next()?, cells.next()?, cells.next()?, cells.next()?);
    Some(Row { code, place, point: (lat.trim().parse().ok()?, lon.trim().parse().ok()?) })
}

/// Moves each code that lies far from the other codes of its place to their middle. A place is a name within one two-digit area,
/// since two villages far apart may share a name. Of two codes far from each other, the one nearer to its neighbours in number stays.
fn put_right(rows: &mut [Row]) -> Vec<&'static str> {
    let mut places: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
    let mut neighbours: HashMap<&str, Vec<(f64, f64)>> = HashMap::new();
    for (index, row) in rows.iter().enumerate() {
        places.entry((row.place, &row.code[..2])).or_default().push(index);
        neighbours.entry(&row.code[..3]).or_default().push(row.point);
    }
    let mut moved = Vec::new();
    for members in places.values() {
        let middle = match members[..] {
            [_] => continue,
            [a, b] => {
                let far = |i: usize| distance_m(rows[i].point, median(&neighbours[&rows[i].code[..3]]));
                if far(a) <= far(b) { rows[a].point } else { rows[b].point }
            }
            _ => median(&members.iter().map(|&i| rows[i].point).collect::<Vec<_>>()),
        };
        for &index in members {
            if distance_m(rows[index].point, middle) > OUTLIER_M {
                rows[index].point = middle;
                moved.push(rows[index].code);
            }
        }
    }
    moved.sort_unstable();
    moved
}

/// The points of a name, by the first two digits of their codes.
type Areas = HashMap<&'static str, Vec<(f64, f64)>>;

fn locality(areas: Areas) -> Option<Locality> {
    let middles: Vec<(f64, f64)> = areas.values().map(|points| median(points)).collect();
    let apart = middles.iter().any(|a| middles.iter().any(|b| distance_m(*a, *b) > OUTLIER_M));
    if apart {
        return Some(Locality::Several(middles.len()));
    }
    let (lat, lon) = median(&areas.into_values().flatten().collect::<Vec<_>>());
    Coordinates::new(lat, lon).ok().map(Locality::One)
}

/// The median of the latitudes and of the longitudes: one far point does not move it.
fn median(points: &[(f64, f64)]) -> (f64, f64) {
    let middle = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        let half = values.len() / 2;
        if values.len() % 2 == 1 { values[half] } else { f64::midpoint(values[half - 1], values[half]) }
    };
    (middle(points.iter().map(|p| p.0).collect()), middle(points.iter().map(|p| p.1).collect()))
}

/// Metres between two points on a flat map of Finland: good to a percent, and outliers are off by tens of kilometres.
fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    const DEGREE_M: f64 = 111_195.0;
    let north = (a.0 - b.0) * DEGREE_M;
    let east = (a.1 - b.1) * DEGREE_M * f64::midpoint(a.0, b.0).to_radians().cos();
    north.hypot(east)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_file_is_read_and_lies_in_finland() {
        assert_eq!(FILE.lines().count() - 1, 3_576);
        assert_eq!(table().codes.len(), 3_576);
    }

    #[test]
    fn the_rows_far_from_their_place_are_put_right_and_no_others() {
        assert_eq!(table().moved, ["00002", "00101", "86301"]);
        let helsinki = table().code("00100").expect("00100").point;
        for code in ["00002", "00101"] {
            let point = table().code(code).expect(code).point;
            assert!(distance_m((point.lat(), point.lon()), (helsinki.lat(), helsinki.lon())) < 15_000.0, "{code}");
        }
    }

    #[test]
    fn villages_that_share_a_name_are_not_mistaken_for_outliers() {
        assert_eq!(table().locality("tikkala"), Some(Locality::Several(2)));
        let lat = |code| table().code(code).map(|code| code.point.lat());
        assert!(lat("41860") < Some(62.3) && lat("82350") > Some(62.3), "{:?} {:?}", lat("41860"), lat("82350"));
    }
}
