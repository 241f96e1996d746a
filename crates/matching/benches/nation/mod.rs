//! A made-up nation: towns of very unequal size, people and gigs as the neutral instances have them, the same for the same seed.

use std::collections::HashMap;
use std::sync::Arc;

use matching::roster::{Ask, Cell, Member, Promised, Roster};
use matching::snapshot::{GigRow, HeldSkill, Point, SlotRow, Span, VolunteerRow};
use matching::travel::Bounds;

/// One hour.
const H: i64 = 3600;
/// One day.
const DAY: i64 = 24 * H;
/// Volunteers of an average town.
const TOWN: usize = 5_000;
/// Weeks that members' windows are laid out for.
const WEEKS: i64 = 9;
/// Monday of the question's week.
pub(crate) const MONDAY: i64 = 2_951 * 7 * DAY + 4 * DAY;

/// A small generator of numbers (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x0006_b656_9b6b_6100)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.bits() % 100 < percent
    }

    fn roll(&mut self, low: i64, high: i64) -> i64 {
        low + (self.bits() % (high - low + 1) as u64) as i64
    }

    /// One of the given, by weights.
    fn pick<'a, T>(&mut self, of: &'a [(T, u64)]) -> &'a T {
        let total: u64 = of.iter().map(|(_, weight)| weight).sum();
        let mut left = self.bits() % total;
        for (one, weight) in of {
            if left < *weight {
                return one;
            }
            left -= weight;
        }
        &of[0].0
    }

    /// Roughly normal, with a spread of one.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }
}

/// The towns: where they lie, what share of all they have, how far they spread.
pub(crate) struct Nation {
    towns: Vec<(Point, f64, f64)>,
}

impl Nation {
    /// A nation for so many volunteers.
    pub(crate) fn new(dice: &mut Dice, volunteers: usize) -> Self {
        let count = (volunteers / TOWN).max(1);
        let mut towns = Vec::new();
        let mut share = 0.0;
        for rank in 1..=count {
            // The largest has some ten times an average town's people.
            let size = (rank as f64).powf(-0.6);
            share += size;
            let middle = Point { lat: 60.2 + 7.0 * dice.unit() * dice.unit(), lon: 21.5 + 8.0 * dice.unit() };
            towns.push((middle, share, size.sqrt()));
        }
        let largest = volunteers as f64 / share;
        for (_, until, spread) in &mut towns {
            *until /= share;
            // 3 km for a town of 5,000 volunteers, more for more.
            *spread *= 3.0 * (largest / TOWN as f64).sqrt();
        }
        Self { towns }
    }

    fn point(&self, dice: &mut Dice) -> Point {
        let at = dice.unit();
        let town = self.towns.partition_point(|(_, until, _)| *until < at).min(self.towns.len() - 1);
        let (middle, _, spread_km) = self.towns[town];
        Point {
            lat: middle.lat + dice.normal() * spread_km / 111.2,
            lon: middle.lon + dice.normal() * spread_km / (111.2 * middle.lat.to_radians().cos()),
        }
    }
}

fn names(dice: &mut Dice, of: &[(&str, u64)]) -> Vec<String> {
    of.iter().filter(|(_, percent)| dice.chance(*percent)).map(|(name, _)| (*name).to_owned()).collect()
}

/// The usual week of a pensioner, a worker or a student, in minutes from Monday.
fn week(dice: &mut Dice) -> Vec<(i64, i64)> {
    let (days, from, to, shortest, longest) =
        *dice.pick(&[((4, 510, 660, 240, 450), 45), ((3, 930, 1_020, 180, 300), 40), ((3, 600, 960, 180, 300), 15)]);
    let mut week: Vec<(i64, i64)> = (0..days)
        .map(|_| {
            let start = dice.roll(0, 6) * 1_440 + dice.roll(from / 30, to / 30) * 30;
            (start, start + dice.roll(shortest / 30, longest / 30) * 30)
        })
        .collect();
    week.sort_unstable();
    week.dedup_by_key(|(start, _)| *start / 1_440);
    week
}

/// A volunteer, with nothing promised.
pub(crate) fn member(dice: &mut Dice, nation: &Nation, n: usize) -> Member {
    let (speed_dkmh, minutes) = *dice.pick(&[((45, 40), 18), ((140, 40), 27), ((350, 45), 55)]);
    let mut skills = names(
        dice,
        &[("tools", 45), ("garden", 45), ("it", 30), ("phone", 55), ("escort", 45), ("checked", 35), ("first_aid", 35)],
    );
    if speed_dkmh == 350 {
        skills.push("car".to_owned());
    }
    let mut skills: Vec<HeldSkill> = skills.into_iter().map(HeldSkill::lasting).collect();
    if let Some(card) = skills.first_mut().filter(|_| dice.chance(10)) {
        card.valid_until = Some(MONDAY + dice.roll(0, 900) * DAY);
    }
    let kinds = names(dice, &[("home", 55), ("shopping", 75), ("call", 50), ("escort", 50), ("family", 35)]);
    let week = week(dice);
    let windows = (0..WEEKS).flat_map(|number| {
        week.iter().map(move |(start, end)| {
            let monday = MONDAY + number * 7 * DAY;
            Span::new(monday + start * 60, monday + end * 60)
        })
    });
    let max_gigs_week = *dice.pick(&[(1, 68), (2, 20), (3, 8), (5, 4)]);
    Member {
        row: VolunteerRow {
            id: format!("018f{n:08x}-7c1a-7000-8000-{:012x}", dice.bits() >> 16),
            home: Some(nation.point(dice)),
            speed_dkmh,
            max_travel_s: dice.roll(4, minutes / 5) * 300,
            skills,
            languages: names(dice, &[("fi", 93), ("sv", 25), ("en", 55), ("ru", 5), ("ar", 2)]),
            likes: kinds.iter().filter(|_| dice.chance(40)).cloned().collect(),
            kinds,
            windows: windows.collect(),
            max_gigs_day: dice.roll(1, max_gigs_week) as u32,
            max_gigs_week: max_gigs_week as u32,
            ..VolunteerRow::default()
        },
        birth_year: Some(dice.roll(1940, 2008) as i16),
        last_gig_end: dice.chance(70).then(|| MONDAY - dice.roll(1, 200) * DAY),
        ..Member::default()
    }
}

/// A gig of the question's week.
pub(crate) fn gig(dice: &mut Dice, nation: &Nation, n: usize) -> GigRow {
    let kind = *dice.pick(&[("home", 25), ("shopping", 35), ("call", 20), ("escort", 15), ("family", 5)]);
    let (skill, percent, quarters) = match kind {
        "home" => ("tools", 20, (4, 10)),
        "shopping" => ("car", 25, (2, 5)),
        "call" => ("phone", 40, (2, 3)),
        "escort" => ("escort", 50, (4, 12)),
        _ => ("checked", 100, (6, 12)),
    };
    let duration_s = dice.roll(quarters.0, quarters.1) * 900;
    let days = *dice.pick(&[(1, 50), (2, 33), (3, 17)]);
    let windows = (0..days).map(|_| {
        let start = MONDAY + dice.roll(1, 6) * DAY + dice.roll(36, 66) * 900;
        Span::new(start, start + duration_s + dice.roll(6, 16) * 900)
    });
    let windows: Vec<Span> = windows.collect();
    let slot = SlotRow { skills: if dice.chance(percent) { vec![skill.to_owned()] } else { Vec::new() } };
    let helpers = if kind == "escort" && dice.chance(25) { 2 } else { 1 };
    GigRow {
        id: format!("g{n}"),
        kind: kind.to_owned(),
        seeker: Some(format!("s{}", n % 1_000)),
        place: (kind != "call").then(|| nation.point(dice)),
        destination: (kind == "escort" && dice.chance(50)).then(|| nation.point(dice)),
        duration_s,
        windows,
        slots: vec![slot; helpers],
        languages_any: vec![(*dice.pick(&[("fi", 88), ("sv", 10), ("ru", 2)])).to_owned()],
        ..GigRow::default()
    }
}

/// So many people, of whom every fifth has promised something in the question's week.
pub(crate) fn members(seed: u64, volunteers: usize) -> (Vec<Member>, Nation, Dice) {
    let mut dice = Dice::new(seed);
    let nation = Nation::new(&mut dice, volunteers);
    let mut members = Vec::with_capacity(volunteers);
    for n in 0..volunteers {
        let mut member = member(&mut dice, &nation, n);
        let first = member.row.windows.iter().find(|span| span.start > MONDAY + DAY).copied();
        if let Some(window) = first.filter(|_| dice.chance(20)) {
            let promised = GigRow {
                id: format!("p{n}"),
                kind: "home".to_owned(),
                place: member.row.home,
                duration_s: H,
                windows: vec![window],
                slots: vec![SlotRow { skills: vec!["(by hand only)".to_owned()] }],
                weight: 0,
                ..GigRow::default()
            };
            member.promises.push(Promised { gig: Arc::new(promised), slot: 0, start: window.start + H });
        }
        members.push(member);
    }
    (members, nation, dice)
}

/// A roster of them.
pub(crate) fn roster(seed: u64, volunteers: usize) -> (Roster, Nation, Dice) {
    let (mut members, nation, dice) = members(seed, volunteers);
    // Neighbours one after another, as a server takes them in.
    members.sort_by_cached_key(|member| Cell::of(member.row.home));
    (of_members(members, None), nation, dice)
}

/// A roster of some people, for questions with road times within some bounds.
pub(crate) fn of_members(members: Vec<Member>, bounds: Option<Bounds>) -> Roster {
    let days: Vec<i64> = (0..=WEEKS * 7).map(|day| MONDAY + day * DAY).collect();
    let weeks: Vec<i64> = (0..=WEEKS).map(|week| MONDAY + week * 7 * DAY).collect();
    let mut roster = Roster::new(Span::new(MONDAY, MONDAY + WEEKS * 7 * DAY), &days, &weeks).with_bounds(bounds);
    for member in members {
        roster.insert(member);
    }
    roster.shrink();
    roster
}

/// The question about a gig, with everything around it.
pub(crate) fn ask(gig: GigRow) -> Ask {
    Ask {
        gig,
        held: Vec::new(),
        within: Span::new(MONDAY, MONDAY + 7 * DAY),
        day_starts: (-7..21).map(|day| MONDAY + day * DAY).collect(),
        week_starts: (-1..3).map(|week| MONDAY + week * 7 * DAY).collect(),
        now: MONDAY,
        remembered_from: MONDAY - 180 * DAY,
        year: 2026,
        pairs: HashMap::new(),
        association: None,
        limit: 10,
        table: None,
    }
}
