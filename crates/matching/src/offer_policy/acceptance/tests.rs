//! The acceptance model against closed forms and against a synthetic truth.

use super::super::dice::Dice;
use super::*;

const DAY: i64 = 86_400;

/// An average ask, answered (or let lapse) within a minute of law's end.
fn lesson(outcome: Outcome, at_s: i64) -> Lesson {
    let features = Features { travel_min: 15.0, hours_ahead: 4.0, days_since_gig: Some(14.0), ..Features::default() };
    Lesson { features, predicted: 0.15, asked_s: at_s - 600, ended_s: at_s, outcome }
}

#[test]
fn a_stranger_is_asked_at_the_starting_rate() {
    let prior = Prior::default();
    let model = Acceptance::new(Prior { spread: 0.0, ..prior }, 0);
    let chance = model.chance(&Intercept::default(), &lesson(Outcome::Yes, 0).features, 0);
    // The doubt about the weights pulls it a little to one half.
    assert!(chance > prior.yes_share && chance < prior.yes_share + 0.02, "{chance}");
    let far = Features { travel_min: 75.0, ..lesson(Outcome::Yes, 0).features };
    assert!(model.chance(&Intercept::default(), &far, 0) < chance / 1.5);
}

#[test]
fn one_answer_is_one_newton_step() {
    // At the start x' S x is the variance of the first weight alone; i = p (1 - p).
    let prior = Prior::default();
    let (mut model, mut volunteer) = (Acceptance::new(prior, 600), Intercept::default());
    model.learn(&mut volunteer, &lesson(Outcome::Yes, 600));
    let (p, v, s) = (prior.yes_share, prior.spread * prior.spread, 0.25);
    let scale = 1.0 + p * (1.0 - p) * (s + v);
    assert!((volunteer.mean - v * (1.0 - p) / scale).abs() < 1e-9, "{volunteer:?}");
    assert!((volunteer.variance - (v - v * v * p * (1.0 - p) / scale)).abs() < 1e-9);
    assert!((model.weights[0] - ((p / (1.0 - p)).ln() + s * (1.0 - p) / scale)).abs() < 1e-9);
}

#[test]
fn a_silence_that_was_hardly_watched_teaches_hardly_anything() {
    let learnt = |minutes: i64| {
        let (mut model, mut volunteer) = (Acceptance::new(Prior::default(), 0), Intercept::default());
        let ended_s = minutes * 60;
        model.learn(&mut volunteer, &Lesson { asked_s: 0, ended_s, ..lesson(Outcome::Silent, ended_s) });
        volunteer.mean
    };
    let (none, short, long, for_ever) = (learnt(0), learnt(5), learnt(60), learnt(100_000));
    assert!(none.abs() < 1e-12 && short < none && long < short && for_ever < long, "{none} {short} {long} {for_ever}");
    let (mut model, mut volunteer) = (Acceptance::new(Prior::default(), 600), Intercept::default());
    model.learn(&mut volunteer, &lesson(Outcome::No, 600));
    assert!((for_ever - volunteer.mean).abs() < 1e-3, "silence for ever is a no: {for_ever} {volunteer:?}");
}

#[test]
fn few_answers_move_a_volunteer_less_than_many() {
    let after = |asks: usize| {
        let (mut model, mut volunteer) = (Acceptance::new(Prior::default(), 600), Intercept::default());
        // Others hold the weights where they are.
        for other in 0..2_000 {
            let outcome = if other % 20 < 3 { Outcome::Yes } else { Outcome::No };
            model.learn(&mut Intercept::default(), &lesson(outcome, 600));
        }
        (0..asks).for_each(|_| model.learn(&mut volunteer, &lesson(Outcome::Yes, 600)));
        model.chance(&volunteer, &lesson(Outcome::Yes, 600).features, 600)
    };
    let chances: Vec<f64> = [0, 1, 3, 10, 40].map(after).to_vec();
    assert!(chances.windows(2).all(|pair| pair[0] < pair[1]), "{chances:?}");
    assert!(chances[1] < 0.3 && chances[4] > 0.5, "{chances:?}");
}

#[test]
fn what_is_known_of_a_volunteer_fades_to_a_stranger() {
    let (mut model, mut volunteer) = (Acceptance::new(Prior::default(), 600), Intercept::default());
    (0..10).for_each(|_| model.learn(&mut volunteer, &lesson(Outcome::Yes, 600)));
    let features = lesson(Outcome::Yes, 600).features;
    let stranger = model.chance(&Intercept::default(), &features, 600);
    let fresh = model.chance(&volunteer, &features, 600);
    let later = model.chance(&volunteer, &features, 600 + 180 * DAY);
    let late = model.chance(&volunteer, &features, 600 + 20 * 365 * DAY);
    assert!(fresh > later && later > stranger && (late - stranger).abs() < 1e-6, "{fresh} {later} {late} {stranger}");
}

#[test]
fn who_is_forgotten_leaves_the_spread_as_it_was() {
    let mut model = Acceptance::new(Prior::default(), 600);
    let (mut one, mut other) = (Intercept::default(), Intercept::default());
    (0..5).for_each(|_| model.learn(&mut one, &lesson(Outcome::Yes, 600)));
    let before = model.spread_squared();
    (0..5).for_each(|_| model.learn(&mut other, &lesson(Outcome::No, 600)));
    assert!((model.spread_squared() - before).abs() > 1e-6);
    model.forget(&other);
    model.forget(&Intercept::default());
    assert!((model.spread_squared() - before).abs() < 1e-12 && (model.known - 1.0).abs() < 1e-12);
}

/// A truth of the model's own form: volunteers and weights drawn, asks with lognormal delays, half of them cut short.
struct Truth {
    dice: Dice,
    intercepts: Vec<f64>,
}

impl Truth {
    fn ask(&mut self, volunteer: usize, features: &Features) -> (f64, Outcome, f64) {
        let log_odds = -1.4 - 0.8 * (features.travel_min - 15.0) / 30.0 + self.intercepts[volunteer];
        let chance = logistic(log_odds);
        let watched = if self.dice.share() < 0.5 { 240.0 } else { 5.0 + 20.0 * self.dice.share() };
        let minutes = (2.7 + self.dice.normal()).exp();
        let willing = self.dice.share() < chance;
        let says = willing || self.dice.share() < 0.4;
        match (says && minutes < watched, willing) {
            (true, true) => (chance, Outcome::Yes, minutes),
            (true, false) => (chance, Outcome::No, minutes),
            _ => (chance, Outcome::Silent, watched),
        }
    }
}

#[test]
fn a_synthetic_truth_is_learnt_and_calibrated() {
    for seed in 1..=3 {
        let mut dice = Dice::new(seed);
        let intercepts: Vec<f64> = (0..200).map(|_| 0.9 * dice.normal()).collect();
        let mut truth = Truth { dice, intercepts };
        let mut model = Acceptance::new(Prior::default(), 0);
        let mut volunteers = vec![Intercept::default(); 200];
        let (mut error, mut asks) = (0.0, 0);
        for round in 0_i64..12_000 {
            let volunteer = truth.dice.below(200);
            let features = Features {
                travel_min: 60.0 * truth.dice.share(),
                hours_ahead: 4.0,
                days_since_gig: Some(14.0),
                ..Features::default()
            };
            let asked_s = round * 600;
            let predicted = model.chance(&volunteers[volunteer], &features, asked_s);
            let (chance, outcome, minutes) = truth.ask(volunteer, &features);
            if round >= 6_000 {
                error += (predicted - chance).abs();
                asks += 1;
            }
            let ended_s = asked_s + (minutes * 60.0) as i64;
            model.learn(&mut volunteers[volunteer], &Lesson { features, predicted, asked_s, ended_s, outcome });
        }
        let error = error / f64::from(asks);
        let record = &model.calibration;
        assert!(error < 0.09, "mean distance to the true chance: {error}");
        assert!(record.error().unwrap() < 0.03, "calibration error {:?}", record.error());
        assert!(record.brier().unwrap() < record.brier_of_rate().unwrap(), "{:?}", record);
        let spread = model.spread_squared().sqrt();
        assert!((0.7..1.1).contains(&spread), "{spread} for 0.9");
    }
}

#[test]
fn belief_stays_sound_whatever_comes() {
    let mut dice = Dice::new(11);
    let mut model = Acceptance::new(Prior::default(), 0);
    let mut volunteers = vec![Intercept::default(); 5];
    let mut now_s = 0;
    for _ in 0..5_000 {
        let at = dice.below(5);
        now_s += (dice.share() * 1e6) as i64 - 1_000;
        let outcome = [Outcome::Yes, Outcome::No, Outcome::Silent][dice.below(3)];
        let features = Features {
            travel_min: 200.0 * dice.share(),
            kind_asked: 9.0 * dice.share(),
            kind_accepted: 3.0 * dice.share(),
            hours_ahead: 100.0 * dice.share(),
            weekday: dice.below(7) as u8,
            asked_in_week: 9.0 * dice.share(),
            days_since_gig: (dice.share() < 0.5).then(|| 400.0 * dice.share()),
            knows_seeker: dice.share() < 0.5,
            channel: super::super::features::Channel::Email,
        };
        let predicted = model.chance(&volunteers[at], &features, now_s);
        assert!(predicted > 0.0 && predicted < 1.0, "{predicted}");
        let ended_s = now_s + (dice.share() * 1e5) as i64;
        model.learn(&mut volunteers[at], &Lesson { features, predicted, asked_s: now_s, ended_s, outcome });
        assert!(volunteers[at].variance > 0.0 && volunteers[at].mean.is_finite());
        assert!((0..COUNT).all(|at| model.covariance[at][at] > 0.0), "a variance is not positive");
        assert!(model.spread_squared() > 0.0);
    }
}
