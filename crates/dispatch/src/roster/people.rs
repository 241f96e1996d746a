//! A stored volunteer as a row of the snapshot.

use std::collections::BTreeSet;

use domain::intake::Sex;
use domain::skill::HeldSkill;
use domain::volunteer::Standing;
use domain::{Date, Days, SeekerId, Timestamp, Volunteer};
use jiff::tz::TimeZone;
use matching::snapshot::{self, Familiar, Span, VolunteerRow};

use super::familiar::Past;
use super::frame::{Frame, midnight};
use super::{point, second_from};

/// The word by which a seeker's wish for a sex and a volunteer's sex meet.
pub(super) fn sex_trait(sex: Sex) -> String {
    match sex {
        Sex::Female => "female".to_owned(),
        Sex::Male => "male".to_owned(),
    }
}

/// The word by which a wish for a familiar face and a volunteer who is one meet.
pub(super) fn knows_trait(seeker: &SeekerId) -> String {
    format!("knows:{seeker}")
}

/// The row of a volunteer, who has said no to nothing: that is the gigs' to tell. `days` are those of the frame's weeks, `apart` holds the seekers they must not meet, whichever side asked; `known` those that like to
/// see them again.
pub(super) fn row(
    volunteer: &Volunteer,
    frame: &Frame,
    days: &Days,
    apart: &BTreeSet<SeekerId>,
    known: &BTreeSet<SeekerId>,
    past: &Past,
) -> VolunteerRow {
    let mut familiar = past.familiar.clone();
    for seeker in known {
        familiar.insert(seeker.clone(), 1000);
    }
    let traits = volunteer.sex.map(sex_trait).into_iter().chain(familiar.keys().map(knows_trait)).collect();
    VolunteerRow {
        id: volunteer.id.as_str().to_owned(),
        home: volunteer.home.as_ref().map(point),
        speed_dkmh: volunteer.travel_mode.speed_dkmh(),
        max_travel_s: i64::from(volunteer.travel_limit_min) * 60,
        skills: volunteer.skills.iter().map(|held| skill(held, &frame.zone)).collect(),
        languages: volunteer.languages.iter().map(|tag| tag.language().to_owned()).collect(),
        kinds: volunteer.kinds.iter().map(|kind| kind.as_str().to_owned()).collect(),
        likes: volunteer.likes.iter().map(|kind| kind.as_str().to_owned()).collect(),
        windows: windows(volunteer, days),
        max_gigs_day: u32::from(volunteer.caps.per_day),
        max_gigs_week: u32::from(volunteer.caps.per_week),
        standing: match volunteer.standing {
            Standing::Active => snapshot::Standing::Active,
            Standing::Paused => snapshot::Standing::Paused,
            Standing::Suspended => snapshot::Standing::Suspended,
        },
        age_years: volunteer.birth_year.and_then(|year| least_age(year, frame.now, &frame.zone)),
        blocked_seekers: apart.iter().map(ToString::to_string).collect(),
        declined_gigs: Vec::new(),
        familiar: familiar
            .into_iter()
            .map(|(seeker, strength_milli)| Familiar { seeker: seeker.to_string(), strength_milli })
            .collect(),
        traits,
        last_gig_days_ago: past.last_gig_days_ago,
        gigs_so_far: past.gigs,
        demands: Vec::new(),
    }
}

/// The windows over the days of whole weeks: what stands outside the period lies in them too.
fn windows(volunteer: &Volunteer, days: &Days) -> Vec<Span> {
    let expanded = volunteer.availability.windows_on(days);
    expanded.iter().map(|window| Span::new(second_from(window.start()), window.end().as_second())).collect()
}

/// A skill is valid from the first second of its first day to the last second of its last.
fn skill(held: &HeldSkill, zone: &TimeZone) -> snapshot::HeldSkill {
    let begins = |day: Date| midnight(day, zone).map(Timestamp::as_second);
    snapshot::HeldSkill {
        skill: held.skill.as_str().to_owned(),
        valid_from: held.valid_from.and_then(begins),
        valid_until: held.valid_until.and_then(|day| day.tomorrow().ok()).and_then(begins),
    }
}

/// The least age that somebody born in a year can have: only the year is known, and a rule on age must hold for certain.
fn least_age(birth_year: i16, now: Timestamp, zone: &TimeZone) -> Option<u32> {
    Some(matching::roster::least_age(birth_year, i32::from(now.to_zoned(zone.clone()).year())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::SkillId;
    use jiff::civil::date;

    #[test]
    fn a_skill_is_valid_through_its_last_local_day() {
        let held = HeldSkill {
            skill: SkillId::new("first-aid").expect("id"),
            valid_from: Some(date(2026, 3, 1)),
            valid_until: Some(date(2026, 11, 23)),
            check: None,
        };
        let row = skill(&held, &domain::zone());
        let at = |text: &str| text.parse::<Timestamp>().expect("instant").as_second();
        assert_eq!(row.valid_from, Some(at("2026-02-28T22:00:00Z")));
        assert_eq!(row.valid_until, Some(at("2026-11-23T22:00:00Z")));
    }

    #[test]
    fn who_may_be_seventeen_is_not_eighteen() {
        let now = "2026-11-22T12:00:00Z".parse().expect("instant");
        assert_eq!(least_age(2008, now, &domain::zone()), Some(17));
        assert_eq!(least_age(2007, now, &domain::zone()), Some(18));
    }
}
