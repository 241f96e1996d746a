//! `cargo xtask bench` on tiny weeks: it runs to its end, every plan passes both judges, and it writes what it says. No figure is
//! tested for being small. The judge in Python is put beside `keikka verify` on spoilt plans.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tests::{
    binary::keikka,
    weeks::{Dice, Shape, week},
};

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

fn run(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| panic!("{command:?} starts: {error}"))
}

/// A script of the peers, which leaves no compiled files beside itself.
fn script(name: &str) -> Command {
    let mut command = Command::new("python3");
    command.env("PYTHONDONTWRITEBYTECODE", "1").arg(peers().join(name));
    command
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn tiny_weeks_are_measured_and_written_down() {
    let folder = tempfile::tempdir().expect("folder");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut bench = Command::new(cargo);
    let sizes = "12x15,busy:6x20,languages:12x15";
    bench.args(["run", "--quiet", "--package", "xtask", "--", "bench", "--quick", "--size", sizes]);
    let output = run(bench.arg("--out").arg(folder.path()).env("KEIKKA_BIN", keikka()));
    assert!(output.status.success(), "{}", said(&output));
    let document = fs::read_to_string(folder.path().join("benchmarks.md")).expect("the document");
    for part in [
        "<!-- plans: begin -->",
        "no rule is broken",
        "No plan breaks a rule.",
        "No plan of any engine is above a bound",
        "| 12 x 15 | greedy |",
        "busy 6 x 20, seed 1",
        "languages 12 x 15, seed 1",
        "<!-- plans: end -->",
    ] {
        assert!(document.contains(part), "`{part}` is not in {document}");
    }
    for picture in ["growth", "anytime", "coverage"] {
        let svg = fs::read_to_string(folder.path().join(format!("benchmarks/{picture}.svg"))).expect("a picture");
        assert!(svg.starts_with("<svg") && svg.ends_with("</svg>\n") && !svg.contains("NaN"), "{picture}: {svg}");
    }
}

#[test]
fn the_same_seed_makes_the_same_week() {
    let folder = tempfile::tempdir().expect("folder");
    let made = |seed: &str, name: &str| {
        let file = folder.path().join(name);
        let mut generate = script("generate.py");
        generate.args(["20x30", "--seed", seed, "--shape", "nation", "--out"]);
        let output = run(generate.arg(&file));
        assert!(output.status.success(), "{}", said(&output));
        fs::read(file).expect("the week")
    };
    assert_eq!(made("4", "a.json"), made("4", "b.json"));
    assert_ne!(made("4", "a.json"), made("5", "b.json"));
}

#[test]
fn two_judges_agree_on_plans_that_are_spoilt() {
    let folder = tempfile::tempdir().expect("folder");
    let (input, path) = (folder.path().join("week.json"), folder.path().join("plan.json"));
    let instance = week(30, 40, 7, Shape::Usual);
    fs::write(&input, instance.to_string()).expect("the week is written");
    let solved = run(Command::new(keikka()).arg("solve").arg(&input).arg("--out").arg(&path).args(["--budget", "5s"]));
    assert!(solved.status.success(), "{}", said(&solved));
    let mut sound: Value = serde_json::from_slice(&fs::read(&path).expect("the plan")).expect("JSON");
    // What a plan claims is not the Python judge's matter.
    sound.as_object_mut().expect("an object").remove("certificate");
    let (mut dice, mut impossible) = (Dice::new(11), 0);
    for round in 0..40 {
        let mut plan = sound.clone();
        if round > 0 {
            spoil(&mut dice, &instance, &mut plan);
        }
        fs::write(&path, plan.to_string()).expect("the plan is written");
        let ours = run(Command::new(keikka()).arg("verify").arg(&input).arg(&path));
        let theirs = run(script("check.py").arg(&input).arg(&path));
        assert_eq!(ours.status.code(), theirs.status.code(), "round {round}: {} but {}", said(&ours), said(&theirs));
        impossible += usize::from(!ours.status.success());
    }
    assert!((10..40).contains(&impossible), "{impossible} of 40 were impossible: spoiling is too hard or too soft");
}

/// Changes one thing about one assignment; the plan may still be possible.
fn spoil(dice: &mut Dice, instance: &Value, plan: &mut Value) {
    let count = |list: &Value| list.as_array().map_or(0, Vec::len) as i64;
    let assignments = plan["assignments"].as_array_mut().expect("assignments");
    let chosen = dice.between(0, assignments.len() as i64 - 1) as usize;
    match dice.between(0, 3) {
        0 => {
            let start = assignments[chosen]["start"].as_i64().expect("a start");
            assignments[chosen]["start"] = (start + dice.between(-8, 8) * 450).into();
        }
        1 => {
            let other = dice.between(0, count(&instance["volunteers"]) - 1) as usize;
            assignments[chosen]["volunteers"][0] = instance["volunteers"][other]["id"].clone();
        }
        2 => {
            let other = dice.between(0, count(&instance["gigs"]) - 1) as usize;
            assignments[chosen]["gig"] = instance["gigs"][other]["id"].clone();
        }
        _ => drop(assignments.remove(chosen)),
    }
}

/// The example that stores a nation and asks for quotes over gRPC, in a small size: it runs to its end and every figure is a number.
#[test]
fn quotes_under_load_are_measured() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("nation.db");
    // Cargo builds examples with the tests, beside them.
    let tests = std::env::current_exe().expect("this program has a path");
    let load = tests.parent().and_then(Path::parent).expect("a build folder").join("examples/quote_load");
    let mut figures = String::new();
    for words in [vec!["fill"], vec!["run"]] {
        let mut program = Command::new(&load);
        program.args(&words);
        match words[0] {
            "fill" => program.arg(&file).arg("300"),
            _ => program.arg(keikka()).arg(&file).args(["4", "1"]),
        };
        let output = run(&mut program);
        assert!(output.status.success(), "{}", said(&output));
        figures.push_str(&String::from_utf8_lossy(&output.stdout));
    }
    for name in ["rebuilt_s", "volunteers", "change_ms", "explain_ms", "empty", "quote", "quote_call"] {
        let line = figures.lines().find(|line| line.split(' ').next() == Some(name));
        let numbers = line.unwrap_or_else(|| panic!("no {name} in {figures}")).split(' ').skip(1);
        assert!(numbers.filter_map(|number| number.parse::<f64>().ok()).all(f64::is_finite), "{name} in {figures}");
    }
    assert!(figures.contains("volunteers 300"), "{figures}");
}
