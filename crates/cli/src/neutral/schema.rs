//! The files as they are written. Version 2 is version 1 and what `docs/neutral-format.md` lists beside it; whatever is left out means
//! what version 1 means.

use std::collections::BTreeMap;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::distinct::distinct;

/// The schemas that are read.
pub(super) const VERSIONS: [&str; 2] = ["keikka-city/1", "keikka-city/2"];

/// An instance as it is written.
#[derive(Debug, Deserialize)]
#[serde(expecting = "a JSON object with `schema`, `volunteers` and `gigs`")]
pub(super) struct InstanceFile {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) horizon_s: i64,
    pub(super) detour: f64,
    pub(super) earth_radius_m: f64,
    #[serde(deserialize_with = "distinct")]
    pub(super) modes: BTreeMap<String, u32>,
    pub(super) volunteers: Vec<VolunteerFile>,
    pub(super) gigs: Vec<GigFile>,
    /// Version 2: what every gig of a kind asks for.
    #[serde(default, deserialize_with = "distinct")]
    pub(super) kinds: BTreeMap<String, KindFile>,
    /// Version 2: what stands already.
    #[serde(default)]
    pub(super) promises: Vec<PromiseFile>,
    /// Version 2: seconds at which a local day begins; every 86,400 if left out.
    #[serde(default)]
    pub(super) day_starts: Option<Vec<i64>>,
    /// Version 2: seconds at which a local week begins; the whole instance is one week if left out.
    #[serde(default)]
    pub(super) week_starts: Option<Vec<i64>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct VolunteerFile {
    pub(super) id: String,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) mode: String,
    pub(super) max_travel_s: i64,
    #[serde(deserialize_with = "skills")]
    pub(super) skills: Vec<SkillFile>,
    pub(super) languages: Vec<String>,
    pub(super) kinds: Vec<String>,
    #[serde(default)]
    pub(super) likes: Vec<String>,
    pub(super) windows: Vec<(i64, i64)>,
    pub(super) max_gigs_day: u32,
    pub(super) max_gigs_week: u32,
    #[serde(default)]
    pub(super) standing: StandingFile,
    #[serde(default)]
    pub(super) age_years: Option<u32>,
    #[serde(default)]
    pub(super) blocked_seekers: Vec<String>,
    #[serde(default)]
    pub(super) declined_gigs: Vec<String>,
    #[serde(default)]
    pub(super) familiar: Vec<FamiliarFile>,
    #[serde(default)]
    pub(super) traits: Vec<String>,
    #[serde(default)]
    pub(super) last_gig_days_ago: Option<u32>,
    #[serde(default)]
    pub(super) gigs_so_far: u32,
}

/// A skill for good, written as its name, or one with its time.
#[derive(Debug, Deserialize)]
pub(super) struct SkillFile {
    pub(super) skill: String,
    #[serde(default)]
    pub(super) valid_from: Option<i64>,
    #[serde(default)]
    pub(super) valid_until: Option<i64>,
    /// Whether it was written with its time, as only version 2 does.
    #[serde(skip, default = "written_whole")]
    pub(super) is_dated: bool,
}

fn written_whole() -> bool {
    true
}

/// Skills as they stand in a list. Each is read by what it begins with, not by trying one form after the other, so that a wrong or
/// unknown field is named.
fn skills<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SkillFile>, D::Error> {
    struct Written(SkillFile);

    impl<'de> Deserialize<'de> for Written {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Form).map(Self)
        }
    }

    struct Form;

    impl<'de> Visitor<'de> for Form {
        type Value = SkillFile;

        fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("the name of a skill, or an object of `skill`, `valid_from` and `valid_until`")
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<SkillFile, E> {
            Ok(SkillFile { skill: name.to_owned(), valid_from: None, valid_until: None, is_dated: false })
        }

        fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<SkillFile, A::Error> {
            SkillFile::deserialize(MapAccessDeserializer::new(fields))
        }
    }

    let written: Vec<Written> = Vec::deserialize(deserializer)?;
    Ok(written.into_iter().map(|Written(skill)| skill).collect())
}

#[derive(Debug, Deserialize)]
pub(super) struct FamiliarFile {
    pub(super) seeker: String,
    pub(super) strength_milli: u32,
}

#[derive(Debug, Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum StandingFile {
    #[default]
    Active,
    Paused,
    Suspended,
}

#[derive(Debug, Deserialize)]
pub(super) struct GigFile {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) lat: Option<f64>,
    pub(super) lon: Option<f64>,
    pub(super) duration_s: i64,
    pub(super) windows: Vec<(i64, i64)>,
    #[serde(default)]
    pub(super) skills: Vec<String>,
    pub(super) languages_any: Vec<String>,
    pub(super) weight: u32,
    #[serde(default)]
    pub(super) people: Option<usize>,
    #[serde(default)]
    pub(super) slots: Option<Vec<SlotFile>>,
    #[serde(default)]
    pub(super) destination_lat: Option<f64>,
    #[serde(default)]
    pub(super) destination_lon: Option<f64>,
    #[serde(default)]
    pub(super) seeker: Option<String>,
    #[serde(default)]
    pub(super) agreed_start: Option<i64>,
    #[serde(default)]
    pub(super) min_age: Option<u32>,
    #[serde(default)]
    pub(super) wishes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct SlotFile {
    #[serde(default)]
    pub(super) skills: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct KindFile {
    /// Skills that each helper needs beside those of the gig.
    #[serde(default)]
    pub(super) skills: Vec<String>,
    #[serde(default)]
    pub(super) min_age: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PromiseFile {
    pub(super) gig: String,
    #[serde(default)]
    pub(super) slot: usize,
    pub(super) volunteer: String,
    pub(super) start: i64,
    pub(super) state: PromiseStateFile,
}

#[derive(Debug, Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum PromiseStateFile {
    Held,
    Accepted,
    Told,
    Started,
}

/// A plan as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(expecting = "a JSON object with `instance`, `engine` and `assignments`")]
pub(super) struct PlanFile {
    pub(super) instance: String,
    pub(super) engine: String,
    pub(super) assignments: Vec<AssignmentFile>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) certificate: Option<CertificateFile>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct AssignmentFile {
    pub(super) gig: String,
    pub(super) volunteers: Vec<String>,
    pub(super) start: i64,
    /// The slot of each volunteer; 0, 1 in their order if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) slots: Option<Vec<usize>>,
}

/// What the engine claims of its plan.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct CertificateFile {
    /// `optimal`, `gap`, `budget` or `greedy`.
    pub(super) status: String,
    pub(super) weight: u64,
    pub(super) bound_weight: u64,
    /// weight x 20,000 - travel seconds + bonuses.
    pub(super) objective: i64,
    pub(super) bound: i64,
    pub(super) gap: f64,
    pub(super) gigs: usize,
    pub(super) travel_s: i64,
    pub(super) bonus: i64,
    pub(super) seed: u64,
    pub(super) solver: String,
    pub(super) digest: String,
    #[serde(default)]
    pub(super) stages: Vec<StageFile>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct StageFile {
    pub(super) name: String,
    pub(super) objective: i64,
    pub(super) bound: Option<i64>,
    pub(super) elapsed_ms: u64,
}
