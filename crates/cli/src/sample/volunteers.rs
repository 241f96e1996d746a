//! Volunteers: retired, working and studying people with what they can do and when.

use jiff::Span;
use jiff::civil::Date;

use super::catalogue::{ASSOCIATIONS, KINDS, SKILLS};
use super::dice::Dice;
use super::people::{Sex, name};
use super::places::{Spot, anywhere};

/// One weekly window: ISO weekday, minutes after midnight, every n-th week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) weekday: u8,
    pub(super) start_min: u32,
    pub(super) end_min: u32,
    pub(super) every_n_weeks: u8,
    /// The day from which every n-th week is counted.
    pub(super) since: Option<Date>,
}

/// A volunteer of the sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SampleVolunteer {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) sex: Sex,
    pub(super) birth_year: i16,
    pub(super) association: &'static str,
    pub(super) home: Spot,
    /// `walk`, `bike` or `car`.
    pub(super) mode: &'static str,
    pub(super) limit_min: u32,
    pub(super) kinds: Vec<&'static str>,
    pub(super) likes: Vec<&'static str>,
    pub(super) skills: Vec<&'static str>,
    pub(super) languages: Vec<&'static str>,
    pub(super) windows: Vec<Window>,
    pub(super) per_day: u8,
    pub(super) per_week: u8,
    /// Away on these days of the sample week, both included.
    pub(super) away: Option<(Date, Date)>,
}

/// How somebody spends the week.
#[derive(Debug, Clone, Copy)]
enum Life {
    Retired,
    Worker,
    Student,
}

/// Makes volunteers.
pub(super) fn make(dice: &mut Dice, count: usize, monday: Date) -> Vec<SampleVolunteer> {
    let mut named = [0usize; 4];
    (1..=count).map(|number| volunteer(dice, number, monday, &mut named)).collect()
}

fn volunteer(dice: &mut Dice, number: usize, monday: Date, named: &mut [usize; 4]) -> SampleVolunteer {
    let mother = dice.pick(&[(0, 84), (1, 6), (2, 6), (3, 4)]);
    let tongue = ["fi", "sv", "ru", "en"][mother];
    let (name, sex) = name(tongue, named[mother]);
    named[mother] += 1;
    let home = anywhere(dice);
    let mode = dice.pick(if home.district.rural {
        &[("walk", 5), ("bike", 10), ("car", 85)]
    } else {
        &[("walk", 20), ("bike", 26), ("car", 54)]
    });
    let life = dice.pick(&[(Life::Retired, 46), (Life::Worker, 38), (Life::Student, 16)]);
    let kinds: Vec<&str> = KINDS.iter().filter(|(_, chance)| dice.percent(*chance)).map(|(kind, _)| *kind).collect();
    let kinds = if kinds.is_empty() { vec!["shopping"] } else { kinds };
    let per_week = dice.pick(&[(1, 84), (2, 12), (3, 3), (5, 1)]);
    let away = number.is_multiple_of(31).then(|| {
        let first = monday.saturating_add(Span::new().days(i64::from(dice.step(0, 3, 1))));
        (first, first.saturating_add(Span::new().days(3)))
    });
    SampleVolunteer {
        number,
        name,
        sex,
        birth_year: birth_year(dice, life, monday),
        association: ASSOCIATIONS[dice.pick(&[(0, 40), (1, 25), (2, 20), (3, 15)])].0,
        mode,
        limit_min: if mode == "car" { dice.step(20, 40, 5) } else { dice.step(20, 35, 5) },
        likes: kinds.iter().copied().filter(|_| dice.percent(35)).collect(),
        kinds,
        skills: skills(dice, mode),
        languages: languages(dice, tongue),
        windows: week(dice, life, monday),
        per_day: per_week.min(dice.pick(&[(1, 35), (2, 45), (3, 20)])),
        per_week,
        home,
        away,
    }
}

fn birth_year(dice: &mut Dice, life: Life, monday: Date) -> i16 {
    let age = match life {
        Life::Retired => dice.step(63, 79, 1),
        Life::Worker => dice.step(27, 62, 1),
        Life::Student => dice.step(18, 26, 1),
    };
    monday.year() - age as i16
}

fn skills(dice: &mut Dice, mode: &str) -> Vec<&'static str> {
    let mut skills: Vec<&str> = if mode == "car" { vec!["car"] } else { Vec::new() };
    skills.extend(SKILLS.iter().filter(|(_, chance)| dice.percent(*chance)).map(|(skill, _)| *skill));
    skills
}

fn languages(dice: &mut Dice, tongue: &'static str) -> Vec<&'static str> {
    let mut languages = vec![tongue];
    for (language, chance) in [("fi", 80), ("sv", 14), ("en", 50), ("ru", 2)] {
        if language != tongue && dice.percent(chance) {
            languages.push(language);
        }
    }
    languages
}

fn week(dice: &mut Dice, life: Life, monday: Date) -> Vec<Window> {
    // Every second week: this one, or the one before and the one after.
    let since = monday.saturating_sub(Span::new().weeks(i64::from(dice.step(0, 1, 1))));
    let mut windows = Vec::new();
    let mut add = |weekday: usize, start: u32, minutes: u32, every: u8| {
        windows.push(Window {
            weekday: weekday as u8 + 1,
            start_min: start,
            end_min: (start + minutes).min(21 * 60),
            every_n_weeks: every,
            since: (every > 1).then_some(since),
        });
    };
    match life {
        Life::Retired => {
            let days = dice.step(3, 5, 1) as usize;
            for day in dice.some(days, 5) {
                add(day, dice.step(9 * 60, 11 * 60, 30), dice.step(240, 420, 30), 1);
            }
            if dice.percent(20) {
                add(5, 11 * 60, 240, 1);
            }
        }
        Life::Worker => {
            let days = dice.step(2, 4, 1) as usize;
            for day in dice.some(days, 5) {
                add(day, dice.step(16 * 60, 17 * 60, 30), dice.step(180, 270, 30), 1);
            }
            for day in [5, 6] {
                if dice.percent(35) {
                    add(day, dice.step(9 * 60, 13 * 60, 30), dice.step(180, 300, 30), 1);
                }
            }
        }
        Life::Student => {
            let every = if dice.percent(15) { 2 } else { 1 };
            let days = dice.step(2, 4, 1) as usize;
            for day in dice.some(days, 7) {
                add(day, dice.step(12 * 60, 16 * 60, 30), dice.step(180, 300, 30), every);
            }
        }
    }
    windows
}

impl SampleVolunteer {
    /// The id: `v12`.
    pub(super) fn id(&self) -> String {
        format!("v{}", self.number)
    }

    /// The language they read letters in, of the three that are written: their own, else English where they have that and no Finnish.
    pub(super) fn reads(&self) -> &'static str {
        match self.languages.first() {
            Some(&"sv") => "sv",
            Some(&"en") => "en",
            _ if !self.languages.contains(&"fi") && self.languages.contains(&"en") => "en",
            _ => "fi",
        }
    }
}
