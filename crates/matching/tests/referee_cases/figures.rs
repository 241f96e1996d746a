//! What a plan claims, figure by figure.

use super::*;

/// Two people with a gig each, of weight 2 and 3.
fn sound() -> (Snapshot, Plan) {
    let gigs = vec![GigRow { weight: 2, ..shopping("g") }, GigRow { weight: 3, ..shopping("h") }];
    let snapshot = week(vec![driver("v"), driver("w")], gigs);
    let mut plan = claimed(vec![at("g", 9 * H, &["v"]), at("h", 9 * H, &["w"])], 5, 2, 4 * WAY);
    plan.bonus = 7;
    plan.objective = 5 * 20_000 - 4 * WAY + 7;
    plan.bound = plan.objective;
    (snapshot, plan)
}

fn found(change: impl Fn(&mut Plan)) -> Vec<&'static str> {
    let (snapshot, mut plan) = sound();
    change(&mut plan);
    verify::check(&snapshot, &plan).into_iter().map(|breach| breach.code).collect()
}

#[test]
fn true_figures_pass_and_what_is_counted_is_true() {
    assert_eq!(found(|_| {}), [""; 0]);
    let (snapshot, plan) = sound();
    assert_eq!(verify::tally(&snapshot, &plan), verify::Tally { weight: 5, gigs_filled: 2, travel_s: 4 * WAY });
}

#[test]
fn each_false_figure_is_named_once() {
    assert_eq!(found(|plan| plan.gigs_filled = 3), ["FIGURES_WRONG"]);
    assert_eq!(found(|plan| plan.bonus += 1), ["FIGURES_WRONG"]);
    // A weight, a way that is false makes the objective false as well.
    assert_eq!(found(|plan| plan.weight = 4), ["FIGURES_WRONG", "FIGURES_WRONG"]);
    assert_eq!(found(|plan| plan.travel_s -= 1), ["FIGURES_WRONG", "FIGURES_WRONG"]);
    assert_eq!(found(|plan| plan.objective -= 1), ["FIGURES_WRONG"]);
}

#[test]
fn a_bound_lies_nowhere_below_the_plan() {
    assert_eq!(found(|plan| plan.bound += 1), [""; 0]);
    assert_eq!(found(|plan| plan.bound -= 1), ["BOUND_WRONG"]);
    assert_eq!(found(|plan| plan.bound_weight += 1), [""; 0]);
    assert_eq!(found(|plan| plan.bound_weight -= 1), ["BOUND_WRONG"]);
}

#[test]
fn moved_promises_are_forgiven_and_nothing_else_is() {
    let (mut snapshot, plan) = sound();
    snapshot.promises = vec![promise("g", "w", 10 * H)];
    assert_eq!(verify::check_moved(&snapshot, &plan), []);
    assert_eq!(verify::check(&snapshot, &plan).len(), 1);
    snapshot.volunteers[0].kinds.clear();
    assert_eq!(verify::check_moved(&snapshot, &plan)[0].code, "KIND_NOT_ACCEPTED");
}

#[test]
fn gigs_and_people_nobody_knows_are_named() {
    let (snapshot, mut plan) = sound();
    plan.assignments[0].gig = "nothing".into();
    plan.assignments[1].seats[0].volunteer = "nobody".into();
    let codes: Vec<&str> = verify::check(&snapshot, &plan).into_iter().map(|breach| breach.code).collect();
    assert_eq!(codes[..2], ["UNKNOWN_GIG", "UNKNOWN_VOLUNTEER"]);
    assert_eq!(verify::tally(&snapshot, &plan), verify::Tally::default());
}
