//! How people really are: whether they say yes, when they answer, how tired they get, when they leave. It is not the policies'
//! model: factors in place of log-odds, log-logistic delays in place of lognormal ones, and everybody tires in their own way.

use crate::{
    dice::For,
    world::{DAY_S, World},
};

/// What an ask will come to, decided when it is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Reply {
    Yes { at_s: i64 },
    No { at_s: i64 },
    Never,
}

/// How tired a volunteer is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tiredness {
    level: f64,
    at_s: i64,
}

impl Tiredness {
    pub(crate) fn at(self, half_life_days: f64, now_s: i64) -> f64 {
        self.level * (-((now_s - self.at_s) as f64) / DAY_S as f64 / half_life_days).exp2()
    }

    pub(crate) fn add(&mut self, what: f64, half_life_days: f64, now_s: i64) {
        *self = Self { level: (self.at(half_life_days, now_s) + what).max(0.0), at_s: now_s };
    }
}

impl World {
    /// The chance of a yes.
    pub(crate) fn chance(&self, gig: usize, volunteer: usize, travel_min: f64, knows: bool, tired: f64) -> f64 {
        let (setting, person, gig) = (&self.setting, &self.volunteers[volunteer], &self.gigs[gig]);
        let factor = |applies: bool, factor: f64| if applies { factor } else { 1.0 };
        let chance = person.readiness
            * (-travel_min / setting.travel_scale_min).exp()
            * person.taste[gig.kind].unwrap_or(0.0)
            * factor(gig.weekday() >= 5, setting.weekend_factor)
            * factor(gig.start_s - gig.opens_s < 6 * 3_600, setting.short_notice_factor)
            * factor(knows, setting.known_factor)
            * (-person.sensitivity * tired).exp();
        chance.clamp(0.0, 0.95)
    }

    /// What they answer to an ask with this chance, and when.
    pub(crate) fn reply(&self, gig: usize, volunteer: usize, chance: f64, now_s: i64) -> Reply {
        let (setting, dice) = (&self.setting, self.dice);
        let throw = dice.share(For::Delay, gig, volunteer);
        let median = setting.answer_median_min * self.volunteers[volunteer].slowness;
        let minutes = median * (throw / (1.0 - throw)).powf(1.0 / setting.answer_shape);
        // Nobody answers in no time, and a month is never.
        let at_s = now_s + (minutes * 60.0).clamp(5.0, 30.0 * DAY_S as f64) as i64;
        if dice.share(For::Yes, gig, volunteer) < chance {
            Reply::Yes { at_s }
        } else if dice.share(For::Decline, gig, volunteer) < setting.decline_share {
            Reply::No { at_s }
        } else {
            Reply::Never
        }
    }

    /// Whether a volunteer with this tiredness leaves on this night.
    pub(crate) fn leaves(&self, volunteer: usize, day: usize, tired: f64) -> bool {
        let hazard = self.setting.leaving * (tired - self.setting.patience).max(0.0);
        self.dice.share(For::OptOut, volunteer, day) < 1.0 - (-hazard).exp()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setting::Setting;

    #[test]
    fn half_of_all_answers_come_within_the_median() {
        let setting = Setting { answer_spread: 0.0, ..Setting::default() };
        let (world, median_s) = (World::new(setting, 1), (setting.answer_median_min * 60.0) as i64);
        let (mut soon, mut all, mut never) = (0, 0, 0);
        for volunteer in 0..300 {
            for gig in 0..60 {
                match world.reply(gig, volunteer, 0.2, 0) {
                    Reply::Never => never += 1,
                    Reply::Yes { at_s } | Reply::No { at_s } => {
                        all += 1;
                        soon += i32::from(at_s <= median_s);
                    }
                }
            }
        }
        let (half, answering) = (f64::from(soon) / f64::from(all), f64::from(all) / f64::from(all + never));
        assert!((half - 0.5).abs() < 0.02 && (answering - 0.44).abs() < 0.02, "{half} {answering}");
    }

    #[test]
    fn tiredness_lowers_the_chance_and_drives_people_away() {
        let world = World::new(Setting::default(), 1);
        let (volunteer, travel) = world.gigs[0].able[0];
        let chance = |tired| world.chance(0, volunteer, travel, false, tired);
        let person = &world.volunteers[volunteer];
        assert!((chance(5.0) / chance(0.0) - (-5.0 * person.sensitivity).exp()).abs() < 1e-12);
        let left = |tired| {
            (0..300)
                .flat_map(|one| (0..90).map(move |day| (one, day)))
                .filter(|(one, day)| world.leaves(*one, *day, tired))
                .count()
        };
        assert_eq!(left(4.0), 0);
        let some = left(14.0) as f64 / 27_000.0;
        assert!((some - 10.0 * world.setting.leaving).abs() < 0.003, "{some}");
    }
}
