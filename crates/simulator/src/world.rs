//! The world of one seed: who lives where and can do what, and which gigs open. The same for every policy.

use crate::{
    dice::{Dice, For},
    setting::Setting,
};

/// Seconds of a day.
pub(crate) const DAY_S: i64 = 86_400;
/// Areas are squares of a grid of this side by this.
const AREAS_SIDE: usize = 3;
/// Length of the side of the town that areas divide, in kilometres; what lies outside is in the outer areas.
const TOWN_KM: f64 = 12.0;
/// Villages around the town, by east and north in kilometres.
const VILLAGES: [(f64, f64); 4] = [(7.0, 2.0), (-6.0, 5.0), (-3.0, -7.0), (6.0, -6.0)];
/// Share of people in the villages.
const VILLAGE_SHARE: f64 = 0.3;
/// Standard deviation of homes around the centre of town and of a village, in kilometres.
const SPREAD_KM: (f64, f64) = (2.5, 1.0);
/// Kilometres an hour on foot, by bicycle, by car; and the share of volunteers up to each.
const MODES: [(f64, f64); 3] = [(4.5, 0.1), (14.0, 0.4), (35.0, 1.0)];
/// Roads are longer than the straight line.
const DETOUR: f64 = 1.3;

/// A volunteer's nature: what the policies do not see.
#[derive(Debug, Clone)]
pub(crate) struct Volunteer {
    home: (f64, f64),
    speed_kmh: f64,
    /// The day they join; 0 for those who were there before.
    pub(crate) joins_day: usize,
    /// Days between their last gig and the beginning; none for newcomers.
    pub(crate) days_since_gig: Option<f64>,
    /// Their chance of a yes at their door, rested.
    pub(crate) readiness: f64,
    /// Factor on the time to answer.
    pub(crate) slowness: f64,
    pub(crate) half_life_days: f64,
    pub(crate) sensitivity: f64,
    /// For each kind a factor; none for those they do not do.
    pub(crate) taste: Vec<Option<f64>>,
    /// For each third of each day of the week whether they have time.
    free: [bool; 21],
}

/// A gig.
#[derive(Debug, Clone)]
pub(crate) struct Gig {
    pub(crate) opens_s: i64,
    pub(crate) deadline_s: i64,
    pub(crate) start_s: i64,
    pub(crate) kind: usize,
    pub(crate) seeker: usize,
    pub(crate) area: usize,
    /// Everybody who could ever be asked, with their minutes of travel, nearest first.
    pub(crate) able: Vec<(usize, f64)>,
}

impl Gig {
    /// Day of the week, 0 to 6.
    pub(crate) fn weekday(&self) -> u8 {
        (self.start_s / DAY_S).rem_euclid(7) as u8
    }

    /// The third of the day it takes, counted from the first day.
    pub(crate) fn part(&self) -> i64 {
        part(self.start_s)
    }
}

/// Morning, afternoon or evening, counted from the first day.
fn part(time_s: i64) -> i64 {
    let hour = time_s.rem_euclid(DAY_S) / 3_600;
    time_s.div_euclid(DAY_S) * 3 + i64::from(hour >= 12) + i64::from(hour >= 17)
}

/// A world.
#[derive(Debug, Clone)]
pub struct World {
    pub(crate) setting: Setting,
    pub(crate) dice: Dice,
    pub(crate) volunteers: Vec<Volunteer>,
    pub(crate) gigs: Vec<Gig>,
}

impl World {
    /// The world of a seed.
    #[must_use]
    pub fn new(setting: Setting, seed: u64) -> Self {
        let dice = Dice::new(seed);
        let volunteers: Vec<Volunteer> = (0..setting.volunteers).map(|at| volunteer(&setting, dice, at)).collect();
        let seekers: Vec<(f64, f64)> = (0..setting.seekers).map(|at| home(dice, setting.volunteers + at)).collect();
        let gigs = (0..setting.days * setting.gigs_a_day).map(|at| gig(&setting, dice, at, &seekers, &volunteers));
        let gigs = gigs.collect();
        Self { setting, dice, volunteers, gigs }
    }

    /// How many could be asked about a gig if nobody left or were busy, on average.
    #[must_use]
    pub fn mean_candidates(&self) -> f64 {
        let there = |gig: &Gig| {
            let joined = |volunteer: usize| self.volunteers[volunteer].joins_day as i64 * DAY_S <= gig.opens_s;
            gig.able.iter().filter(|(volunteer, _)| joined(*volunteer)).count()
        };
        self.gigs.iter().map(there).sum::<usize>() as f64 / self.gigs.len() as f64
    }
}

fn home(dice: Dice, person: usize) -> (f64, f64) {
    let place = dice.share(For::HomePlace, person, 0);
    let ((east, north), spread) = if place < VILLAGE_SHARE {
        let village = (place / VILLAGE_SHARE * VILLAGES.len() as f64) as usize;
        (VILLAGES[village.min(VILLAGES.len() - 1)], SPREAD_KM.1)
    } else {
        ((0.0, 0.0), SPREAD_KM.0)
    };
    (east + spread * dice.normal(For::HomeAngle, person), north + spread * dice.normal(For::HomeDistance, person))
}

fn volunteer(setting: &Setting, dice: Dice, at: usize) -> Volunteer {
    let share = |purpose| dice.share(purpose, at, 0);
    let newcomer = at.checked_sub(setting.volunteers - setting.newcomers);
    let joins_day = newcomer.map_or(0, |number| number * setting.days * 2 / 3 / setting.newcomers.max(1));
    let mode = MODES.iter().find(|(_, up_to)| share(For::Mode) < *up_to).unwrap_or(&MODES[2]);
    let (a, b) = setting.readiness;
    let readiness = (1.0 - (1.0 - share(For::Base)).powf(1.0 / b)).powf(1.0 / a);
    let (low, high) = setting.taste;
    let taste = (0..setting.kinds).map(|kind| {
        let taste = low + (high - low) * dice.share(For::Taste, at, kind);
        draw(dice, For::Kind, at, setting.kinds, setting.kinds_each).contains(&kind).then_some(taste)
    });
    let free = draw(dice, For::Hours, at, 21, setting.free_thirds);
    Volunteer {
        home: home(dice, at),
        speed_kmh: mode.0,
        joins_day,
        days_since_gig: newcomer.is_none().then(|| 60.0 * share(For::LastGig)),
        readiness,
        slowness: (setting.answer_spread * dice.normal(For::Speed, at)).exp(),
        half_life_days: setting.half_life_days * (setting.tired_spread * dice.normal(For::HalfLife, at)).exp(),
        sensitivity: setting.sensitivity * (setting.tired_spread * dice.normal(For::Sensitivity, at)).exp(),
        taste: taste.collect(),
        free: std::array::from_fn(|part| free.contains(&part)),
    }
}

/// Some of the numbers below `count`, drawn without putting back.
fn draw(dice: Dice, purpose: For, person: usize, count: usize, some: usize) -> Vec<usize> {
    let mut throws: Vec<(f64, usize)> =
        (0..count).map(|number| (dice.share(purpose, person, number), number)).collect();
    throws.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    throws.into_iter().take(some).map(|(_, number)| number).collect()
}

fn gig(setting: &Setting, dice: Dice, at: usize, seekers: &[(f64, f64)], volunteers: &[Volunteer]) -> Gig {
    let share = |purpose| dice.share(purpose, at, 0);
    let day_s = (at / setting.gigs_a_day) as i64 * DAY_S;
    // The call centre is open from 8 to 16.
    let opens_s = day_s + (8.0 * 3_600.0 + share(For::GigOpens) * 8.0 * 3_600.0) as i64;
    let (low, high) = setting.lead_min;
    let deadline_s = opens_s + ((low + (high - low) * share(For::GigLead)) * 60.0) as i64;
    // From just after the deadline to three days ahead, mostly soon; by day.
    let ahead_s = (0.5 * 144_f64.powf(share(For::GigAhead)) * 3_600.0) as i64;
    let start_s = by_day(deadline_s + ahead_s);
    let kind = (share(For::GigKind) * setting.kinds as f64) as usize;
    let seeker = (share(For::Seeker) * seekers.len() as f64) as usize;
    let place = seekers[seeker];
    let part_of_week = part(start_s).rem_euclid(21) as usize;
    let mut able: Vec<(usize, f64)> = volunteers
        .iter()
        .enumerate()
        .filter(|(_, volunteer)| volunteer.taste[kind].is_some() && volunteer.free[part_of_week])
        .map(|(number, volunteer)| (number, travel_min(volunteer, place)))
        .filter(|(_, travel_min)| *travel_min <= setting.travel_max_min)
        .collect();
    able.sort_by(|(one, near), (other, far)| near.total_cmp(far).then(one.cmp(other)));
    Gig { opens_s, deadline_s, start_s, kind, seeker, area: area(place), able }
}

/// The same moment if it lies between 8 and 20, else the next morning.
fn by_day(time_s: i64) -> i64 {
    let (day, second) = (time_s.div_euclid(DAY_S), time_s.rem_euclid(DAY_S));
    match second / 3_600 {
        0..8 => day * DAY_S + 9 * 3_600,
        8..20 => time_s,
        _ => (day + 1) * DAY_S + 9 * 3_600,
    }
}

fn travel_min(volunteer: &Volunteer, place: (f64, f64)) -> f64 {
    let straight_km = (volunteer.home.0 - place.0).hypot(volunteer.home.1 - place.1);
    straight_km * DETOUR / volunteer.speed_kmh * 60.0
}

fn area(place: (f64, f64)) -> usize {
    let square = |km: f64| {
        let side = AREAS_SIDE as f64;
        ((km / TOWN_KM + 0.5) * side).clamp(0.0, side - 1.0) as usize
    };
    square(place.1) * AREAS_SIDE + square(place.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_world_is_as_large_as_it_is_said_to_be() {
        let worlds: Vec<World> = (1..=5).map(|seed| World::new(Setting::default(), seed)).collect();
        let mean = worlds.iter().map(World::mean_candidates).sum::<f64>() / 5.0;
        assert!((29.0..35.0).contains(&mean), "{mean} candidates a gig");
        for world in &worlds {
            assert_eq!((world.volunteers.len(), world.gigs.len()), (300, 1_260));
            assert!(world.gigs.iter().all(|gig| gig.opens_s < gig.deadline_s && gig.deadline_s < gig.start_s));
            assert!(world.gigs.iter().all(|gig| gig.area < AREAS_SIDE * AREAS_SIDE && gig.able.len() < 150));
            let newcomers = world.volunteers.iter().filter(|one| one.days_since_gig.is_none()).count();
            assert_eq!(newcomers, 30);
            assert!(world.volunteers.iter().all(|one| one.joins_day < 60));
        }
    }

    #[test]
    fn the_same_seed_is_the_same_world() {
        let text = |seed| format!("{:?}", World::new(Setting::default(), seed));
        assert!(text(4) == text(4) && text(4) != text(5));
    }
}
