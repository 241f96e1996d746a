//! Weeks that are odd in one way, at the size of a small town: the plan is possible by both referees, its claims are true, and no other
//! engine here is above its bound or covers more. VROOM and OR-Tools meet the same shapes in `cargo xtask bench --size escorts:120x150,..`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tests::{
    binary::keikka,
    size::Size,
    weeks::{Shape, week},
};

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} starts: {error}"))
}

/// A script of the peers, which leaves no compiled files beside itself.
fn script(name: &str) -> Command {
    let mut command = Command::new("python3");
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(peers.join(name));
    command
}

fn printed(output: &Output, what: &str) -> Value {
    assert!(
        output.status.success(),
        "{what}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{what}: {error}"))
}

fn number(result: &Value, field: &str) -> i64 {
    result[field].as_i64().unwrap_or_else(|| panic!("{field} is a whole number in {result}"))
}

/// What keikka prints about its plan within a budget, after both referees have agreed that it is possible and counted the same.
fn solved(input: &Path, plan: &PathBuf, budget: &str, what: &str) -> Value {
    let solve = ["--budget", budget, "-o", "json"];
    let claimed =
        printed(&run(Command::new(keikka()).arg("solve").arg(input).arg("--out").arg(plan).args(solve)), what);
    let verified = run(Command::new(keikka()).arg("verify").arg(input).arg(plan));
    assert!(verified.status.success(), "{what}: {}", String::from_utf8_lossy(&verified.stdout));
    let counted = printed(&run(script("check.py").arg(input).arg(plan)), what);
    for figure in ["weight", "gigs", "travel_s", "objective"] {
        assert_eq!(number(&claimed, figure), number(&counted, figure), "{what}: {figure}");
    }
    claimed
}

#[test]
fn odd_weeks_are_planned_possibly_truly_and_best() {
    let folder = tempfile::tempdir().expect("folder");
    let (input, plan) = (folder.path().join("week.json"), folder.path().join("plan.json"));
    for shape in Shape::ALL {
        for seed in 1..=Size::asked().pick(1, 10) {
            let what = format!("{shape:?}, seed {seed}");
            fs::write(&input, week(120, 150, seed as u64, shape).to_string()).expect("the week is written");
            let best = solved(&input, &plan, "10s", &what);
            let quick = solved(&input, &plan, "0s", &what);
            let greedy = run(script("greedy_peer.py").arg(&input).arg(&plan));
            assert!(greedy.status.success(), "{what}: {}", String::from_utf8_lossy(&greedy.stderr));
            let floor = printed(&run(script("check.py").arg(&input).arg(&plan)), &what);

            let (weight, bound) = (number(&best, "weight"), number(&best, "bound"));
            let is_closed = number(&best, "objective") == bound;
            assert_eq!(best["status"] == "optimal", is_closed, "{what}: {best}");
            assert!(best["gap"].as_f64().is_some_and(|gap| (gap == 0.0) == is_closed), "{what}: {best}");
            for other in [&best, &quick, &floor] {
                assert!(number(other, "objective") <= bound, "{what}: {other} is above the bound of {best}");
                assert!(number(other, "objective") <= number(&quick, "bound"), "{what}: {other} is above {quick}");
                assert!(number(other, "weight") <= number(&best, "bound_weight"), "{what}: {other} above {best}");
                assert!(number(other, "weight") <= weight, "{what}: {other} covers more than {best}");
            }
            assert_eq!(weight == 0, shape == Shape::NobodyAvailable, "{what}: {best}");
        }
    }
}
