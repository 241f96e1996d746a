//! `keikka solve` and `keikka verify` as processes, on weeks of many seeds, sizes and shapes: every plan is feasible by the
//! independent referee, never worse than the quick plan, never above its own bound, and small weeks are proven optimal.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tests::{
    binary::keikka,
    weeks::{Shape, week},
};

fn run(arguments: &[&str]) -> Output {
    Command::new(keikka()).args(arguments).output().expect("keikka runs")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a temporary path is UTF-8")
}

/// Solves a week and lets the referee judge; the printed result.
fn solved(folder: &Path, instance: &Value, budget: &str) -> Value {
    let (input, plan) = (folder.join("week.json"), folder.join("plan.json"));
    fs::write(&input, instance.to_string()).expect("the week is written");
    let out = run(&["solve", text(&input), "--out", text(&plan), "--budget", budget, "-o", "json"]);
    let name = &instance["name"];
    assert!(out.status.success(), "{name}: {}", String::from_utf8_lossy(&out.stderr));
    let printed: Value = serde_json::from_slice(&out.stdout).expect("one JSON object on stdout");
    let judged = run(&["verify", text(&input), text(&plan)]);
    assert!(
        judged.status.success(),
        "{name}: {}{}",
        String::from_utf8_lossy(&judged.stdout),
        String::from_utf8_lossy(&judged.stderr)
    );
    printed
}

fn number(result: &Value, field: &str) -> f64 {
    result[field].as_f64().unwrap_or_else(|| panic!("{field} is a number in {result}"))
}

fn full_size() -> bool {
    std::env::var("KEIKKA_TEST_SIZE").is_ok_and(|size| size == "full")
}

#[test]
fn a_small_town_is_proven_optimal_for_any_seed() {
    let folder = tempfile::tempdir().expect("folder");
    for seed in 1..=if full_size() { 30 } else { 4 } {
        let result = solved(folder.path(), &week(120, 150, seed, Shape::Usual), "60s");
        assert_eq!(result["status"], "optimal", "seed {seed}: {result}");
        assert_eq!(number(&result, "gap"), 0.0, "seed {seed}: {result}");
        assert_eq!(result["weight"], result["bound_weight"], "seed {seed}: {result}");
    }
}

#[test]
fn odd_weeks_are_solved_and_hold() {
    let folder = tempfile::tempdir().expect("folder");
    for shape in Shape::ALL {
        for seed in 1..=if full_size() { 10 } else { 1 } {
            let instance = week(60, 75, seed, shape);
            let result = solved(folder.path(), &instance, "5s");
            assert!(number(&result, "weight") <= number(&result, "bound_weight"), "{shape:?} seed {seed}: {result}");
            let nobody = shape == Shape::NobodyAvailable;
            assert_eq!(number(&result, "weight") == 0.0, nobody, "{shape:?} seed {seed}: {result}");
        }
    }
}

#[test]
fn weeks_of_nothing_are_solved() {
    let folder = tempfile::tempdir().expect("folder");
    for (volunteers, gigs) in [(0, 0), (5, 0), (0, 5), (1, 1)] {
        let result = solved(folder.path(), &week(volunteers, gigs, 1, Shape::Usual), "5s");
        assert_eq!(result["status"], "optimal", "{volunteers} x {gigs}: {result}");
    }
}

#[test]
fn a_middle_town_returns_in_its_budget_and_is_no_worse_than_the_quick_plan() {
    let folder = tempfile::tempdir().expect("folder");
    for seed in 1..=if full_size() { 10 } else { 1 } {
        let instance = week(400, 480, seed, Shape::Usual);
        let quick = solved(folder.path(), &instance, "0s");
        let best = solved(folder.path(), &instance, "8s");
        assert_eq!(quick["status"], "greedy", "{quick}");
        assert!(number(&quick, "weight") <= number(&best, "weight"), "seed {seed}: {quick} {best}");
        assert!(number(&best, "weight") <= number(&best, "bound_weight"), "seed {seed}: {best}");
        assert!(number(&best, "weight") <= number(&quick, "bound_weight"), "seed {seed}: {quick} {best}");
    }
}

#[test]
fn the_same_week_and_seed_give_the_same_plan() {
    let folder = tempfile::tempdir().expect("folder");
    let instance = week(80, 100, 9, Shape::Usual);
    let plan = |_: usize| {
        solved(folder.path(), &instance, "10s");
        fs::read_to_string(folder.path().join("plan.json")).expect("the plan")
    };
    assert_eq!(plan(1), plan(2));
}

#[test]
fn the_referee_names_what_is_broken() {
    let folder = tempfile::tempdir().expect("folder");
    let instance = week(40, 50, 3, Shape::Usual);
    solved(folder.path(), &instance, "5s");
    let path = folder.path().join("plan.json");
    let mut plan: Value = serde_json::from_str(&fs::read_to_string(&path).expect("the plan")).expect("JSON");
    let start = plan["assignments"][0]["start"].as_i64().expect("a start");
    plan["assignments"][0]["start"] = (start + 40 * 86_400).into();
    fs::write(&path, plan.to_string()).expect("the spoilt plan is written");
    let judged = run(&["verify", text(&folder.path().join("week.json")), text(&path)]);
    assert_eq!(judged.status.code(), Some(1));
    let said = format!("{}{}", String::from_utf8_lossy(&judged.stdout), String::from_utf8_lossy(&judged.stderr));
    let gig = plan["assignments"][0]["gig"].as_str().expect("a gig");
    assert!(said.contains(gig), "the broken gig {gig} is named: {said}");
}

#[test]
fn unreadable_weeks_are_refused_by_name_of_the_field() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("week.json");
    let plan = folder.path().join("plan.json");
    let mut no_windows = week(2, 2, 1, Shape::Usual);
    no_windows["gigs"][0].as_object_mut().expect("object").remove("windows");
    let mut not_a_number = week(2, 2, 1, Shape::Usual);
    not_a_number["volunteers"][0]["lat"] = "north".into();
    let mut other_schema = week(2, 2, 1, Shape::Usual);
    other_schema["schema"] = "keikka-city/9".into();
    for (content, word) in [
        (no_windows.to_string(), "windows"),
        (not_a_number.to_string(), "lat"),
        (other_schema.to_string(), "keikka-city"),
        ("{".to_owned(), "week.json"),
        (String::new(), "week.json"),
    ] {
        fs::write(&path, &content).expect("written");
        let out = run(&["solve", text(&path), "--out", text(&plan), "-o", "json"]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && out.status.code() != Some(101), "{word}: {said}");
        assert!(said.contains(word) && !said.contains("panicked"), "{word} is named: {said}");
        assert!(!plan.exists(), "{word}: nothing was written");
    }
}
