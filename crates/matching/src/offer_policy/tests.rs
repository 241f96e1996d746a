//! Both policies: closed forms, the words of the design, and properties over many drawn situations.

use super::{
    dice::Dice,
    escalation::{Cause, Suggestion},
    outlook::hope,
    *,
};

const LAW: AnswerLaw = AnswerLaw { ln_mean: 2.5, ln_sd: 1.0, decline_share: 0.3 };
/// Everybody who answers does so at once.
const AT_ONCE: AnswerLaw = AnswerLaw { ln_mean: -20.0, ln_sd: 0.2, decline_share: 1.0 };

fn search(left_min: i64) -> Search {
    Search { deadline_s: left_min * 60, ..Search::default() }
}

fn strict() -> ranking::Settings {
    ranking::Settings { random_share: 0.0, ..ranking::Settings::default() }
}

fn paced() -> OfferPolicy {
    OfferPolicy::Paced(pace::Settings { ranking: strict(), ..pace::Settings::default() })
}

fn waves() -> OfferPolicy {
    OfferPolicy::Waves(waves::Settings { ranking: strict(), ..waves::Settings::default() })
}

fn equals(count: usize, yes: f64) -> Vec<Candidate> {
    (0..count).map(|volunteer| Candidate { volunteer, yes, fatigue: 0.0, awaits_first_gig: false }).collect()
}

fn numbers(step: &Step) -> Vec<usize> {
    step.ask.iter().map(|ask| ask.volunteer).collect()
}

fn silent(step: &Step, at_s: i64) -> Vec<Asked> {
    let asked = step.ask.iter();
    asked.map(|ask| Asked { volunteer: ask.volunteer, asked_s: at_s, yes: ask.yes, is_silent: true }).collect()
}

#[test]
fn in_the_last_minutes_as_many_are_asked_as_the_target_needs() {
    // One shot: the smallest n with 1 - (1 - p)^n >= 0.97.
    let now = search(24);
    let step = paced().step(&now, &[], &equals(60, 0.15), &AT_ONCE);
    let needed = (0.03_f64.ln() / 0.85_f64.ln()).ceil() as usize;
    assert_eq!((step.ask.len(), needed), (22, 22));
    assert!(step.outlook >= 0.97 && step.escalation.is_none(), "{}", step.outlook);
}

#[test]
fn with_time_the_hope_outstanding_is_h_and_grows_as_the_deadline_nears() {
    let settings = pace::Settings::default();
    let whole = -(0.03_f64.ln());
    assert!((settings.goal(&search(600)) - 0.15).abs() < 1e-12);
    assert!((settings.goal(&search(100)) - 0.5 * whole * 0.25).abs() < 1e-12);
    assert!((settings.goal(&search(25)) - whole).abs() < 1e-12);
    let later = Search { now_s: 560 * 60, ..search(600) };
    assert!((settings.goal(&later) - 0.5 * whole * 25.0 / 40.0).abs() < 1e-12);
}

#[test]
fn two_slots_double() {
    let two = Search { open_slots: 2, ..search(120) };
    let settings = pace::Settings::default();
    assert!((settings.goal(&two) - 2.0 * settings.goal(&search(120))).abs() < 1e-12);
    assert_eq!(waves().step(&two, &[], &equals(30, 0.2), &LAW).ask.len(), 4);
}

#[test]
fn a_decline_frees_its_share_at_once() {
    let candidates = equals(30, 0.2);
    let first = paced().step(&search(180), &[], &candidates, &LAW);
    let mut asked = silent(&first, 0);
    let rest = &candidates[first.ask.len()..];
    let soon = Search { now_s: 30, ..search(180) };
    assert!(paced().step(&soon, &asked, rest, &LAW).ask.is_empty(), "nobody has answered and no time has passed");
    asked[0].is_silent = false;
    assert_eq!(paced().step(&soon, &asked, rest, &LAW).ask.len(), 1);
}

#[test]
fn silence_uses_hope_up() {
    let candidates = equals(40, 0.2);
    let policy = paced();
    let mut asked: Vec<Asked> = Vec::new();
    let mut counts = Vec::new();
    for look in 0..36 {
        let now_s = look * 300;
        let step = policy.step(&Search { now_s, ..search(180) }, &asked, &candidates[asked.len()..], &LAW);
        assert!(step.look_again_s.is_some_and(|next_s| next_s > now_s && next_s <= 180 * 60));
        counts.push(step.ask.len());
        asked.extend(silent(&step, now_s));
    }
    let (early, late) = (counts[..18].iter().sum::<usize>(), counts[18..].iter().sum::<usize>());
    assert!(early >= 3 && early < late, "{counts:?}");
}

#[test]
fn an_urgent_gig_goes_wider_at_once() {
    let candidates = equals(40, 0.2);
    for policy in [paced(), waves()] {
        let calm = policy.step(&search(180), &[], &candidates, &LAW).ask.len();
        // The other had as little time left, but a long search behind it.
        let late = Search { opened_s: -7_200, ..search(55) };
        let late = policy.step(&late, &[], &candidates, &LAW).ask.len();
        let urgent = policy.step(&search(55), &[], &candidates, &LAW).ask.len();
        assert!(urgent >= 3 * calm && 2 * urgent >= 3 * late, "{policy:?}: {calm}, {late}, {urgent}");
    }
}

#[test]
fn waves_keep_their_gaps_and_hurry_at_the_end() {
    let candidates = equals(40, 0.1);
    let first = waves().step(&search(120), &[], &candidates, &LAW);
    assert_eq!((first.ask.len(), first.look_again_s), (2, Some(600)));
    let mut asked = silent(&first, 0);
    asked[0].is_silent = false;
    let early = waves().step(&Search { now_s: 120, ..search(120) }, &asked, &candidates[2..], &LAW);
    assert_eq!((early.ask.len(), early.look_again_s), (0, Some(600)));
    // 95 minutes on, the deadline is 25 minutes off.
    let now_s = 95 * 60;
    let near = waves().step(&Search { now_s, ..search(120) }, &asked, &candidates[2..], &LAW);
    assert_eq!((near.ask.len(), near.look_again_s), (8, Some(now_s + 300)));
    let before = waves().step(&Search { now_s: now_s - 120, ..search(120) }, &asked, &candidates[2..], &LAW);
    assert_eq!(before.look_again_s, Some(now_s));
}

#[test]
fn when_nobody_is_left_the_agent_is_told_what_to_do() {
    let beyond = Beyond { wider_radius: 5, other_time: 0, coordinator: true };
    for policy in [paced(), waves()] {
        let now = Search { beyond, ..search(120) };
        let step = policy.step(&now, &[], &equals(1, 0.2), &LAW);
        let told = step.escalation.expect("one candidate is not enough");
        assert_eq!((step.ask.len(), told.cause), (1, Cause::NobodyLeft));
        assert_eq!(told.suggestions, [Suggestion::WiderRadius { volunteers: 5 }, Suggestion::Coordinator]);
        assert_eq!(step.look_again_s, Some(120 * 60), "the one who was asked may still say yes");
        let none = policy.step(&now, &[], &[], &LAW);
        assert_eq!((none.look_again_s, none.outlook), (None, 0.0));
        let morning = Search { more_from_s: Some(3_600), ..now };
        let waits = policy.step(&morning, &[], &[], &LAW);
        assert_eq!((waits.look_again_s, waits.escalation), (Some(3_600), None));
        let late = policy.step(&Search { now_s: 7_200, ..now }, &[], &equals(9, 0.2), &LAW);
        assert!(late.ask.is_empty() && late.escalation.is_some_and(|told| told.cause == Cause::TooLate));
        let spent = policy.step(&Search { asks_left: 0, ..now }, &[], &equals(9, 0.2), &LAW);
        assert!(spent.ask.is_empty() && spent.escalation.is_some_and(|told| told.cause == Cause::BudgetSpent));
    }
}

#[test]
fn a_filled_gig_asks_nobody() {
    for policy in [paced(), waves()] {
        let step = policy.step(&Search { open_slots: 0, ..search(20) }, &[], &equals(9, 0.5), &LAW);
        assert_eq!(step, Step { outlook: 1.0, ..Step::default() });
    }
}

/// Waves of k until a yes, with everybody's answer known by the next wave: k / (1 - (1 - p)^k) asks for a yes.
#[test]
fn waves_cost_what_the_closed_form_says() {
    for (size, yes) in [(1, 0.2), (2, 0.15), (4, 0.15)] {
        let settings = waves::Settings { size, ranking: strict(), ..waves::Settings::default() };
        let policy = OfferPolicy::Waves(settings);
        let mut dice = Dice::new(size as u64);
        let (mut asks, rounds) = (0, 20_000);
        for _ in 0..rounds {
            let mut asked: Vec<Asked> = Vec::new();
            let mut now_s = 0;
            loop {
                let now = Search { now_s, ..search(1_000_000) };
                let step = policy.step(&now, &asked, &equals(8, yes), &AT_ONCE);
                asks += step.ask.len();
                if step.ask.iter().filter(|ask| dice.share() < ask.yes).count() > 0 {
                    break;
                }
                asked = silent(&step, now_s);
                now_s = step.look_again_s.expect("there are more");
            }
        }
        let each = asks as f64 / f64::from(rounds);
        let closed = size as f64 / (1.0 - (1.0 - yes).powi(size as i32));
        assert!((each / closed - 1.0).abs() < 0.02, "waves of {size} at {yes}: {each}, closed form {closed}");
    }
}

fn situation(dice: &mut Dice) -> (Search, Vec<Asked>, Vec<Candidate>) {
    let now_s = dice.below(20_000) as i64;
    let asked: Vec<Asked> = (0..dice.below(12))
        .map(|at| Asked {
            volunteer: 1_000 + at,
            asked_s: now_s - dice.below(9_000) as i64,
            yes: dice.share(),
            is_silent: dice.share() < 0.7,
        })
        .collect();
    let candidates = (0..dice.below(40))
        .map(|volunteer| Candidate {
            volunteer,
            yes: dice.share() * 0.6,
            fatigue: dice.share() * 9.0,
            awaits_first_gig: dice.share() < 0.1,
        })
        .collect();
    let search = Search {
        now_s,
        opened_s: now_s - dice.below(9_000) as i64,
        deadline_s: now_s + dice.below(20_000) as i64 - 600,
        open_slots: dice.below(3),
        more_from_s: (dice.share() < 0.3).then(|| now_s + dice.below(9_000) as i64),
        asks_left: if dice.share() < 0.3 { dice.below(9) } else { usize::MAX },
        beyond: Beyond::default(),
        seed: dice.below(1_000_000) as u64,
    };
    (search, asked, candidates)
}

#[test]
fn steps_are_sound_in_every_situation() {
    let mut dice = Dice::new(99);
    for _ in 0..20_000 {
        let (now, asked, candidates) = situation(&mut dice);
        for policy in [OfferPolicy::default(), OfferPolicy::Waves(waves::Settings::default())] {
            let step = policy.step(&now, &asked, &candidates, &LAW);
            let mut chosen = numbers(&step);
            chosen.sort_unstable();
            chosen.dedup();
            assert_eq!(chosen.len(), step.ask.len(), "somebody is asked twice");
            assert!(chosen.iter().all(|chosen| candidates.iter().any(|one| one.volunteer == *chosen)));
            assert!(step.ask.len() <= now.asks_left);
            assert!(step.ask.iter().all(|ask| ask.propensity > 0.0 && ask.propensity <= 1.0 + 1e-12));
            assert!((0.0..=1.0).contains(&step.outlook));
            let next = step.look_again_s;
            assert!(next.is_none_or(|next_s| now.now_s < next_s && next_s <= now.deadline_s), "{now:?} {next:?}");
            if now.open_slots > 0 && next.is_none() {
                assert!(step.escalation.is_some(), "it stops without a word: {now:?}");
            }
            let mut turned = candidates.clone();
            turned.reverse();
            assert_eq!(policy.step(&now, &asked, &turned, &LAW), step, "the order of candidates matters");
        }
    }
}

#[test]
fn the_pace_reaches_its_goal_or_runs_out_of_people_and_never_asks_one_too_many() {
    let mut dice = Dice::new(5);
    let settings = pace::Settings { ranking: strict(), ..pace::Settings::default() };
    for _ in 0..20_000 {
        let (now, asked, candidates) = situation(&mut dice);
        if now.open_slots == 0 || now.left_min() <= 0.0 {
            continue;
        }
        let step = OfferPolicy::Paced(settings).step(&now, &asked, &candidates, &LAW);
        let before: f64 = outlook::hopes(&now, &asked, &LAW).into_iter().map(hope).sum();
        let added: Vec<f64> = step.ask.iter().map(|ask| hope(LAW.yes_within(ask.yes, 0.0, now.left_min()))).collect();
        let goal = settings.goal(&now);
        let short = before + added.iter().sum::<f64>() < goal;
        let most = settings.asks_max.min(now.asks_left).min(candidates.len());
        assert!(!short || step.ask.len() == most, "it stops short of {goal}: {now:?}");
        let without_last: f64 = added.split_last().map_or(0.0, |(_, rest)| rest.iter().sum());
        assert!(added.is_empty() || before + without_last < goal, "one too many: {now:?}");
    }
}
