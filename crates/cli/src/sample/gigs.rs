//! The gigs of the week: what is asked, where, when, by whom.

use jiff::Span;
use jiff::civil::Date;

use super::dice::Dice;
use super::places::{Spot, in_town, town_hall};
use super::seekers::SampleSeeker;

/// Gigs of the outing: escorts to one event.
const OUTING: usize = 6;

/// A window on one day of the week: date, minutes after midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DayWindow {
    pub(super) day: Date,
    pub(super) start_min: u32,
    pub(super) end_min: u32,
}

/// A gig of the sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SampleGig {
    pub(super) number: usize,
    pub(super) kind: &'static str,
    pub(super) seeker: usize,
    pub(super) destination: Option<Spot>,
    pub(super) windows: Vec<DayWindow>,
    pub(super) minutes: u32,
    /// The skills of each slot.
    pub(super) slots: Vec<Vec<&'static str>>,
    pub(super) languages: Vec<&'static str>,
    pub(super) priority: u8,
    pub(super) campaign: Option<String>,
    pub(super) notes: &'static str,
}

/// Makes gigs: the outing first, then the rest by their shares.
pub(super) fn make(dice: &mut Dice, count: usize, seekers: &[SampleSeeker], monday: Date) -> Vec<SampleGig> {
    let mut gigs: Vec<SampleGig> = outing(dice, seekers, monday)
        .into_iter()
        .enumerate()
        .map(|(at, gig)| SampleGig { number: at + 1, ..gig })
        .collect();
    for number in gigs.len() + 1..=count {
        gigs.push(one(dice, number, seekers, monday));
    }
    gigs
}

/// Several people are brought to one event and back on one day.
fn outing(dice: &mut Dice, seekers: &[SampleSeeker], monday: Date) -> Vec<SampleGig> {
    let day = monday.saturating_add(Span::new().days(2));
    let window = DayWindow { day, start_min: 12 * 60, end_min: 15 * 60 };
    dice.some(OUTING, seekers.len())
        .into_iter()
        .enumerate()
        .map(|(at, index)| SampleGig {
            number: 0,
            kind: "outing",
            seeker: seekers[index].number,
            destination: Some(town_hall()),
            windows: vec![window],
            minutes: 180,
            slots: if at == 0 { vec![vec!["escort-training"], vec![]] } else { vec![vec![]] },
            languages: seekers[index].languages.clone(),
            priority: if at < 2 { 4 } else { 3 },
            campaign: Some(format!("Yhdessä ulos {}", monday.year())),
            notes: "Konserttiin ja takaisin. Tavataan kotiovella.",
        })
        .collect()
}

fn one(dice: &mut Dice, number: usize, seekers: &[SampleSeeker], monday: Date) -> SampleGig {
    let kind = dice.pick(&[
        ("shopping", 28),
        ("pharmacy", 9),
        ("call", 20),
        ("household", 20),
        ("escort", 13),
        ("family", 4),
        ("digital", 6),
    ]);
    let seeker = &seekers[dice.below(seekers.len())];
    let minutes = minutes(dice, kind);
    SampleGig {
        number,
        kind,
        seeker: seeker.number,
        destination: (kind == "escort" && dice.percent(60)).then(|| in_town(dice)),
        windows: windows(dice, kind, minutes, monday),
        minutes,
        slots: slots(dice, kind),
        languages: seeker.languages.clone(),
        priority: dice.pick(&[(1, 20), (2, 35), (3, 25), (4, 15), (5, 5)]),
        campaign: None,
        notes: note(dice, kind),
    }
}

fn minutes(dice: &mut Dice, kind: &str) -> u32 {
    match kind {
        "shopping" => dice.step(30, 75, 15),
        "pharmacy" => dice.step(30, 45, 15),
        "call" => dice.step(20, 45, 5),
        "escort" => dice.step(60, 180, 15),
        "family" => dice.step(90, 180, 30),
        "digital" => dice.step(45, 90, 15),
        _ => dice.step(60, 150, 15),
    }
}

fn slots(dice: &mut Dice, kind: &str) -> Vec<Vec<&'static str>> {
    let skill = |dice: &mut Dice, chances: &[(&'static str, usize)]| {
        let skill = dice.pick(chances);
        if skill.is_empty() { Vec::new() } else { vec![skill] }
    };
    match kind {
        "shopping" => vec![skill(dice, &[("car", 25), ("", 75)])],
        "call" => vec![skill(dice, &[("phone-training", 40), ("", 60)])],
        "household" => vec![skill(dice, &[("tools", 35), ("gardening", 20), ("carrying", 10), ("", 35)])],
        // Nobody has been to these families yet: the first visit takes two.
        "family" => vec![Vec::new(), Vec::new()],
        "escort" => {
            let first = skill(dice, &[("escort-training", 50), ("first-aid", 10), ("", 40)]);
            if dice.percent(26) { vec![first, Vec::new()] } else { vec![first] }
        }
        _ => vec![Vec::new()],
    }
}

fn windows(dice: &mut Dice, kind: &str, minutes: u32, monday: Date) -> Vec<DayWindow> {
    let on = |weekday: usize| monday.saturating_add(Span::new().days(weekday as i64));
    if kind == "escort" {
        // Most have an appointment at a fixed time.
        let weekday = if dice.percent(90) { dice.below(5) } else { 5 + dice.below(2) };
        let start_min = dice.step(9 * 60, 16 * 60, 15);
        let slack = if dice.percent(70) { 0 } else { dice.step(60, 150, 30) };
        return vec![DayWindow { day: on(weekday), start_min, end_min: start_min + minutes + slack }];
    }
    let days = dice.pick(&[(1, 50), (2, 33), (3, 17)]);
    dice.some(days, 7)
        .into_iter()
        .map(|weekday| {
            let start_min =
                if dice.percent(60) { dice.step(9 * 60, 13 * 60, 30) } else { dice.step(15 * 60, 17 * 60, 30) };
            let end_min = (start_min + minutes + dice.step(90, 240, 30)).min(21 * 60);
            DayWindow { day: on(weekday), start_min, end_min }
        })
        .collect()
}

fn note(dice: &mut Dice, kind: &str) -> &'static str {
    let notes: &[&str] = match kind {
        "shopping" => {
            &["Viikon ostokset, lista keittiön pöydällä.", "Painava kassi, hissi toimii.", "Maito, leipä ja kahvi."]
        }
        "pharmacy" => &["Valmis paketti noudetaan tiskiltä.", "Paketti on nimellä valmiina."],
        "call" => &["Juttuseuraa, puolisen tuntia.", "Soitto iltapäivällä sopii parhaiten."],
        "household" => &[
            "Lampun vaihto eteiseen, tuoli riittää.",
            "Hylly seinään, tarvikkeet ovat kotona.",
            "Lehtien haravointi etupihalla.",
            "Lumet portailta ja polulta.",
        ],
        "escort" => {
            &["Asioille keskustaan ja sieltä eteenpäin omin neuvoin.", "Mukaan käyntiä varten, odotetaan yhdessä."]
        }
        "family" => &["Ulkoilua ja leikkiä kahden lapsen kanssa.", "Ulkoilua lasten kanssa."],
        _ => &["Puhelimen asetukset ja videopuhelu.", "Valokuvat vanhasta puhelimesta uuteen."],
    };
    notes[dice.below(notes.len())]
}

impl SampleGig {
    /// The id: `g12`.
    pub(super) fn id(&self) -> String {
        format!("g{}", self.number)
    }
}
