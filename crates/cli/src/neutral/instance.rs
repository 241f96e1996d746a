//! Reads an instance: volunteers and gigs of one week, second 0 = Monday 00:00, no clock change.

use std::{collections::BTreeMap, path::Path};

use matching::snapshot::{GigRow, HeldSkill, Point, SlotRow, Snapshot, Span, VolunteerRow};
use serde::Deserialize;

use crate::failure::Failure;

/// The only schema this version reads.
const SCHEMA: &str = "keikka-city/1";
/// Seconds of a day.
const DAY_S: i64 = 86_400;
/// Latest second that may be named: a year of days.
const MAX_TIME_S: i64 = 366 * DAY_S;
/// A language nobody speaks: a gig that lists no language at all can be done by nobody in this format.
const NO_LANGUAGE: &str = "(none)";

/// An instance as it is written.
#[derive(Debug, Deserialize)]
pub(crate) struct Instance {
    schema: String,
    /// Name of the instance; plans refer to it.
    pub(crate) name: String,
    horizon_s: i64,
    detour: f64,
    earth_radius_m: f64,
    modes: BTreeMap<String, u32>,
    volunteers: Vec<Volunteer>,
    gigs: Vec<Gig>,
}

#[derive(Debug, Deserialize)]
struct Volunteer {
    id: String,
    lat: f64,
    lon: f64,
    mode: String,
    max_travel_s: i64,
    skills: Vec<String>,
    languages: Vec<String>,
    kinds: Vec<String>,
    #[serde(default)]
    likes: Vec<String>,
    windows: Vec<(i64, i64)>,
    max_gigs_day: u32,
    max_gigs_week: u32,
}

#[derive(Debug, Deserialize)]
struct Gig {
    id: String,
    kind: String,
    lat: Option<f64>,
    lon: Option<f64>,
    duration_s: i64,
    windows: Vec<(i64, i64)>,
    skills: Vec<String>,
    languages_any: Vec<String>,
    weight: u32,
    people: usize,
}

impl Instance {
    /// Reads an instance and turns it into a snapshot.
    ///
    /// # Errors
    /// Names the field that is missing, of the wrong type, or impossible.
    pub(crate) fn read(path: &Path) -> Result<(Self, Snapshot), Failure> {
        let instance: Self = super::read_json(path, "instance")?;
        let problems = instance.problems();
        if !problems.is_empty() {
            return Err(super::refuse(path, "instance", &problems));
        }
        let snapshot = instance.snapshot();
        Ok((instance, snapshot))
    }

    /// Number of gigs.
    pub(crate) fn gig_count(&self) -> usize {
        self.gigs.len()
    }

    /// How many people a gig needs, by its id.
    pub(crate) fn people(&self, gig: &str) -> Option<usize> {
        self.gigs.iter().find(|row| row.id == gig).map(|row| row.people)
    }

    /// Everything that is of the right type and still cannot be.
    fn problems(&self) -> Vec<String> {
        let mut out = Vec::new();
        let mut must = |holds: bool, what: String| {
            if !holds {
                out.push(what);
            }
        };
        must(self.schema == SCHEMA, format!("schema is {:?} and not {SCHEMA:?}", self.schema));
        must(
            (0..=MAX_TIME_S).contains(&self.horizon_s),
            format!("horizon_s is {} and not 0 to {MAX_TIME_S}", self.horizon_s),
        );
        let permille = self.detour * 1000.0;
        let is_permille = (0.0..=1e6).contains(&permille) && (permille - permille.round()).abs() < 1e-6;
        must(is_permille, format!("detour is {} and not a number of thousandths from 0", self.detour));
        let radius = self.earth_radius_m;
        must(radius > 0.0 && radius < 1e9, format!("earth_radius_m is {radius} and not above 0"));
        for (mode, &speed) in &self.modes {
            must(speed > 0 && speed <= 20_000, format!("modes.{mode} is {speed} and not 1 to 20000"));
        }
        let are_spans = |windows: &[(i64, i64)]| {
            windows.iter().all(|&(start, end)| 0 <= start && start <= end && end <= MAX_TIME_S)
        };
        for (at, row) in self.volunteers.iter().enumerate() {
            let field = |name: &str| format!("volunteers[{at}].{name} ({})", row.id);
            must(!row.id.is_empty(), field("id is empty"));
            must(row.lat.abs() <= 90.0, field("lat is not -90 to 90"));
            must(row.lon.abs() <= 180.0, field("lon is not -180 to 180"));
            must(
                self.modes.contains_key(&row.mode),
                format!("{} is {:?} and not one of the modes", field("mode"), row.mode),
            );
            must((0..=MAX_TIME_S).contains(&row.max_travel_s), field("max_travel_s is not 0 to a year"));
            must(are_spans(&row.windows), field("windows: not pairs of start and end in the first year"));
        }
        for (at, row) in self.gigs.iter().enumerate() {
            let field = |name: &str| format!("gigs[{at}].{name} ({})", row.id);
            must(!row.id.is_empty(), field("id is empty"));
            must(row.lat.is_some() == row.lon.is_some(), field("lat and lon: one is there and one is not"));
            must(row.lat.is_none_or(|lat| lat.abs() <= 90.0), field("lat is not -90 to 90"));
            must(row.lon.is_none_or(|lon| lon.abs() <= 180.0), field("lon is not -180 to 180"));
            must(
                (1..=MAX_TIME_S).contains(&row.duration_s),
                format!("{} is {} and not 1 to a year", field("duration_s"), row.duration_s),
            );
            must(are_spans(&row.windows), field("windows: not pairs of start and end in the first year"));
            must((1..=2).contains(&row.people), format!("{} is {} and not 1 or 2", field("people"), row.people));
            must(row.weight <= 1_000, format!("{} is {} and not 0 to 1000", field("weight"), row.weight));
        }
        for (what, ids) in [
            ("volunteers", self.volunteers.iter().map(|row| row.id.as_str()).collect::<Vec<_>>()),
            ("gigs", self.gigs.iter().map(|row| row.id.as_str()).collect()),
        ] {
            let mut sorted = ids;
            sorted.sort_unstable();
            for pair in sorted.windows(2).filter(|pair| pair[0] == pair[1]) {
                must(false, format!("{what}: id {} occurs twice", pair[0]));
            }
        }
        out
    }

    fn snapshot(&self) -> Snapshot {
        let last =
            self.gigs.iter().flat_map(|row| &row.windows).map(|&(_, end)| end).max().unwrap_or(0).max(self.horizon_s);
        Snapshot {
            volunteers: self.volunteers.iter().map(|row| self.volunteer(row)).collect(),
            gigs: self.gigs.iter().map(gig).collect(),
            promises: Vec::new(),
            day_starts: (0..=last / DAY_S).map(|day| day * DAY_S).collect(),
            // The whole instance is one week, however long it is.
            week_starts: Vec::new(),
            detour_permille: (self.detour * 1000.0).round() as u32,
            earth_radius_m: self.earth_radius_m,
        }
    }

    fn volunteer(&self, row: &Volunteer) -> VolunteerRow {
        VolunteerRow {
            id: row.id.clone(),
            home: Some(Point { lat: row.lat, lon: row.lon }),
            speed_dkmh: self.modes[&row.mode],
            max_travel_s: row.max_travel_s,
            skills: row.skills.iter().map(HeldSkill::lasting).collect(),
            languages: row.languages.clone(),
            kinds: row.kinds.clone(),
            likes: row.likes.clone(),
            windows: spans(&row.windows),
            max_gigs_day: row.max_gigs_day,
            max_gigs_week: row.max_gigs_week,
            ..VolunteerRow::default()
        }
    }
}

fn gig(row: &Gig) -> GigRow {
    let languages_any =
        if row.languages_any.is_empty() { vec![NO_LANGUAGE.to_owned()] } else { row.languages_any.clone() };
    GigRow {
        id: row.id.clone(),
        kind: row.kind.clone(),
        place: row.lat.zip(row.lon).map(|(lat, lon)| Point { lat, lon }),
        duration_s: row.duration_s,
        windows: spans(&row.windows),
        slots: vec![SlotRow { skills: row.skills.clone() }; row.people],
        languages_any,
        weight: row.weight,
        ..GigRow::default()
    }
}

fn spans(windows: &[(i64, i64)]) -> Vec<Span> {
    windows.iter().map(|&(start, end)| Span::new(start, end)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One driver, one errand for two and one call.
    const TOWN: &str = r#"{"schema":"keikka-city/1","name":"town","horizon_s":604800,"detour":1.3,"earth_radius_m":6371000,
        "modes":{"car":350},
        "volunteers":[{"id":"v1","lat":60.86,"lon":26.7,"mode":"car","max_travel_s":1800,"skills":["car"],"languages":["fi"],
            "kinds":["shopping","phone"],"windows":[[28800,57600]],"max_gigs_day":2,"max_gigs_week":3}],
        "gigs":[{"id":"g1","kind":"shopping","lat":60.87,"lon":26.71,"duration_s":3600,"windows":[[32400,46800]],"skills":["car"],
            "languages_any":["fi"],"weight":4,"people":2},
          {"id":"g2","kind":"phone","lat":null,"lon":null,"duration_s":1800,"windows":[[32400,46800]],"skills":[],
            "languages_any":[],"weight":1,"people":1}]}"#;

    fn town(spoil: &[(&str, &str)]) -> Instance {
        let text = spoil.iter().fold(TOWN.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from} is in the town");
            text.replace(from, to)
        });
        serde_json::from_str(&text).expect("the town is of the right types")
    }

    #[test]
    fn town_becomes_a_snapshot_of_one_week() {
        let town = town(&[]);
        assert_eq!(town.problems(), Vec::<String>::new());
        let snapshot = town.snapshot();
        assert_eq!((snapshot.detour_permille, snapshot.day_starts.len(), snapshot.week_starts.len()), (1300, 8, 0));
        assert_eq!((snapshot.gigs[0].slots.len(), snapshot.gigs[1].place), (2, None));
        assert_eq!(snapshot.volunteers[0].speed_dkmh, 350);
        assert_eq!(snapshot.gigs[1].languages_any, [NO_LANGUAGE], "no language listed: nobody can do it");
    }

    #[test]
    fn every_impossible_field_is_named() {
        let spoilt = town(&[
            ("keikka-city/1", "other/1"),
            ("\"detour\":1.3", "\"detour\":1.23456"),
            ("\"mode\":\"car\"", "\"mode\":\"boat\""),
            ("\"lat\":60.87", "\"lat\":98.0"),
            ("\"duration_s\":1800", "\"duration_s\":0"),
            ("\"people\":2", "\"people\":3"),
            ("\"g2\"", "\"g1\""),
        ]);
        let problems = spoilt.problems().join("\n");
        for part in [
            "schema",
            "detour",
            "volunteers[0].mode",
            "gigs[0].lat",
            "gigs[1].duration_s",
            "gigs[0].people",
            "g1 occurs twice",
        ] {
            assert!(problems.contains(part), "{part} is not in {problems}");
        }
    }
}
