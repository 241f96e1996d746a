//! Seekers: people who live at home and ask for help now and then.

use super::dice::Dice;
use super::people::name;
use super::places::{Spot, anywhere};

/// A seeker of the sample.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SampleSeeker {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) home: Spot,
    pub(super) languages: Vec<&'static str>,
    /// Numbers of volunteers they know.
    pub(super) familiar: Vec<usize>,
    /// Numbers of volunteers they do not want.
    pub(super) blocked: Vec<usize>,
    pub(super) needs: Vec<&'static str>,
}

/// Names of volunteers are counted from the beginning, those of seekers from here.
const NAMES_FROM: [usize; 4] = [106, 16, 12, 9];

/// Makes seekers.
pub(super) fn make(dice: &mut Dice, count: usize, volunteers: usize) -> Vec<SampleSeeker> {
    let mut named = NAMES_FROM;
    (1..=count).map(|number| seeker(dice, number, volunteers, &mut named)).collect()
}

fn seeker(dice: &mut Dice, number: usize, volunteers: usize, named: &mut [usize; 4]) -> SampleSeeker {
    let mother = dice.pick(&[(0, 86), (1, 6), (2, 5), (3, 3)]);
    let tongue = ["fi", "sv", "ru", "en"][mother];
    let name = name(tongue, named[mother]).0;
    named[mother] += 1;
    let mut languages = vec![tongue];
    if tongue != "fi" && dice.percent(40) {
        languages.push("fi");
    }
    let known = if dice.percent(25) { dice.step(1, 2, 1) as usize } else { 0 };
    const NEEDS: &[(&str, usize)] = &[("rollaattori", 18), ("selkeä puhe", 15), ("lemmikki", 10), ("ei hissiä", 8)];
    SampleSeeker {
        number,
        name,
        home: anywhere(dice),
        languages,
        familiar: dice.some(known, volunteers).into_iter().map(|index| index + 1).collect(),
        blocked: if number.is_multiple_of(37) { vec![dice.below(volunteers) + 1] } else { Vec::new() },
        needs: NEEDS.iter().filter(|(_, chance)| dice.percent(*chance)).map(|(need, _)| *need).collect(),
    }
}

impl SampleSeeker {
    /// The id: `s7`.
    pub(super) fn id(&self) -> String {
        format!("s{}", self.number)
    }

    /// A number that rings nobody: Finland has given the mobile prefix 047 to no operator, and has no numbers set apart for stories.
    pub(super) fn phone(&self) -> String {
        format!("047 000 {:04}", self.number)
    }
}
