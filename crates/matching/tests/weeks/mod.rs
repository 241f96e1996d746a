//! Small made-up weeks, the same for the same seed: people, gigs and promises of a synthetic town.

use matching::snapshot::{
    Familiar, GigRow, HeldSkill, Point, Promise, PromiseState, SlotRow, Snapshot, Span, Standing, VolunteerRow,
};

/// One hour.
pub(crate) const H: i64 = 3600;
/// One day.
pub(crate) const DAY: i64 = 24 * H;

/// A small generator of numbers (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    /// Dice with a seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678)
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn roll(&mut self, low: i64, high: i64) -> i64 {
        low + (self.bits() % (high - low + 1) as u64) as i64
    }

    /// True in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: i64) -> bool {
        self.roll(0, 99) < percent
    }

    /// One of the given.
    pub(crate) fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.roll(0, of.len() as i64 - 1) as usize]
    }

    /// Those of the given that a chance keeps.
    pub(crate) fn some(&mut self, of: &[&str], percent: i64) -> Vec<String> {
        of.iter().filter(|_| self.chance(percent)).map(|&name| name.to_owned()).collect()
    }

    /// Puts a list into another order.
    pub(crate) fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.roll(0, at as i64) as usize);
        }
    }
}

/// What a week is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    /// How many volunteers.
    pub(crate) volunteers: usize,
    /// How many gigs.
    pub(crate) gigs: usize,
    /// Days with anything in them.
    pub(crate) days: i64,
    /// Share of gigs for two helpers, in hundredths.
    pub(crate) two: i64,
    /// Share of escorts that end elsewhere, in hundredths.
    pub(crate) escorts: i64,
}

/// A week that takes some searching.
pub(crate) const SMALL: Shape = Shape { volunteers: 14, gigs: 24, days: 3, two: 20, escorts: 15 };

const KINDS: [&str; 3] = ["errand", "call", "escort"];

/// The week of a seed.
pub(crate) fn week(shape: Shape, seed: u64) -> Snapshot {
    let mut dice = Dice::new(seed);
    let mut volunteers: Vec<VolunteerRow> =
        (0..shape.volunteers).map(|n| volunteer(&mut dice, n, shape.days)).collect();
    let gigs: Vec<GigRow> = (0..shape.gigs).map(|n| gig(&mut dice, n, &shape)).collect();
    for row in &mut volunteers {
        row.declined_gigs = gigs.iter().filter(|_| dice.chance(4)).map(|gig| gig.id.clone()).collect();
    }
    Snapshot {
        volunteers,
        gigs,
        day_starts: (0..=shape.days).map(|day| day * DAY).collect(),
        week_starts: vec![0],
        ..Snapshot::default()
    }
}

fn point(dice: &mut Dice) -> Point {
    Point { lat: 60.8 + dice.roll(0, 900) as f64 / 10_000.0, lon: 26.6 + dice.roll(0, 1_800) as f64 / 10_000.0 }
}

fn volunteer(dice: &mut Dice, n: usize, days: i64) -> VolunteerRow {
    let mut windows: Vec<Span> = Vec::new();
    for _ in 0..dice.roll(1, 2) {
        let start = dice.roll(0, days - 1) * DAY + dice.roll(32, 52) * 900;
        windows.push(Span::new(start, start + dice.roll(6, 20) * 900));
    }
    let mut skills: Vec<HeldSkill> = dice.some(&["car", "first_aid"], 60).into_iter().map(HeldSkill::lasting).collect();
    if let Some(card) = skills.first_mut().filter(|_| dice.chance(30)) {
        card.valid_until = Some(dice.roll(0, days * 96) * 900);
    }
    VolunteerRow {
        id: format!("v{n:02}"),
        home: dice.chance(95).then(|| point(dice)),
        speed_dkmh: *dice.pick(&[45, 140, 350]),
        max_travel_s: dice.roll(4, 12) * 300,
        skills,
        languages: if dice.chance(80) { vec!["fi".into(), "sv".into()] } else { vec!["ru".into()] },
        kinds: if dice.chance(60) { KINDS.map(String::from).to_vec() } else { dice.some(&KINDS, 70) },
        windows,
        max_gigs_day: dice.roll(1, 3) as u32,
        max_gigs_week: dice.roll(1, 4) as u32,
        standing: if dice.chance(5) { Standing::Paused } else { Standing::Active },
        age_years: dice.chance(80).then(|| dice.roll(16, 80) as u32),
        blocked_seekers: dice.some(&["s0", "s1"], 15),
        familiar: vec![Familiar { seeker: "s0".into(), strength_milli: 500 }],
        ..VolunteerRow::default()
    }
}

fn gig(dice: &mut Dice, n: usize, shape: &Shape) -> GigRow {
    let kind = *dice.pick(&KINDS);
    let place = (kind != "call").then(|| point(dice));
    let destination = (kind == "escort" && dice.chance(shape.escorts * 3)).then(|| point(dice));
    let duration_s = dice.roll(1, 6) * 900 + if dice.chance(20) { 300 } else { 0 };
    let mut windows: Vec<Span> = Vec::new();
    for _ in 0..dice.roll(1, 2) {
        let start = dice.roll(0, shape.days - 1) * DAY + dice.roll(32, 60) * 900;
        windows.push(Span::new(start, start + duration_s + dice.roll(0, 10) * 900));
    }
    let agreed_start = dice.chance(15).then(|| windows[0].start + dice.roll(0, 3) * 300);
    let helpers = if dice.chance(shape.two) { 2 } else { 1 };
    let mut slots = vec![SlotRow::default(); helpers];
    for slot in &mut slots {
        slot.skills = if dice.chance(35) { dice.some(&["car", "first_aid"], 60) } else { vec![] };
    }
    let seeker = if dice.chance(80) { Some(format!("s{}", dice.roll(0, 3))) } else { None };
    GigRow {
        id: format!("g{n:02}"),
        kind: kind.into(),
        seeker,
        place,
        destination,
        duration_s,
        windows,
        slots,
        languages_any: if dice.chance(70) { vec!["fi".into()] } else { vec![] },
        weight: *dice.pick(&[1, 2, 4, 8, 16]),
        agreed_start,
        min_age: dice.chance(15).then_some(18),
        ..GigRow::default()
    }
}

/// The same week with promises: slots of a plan that stand already, some of them hard to keep.
pub(crate) fn with_promises(mut snapshot: Snapshot, seed: u64) -> Snapshot {
    let mut dice = Dice::new(seed ^ 0x5eed);
    let states = [PromiseState::Held, PromiseState::Accepted, PromiseState::Told, PromiseState::Started];
    for gig in snapshot.gigs.clone() {
        if !dice.chance(30) || gig.windows.is_empty() {
            continue;
        }
        let start = gig.agreed_start.unwrap_or(gig.windows[0].start);
        let mut people: Vec<String> = snapshot.volunteers.iter().map(|row| row.id.clone()).collect();
        dice.shuffle(&mut people);
        let slots = if dice.chance(50) { gig.slots.len() } else { 1 };
        for (slot, volunteer) in people.into_iter().take(slots).enumerate() {
            // Nobody promises two things at once.
            let end = start + gig.duration_s;
            let is_free = snapshot.promises.iter().filter(|held| held.volunteer == volunteer).all(|held| {
                let other = snapshot.gigs.iter().find(|row| row.id == held.gig).map_or(0, |row| row.duration_s);
                end <= held.start || held.start + other <= start
            });
            if is_free {
                let state = *dice.pick(&states);
                snapshot.promises.push(Promise { gig: gig.id.clone(), slot, volunteer, start, state });
            }
        }
    }
    snapshot
}
