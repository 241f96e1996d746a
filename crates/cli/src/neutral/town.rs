//! From an instance file to the plain snapshot that matching reads.

use matching::snapshot::{
    Familiar, GigRow, HeldSkill, Point, Promise, PromiseState, SlotRow, Snapshot, Span, Standing, VolunteerRow,
};

use super::instance::DAY_S;
use super::schema::{
    GigFile, InstanceFile, PromiseFile, PromiseStateFile, SkillFile, StandingFile, VERSIONS, VolunteerFile,
};

/// A language nobody speaks: in version 1 a gig that lists no language at all can be done by nobody.
const NO_LANGUAGE: &str = "(none)";

/// How many people a gig needs.
pub(super) fn people(row: &GigFile) -> usize {
    row.slots.as_ref().map_or(row.people.unwrap_or(1), Vec::len)
}

/// The fields of version 2 that a file uses.
pub(super) fn beyond_version_1(file: &InstanceFile) -> Vec<String> {
    let mut out = Vec::new();
    let mut note = |is_used: bool, what: String| {
        if is_used {
            out.push(what);
        }
    };
    note(!file.kinds.is_empty(), "kinds".to_owned());
    note(!file.promises.is_empty(), "promises".to_owned());
    note(file.day_starts.is_some(), "day_starts".to_owned());
    note(file.week_starts.is_some(), "week_starts".to_owned());
    for (at, row) in file.volunteers.iter().enumerate() {
        let field = |name: &str| format!("volunteers[{at}].{name} ({})", row.id);
        note(row.lat.is_none(), field("lat: a volunteer without a home"));
        note(row.skills.iter().any(|skill| skill.is_dated), field("skills with dates"));
        note(row.standing != StandingFile::Active, field("standing"));
        note(row.age_years.is_some(), field("age_years"));
        note(!row.blocked_seekers.is_empty(), field("blocked_seekers"));
        note(!row.declined_gigs.is_empty(), field("declined_gigs"));
        note(!row.familiar.is_empty(), field("familiar"));
        note(!row.traits.is_empty(), field("traits"));
        note(row.last_gig_days_ago.is_some() || row.gigs_so_far > 0, field("gigs_so_far or last_gig_days_ago"));
    }
    for (at, row) in file.gigs.iter().enumerate() {
        let field = |name: &str| format!("gigs[{at}].{name} ({})", row.id);
        note(row.slots.is_some(), field("slots"));
        note(row.destination_lat.is_some(), field("destination_lat"));
        note(row.seeker.is_some(), field("seeker"));
        note(row.agreed_start.is_some(), field("agreed_start"));
        note(row.min_age.is_some(), field("min_age"));
        note(!row.wishes.is_empty(), field("wishes"));
    }
    out
}

/// The snapshot of a checked file.
pub(super) fn snapshot(file: &InstanceFile) -> Snapshot {
    let last =
        file.gigs.iter().flat_map(|row| &row.windows).map(|&(_, end)| end).max().unwrap_or(0).max(file.horizon_s);
    Snapshot {
        volunteers: file.volunteers.iter().map(|row| volunteer(file, row)).collect(),
        gigs: file.gigs.iter().map(|row| gig(file, row)).collect(),
        promises: file.promises.iter().map(promise).collect(),
        day_starts: match &file.day_starts {
            Some(starts) => starts.clone(),
            None => (0..=last / DAY_S).map(|day| day * DAY_S).collect(),
        },
        week_starts: file.week_starts.clone().unwrap_or_default(),
        detour_permille: (file.detour * 1000.0).round() as u32,
        earth_radius_m: file.earth_radius_m,
        table: None,
    }
}

fn volunteer(file: &InstanceFile, row: &VolunteerFile) -> VolunteerRow {
    VolunteerRow {
        id: row.id.clone(),
        home: point(row.lat, row.lon),
        speed_dkmh: file.modes[&row.mode],
        max_travel_s: row.max_travel_s,
        skills: row.skills.iter().map(skill).collect(),
        languages: row.languages.clone(),
        kinds: row.kinds.clone(),
        likes: row.likes.clone(),
        windows: spans(&row.windows),
        max_gigs_day: row.max_gigs_day,
        max_gigs_week: row.max_gigs_week,
        standing: match row.standing {
            StandingFile::Active => Standing::Active,
            StandingFile::Paused => Standing::Paused,
            StandingFile::Suspended => Standing::Suspended,
        },
        age_years: row.age_years,
        blocked_seekers: row.blocked_seekers.clone(),
        declined_gigs: row.declined_gigs.clone(),
        familiar: row
            .familiar
            .iter()
            .map(|known| Familiar { seeker: known.seeker.clone(), strength_milli: known.strength_milli })
            .collect(),
        traits: row.traits.clone(),
        last_gig_days_ago: row.last_gig_days_ago,
        gigs_so_far: row.gigs_so_far,
        demands: Vec::new(),
    }
}

fn skill(skill: &SkillFile) -> HeldSkill {
    HeldSkill { skill: skill.skill.clone(), valid_from: skill.valid_from, valid_until: skill.valid_until }
}

fn gig(file: &InstanceFile, row: &GigFile) -> GigRow {
    let kind = file.kinds.get(&row.kind);
    let of_kind = kind.map_or(&[][..], |kind| &kind.skills);
    let of_slot = |skills: &[String]| {
        let mut all: Vec<String> = of_kind.iter().chain(&row.skills).chain(skills).cloned().collect();
        all.sort_unstable();
        all.dedup();
        SlotRow { skills: all }
    };
    let slots = match &row.slots {
        Some(slots) => slots.iter().map(|slot| of_slot(&slot.skills)).collect(),
        None => vec![of_slot(&[]); people(row)],
    };
    let nobody_speaks = row.languages_any.is_empty() && file.schema == VERSIONS[0];
    GigRow {
        id: row.id.clone(),
        kind: row.kind.clone(),
        seeker: row.seeker.clone(),
        place: point(row.lat, row.lon),
        destination: point(row.destination_lat, row.destination_lon),
        duration_s: row.duration_s,
        windows: spans(&row.windows),
        slots,
        languages_any: if nobody_speaks { vec![NO_LANGUAGE.to_owned()] } else { row.languages_any.clone() },
        weight: row.weight,
        agreed_start: row.agreed_start,
        min_age: row.min_age.max(kind.and_then(|kind| kind.min_age)),
        wishes: row.wishes.clone(),
    }
}

fn promise(row: &PromiseFile) -> Promise {
    Promise {
        gig: row.gig.clone(),
        slot: row.slot,
        volunteer: row.volunteer.clone(),
        start: row.start,
        state: match row.state {
            PromiseStateFile::Held => PromiseState::Held,
            PromiseStateFile::Accepted => PromiseState::Accepted,
            PromiseStateFile::Told => PromiseState::Told,
            PromiseStateFile::Started => PromiseState::Started,
        },
    }
}

fn point(lat: Option<f64>, lon: Option<f64>) -> Option<Point> {
    lat.zip(lon).map(|(lat, lon)| Point { lat, lon })
}

fn spans(windows: &[(i64, i64)]) -> Vec<Span> {
    windows.iter().map(|&(start, end)| Span::new(start, end)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::instance::problems;
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

    fn town(changes: &[(&str, &str)]) -> InstanceFile {
        let text = changes.iter().fold(TOWN.to_owned(), |text, (from, to)| {
            assert!(text.contains(from), "{from} is in the town");
            text.replace(from, to)
        });
        serde_json::from_str(&text).expect("the town is of the right types")
    }

    #[test]
    fn town_becomes_a_snapshot_of_one_week() {
        let town = town(&[]);
        assert_eq!(problems(&town), Vec::<String>::new());
        let snapshot = snapshot(&town);
        assert_eq!((snapshot.detour_permille, snapshot.day_starts.len(), snapshot.week_starts.len()), (1300, 8, 0));
        assert_eq!((snapshot.gigs[0].slots.len(), snapshot.gigs[1].place), (2, None));
        assert_eq!(snapshot.volunteers[0].speed_dkmh, 350);
        assert_eq!(snapshot.gigs[1].languages_any, [NO_LANGUAGE], "no language listed: nobody can do it");
    }

    #[test]
    fn version_2_says_what_the_domain_says() {
        let richer = town(&[
            ("keikka-city/1", "keikka-city/2"),
            (
                "\"skills\":[\"car\"],\"languages\"",
                "\"skills\":[{\"skill\":\"car\",\"valid_until\":50000}],\"blocked_seekers\":[\"s9\"],\"declined_gigs\":[\"g2\"],\
               \"familiar\":[{\"seeker\":\"s1\",\"strength_milli\":700}],\"languages\"",
            ),
            (
                "\"people\":2",
                "\"slots\":[{\"skills\":[\"car\"]},{}],\"destination_lat\":60.9,\"destination_lon\":26.7,\"seeker\":\"s1\"",
            ),
            ("\"weight\":1", "\"weight\":1,\"agreed_start\":33000"),
            (
                "\"modes\"",
                "\"kinds\":{\"shopping\":{\"skills\":[\"badge\"],\"min_age\":18}},\
               \"promises\":[{\"gig\":\"g2\",\"volunteer\":\"v1\",\"start\":33000,\"state\":\"told\"}],\"modes\"",
            ),
        ]);
        assert_eq!(problems(&richer), Vec::<String>::new());
        let snapshot = snapshot(&richer);
        let errand = &snapshot.gigs[0];
        assert_eq!(errand.slots[0].skills, ["badge", "car"]);
        assert_eq!(
            (errand.min_age, errand.seeker.as_deref(), errand.destination.is_some()),
            (Some(18), Some("s1"), true)
        );
        assert_eq!(snapshot.volunteers[0].skills[0].valid_until, Some(50_000));
        assert_eq!(snapshot.volunteers[0].declined_gigs, ["g2"]);
        assert_eq!((snapshot.gigs[1].agreed_start, snapshot.gigs[1].languages_any.len()), (Some(33_000), 0));
        assert_eq!(snapshot.promises[0].state, PromiseState::Told);
    }

    #[test]
    fn version_1_does_not_know_the_fields_of_version_2() {
        let mixed = town(&[("\"people\":2", "\"people\":2,\"seeker\":\"s1\"")]);
        let told = problems(&mixed).join("\n");
        assert!(told.contains("gigs[0].seeker (g1) is of keikka-city/2"), "{told}");
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
        let told = problems(&spoilt).join("\n");
        for part in [
            "schema",
            "detour",
            "volunteers[0].mode",
            "gigs[0].lat",
            "gigs[1].duration_s",
            "gigs[0].people",
            "g1 occurs twice",
        ] {
            assert!(told.contains(part), "{part} is not in {told}");
        }
    }
}
