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
fn the_hope_outstanding_is_what_an_even_fall_needs() {
    let settings = pace::Settings::default();
    let goal = |left_min: i64, now_min: i64, used: f64| {
        settings.goal(&Search { now_s: now_min * 60, ..search(left_min + now_min) }, used, &LAW)
    };
    let (whole, rest) = (-(0.03_f64.ln()), -(0.4_f64.ln()));
    let even = |hope: f64, all_min: f64, left_min: f64| {
        2.0 * LAW.mean_within(all_min) * (1.0 - (-hope / 2.0).exp()) / left_min
    };
    assert!((goal(100, 0, 0.0) - even(whole, 100.0, 100.0)).abs() < 1e-12);
    assert!((goal(100, 50, 1.5) - even(whole - 1.5, 150.0, 100.0)).abs() < 1e-12);
    // After bad luck the rest; with days ahead h; in the last minutes all that is left to hope.
    assert!((goal(60, 90, 9.0) - even(rest, 150.0, 60.0)).abs() < 1e-12);
    assert!((goal(6_000, 0, 0.0) - 0.15).abs() < 1e-12);
    assert!((goal(2, 118, 1.0) - (whole - 1.0)).abs() < 1e-12 && (goal(2, 118, 9.0) - rest).abs() < 1e-12);
}

#[test]
fn an_urgent_gig_has_the_whole_hope_outstanding_from_the_start() {
    let settings = pace::Settings::default();
    let whole = -(0.03_f64.ln());
    assert!((settings.goal(&search(58), 0.0, &LAW) - 0.5 * whole * 45.0 / 58.0).abs() < 1e-12);
    assert!((settings.goal(&search(45), 0.0, &LAW) - whole).abs() < 1e-12);
    let later = Search { now_s: 20 * 60, ..search(50) };
    assert!((settings.goal(&later, 2.0, &LAW) - whole).abs() < 1e-12, "whatever was used");
}

#[test]
fn hope_is_used_by_silence_and_by_noes_of_this_search_alone() {
    let one = Asked { volunteer: 1, asked_s: 0, yes: 0.3, is_silent: true };
    let now = Search { now_s: 30 * 60, ..search(120) };
    let used = |asked: &[Asked]| outlook::used(&now, asked, &LAW);
    let promised = hope(LAW.yes_within(0.3, 0.0, 120.0));
    let silent = promised - hope(LAW.yes_within(0.3, 30.0, 90.0));
    let no = Asked { is_silent: false, ..one };
    assert!((used(&[one]) - silent).abs() < 1e-12 && silent > 0.0 && silent < promised);
    assert!((used(&[one, no]) - silent - promised).abs() < 1e-12);
    assert!(used(&[Asked { yes: 0.0, ..no }]).abs() < 1e-12, "who took a slot");
    let begun_anew = Search { opened_s: 60, ..now };
    assert!(outlook::used(&begun_anew, &[one, no], &LAW).abs() < 1e-12);
}

/// Equals asked from the opening to the deadline, answering by the law: the share that is filled and the asks for each gig.
fn searches(all_min: i64, yes: f64, rounds: usize) -> (f64, f64) {
    let (policy, mut dice, mut filled, mut asks) = (paced(), Dice::new(17), 0_usize, 0_usize);
    for _ in 0..rounds {
        let (mut now_s, mut asked) = (0, Vec::<Asked>::new());
        // When each answer comes, and whether it is a yes.
        let mut answers: Vec<Option<(i64, bool)>> = Vec::new();
        loop {
            for (one, answer) in asked.iter_mut().zip(&answers) {
                one.is_silent = answer.is_none_or(|(at_s, _)| at_s > now_s);
            }
            if now_s >= all_min * 60 || answers.iter().flatten().any(|(at_s, says_yes)| *says_yes && *at_s <= now_s) {
                break;
            }
            let step = policy.step(&Search { now_s, ..search(all_min) }, &asked, &equals(40 - asked.len(), yes), &LAW);
            for ask in &step.ask {
                asked.push(Asked { volunteer: 1_000 + asked.len(), asked_s: now_s, yes: ask.yes, is_silent: true });
                let minutes = (LAW.ln_mean + LAW.ln_sd * dice.normal()).exp();
                let (says_yes, says_so) = (dice.share() < yes, dice.share() < LAW.decline_share);
                answers.push((says_yes || says_so).then_some((now_s + (minutes * 60.0) as i64 + 1, says_yes)));
            }
            let answer_s = answers.iter().flatten().map(|(at_s, _)| *at_s).filter(|at_s| *at_s > now_s).min();
            now_s = [step.look_again_s, answer_s, Some(all_min * 60)].into_iter().flatten().min().unwrap_or(0);
        }
        asks += asked.len();
        filled += usize::from(answers.iter().flatten().any(|(at_s, says_yes)| *says_yes && *at_s <= all_min * 60));
    }
    (filled as f64 / rounds as f64, asks as f64 / rounds as f64)
}

#[test]
fn what_was_promised_at_the_opening_is_kept_at_the_price_of_an_even_fall() {
    for all_min in [90, 150, 240] {
        let (filled, asks) = searches(all_min, 0.2, 4_000);
        // The yes itself, and what is outstanding when it comes: 4 m (1 - exp(-H / 2))^2 / T in hope.
        let fall = 1.0 - 0.03_f64.sqrt();
        let closed = (filled + 4.0 * LAW.mean_within(all_min as f64) * fall * fall / all_min as f64) / 0.2;
        assert!(filled >= 0.97, "{all_min} min: {filled} filled");
        assert!((asks / closed - 1.0).abs() < 0.12, "{all_min} min: {asks} asks, closed form {closed}");
    }
}

#[test]
fn two_slots_double() {
    let two = Search { open_slots: 2, ..search(120) };
    let settings = pace::Settings::default();
    let (both, one) = (settings.goal(&two, 2.0, &LAW), settings.goal(&search(120), 1.0, &LAW));
    assert!((both - 2.0 * one).abs() < 1e-12);
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
        let goal = settings.goal(&now, outlook::used(&now, &asked, &LAW), &LAW);
        let short = before + added.iter().sum::<f64>() < goal;
        let most = settings.asks_max.min(now.asks_left).min(candidates.len());
        assert!(!short || step.ask.len() == most, "it stops short of {goal}: {now:?}");
        let without_last: f64 = added.split_last().map_or(0.0, |(_, rest)| rest.iter().sum());
        assert!(added.is_empty() || before + without_last < goal, "one too many: {now:?}");
    }
}
