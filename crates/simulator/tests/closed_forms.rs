//! The simulator against closed forms, in worlds where they hold: everybody has the same chance, answers within seconds, never tires
//! and never leaves, and the deadline is days away.

use simulator::{log::Measures, policy::Policy, report::Results, setting::Setting};

/// Such a world with the chance p of a yes.
fn equal(chance: f64) -> Setting {
    Setting {
        lead_min: (4_000.0, 4_001.0),
        travel_scale_min: f64::INFINITY,
        // Readiness 1, so that taste is the chance.
        readiness: (1e12, 5.0),
        taste: (chance, chance),
        weekend_factor: 1.0,
        short_notice_factor: 1.0,
        known_factor: 1.0,
        answer_median_min: 1e-6,
        sensitivity: 0.0,
        leaving: 0.0,
        newcomers: 0,
        ..Setting::default()
    }
}

fn asks_per_filled(policy: Policy, chance: f64) -> f64 {
    let results = Results::of(equal(chance), &[1, 2, 3, 4], &[policy]);
    results.estimate(policy, |run: &Measures| run.asks_per_filled).mean
}

fn near(measured: f64, closed: f64, what: &str) {
    assert!((measured / closed - 1.0).abs() < 0.03, "{what}: {measured}, closed form {closed}");
}

#[test]
fn one_by_one_is_geometric() {
    // Truncated or not: asks for a yes are (1 - q^n) / p over 1 - q^n.
    for chance in [0.1, 0.2, 0.4] {
        near(asks_per_filled(Policy::OneByOne, chance), 1.0 / chance, &format!("one by one at {chance}"));
    }
}

#[test]
fn waves_of_k_cost_k_over_the_chance_of_a_wave() {
    let wave = |size: i32, chance: f64| f64::from(size) / (1.0 - (1.0 - chance).powi(size));
    for chance in [0.15, 0.3] {
        near(asks_per_filled(Policy::NearestFive, chance), wave(5, chance), &format!("waves of five at {chance}"));
        near(asks_per_filled(Policy::WavesOfTwo, chance), wave(2, chance), &format!("waves of two at {chance}"));
    }
}

#[test]
fn broadcast_pays_for_everybody_who_would_have_come() {
    // With n to ask, n p say yes and all but one in each filled gig hear that somebody was first.
    let results = Results::of(equal(0.2), &[1, 2], &[Policy::Broadcast]);
    let of = |measure: fn(&Measures) -> f64| results.estimate(Policy::Broadcast, measure).mean;
    let (asks, taken) = (of(|run| run.asks_per_filled), of(|run| run.taken_per_filled));
    assert!(of(|run| run.fill) > 0.98 && asks > 25.0, "{asks}");
    near(taken, asks * 0.2 - 1.0, "already taken");
    let lost = of(|run| run.lost);
    assert!(lost == 0.0, "nobody leaves: {lost}");
}

#[test]
fn paced_comes_close_to_asking_one_at_a_time() {
    // With all the time in the world little hope is kept outstanding: hardly more than 1 / p.
    let asks = asks_per_filled(Policy::Paced, 0.2);
    assert!((4.85..5.6).contains(&asks), "{asks}");
}
