//! What the offer policies promise, over the thirty published seeds of ninety days; and that it does not hang on these seeds.

use simulator::{log::Measures, policy::Policy, report::Results, setting::Setting, statistics::Estimate};

/// Those that the targets speak of.
const TARGETED: [Policy; 3] = [Policy::Broadcast, Policy::OneByOne, Policy::Paced];

fn published(policies: &[Policy], full: u64, small: u64) -> Results {
    let is_full = std::env::var("KEIKKA_TEST_SIZE").is_ok_and(|size| size == "full");
    let seeds: Vec<u64> = (1..=if is_full { full } else { small }).collect();
    Results::of(Setting::default(), &seeds, policies)
}

/// Every bound holds for the whole confidence interval.
#[test]
fn paced_keeps_its_promises() {
    let results = published(&TARGETED, 30, 30);
    let of = |policy, measure: fn(&Measures) -> f64| -> Estimate { results.estimate(policy, measure) };
    let paced = |measure| of(Policy::Paced, measure);

    let (fill, asks) = (paced(|run| run.fill), paced(|run| run.asks_per_filled));
    assert!(fill.low() >= 0.93, "{fill:?} of the gigs are filled");
    assert!(asks.high() <= 8.0, "{asks:?} asks for each");
    let broadcast = of(Policy::Broadcast, |run| run.asks_per_filled);
    assert!(asks.high() <= broadcast.low() / 3.0, "{asks:?} beside {broadcast:?} of broadcast");
    let of_all = results.ratio(Policy::Paced, Policy::Broadcast, |run| run.asks_per_gig);
    assert!(of_all.high() <= 1.0 / 3.0, "{of_all:?} of all the asks of broadcast");
    let more = results.difference(Policy::Paced, Policy::Broadcast, |run| run.fill);
    assert!(more.low() > 0.0, "{more:?} more filled than by broadcast");
    let lost = paced(|run| run.lost);
    assert!(lost.high() <= 0.03, "{lost:?} of the volunteers are lost");
    let gini = results.difference(Policy::Paced, Policy::OneByOne, |run| run.gini);
    assert!(gini.high() <= 0.05, "asks are spread {gini:?} less evenly than one by one");
    let top_tenth = paced(|run| run.top_tenth);
    assert!(top_tenth.high() <= 0.25, "{top_tenth:?} of the asks go to a tenth");
    let calibration = paced(|run| run.calibration.unwrap_or(1.0));
    assert!(calibration.high() <= 0.03, "predictions are off by {calibration:?}");
}

#[test]
fn other_seeds_are_no_worse() {
    let seeds: Vec<u64> = (1_001..=1_030).collect();
    let results = Results::of(Setting::default(), &seeds, &TARGETED);
    let paced = |measure: fn(&Measures) -> f64| results.estimate(Policy::Paced, measure).mean;
    let (fill, asks, lost) = (paced(|run| run.fill), paced(|run| run.asks_per_filled), paced(|run| run.lost));
    assert!(fill >= 0.93 && asks <= 8.0 && lost <= 0.03, "{fill} filled, {asks} asks for each, {lost} lost");
    let of_all = results.ratio(Policy::Paced, Policy::Broadcast, |run| run.asks_per_gig);
    assert!(of_all.mean <= 1.0 / 3.0, "{of_all:?} of all the asks of broadcast");
}

#[test]
fn each_policy_does_what_it_is_known_for() {
    // Thirty seeds with KEIKKA_TEST_SIZE=full.
    let results = &published(&Policy::ALL, 30, 6);
    let less = |one, other, measure: fn(&Measures) -> f64, what: &str| {
        let difference = results.difference(one, other, measure);
        assert!(difference.high() < 0.0, "{what}: {one} - {other} = {difference:?}");
    };
    use Policy::{Broadcast, NearestFive, OneByOne, Paced, RingThenAll, WavesOfTwo};
    let asks: fn(&Measures) -> f64 = |run| run.asks_per_filled;
    for pair in [RingThenAll, Broadcast, NearestFive, RingThenAll, WavesOfTwo, NearestFive, Paced, WavesOfTwo].chunks(2)
    {
        less(pair[0], pair[1], asks, "asks for a filled gig");
    }
    less(OneByOne, Paced, asks, "asks for a filled gig");
    let lost: fn(&Measures) -> f64 = |run| run.lost;
    less(RingThenAll, Broadcast, lost, "volunteers lost");
    less(NearestFive, RingThenAll, lost, "volunteers lost");
    less(WavesOfTwo, NearestFive, lost, "volunteers lost");
    let fill: fn(&Measures) -> f64 = |run| run.fill;
    less(OneByOne, Broadcast, fill, "filled gigs");
    less(Broadcast, RingThenAll, fill, "filled gigs");
    less(RingThenAll, WavesOfTwo, fill, "filled gigs");
    let speed: fn(&Measures) -> f64 = |run| run.minutes_median;
    less(Broadcast, Paced, speed, "minutes to an acceptance");
    less(Paced, OneByOne, speed, "minutes to an acceptance");
}

#[test]
fn the_same_seeds_give_the_same_lines() {
    let lines =
        |policies: &[Policy]| Results::of(Setting { days: 14, ..Setting::default() }, &[1, 2, 3], policies).lines();
    let all = lines(&Policy::ALL);
    assert_eq!(all, lines(&Policy::ALL));
    // A policy does not depend on which others ran: their luck is common, not shared.
    let alone = lines(&[Policy::Paced]);
    assert!(alone.lines().all(|line| all.contains(line)), "{alone}");
}
