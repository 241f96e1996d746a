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

/// What is found where the certificate of the two gigs is changed.
fn found_in_claims(change: impl Fn(&mut Plan, &mut verify::Claims<'_>)) -> Vec<&'static str> {
    let (snapshot, mut plan) = sound();
    plan.bonus = 2 * 10 * 60;
    let digest = plan.digest_word();
    let mut claims = verify::Claims { status: "optimal", gap: 0.0, digest: &digest, has_bonus: true };
    change(&mut plan, &mut claims);
    verify::check_claims(&snapshot, &plan, &claims).into_iter().map(|breach| breach.code).collect()
}

#[test]
fn each_false_claim_is_named_once() {
    assert_eq!(found_in_claims(|_, _| {}), [""; 0]);
    assert_eq!(found_in_claims(|_, claims| claims.digest = "0123456789abcdef"), ["DIGEST_WRONG"]);
    assert_eq!(found_in_claims(|plan, _| plan.assignments[0].start += 1), ["DIGEST_WRONG"]);
    assert_eq!(found_in_claims(|plan, _| plan.bonus += 1), ["FIGURES_WRONG"]);
    assert_eq!(found_in_claims(|plan, _| plan.bonus -= 1), ["FIGURES_WRONG"]);
    assert_eq!(found_in_claims(|_, claims| claims.has_bonus = false), ["FIGURES_WRONG"], "none counts, yet it has one");
    assert_eq!(found_in_claims(|_, claims| claims.status = "perfect"), ["BOUND_WRONG"]);
    assert_eq!(found_in_claims(|_, claims| claims.gap = 2e-6), ["BOUND_WRONG"]);
    assert_eq!(found_in_claims(|_, claims| claims.gap = -2e-6), ["BOUND_WRONG"]);
    assert_eq!(found_in_claims(|_, claims| claims.gap = f64::NAN), ["BOUND_WRONG"]);
    assert_eq!(found_in_claims(|_, claims| claims.gap = 1e-6), [""; 0], "engines round");
    let open = |plan: &mut Plan, claims: &mut verify::Claims<'_>, status| {
        plan.bound = 2 * plan.objective;
        (claims.gap, claims.status) = (0.5, status);
    };
    assert_eq!(found_in_claims(|plan, claims| open(plan, claims, "gap")), [""; 0]);
    assert_eq!(found_in_claims(|plan, claims| open(plan, claims, "optimal")), ["BOUND_WRONG"]);
}

#[test]
fn figures_beyond_all_reason_are_false_and_no_more() {
    assert_eq!(found(|plan| plan.objective = i64::MIN), ["FIGURES_WRONG"]);
    assert_eq!(found(|plan| plan.weight = u64::MAX), ["FIGURES_WRONG", "FIGURES_WRONG", "BOUND_WRONG"]);
    assert_eq!(found(|plan| plan.travel_s = i64::MIN), ["FIGURES_WRONG", "FIGURES_WRONG"]);
    assert_eq!(found(|plan| plan.bonus = i64::MAX), ["FIGURES_WRONG"]);
    let far = |plan: &mut Plan| (plan.objective, plan.bound) = (i64::MIN, i64::MAX);
    assert_eq!(
        found_in_claims(|plan, _| far(plan)),
        ["BOUND_WRONG", "BOUND_WRONG"],
        "neither optimal nor without a gap"
    );
}
