//! `keikka solve` and `keikka verify` as processes, on weeks of many seeds, sizes and shapes: every plan is feasible by the
//! independent referee, never worse than the quick plan, never above its own bound, and small weeks are proven optimal.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
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

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).expect("the file")).expect("JSON")
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
        let mut plan = read(&folder.path().join("plan.json"));
        // When a step ended is the clock's; all else is the instance's and the seed's.
        for stage in plan["certificate"]["stages"].as_array_mut().expect("stages") {
            stage["elapsed_ms"] = Value::Null;
        }
        plan
    };
    assert_eq!(plan(1), plan(2));
}

#[test]
fn the_referee_names_what_is_broken() {
    let folder = tempfile::tempdir().expect("folder");
    let instance = week(40, 50, 3, Shape::Usual);
    solved(folder.path(), &instance, "5s");
    let path = folder.path().join("plan.json");
    let mut plan = read(&path);
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
fn a_start_beyond_all_time_is_no_start() {
    for instance in [week(10, 12, 3, Shape::OnlyCalls), town_of_version_2()] {
        let folder = tempfile::tempdir().expect("folder");
        solved(folder.path(), &instance, "5s");
        let path = folder.path().join("plan.json");
        for (start, is_certified) in [(i64::MAX, false), (i64::MAX - 10, false), (i64::MIN, false), (i64::MAX, true)] {
            let mut plan = read(&path);
            if !is_certified {
                plan.as_object_mut().expect("object").remove("certificate");
            }
            plan["assignments"][0]["start"] = start.into();
            let spoilt = folder.path().join("spoilt.json");
            fs::write(&spoilt, plan.to_string()).expect("written");
            let judged = run(&["verify", text(&folder.path().join("week.json")), text(&spoilt)]);
            let said = String::from_utf8_lossy(&judged.stdout).into_owned();
            assert!(judged.status.code() == Some(1) && said.contains("START_NOT_POSSIBLE"), "{start}: {said}");
        }
    }
}

#[test]
fn a_certificate_that_lies_is_found_out() {
    let folder = tempfile::tempdir().expect("folder");
    solved(folder.path(), &week(40, 50, 4, Shape::Usual), "5s");
    let path = folder.path().join("plan.json");
    let honest = read(&path);
    let claim = |field: &str| honest["certificate"][field].as_i64().expect("a figure");
    for (field, lie, rule) in [
        ("weight", Value::from(claim("weight") + 1), "FIGURES_WRONG"),
        ("travel_s", Value::from(claim("travel_s") - 1), "FIGURES_WRONG"),
        ("bound", Value::from(claim("objective") - 1), "BOUND_WRONG"),
        ("bound_weight", Value::from(claim("weight") - 1), "BOUND_WRONG"),
        ("bound", Value::from(claim("bound") + 1), "BOUND_WRONG"),
        ("bound", Value::from(i64::MAX), "BOUND_WRONG"),
        ("objective", Value::from(i64::MIN), "FIGURES_WRONG"),
        ("weight", Value::from(u64::MAX), "FIGURES_WRONG"),
        ("gap", Value::from(0.5), "BOUND_WRONG"),
        ("gap", Value::from(-1), "BOUND_WRONG"),
        ("status", Value::from("perfect"), "BOUND_WRONG"),
        ("digest", Value::from("0123456789abcdef"), "DIGEST_WRONG"),
    ] {
        let mut plan = honest.clone();
        plan["certificate"][field] = lie;
        fs::write(&path, plan.to_string()).expect("written");
        let judged = run(&["verify", text(&folder.path().join("week.json")), text(&path)]);
        let said = String::from_utf8_lossy(&judged.stdout).into_owned();
        assert!(judged.status.code() == Some(1) && said.contains(rule), "{field}: {said}");
    }
    let mut bare = honest.clone();
    bare.as_object_mut().expect("object").remove("certificate");
    fs::write(&path, bare.to_string()).expect("written");
    let judged = run(&["verify", text(&folder.path().join("week.json")), text(&path)]);
    assert!(judged.status.success(), "a plan of another engine claims nothing: {judged:?}");
}

#[test]
fn a_bonus_that_nobody_earned_is_found_out() {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("plan.json");
    for instance in [week(20, 25, 4, Shape::Usual), town_of_version_2()] {
        solved(folder.path(), &instance, "5s");
        let mut plan = read(&path);
        for field in ["bonus", "objective", "bound"] {
            plan["certificate"][field] = (plan["certificate"][field].as_i64().expect("a figure") + 1_000).into();
        }
        // Everything but the bonus fits together.
        plan["certificate"]["gap"] = 0.into();
        fs::write(&path, plan.to_string()).expect("written");
        let judged = run(&["verify", text(&folder.path().join("week.json")), text(&path)]);
        let said = String::from_utf8_lossy(&judged.stdout).into_owned();
        assert!(judged.status.code() == Some(1) && said.contains("FIGURES_WRONG") && said.contains("bonus"), "{said}");
    }
}

#[test]
fn a_cap_that_says_any_number_costs_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let mut instance = town_of_version_2();
    let usual = solved(folder.path(), &instance, "5s");
    for person in instance["volunteers"].as_array_mut().expect("people") {
        (person["max_gigs_day"], person["max_gigs_week"]) = (u32::MAX.into(), u32::MAX.into());
    }
    let any = solved(folder.path(), &instance, "5s");
    assert_eq!((any["status"].as_str(), any["objective"].as_i64()), (Some("optimal"), usual["objective"].as_i64()));
}

#[test]
fn a_misspelt_field_is_named_beside_the_plan_or_the_refusal() {
    let folder = tempfile::tempdir().expect("folder");
    let (week, plan) = (folder.path().join("week.json"), folder.path().join("plan.json"));
    let mut instance = town_of_version_2();
    instance["volunteers"][1]["skills"] = json!([{ "skill": "car", "valid_untill": 50_000 }]);
    let solve = |instance: &Value| {
        fs::write(&week, instance.to_string()).expect("written");
        run(&["solve", text(&week), "--out", text(&plan), "--budget", "5s", "-o", "json"])
    };
    let done = solve(&instance);
    serde_json::from_slice::<Value>(&done.stdout).expect("one JSON document on stdout");
    let noted = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success() && noted.contains(r#"passed over: "volunteers[].skills[].valid_untill""#), "{noted}");
    instance["volunteers"][0]["lat"] = 999.into();
    let refused = solve(&instance);
    let said: Value = serde_json::from_slice(&refused.stderr).expect("one JSON document on stderr");
    let why = said["error"]["message"].as_str().expect("why");
    assert!(why.contains("lat is not -90 to 90") && why.contains("valid_untill"), "{why}");
}

/// A town in version 2: a promise, an agreed start, a block, a skill that ends, an escort that ends far away, somebody without a home.
fn town_of_version_2() -> Value {
    let volunteer = |id: &str, lat: f64| {
        json!({ "id": id, "lat": lat, "lon": 26.7, "mode": "car", "max_travel_s": 3600, "skills": ["car"], "languages": ["fi"],
            "kinds": ["escort", "call"], "windows": [[28_800, 64_800]], "max_gigs_day": 4, "max_gigs_week": 4 })
    };
    let gig = |id: &str, kind: &str, start: i64, end: i64| json!({ "id": id, "kind": kind, "duration_s": 3600, "windows": [[start, end]], "skills": [], "languages_any": [], "weight": 4 });
    let (mut ann, mut ben) = (volunteer("ann", 60.86), volunteer("ben", 60.88));
    ann["blocked_seekers"] = json!(["s1"]);
    ben["skills"] = json!([{ "skill": "car", "valid_until": 50_000 }]);
    let mut cat = volunteer("cat", 0.0);
    (cat["lat"], cat["lon"]) = (Value::Null, Value::Null);
    let mut escort = gig("escort", "escort", 32_400, 46_800);
    (escort["lat"], escort["lon"]) = (60.87.into(), 26.71.into());
    (escort["destination_lat"], escort["destination_lon"]) = (60.99.into(), 26.95.into());
    escort["seeker"] = "s1".into();
    let mut late = gig("late", "escort", 46_800, 64_800);
    (late["lat"], late["lon"]) = (60.87.into(), 26.71.into());
    let mut agreed = gig("agreed", "call", 28_800, 64_800);
    agreed["agreed_start"] = 36_000.into();
    let promised = gig("promised", "call", 28_800, 64_800);
    json!({
        "schema": "keikka-city/2", "name": "town", "horizon_s": 604_800, "detour": 1.3, "earth_radius_m": 6_371_000, "modes": { "car": 350 },
        "kinds": { "escort": { "skills": ["car"] } },
        "volunteers": [ann, ben, cat], "gigs": [escort, late, agreed, promised],
        "promises": [{ "gig": "promised", "volunteer": "cat", "start": 36_600, "state": "accepted" }],
    })
}

#[test]
fn version_2_is_solved_as_the_domain_says() {
    let folder = tempfile::tempdir().expect("folder");
    let result = solved(folder.path(), &town_of_version_2(), "5s");
    assert_eq!((result["status"].as_str(), number(&result, "gigs")), (Some("optimal"), 4.0), "{result}");
    let path = folder.path().join("plan.json");
    let plan = read(&path);
    let of = |gig: &str| {
        let all = plan["assignments"].as_array().expect("assignments");
        all.iter().find(|one| one["gig"] == gig).unwrap_or_else(|| panic!("{gig} in {plan}")).clone()
    };
    assert_eq!(of("promised")["volunteers"], json!(["cat"]), "what was promised stays");
    assert_eq!(of("escort")["volunteers"], json!(["ben"]), "ann never meets s1, cat has no home");
    assert_eq!(of("late")["volunteers"], json!(["ann"]), "ben's skill has ended by then");
    assert_eq!(of("agreed")["start"], 36_000);

    let broken = |change: &dyn Fn(&mut Value)| {
        let mut spoilt = plan.clone();
        spoilt.as_object_mut().expect("object").remove("certificate");
        change(&mut spoilt);
        fs::write(&path, spoilt.to_string()).expect("written");
        let judged = run(&["verify", text(&folder.path().join("week.json")), text(&path)]);
        String::from_utf8_lossy(&judged.stdout).into_owned()
    };
    let at = |gig: &str| {
        plan["assignments"].as_array().expect("assignments").iter().position(|one| one["gig"] == gig).expect("there")
    };
    for (gig, volunteer, rule) in [
        ("escort", "ann", "BLOCKED"),
        ("late", "ben", "SKILL_MISSING"),
        ("escort", "cat", "TOO_FAR"),
        ("promised", "ann", "PROMISE_BROKEN"),
    ] {
        let said = broken(&|plan| plan["assignments"][at(gig)]["volunteers"] = json!([volunteer]));
        assert!(said.contains(rule), "{gig} by {volunteer}: {said}");
    }
    let said = broken(&|plan| plan["assignments"][at("agreed")]["start"] = 37_000.into());
    assert!(said.contains("START_NOT_POSSIBLE"), "{said}");
}

#[test]
fn a_budget_below_nothing_is_no_duration() {
    let refused = run(&["solve", "week.json", "--out", "plan.json", "--budget", "-1s"]);
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        refused.status.code() == Some(2) && said.contains("--budget") && said.contains("is not a duration"),
        "{said}"
    );
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
    let twice = week(2, 2, 1, Shape::Usual).to_string();
    let mut known_twice = town_of_version_2();
    let known = json!({ "seeker": "s1", "strength_milli": 500 });
    known_twice["volunteers"][0]["familiar"] = json!([known, known]);
    let endless = format!(r#""modes":{{"{0}":1,"{0}":2,"#, "x".repeat(100_000));
    for (content, word) in [
        (known_twice.to_string(), "one seeker stands there twice"),
        (twice.replacen(r#""modes":{"#, &endless, 1), "xxx..."),
        (no_windows.to_string(), "windows"),
        (not_a_number.to_string(), "lat"),
        (other_schema.to_string(), "keikka-city"),
        (twice.replacen(r#""modes":{"#, r#""modes":{"walk":1,"walk":2,"#, 1), r#"\"walk\" stands there twice"#),
        (twice.replacen('{', r#"{"kinds":{"a":{},"a":{}},"#, 1), r#"kinds: \"a\" stands there twice"#),
        ("{".to_owned(), "week.json"),
        ("7".to_owned(), "expected a JSON object with `schema`"),
        ("tunniste;nimi".to_owned(), "is it JSON?"),
        (String::new(), "week.json"),
    ] {
        fs::write(&path, &content).expect("written");
        let out = run(&["solve", text(&path), "--out", text(&plan), "-o", "json"]);
        let said = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && out.status.code() != Some(101), "{word}: {said}");
        assert!(said.contains(word) && !said.contains("panicked") && said.len() < 2_000, "{word} is named: {said}");
        assert!(!plan.exists(), "{word}: nothing was written");
    }
}
