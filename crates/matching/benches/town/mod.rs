//! The town that benches and hot paths are measured on: volunteers and gigs of any number, the same for the same seed.

use matching::snapshot::{GigRow, HeldSkill, Point, SlotRow, Snapshot, Span, VolunteerRow};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const KINDS: [&str; 4] = ["home", "shopping", "phone", "escort"];

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn roll(&mut self, low: i64, high: i64) -> i64 {
        low + (self.bits() % (high - low + 1) as u64) as i64
    }

    fn chance(&mut self, percent: i64) -> bool {
        self.roll(1, 100) <= percent
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.roll(0, of.len() as i64 - 1) as usize]
    }

    fn some(&mut self, of: &[&str], percent: i64) -> Vec<String> {
        of.iter().filter(|_| self.chance(percent)).map(|&name| name.to_owned()).collect()
    }

    /// Within about 8 km of the middle, most of them near it; wider with more people.
    fn point(&mut self, reach: i64) -> Point {
        let mut off = || (self.roll(-reach, reach) + self.roll(-reach, reach)) as f64 / 2.0;
        Point { lat: 60.87 + off() / 111_195.0, lon: 26.70 + off() / 54_150.0 }
    }
}

/// How many of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// Volunteers.
    pub(crate) volunteers: usize,
    /// Gigs.
    pub(crate) gigs: usize,
    /// Few people who do much: 4 to 10 gigs a week.
    pub(crate) busy: bool,
}

impl Size {
    /// Ordinary volunteers.
    pub(crate) const fn usual(volunteers: usize, gigs: usize) -> Self {
        Self { volunteers, gigs, busy: false }
    }
}

/// The week of a seed.
pub(crate) fn week(size: Size, seed: u64) -> Snapshot {
    let mut dice = Dice(seed);
    // As many people to a square kilometre in a large town as in a small one.
    let reach = (8_000.0 * (size.volunteers as f64 / 1_000.0).sqrt().clamp(1.0, 6.0)) as i64;
    let volunteers = (0..size.volunteers).map(|number| volunteer(&mut dice, number, reach, size.busy)).collect();
    let gigs = (0..size.gigs).map(|number| gig(&mut dice, number, reach)).collect();
    Snapshot {
        volunteers,
        gigs,
        day_starts: (0..=7).map(|day| day * DAY).collect(),
        week_starts: vec![0],
        ..Snapshot::default()
    }
}

fn volunteer(dice: &mut Dice, number: usize, reach: i64, busy: bool) -> VolunteerRow {
    let speed_dkmh = dice.pick(&[45, 140, 140, 350, 350, 350]);
    let mut skills = dice.some(&["tools", "phone_training", "escort_training"], 40);
    skills.extend((speed_dkmh == 350).then(|| "car".to_owned()));
    let mut languages = dice.some(&["sv", "en", "ru"], 15);
    languages.push("fi".to_owned());
    let windows = (0..7)
        .filter_map(|day| {
            let start = day * DAY + dice.roll(16, 34) * HOUR / 2;
            let hours = if busy { dice.roll(9, 16) } else { dice.roll(5, 12) };
            dice.chance(if busy { 70 } else { 45 })
                .then_some(Span::new(start, (start + hours * HOUR / 2).min(day * DAY + 21 * HOUR)))
        })
        .collect();
    let max_gigs_week = if busy { dice.roll(4, 10) } else { dice.pick(&[1, 1, 1, 2, 3]) } as u32;
    VolunteerRow {
        id: format!("v{number:06}"),
        home: Some(dice.point(reach)),
        speed_dkmh,
        max_travel_s: dice.roll(3, 9) * 300,
        skills: skills.into_iter().map(HeldSkill::lasting).collect(),
        languages,
        kinds: dice.some(&KINDS, 50),
        windows,
        max_gigs_day: max_gigs_week.min(if busy { 4 } else { 2 }),
        max_gigs_week,
        ..VolunteerRow::default()
    }
}

fn gig(dice: &mut Dice, number: usize, reach: i64) -> GigRow {
    let kind = dice.pick(&["home", "shopping", "shopping", "phone", "escort"]);
    let duration_s = dice.roll(3, 9) * 900;
    let windows = (0..dice.roll(1, 2))
        .map(|_| {
            let start = dice.roll(0, 6) * DAY + dice.roll(32, 60) * 900;
            Span::new(start, start + duration_s + dice.roll(0, 14) * 900)
        })
        .collect();
    let skill = match kind {
        "home" => "tools",
        "shopping" => "car",
        "phone" => "phone_training",
        _ => "escort_training",
    };
    let skills = if dice.chance(40) { vec![skill.to_owned()] } else { Vec::new() };
    let helpers = if kind == "escort" && dice.chance(15) { 2 } else { 1 };
    GigRow {
        id: format!("g{number:06}"),
        kind: kind.to_owned(),
        place: (kind != "phone").then(|| dice.point(reach)),
        duration_s,
        windows,
        slots: vec![SlotRow { skills }; helpers],
        languages_any: vec![dice.pick(&["fi", "fi", "fi", "fi", "fi", "sv", "ru"]).to_owned()],
        weight: dice.pick(&[1, 2, 2, 4, 4, 8, 16]),
        ..GigRow::default()
    }
}
