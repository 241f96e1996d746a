//! Reads an instance: volunteers and gigs of one week, second 0 = Monday 00:00. Everything that cannot be is named at once.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

use matching::snapshot::Snapshot;
use travel::Matrix;

use super::schema::{GigFile, InstanceFile, VERSIONS, VolunteerFile};
use super::town;
use crate::failure::Failure;

/// Seconds of a day.
pub(super) const DAY_S: i64 = 86_400;
/// Latest second that may be named: a year of days.
const MAX_TIME_S: i64 = 366 * DAY_S;

/// A checked instance.
#[derive(Debug)]
pub(crate) struct Instance {
    file: InstanceFile,
}

impl Instance {
    /// Reads an instance and turns it into a snapshot.
    ///
    /// # Errors
    /// Names the field that is missing, of the wrong type, impossible, or there twice; says why a file cannot be read.
    pub(crate) fn read(path: &Path) -> Result<(Self, Snapshot), Failure> {
        let file: InstanceFile = super::read_json(path, "instance", problems)?;
        let snapshot = town::snapshot(&file);
        Ok((Self { file }, snapshot))
    }

    /// The same with times of roads from a file, if there is one: CSV, `from_cell,to_cell,mode,seconds`, with the modes of the instance.
    ///
    /// # Errors
    /// As [`read`](Self::read), and every wrong row of the file of times.
    pub(crate) fn read_with(path: &Path, matrix: Option<&Path>) -> Result<(Self, Snapshot), Failure> {
        let (instance, mut snapshot) = Self::read(path)?;
        if let Some(path) = matrix {
            let file = File::open(path).map_err(|error| {
                Failure::usage(format!("cannot read travel matrix {}", path.display())).because(error)
            })?;
            let modes: Vec<(&str, u32)> =
                instance.file.modes.iter().map(|(name, speed)| (name.as_str(), *speed)).collect();
            let matrix = Matrix::read(BufReader::new(file), &modes)
                .map_err(|error| super::refuse(path, "travel matrix", &error.wrong, |why| why))?;
            snapshot.table = Some(Arc::new(matrix.into_table()));
        }
        Ok((instance, snapshot))
    }

    /// Name of the instance; plans refer to it.
    pub(crate) fn name(&self) -> &str {
        &self.file.name
    }

    /// Number of gigs.
    pub(crate) fn gig_count(&self) -> usize {
        self.file.gigs.len()
    }

    /// How many people each gig needs, by its id.
    pub(crate) fn people(&self) -> BTreeMap<&str, usize> {
        self.file.gigs.iter().map(|row| (row.id.as_str(), town::people(row))).collect()
    }

    /// Whether soft terms (familiar faces, likes, fair shares, wishes) count in the objective: version 1 knows only weight and travel.
    pub(crate) fn has_soft_terms(&self) -> bool {
        self.file.schema == VERSIONS[1]
    }
}

/// Everything that is of the right type and still cannot be.
pub(super) fn problems(file: &InstanceFile) -> Vec<String> {
    let mut out = Problems(Vec::new());
    if !VERSIONS.contains(&file.schema.as_str()) {
        out.0.push(format!("schema is {:?} and not {:?} or {:?}", file.schema, VERSIONS[0], VERSIONS[1]));
    }
    out.of_the_whole(file);
    for (at, row) in file.volunteers.iter().enumerate() {
        out.of_volunteer(file, at, row);
    }
    for (at, row) in file.gigs.iter().enumerate() {
        out.of_gig(at, row);
    }
    out.twice("volunteers", file.volunteers.iter().map(|row| row.id.as_str()));
    out.twice("gigs", file.gigs.iter().map(|row| row.id.as_str()));
    for (at, promise) in file.promises.iter().enumerate() {
        let is_time = (0..=MAX_TIME_S).contains(&promise.start);
        out.must(is_time, || format!("promises[{at}].start ({}) is not 0 to a year", promise.gig));
    }
    if file.schema == VERSIONS[0] {
        for field in town::beyond_version_1(file) {
            out.0.push(format!("{field} is of {} and the schema says {}", VERSIONS[1], VERSIONS[0]));
        }
    }
    out.0
}

struct Problems(Vec<String>);

impl Problems {
    fn must(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.0.push(what());
        }
    }

    fn of_the_whole(&mut self, file: &InstanceFile) {
        let horizon = file.horizon_s;
        let is_time = (0..=MAX_TIME_S).contains(&horizon);
        self.must(is_time, || format!("horizon_s is {horizon} and not 0 to {MAX_TIME_S}"));
        let permille = file.detour * 1000.0;
        let is_permille = (0.0..=1e6).contains(&permille) && (permille - permille.round()).abs() < 1e-6;
        self.must(is_permille, || format!("detour is {} and not a number of thousandths, 0 to 1000", file.detour));
        let radius = file.earth_radius_m;
        self.must((1.0..1e9).contains(&radius), || format!("earth_radius_m is {radius} and not 1 to below 1000000000"));
        for (mode, &speed) in &file.modes {
            self.must(speed > 0 && speed <= 20_000, || format!("modes.{mode} is {speed} and not 1 to 20000"));
        }
        for (name, starts) in [("day_starts", &file.day_starts), ("week_starts", &file.week_starts)] {
            let ascend = starts.iter().all(|starts| starts.windows(2).all(|pair| pair[0] < pair[1]));
            self.must(ascend, || format!("{name} do not ascend"));
        }
    }

    fn of_volunteer(&mut self, file: &InstanceFile, at: usize, row: &VolunteerFile) {
        let field = |name: &str| format!("volunteers[{at}].{name} ({})", row.id);
        self.must(!row.id.is_empty(), || field("id is empty"));
        self.must(row.lat.is_some() == row.lon.is_some(), || field("lat and lon: one is there and one is not"));
        self.must(row.lat.is_none_or(|lat| lat.abs() <= 90.0), || field("lat is not -90 to 90"));
        self.must(row.lon.is_none_or(|lon| lon.abs() <= 180.0), || field("lon is not -180 to 180"));
        let has_mode = file.modes.contains_key(&row.mode);
        self.must(has_mode, || format!("{} is {:?} and not one of the modes", field("mode"), row.mode));
        self.must((0..=MAX_TIME_S).contains(&row.max_travel_s), || field("max_travel_s is not 0 to a year"));
        self.must(are_spans(&row.windows), || field("windows: not pairs of start and end in the first year"));
        let in_range = row.familiar.iter().all(|known| known.strength_milli <= 1000);
        self.must(in_range, || field("familiar: strength_milli is not 0 to 1000"));
        let is_once = repeated(row.familiar.iter().map(|known| known.seeker.as_str())).is_empty();
        self.must(is_once, || field("familiar: one seeker stands there twice"));
    }

    fn of_gig(&mut self, at: usize, row: &GigFile) {
        let field = |name: &str| format!("gigs[{at}].{name} ({})", row.id);
        self.must(!row.id.is_empty(), || field("id is empty"));
        for (name, lat, lon) in [("", row.lat, row.lon), ("destination_", row.destination_lat, row.destination_lon)] {
            let both = lat.is_some() == lon.is_some();
            self.must(both, || field(&format!("{name}lat and {name}lon: one is there and one is not")));
            self.must(lat.is_none_or(|lat| lat.abs() <= 90.0), || field(&format!("{name}lat is not -90 to 90")));
            self.must(lon.is_none_or(|lon| lon.abs() <= 180.0), || field(&format!("{name}lon is not -180 to 180")));
        }
        let goes_somewhere = row.destination_lat.is_none() || row.lat.is_some();
        self.must(goes_somewhere, || field("destination_lat: a call has no destination"));
        let is_long = (1..=MAX_TIME_S).contains(&row.duration_s);
        self.must(is_long, || format!("{} is {} and not 1 to a year", field("duration_s"), row.duration_s));
        self.must(are_spans(&row.windows), || field("windows: not pairs of start and end in the first year"));
        let people = town::people(row);
        self.must((1..=2).contains(&people), || format!("{} is {people} and not 1 or 2", field("people")));
        let agree = row.people.is_none_or(|said| said == people);
        self.must(agree, || field("people and the number of slots differ"));
        self.must(row.weight <= 1_000, || format!("{} is {} and not 0 to 1000", field("weight"), row.weight));
        let is_time = row.agreed_start.is_none_or(|start| (0..=MAX_TIME_S).contains(&start));
        self.must(is_time, || field("agreed_start is not 0 to a year"));
    }

    fn twice<'a>(&mut self, what: &str, ids: impl Iterator<Item = &'a str>) {
        self.0.extend(repeated(ids).iter().map(|id| format!("{what}: id {id} occurs twice")));
    }
}

/// What stands there again, once for each time.
fn repeated<'a>(ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut sorted: Vec<&str> = ids.collect();
    sorted.sort_unstable();
    sorted.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect()
}

fn are_spans(windows: &[(i64, i64)]) -> bool {
    windows.iter().all(|&(start, end)| 0 <= start && start <= end && end <= MAX_TIME_S)
}
