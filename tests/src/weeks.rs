//! Synthetic weeks in the neutral format `keikka-city/1`, of any seed, size and shape: what `keikka solve` reads.

use serde_json::{Value, json};

/// One hour in seconds.
const H: i64 = 3600;
/// One day in seconds.
const DAY: i64 = 24 * H;
/// Latitude and longitude of the middle of the made-up town.
const MIDDLE: (f64, f64) = (60.868, 26.704);
/// The village far away: 30 km along the way, too far for anybody's limit.
const VILLAGE: (f64, f64) = (61.060, 26.900);
/// How many live in it.
const VILLAGERS: usize = 30;
/// The languages of a week that has many.
const LANGUAGES: [&str; 20] = [
    "fi", "sv", "ru", "en", "et", "so", "ar", "ku", "fa", "sq", "vi", "th", "zh", "tr", "es", "de", "fr", "pl", "uk",
    "ne",
];

/// What is odd about a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A usual week: all kinds, all ways to travel, one gig in six for two helpers.
    Usual,
    /// Every gig needs two helpers at one start.
    AllForTwo,
    /// Every gig is an escort that needs two helpers at one start.
    EscortsForTwo,
    /// Nothing but calls.
    OnlyCalls,
    /// One village, everybody walks.
    VillageOfWalkers,
    /// A town, and a village far from it in which thirty people live who all walk.
    FarVillage,
    /// Everybody has a car.
    CarsOnly,
    /// Every window, of gigs and people, is one hour.
    OneHourWindows,
    /// Everybody takes one gig a day and one a week.
    CapsOfOne,
    /// Twenty languages, of which everybody speaks one to three and every gig asks for one or two.
    TwentyLanguages,
    /// Nobody is available.
    NobodyAvailable,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Shape; 11] = [
        Shape::Usual,
        Shape::AllForTwo,
        Shape::EscortsForTwo,
        Shape::OnlyCalls,
        Shape::VillageOfWalkers,
        Shape::FarVillage,
        Shape::CarsOnly,
        Shape::OneHourWindows,
        Shape::CapsOfOne,
        Shape::TwentyLanguages,
        Shape::NobodyAvailable,
    ];
}

/// A deterministic source of numbers (splitmix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// A source that repeats itself for the same seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number of 64 bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.roll() % (high - low + 1) as u64) as i64
    }

    /// Whether something of this chance in a hundred happens.
    pub fn percent(&mut self, chance: i64) -> bool {
        self.between(1, 100) <= chance
    }

    /// One of several.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.between(0, choices.len() as i64 - 1) as usize]
    }
}

/// A week of `volunteers` and `gigs` in the neutral format.
#[must_use]
pub fn week(volunteers: usize, gigs: usize, seed: u64, shape: Shape) -> Value {
    let mut dice = Dice::new(seed.wrapping_mul(7919).wrapping_add((volunteers * 31 + gigs) as u64));
    let people: Vec<Value> = (1..=volunteers).map(|n| volunteer(&mut dice, n, shape)).collect();
    let tasks: Vec<Value> = (1..=gigs).map(|n| gig(&mut dice, n, shape)).collect();
    json!({
        "schema": "keikka-city/1",
        "name": format!("week-{volunteers}x{gigs}-{seed}-{shape:?}"),
        "seed": seed,
        "horizon_s": 7 * DAY,
        "detour": 1.3,
        "earth_radius_m": 6_371_000,
        "modes": {"walk": 45, "bike": 140, "car": 350},
        "volunteers": people,
        "gigs": tasks,
    })
}

/// A point around a middle: most of the town within 6 km, a village within 1 km.
fn point(dice: &mut Dice, shape: Shape, is_far: bool) -> (f64, f64) {
    let reach = if is_far || shape == Shape::VillageOfWalkers { 90 } else { 600 };
    let middle = if is_far { VILLAGE } else { MIDDLE };
    let mut around = |middle: f64, stretch: f64| {
        // The sum of two dice keeps most homes near the middle.
        let off = (dice.between(-reach, reach) + dice.between(-reach, reach)) as f64 / 20_000.0;
        ((middle + off * stretch) * 1e5).round() / 1e5
    };
    (around(middle.0, 1.0), around(middle.1, 2.0))
}

fn volunteer(dice: &mut Dice, n: usize, shape: Shape) -> Value {
    let is_far = shape == Shape::FarVillage && n <= VILLAGERS;
    let (lat, lon) = point(dice, shape, is_far);
    let mode = match shape {
        Shape::VillageOfWalkers => "walk",
        Shape::FarVillage if is_far => "walk",
        Shape::CarsOnly => "car",
        _ => dice.pick(&["walk", "bike", "bike", "car", "car", "car"]),
    };
    let mut skills: Vec<&str> = if mode == "car" { vec!["car"] } else { vec![] };
    skills.extend(["tools", "phone_training", "escort_training"].into_iter().filter(|_| dice.percent(50)));
    let languages = spoken(dice, shape);
    let mut kinds: Vec<&str> =
        ["home", "shopping", "phone", "escort"].into_iter().filter(|_| dice.percent(60)).collect();
    if kinds.is_empty() {
        kinds.push("shopping");
    }
    let windows: Vec<[i64; 2]> = match shape {
        Shape::NobodyAvailable => vec![],
        _ => (0..7)
            .filter_map(|day| {
                let start = day * DAY + dice.between(16, 34) * H / 2;
                let length = if shape == Shape::OneHourWindows { H } else { dice.between(4, 14) * H / 2 };
                dice.percent(45).then_some([start, (start + length).min(day * DAY + 21 * H)])
            })
            .collect(),
    };
    let week = if shape == Shape::CapsOfOne { 1 } else { dice.pick(&[1, 1, 2, 3, 5]) };
    json!({
        "id": format!("v{n}"), "area": "town", "lat": lat, "lon": lon, "mode": mode,
        "max_travel_s": dice.between(4, 9) * 300, "skills": skills, "languages": languages, "kinds": kinds, "likes": [],
        "windows": windows, "max_gigs_day": if shape == Shape::CapsOfOne { 1 } else { dice.between(1, 3).min(week) }, "max_gigs_week": week,
    })
}

/// The languages somebody speaks.
fn spoken(dice: &mut Dice, shape: Shape) -> Vec<&'static str> {
    if shape == Shape::TwentyLanguages {
        return several(dice, 3);
    }
    let mut languages = vec!["fi"];
    languages.extend(["sv", "ru", "en"].into_iter().filter(|_| dice.percent(20)));
    languages
}

/// One to `most` of the twenty languages.
fn several(dice: &mut Dice, most: i64) -> Vec<&'static str> {
    let mut languages: Vec<&str> = (0..dice.between(1, most)).map(|_| dice.pick(&LANGUAGES)).collect();
    languages.sort_unstable();
    languages.dedup();
    languages
}

fn gig(dice: &mut Dice, n: usize, shape: Shape) -> Value {
    let kind = match shape {
        Shape::OnlyCalls => "phone",
        Shape::EscortsForTwo => "escort",
        _ => dice.pick(&["home", "shopping", "shopping", "phone", "escort"]),
    };
    let is_far = shape == Shape::FarVillage && dice.percent(30);
    let (lat, lon) = point(dice, shape, is_far);
    let place = if kind == "phone" { (Value::Null, Value::Null) } else { (json!(lat), json!(lon)) };
    let duration_s = if shape == Shape::OneHourWindows { H } else { dice.between(2, 8) * 900 };
    let windows: Vec<[i64; 2]> = (0..7)
        .filter_map(|day| {
            let start = day * DAY + dice.between(17, 34) * H / 2;
            let slack = if shape == Shape::OneHourWindows { 0 } else { dice.between(0, 8) * 900 };
            dice.percent(25).then_some([start, start + duration_s + slack])
        })
        .collect();
    let windows = if windows.is_empty() { vec![[2 * DAY + 10 * H, 2 * DAY + 10 * H + duration_s]] } else { windows };
    let skills: Vec<&str> = match kind {
        "home" if dice.percent(40) => vec!["tools"],
        "shopping" if dice.percent(25) => vec!["car"],
        "phone" if dice.percent(30) => vec!["phone_training"],
        "escort" if dice.percent(40) => vec!["escort_training"],
        _ => vec![],
    };
    let priority = dice.pick(&[1_u32, 2, 2, 3, 3, 4, 5]);
    let is_all_for_two = matches!(shape, Shape::AllForTwo | Shape::EscortsForTwo);
    let people = if is_all_for_two || (kind == "escort" && dice.percent(60)) { 2 } else { 1 };
    let asked = match shape {
        Shape::TwentyLanguages => several(dice, 2),
        _ => vec![dice.pick(&["fi", "fi", "fi", "fi", "sv", "ru"])],
    };
    json!({
        "id": format!("g{n}"), "kind": kind, "area": "town", "lat": place.0, "lon": place.1, "duration_s": duration_s, "windows": windows,
        "skills": skills, "languages_any": asked, "priority": priority,
        "weight": 1_u32 << (priority - 1), "people": people,
    })
}
