//! The city's people and gigs as coordinators keep them: semicolon CSV with Finnish headings, for the real import.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::City;
use super::catalogue::expires;
use super::gigs::DayWindow;
use super::people::Sex;
use super::places::Spot;
use super::volunteers::Window;

const VOLUNTEER_HEADINGS: &[&str] = &[
    "tunniste",
    "nimi",
    "sähköposti",
    "sukupuoli",
    "syntymävuosi",
    "yhdistys",
    "katuosoite",
    "postinumero",
    "paikkakunta",
    "leveysaste",
    "pituusaste",
    "kulkutapa",
    "matkaraja",
    "keikkalajit",
    "mieluisat",
    "taidot",
    "kielet",
    "saatavuus",
    "tauot",
    "enintään päivässä",
    "enintään viikossa",
    "viestitapa",
    "viestien kieli",
];

const SEEKER_HEADINGS: &[&str] = &[
    "tunniste",
    "nimi",
    "puhelin",
    "katuosoite",
    "postinumero",
    "paikkakunta",
    "leveysaste",
    "pituusaste",
    "kielet",
    "tutut",
    "ei näitä",
    "tarpeet",
    "suostumus",
];

const GIG_HEADINGS: &[&str] = &[
    "tunniste",
    "keikkalaji",
    "avunsaaja",
    "ajankohdat",
    "kesto",
    "auttajia",
    "taidot",
    "toisen auttajan taidot",
    "kielet",
    "kiireellisyys",
    "kampanja",
    "kuvaus",
    "kohteen osoite",
    "kohteen postinumero",
    "kohteen paikkakunta",
    "kohteen leveysaste",
    "kohteen pituusaste",
];

/// The volunteers.
pub(super) fn volunteers(city: &City) -> String {
    let rows = city.volunteers.iter().map(|volunteer| {
        let mut row = vec![
            volunteer.id(),
            volunteer.name.clone(),
            format!("{}@example.org", volunteer.id()),
            match volunteer.sex {
                Sex::Female => "nainen".to_owned(),
                Sex::Male => "mies".to_owned(),
            },
            volunteer.birth_year.to_string(),
            volunteer.association.to_owned(),
        ];
        row.extend(place(&volunteer.home));
        row.extend([
            match volunteer.mode {
                "walk" => "kävellen",
                "bike" => "pyörä",
                _ => "auto",
            }
            .to_owned(),
            format!("{} min", volunteer.limit_min),
            volunteer.kinds.join(", "),
            volunteer.likes.join(", "),
            skills(&volunteer.skills, city.monday),
            volunteer.languages.join(", "),
            week(&volunteer.windows),
            volunteer.away.map(|(first, last)| format!("{}-{}", day(first), day(last))).unwrap_or_default(),
            volunteer.per_day.to_string(),
            volunteer.per_week.to_string(),
            "sähköposti".to_owned(),
            volunteer.reads().to_owned(),
        ]);
        row
    });
    csv(VOLUNTEER_HEADINGS, rows)
}

/// The seekers.
pub(super) fn seekers(city: &City) -> String {
    let consent = city.monday.saturating_sub(jiff::Span::new().days(30));
    let named = |numbers: &[usize]| numbers.iter().map(|number| format!("v{number}")).collect::<Vec<_>>().join(", ");
    let rows = city.seekers.iter().map(|seeker| {
        let mut row = vec![seeker.id(), seeker.name.clone(), seeker.phone()];
        row.extend(place(&seeker.home));
        row.extend([
            seeker.languages.join(", "),
            named(&seeker.familiar),
            named(&seeker.blocked),
            seeker.needs.join(", "),
            day(consent),
        ]);
        row
    });
    csv(SEEKER_HEADINGS, rows)
}

/// The gigs. Each happens at the seeker's home, as the import takes it where no place is told.
pub(super) fn gigs(city: &City) -> String {
    let window =
        |window: &DayWindow| format!("{} {}-{}", day(window.day), time(window.start_min), time(window.end_min));
    let rows = city.gigs.iter().map(|gig| {
        let skills = |slot: usize| gig.slots.get(slot).map(|skills| skills.join(", ")).unwrap_or_default();
        let mut row = vec![
            gig.id(),
            gig.kind.to_owned(),
            format!("s{}", gig.seeker),
            gig.windows.iter().map(window).collect::<Vec<_>>().join("; "),
            format!("{} min", gig.minutes),
            gig.slots.len().to_string(),
            skills(0),
            skills(1),
            gig.languages.join(", "),
            gig.priority.to_string(),
            gig.campaign.clone().unwrap_or_default(),
            gig.notes.to_owned(),
        ];
        row.extend(gig.destination.as_ref().map_or_else(Default::default, place));
        row
    });
    csv(GIG_HEADINGS, rows)
}

fn place(spot: &Spot) -> [String; 5] {
    let decimal = |degrees: f64| degrees.to_string().replace('.', ",");
    [
        spot.street.clone(),
        spot.district.postal_code.to_owned(),
        spot.district.locality.to_owned(),
        decimal(spot.lat),
        decimal(spot.lon),
    ]
}

fn skills(skills: &[&str], monday: Date) -> String {
    let held = |skill: &&str| match expires(skill) {
        true => format!("{skill} (31.12.{})", monday.year() + 2),
        false => (*skill).to_owned(),
    };
    skills.iter().map(held).collect::<Vec<_>>().join(", ")
}

fn week(windows: &[Window]) -> String {
    const DAYS: [&str; 7] = ["ma", "ti", "ke", "to", "pe", "la", "su"];
    let phrase = |window: &Window| {
        let weekday = DAYS[usize::from(window.weekday) - 1];
        let mut text = format!("{weekday} {}-{}", time(window.start_min), time(window.end_min));
        if let Some(since) = window.since {
            let _ = write!(text, " joka {}. viikko {} alkaen", window.every_n_weeks, day(since));
        }
        text
    };
    windows.iter().map(phrase).collect::<Vec<_>>().join("; ")
}

fn time(minutes: u32) -> String {
    if minutes.is_multiple_of(60) {
        (minutes / 60).to_string()
    } else {
        format!("{}.{:02}", minutes / 60, minutes % 60)
    }
}

fn day(day: Date) -> String {
    day.strftime("%-d.%-m.%Y").to_string()
}

fn csv(headings: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = headings.join(";") + "\n";
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
        text.push_str(&(cells.join(";") + "\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_written_as_people_write_it() {
        let every = Window { weekday: 1, start_min: 540, end_min: 990, every_n_weeks: 1, since: None };
        let second = Window { weekday: 7, every_n_weeks: 2, since: Some(jiff::civil::date(2026, 11, 23)), ..every };
        assert_eq!(week(&[every, second]), "ma 9-16.30; su 9-16.30 joka 2. viikko 23.11.2026 alkaen");
    }

    #[test]
    fn every_row_has_a_cell_for_every_heading() {
        let city = City::of("2026-11-22T10:00:00Z".parse().expect("instant"), super::super::SEED);
        for (text, headings) in
            [(volunteers(&city), VOLUNTEER_HEADINGS), (seekers(&city), SEEKER_HEADINGS), (gigs(&city), GIG_HEADINGS)]
        {
            let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
            assert!(reader.records().all(|row| row.expect("a row").len() == headings.len()));
        }
    }
}
