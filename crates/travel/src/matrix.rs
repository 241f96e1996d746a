//! Times from a file: CSV with the columns `from_cell,to_cell,mode,seconds`. Empty seconds: there is no way.

use std::collections::BTreeMap;
use std::io::Read;
use std::str::FromStr;

use h3o::{CellIndex, LatLng};
use matching::snapshot::Point;
use matching::travel::{Bounds, Entry, Measure, Spot, Table};

/// Most rows of a file.
pub const ROWS_MAX: usize = 20_000_000;
/// Most wrong rows that are named; the rest is counted.
const WRONG_MAX: usize = 100;
/// The columns.
const COLUMNS: [&str; 4] = ["from_cell", "to_cell", "mode", "seconds"];
/// Radius of the earth in metres.
const EARTH_RADIUS_M: f64 = 6_371_000.0;
/// Most seconds of a way: a day.
const SECONDS_MAX: u32 = 86_400;

/// Why a file cannot be used: everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the file of travel times cannot be used: {}{}", .wrong.join("; "), more(.count, .wrong))]
pub struct MatrixError {
    /// What is wrong, each with its line, at most a hundred.
    pub wrong: Vec<String>,
    /// How much is wrong in all.
    pub count: usize,
}

fn more(count: &usize, wrong: &[String]) -> String {
    match count.saturating_sub(wrong.len()) {
        0 => String::new(),
        rest => format!("; and {rest} more"),
    }
}

/// Times from a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    bounds: Bounds,
    entries: Vec<Entry>,
}

impl Matrix {
    /// Reads a file. `modes` are the names that may stand in it, with the speed in tenths of a km/h by which matching knows them.
    ///
    /// # Errors
    /// Every wrong row at once.
    pub fn read(file: impl Read, modes: &[(&str, u32)]) -> Result<Self, MatrixError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(file);
        let mut found = Found { wrong: Vec::new(), count: 0, resolution: None, entries: BTreeMap::new() };
        let header = reader.headers().map(|row| row.iter().map(str::to_owned).collect::<Vec<_>>()).unwrap_or_default();
        if header.iter().map(|name| name.trim_start_matches('\u{feff}')).ne(COLUMNS) {
            found.add(format!("line 1: the columns are {} and not {}", header.join(","), COLUMNS.join(",")));
            return Err(found.error());
        }
        for (at, row) in reader.records().enumerate() {
            if at >= ROWS_MAX {
                found.add(format!("more than {ROWS_MAX} rows"));
                break;
            }
            match row {
                Ok(row) => found.row(&row, row.position().map_or(0, csv::Position::line), modes),
                Err(error) => found.add(format!("row {}: {error}", at + 1)),
            }
        }
        if found.count > 0 {
            return Err(found.error());
        }
        let mut fastest: BTreeMap<u32, u32> = modes.iter().map(|(_, speed)| (*speed, *speed)).collect();
        for (&(speed, from, to), (seconds, _)) in &found.entries {
            let known = fastest.entry(speed).or_default();
            *known = (*known).max(seconds.map_or(0, |seconds| speed_dkmh(from, to, seconds)));
        }
        let fastest: Vec<(u32, u32)> = fastest.into_iter().collect();
        let resolution = found.resolution.map_or(10, u8::from);
        let bounds = Bounds::new(resolution, &fastest).expect("a cell's resolution exists");
        let entries = found
            .entries
            .into_iter()
            .map(|((speed_dkmh, from, to), (seconds, _))| Entry { speed_dkmh, from, to, seconds })
            .collect();
        Ok(Self { bounds, entries })
    }

    /// How many ways it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The times as matching takes them.
    #[must_use]
    pub fn into_table(self) -> Table {
        Table::new(self.bounds, self.entries)
    }
}

/// How fast a way leads from the middle of one cell to that of another, in a straight line and tenths of a km/h, rounded up.
fn speed_dkmh(from: u64, to: u64, seconds: u32) -> u32 {
    let middle = |cell: u64| CellIndex::try_from(cell).map(LatLng::from);
    let (Ok(from), Ok(to)) = (middle(from), middle(to)) else { return 0 };
    let spot = |at: LatLng| Spot::from(Point { lat: at.lat(), lon: at.lng() });
    let metres = Measure::new(EARTH_RADIUS_M, 1000).metres(spot(from), spot(to));
    u32::try_from((metres * 36 + i64::from(seconds) - 1) / i64::from(seconds.max(1))).unwrap_or(u32::MAX)
}

/// What has been read so far.
struct Found {
    wrong: Vec<String>,
    count: usize,
    resolution: Option<h3o::Resolution>,
    /// With the line.
    entries: BTreeMap<(u32, u64, u64), (Option<u32>, u64)>,
}

impl Found {
    fn add(&mut self, what: String) {
        self.count += 1;
        if self.wrong.len() < WRONG_MAX {
            self.wrong.push(what);
        }
    }

    fn error(self) -> MatrixError {
        MatrixError { wrong: self.wrong, count: self.count }
    }

    fn row(&mut self, row: &csv::StringRecord, line: u64, modes: &[(&str, u32)]) {
        let fields: Vec<&str> = row.iter().collect();
        let [from, to, mode, seconds] = fields[..] else {
            return self.add(format!("line {line}: {} fields and not {}", fields.len(), COLUMNS.len()));
        };
        let before = self.count;
        let (from, to) = (self.cell(from, "from_cell", line), self.cell(to, "to_cell", line));
        let speed = modes.iter().find(|(name, _)| *name == mode).map(|(_, speed)| *speed);
        if speed.is_none() {
            let known: Vec<&str> = modes.iter().map(|(name, _)| *name).collect();
            self.add(format!("line {line}: mode {mode:?} is not one of {}", known.join(", ")));
        }
        let seconds = match seconds {
            "" => None,
            text => match text.parse::<u32>() {
                Ok(seconds) if (1..=SECONDS_MAX).contains(&seconds) => Some(seconds),
                _ => {
                    self.add(format!(
                        "line {line}: seconds {text:?} is not a whole number from 1 to {SECONDS_MAX}, nor empty"
                    ));
                    None
                }
            },
        };
        let (Some(from), Some(to), Some(speed)) = (from, to, speed) else { return };
        if from == to {
            self.add(format!("line {line}: a way within one cell is a straight line"));
        }
        if self.count > before {
            return;
        }
        if let Some((_, first)) = self.entries.insert((speed, from, to), (seconds, line)) {
            self.add(format!("line {line}: the same way as in line {first}"));
        }
    }

    fn cell(&mut self, text: &str, column: &str, line: u64) -> Option<u64> {
        let Ok(cell) = CellIndex::from_str(text) else {
            self.add(format!("line {line}: {column} {text:?} is no H3 cell"));
            return None;
        };
        let wanted = *self.resolution.get_or_insert(cell.resolution());
        if cell.resolution() != wanted {
            let (is, should) = (u8::from(cell.resolution()), u8::from(wanted));
            self.add(format!("line {line}: {column} has resolution {is}, the first cell {should}"));
            return None;
        }
        Some(u64::from(cell))
    }
}

#[cfg(test)]
mod tests {
    use matching::travel::Told;

    use super::*;

    const MODES: [(&str, u32); 2] = [("walk", 45), ("car", 350)];

    fn cell(lon: f64, resolution: h3o::Resolution) -> CellIndex {
        h3o::LatLng::new(60.17, lon).expect("a point").to_cell(resolution)
    }

    #[test]
    fn rows_become_times_and_empty_means_no_way() {
        let (a, b) = (cell(24.93, h3o::Resolution::Nine), cell(24.95, h3o::Resolution::Nine));
        let text = format!("from_cell,to_cell,mode,seconds\n{a},{b},car,240\n{b},{a},car,\n{a},{b},walk, 1200 \n");
        let matrix = Matrix::read(text.as_bytes(), &MODES).expect("sound");
        assert_eq!(matrix.len(), 3);
        let table = matrix.into_table();
        let (a, b) = (u64::from(a), u64::from(b));
        assert_eq!(table.between(350, a, b), Told::Seconds(240));
        assert_eq!(table.between(350, b, a), Told::NoWay);
        assert_eq!(table.between(45, a, b), Told::Seconds(1200));
        assert_eq!(table.between(45, b, a), Told::Nothing);
        assert_eq!(table.bounds().resolution(), 9);
    }

    #[test]
    fn every_wrong_row_is_told_at_once() {
        let (a, b, coarse) = (
            cell(24.93, h3o::Resolution::Nine),
            cell(24.95, h3o::Resolution::Nine),
            cell(24.9, h3o::Resolution::Eight),
        );
        let text = format!(
            "from_cell,to_cell,mode,seconds\n{a},{b},car,240\nnowhere,{b},boat,-1\n{a},{coarse},car,5\n{a},{b},car,241\n{a},{a},car,1\n{a},{b}\n{b},{a},car,0\n"
        );
        let error = Matrix::read(text.as_bytes(), &MODES).expect_err("wrong");
        assert_eq!(
            error.wrong,
            [
                "line 3: from_cell \"nowhere\" is no H3 cell",
                "line 3: mode \"boat\" is not one of walk, car",
                "line 3: seconds \"-1\" is not a whole number from 1 to 86400, nor empty",
                "line 4: to_cell has resolution 8, the first cell 9",
                "line 5: the same way as in line 2",
                "line 6: a way within one cell is a straight line",
                "line 7: 2 fields and not 4",
                "line 8: seconds \"0\" is not a whole number from 1 to 86400, nor empty",
            ]
        );
        let header = Matrix::read("from,to,seconds\n".as_bytes(), &MODES).expect_err("other columns");
        assert!(header.to_string().contains("from_cell,to_cell,mode,seconds"), "{header}");
    }
}
