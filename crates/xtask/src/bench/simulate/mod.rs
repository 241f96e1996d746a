//! `cargo xtask simulate`: runs the simulator of offers and rewrites its block of `docs/benchmarks.md` and the pictures beside it.
//! The figures are the simulator's; what is here is only their setting in type, and the verdict on the targets.

mod lines;
mod pictures;

use std::fs;

use anyhow::{Context, Result, bail};

use super::document::{rewrite, table};
use super::{DOCUMENT, machine};
use crate::{process, workspace};
use lines::{Lines, Row};

/// What to simulate.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    seeds: usize,
    days: usize,
    /// As the simulator names them, with commas; all if none are given.
    policies: Option<String>,
    /// The folder of the document, from the root.
    out: String,
}

/// Reads the words after `cargo xtask simulate`.
pub(crate) fn parse(words: &[&str]) -> Result<Options> {
    let mut options = Options { seeds: 30, days: 90, policies: None, out: "docs".to_owned() };
    for pair in words.chunks(2) {
        let [option, value] = pair else { bail!("`{}` needs a value", pair[0]) };
        let number = || value.parse().with_context(|| format!("{option} {value}: not a number"));
        match *option {
            "--seeds" => options.seeds = number()?,
            "--days" => options.days = number()?,
            "--policies" => options.policies = Some((*value).to_owned()),
            "--out" => options.out = (*value).to_owned(),
            other => bail!("unknown option: {other}"),
        }
    }
    Ok(options)
}

/// Simulates and writes the results down.
pub(crate) fn run(options: &Options) -> Result<()> {
    let docs = workspace::root().join(&options.out);
    let pictures = docs.join("benchmarks");
    fs::create_dir_all(&pictures).with_context(|| format!("cannot make {}", pictures.display()))?;
    let policies = options.policies.as_deref().map_or(vec![], |policies| vec!["--policies", policies]);
    let lines = simulated(options, &policies)?;
    let slower = simulated(options, &["--policies", "broadcast,paced", "--answer-minutes", SLOWER_MIN])?;
    // It names the commit, and whether anything was changed: before this changes something.
    let text = text(options, &lines, &slower);
    for (name, svg) in [("offers", pictures::offers(&lines)), ("pool", pictures::pool(&lines))] {
        let file = pictures.join(format!("{name}.svg"));
        fs::write(&file, svg).with_context(|| format!("cannot write {}", file.display()))?;
    }
    rewrite(&docs.join(DOCUMENT), "offers", &text)?;
    eprintln!("simulate: see {}", docs.join(DOCUMENT).display());
    Ok(())
}

/// Median minutes of an answer in the world of slower answers.
const SLOWER_MIN: &str = "12";

fn simulated(options: &Options, more: &[&str]) -> Result<Lines> {
    let (seeds, days) = (options.seeds.to_string(), options.days.to_string());
    let mut words = vec!["run", "--quiet", "--locked", "--package", "simulator", "--"];
    words.extend(["--seeds", &seeds, "--days", &days]);
    words.extend(more);
    Lines::read(&process::capture(&mut process::command(workspace::cargo(), &words))?)
}

/// Heads of the table and what stands below them: the measure, and its digits after the point; none for a share in per cent.
const COLUMNS: [(&str, &str, Option<usize>); 13] = [
    ("Filled, %", "fill", None),
    ("last third, %", "fill_last_third", None),
    ("Minutes: median", "minutes_median", Some(1)),
    ("p90", "minutes_p90", Some(1)),
    ("Asks per filled gig", "asks_per_filled", Some(2)),
    ("Asks per gig", "asks_per_gig", Some(2)),
    ("\"Already taken\" per filled gig", "taken_per_filled", Some(2)),
    ("Volunteers lost, %", "lost", None),
    ("Gini of asks", "gini", Some(3)),
    ("Most-messaged tenth, % of asks", "top_tenth", None),
    ("Newcomers with a gig in 30 days, %", "newcomers", None),
    ("Calibration error", "calibration", Some(3)),
    ("as the model reports it", "own_calibration", Some(3)),
];

fn text(options: &Options, lines: &Lines, slower: &Lines) -> String {
    let policies = options.policies.as_ref().map(|list| format!(" --policies {list}")).unwrap_or_default();
    let heads: Vec<&str> = ["Policy"].into_iter().chain(COLUMNS.iter().map(|column| column.0)).collect();
    let rows: Vec<Vec<String>> = lines.rows.iter().map(row).collect();
    format!(
        "## Offers: how many to ask, and how fast

{machine}. `cargo xtask simulate --seeds {seeds} --days {days}{policies}`

{days} days, 300 volunteers of whom 30 join on the way, 14 gigs a day, {candidates:.1} candidates a gig; an answer is needed within 1 to 4 hours. Mean over
the seeds 1 to {seeds} and 95 % confidence interval; every policy has the same worlds and the same luck. The truth of the worlds is not the policies'
model, and they begin knowing nobody. All constants, and what they were set by, are in `crates/simulator/src/setting.rs`: synthetic people, so read the
differences. A gig has one slot; nobody has quiet hours or a weekly budget, which would spare the volunteers of every policy. Asks for gigs that
stayed open count.

{table}
{verdict}

The same with slower answers, {SLOWER_MIN} minutes in the median:

{slower}
![Filled gigs against asks](benchmarks/offers.svg)

![Volunteers left](benchmarks/pool.svg)
",
        machine = machine::line(),
        seeds = options.seeds,
        days = options.days,
        candidates = lines.candidates,
        table = table(&heads, &rows),
        slower = table(&heads, &slower.rows.iter().map(row).collect::<Vec<_>>()),
        verdict = verdict(lines).unwrap_or_else(|| "Targets are for paced beside broadcast and one by one; this run lacks one of them.".to_owned()),
    )
}

fn row(row: &Row) -> Vec<String> {
    let cell = |(_, measure, digits): &(&str, &str, Option<usize>)| {
        let Some((mean, half_width)) = row.measure(measure) else { return String::new() };
        figure((mean, half_width), *digits)
    };
    [row.name.clone()].into_iter().chain(COLUMNS.iter().map(cell)).collect()
}

/// A mean with its interval; a share in per cent where no digits are given.
fn figure((mean, half_width): (f64, f64), digits: Option<usize>) -> String {
    let factor = if digits.is_none() { 100.0 } else { 1.0 };
    let digits = digits.unwrap_or(1);
    let (mean, half_width) = (mean * factor, half_width * factor);
    let interval = if half_width.is_finite() { format!(" ± {half_width:.digits$}") } else { String::new() };
    format!("{mean:.digits$}{interval}")
}

/// Each target with what became of it: it is met if the whole confidence interval is within it.
fn verdict(lines: &Lines) -> Option<String> {
    let paced = lines.row("paced")?;
    let (all, all_interval) = lines.row("broadcast")?.measure("asks_per_filled")?;
    let (asks, asks_interval) = paced.measure("asks_per_filled")?;
    let of = |measure: &str| paced.measure(measure);
    let targets = [
        told("paced fills at least 93 %", of("fill")?, Bound::AtLeast(0.93), None),
        told("with at most 8 asks for each", (asks, asks_interval), Bound::AtMost(8.0), Some(2)),
        told(
            "at most a third of broadcast's asks for each",
            (asks / all, (asks_interval / asks + all_interval / all) * asks / all),
            Bound::AtMost(1.0 / 3.0),
            Some(3),
        ),
        told(
            "and of all its asks, for gigs filled or not",
            of("asks_of_broadcast")?,
            Bound::AtMost(1.0 / 3.0),
            Some(3),
        ),
        told("more filled than by broadcast, in points", of("fill_over_broadcast")?, Bound::AtLeast(0.0), None),
        told("at most 3 % of the volunteers lost", of("lost")?, Bound::AtMost(0.03), None),
        told(
            "Gini of asks beyond one by one's at most 0.05",
            of("gini_over_one_by_one")?,
            Bound::AtMost(0.05),
            Some(3),
        ),
        told("at most 25 % of the asks to the most-messaged tenth", of("top_tenth")?, Bound::AtMost(0.25), None),
    ];
    Some(format!("Targets, with the whole interval:\n\n{}", targets.join("\n")))
}

/// What a target asks for.
#[derive(Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

fn told(words: &str, (mean, half_width): (f64, f64), bound: Bound, digits: Option<usize>) -> String {
    // One seed alone has no interval.
    let half = if half_width.is_finite() { half_width } else { 0.0 };
    let met = match bound {
        Bound::AtLeast(least) => mean - half >= least,
        Bound::AtMost(most) => mean + half <= most,
    };
    format!("- {}: {words} ({})", if met { "met" } else { "MISSED" }, figure((mean, half_width), digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> Lines {
        let one = |code: &str, asks: &str, gini: &str| {
            format!(
                "policy\t{code}\tname of {code}\nmeasure\t{code}\tfill\t0.95\t0.01\nmeasure\t{code}\tasks_per_filled\t{asks}\t0.2\n\
                 measure\t{code}\tlost\t0.02\tNaN\nmeasure\t{code}\tgini\t{gini}\t0.01\nmeasure\t{code}\ttop_tenth\t0.2\t0.01\n\
                 seed\t{code}\t1\t0.95\t{asks}\nweek\t{code}\t1\t0.95\t0.99\n"
            )
        };
        let beside = "measure\tpaced\tasks_of_broadcast\t0.31\t0.03\nmeasure\tpaced\tfill_over_broadcast\t0.0\t0.01\n\
                      measure\tpaced\tgini_over_one_by_one\t0.04\t0.02\n";
        let all = [one("broadcast", "27", "0.4"), one("one-by-one", "6", "0.3"), one("paced", "7.5", "0.36")];
        Lines::read(&format!("candidates\t31.9\n{}{beside}", all.concat())).unwrap()
    }

    #[test]
    fn the_block_says_which_targets_are_met() {
        let text = text(&parse(&["--seeds", "4"]).unwrap(), &run(), &run());
        for part in [
            "| name of paced | 95.0 ± 1.0 |",
            "| 2.0 |",
            "met: with at most 8 asks for each (7.50 ± 0.20)",
            "met: at most a third of broadcast's asks for each (0.278 ± 0.009)",
            "MISSED: and of all its asks, for gigs filled or not (0.310 ± 0.030)",
            "MISSED: more filled than by broadcast, in points (0.0 ± 1.0)",
            "met: at most 3 % of the volunteers lost (2.0)",
            "MISSED: Gini of asks beyond one by one's at most 0.05 (0.040 ± 0.020)",
            "seeds 1 to 4",
        ] {
            assert!(text.contains(part), "`{part}` is not in {text}");
        }
    }

    #[test]
    fn options_are_checked() {
        let options = parse(&["--seeds", "3", "--days", "7", "--policies", "paced"]).unwrap();
        assert_eq!((options.seeds, options.days, options.policies.as_deref()), (3, 7, Some("paced")));
        for wrong in [&["--seeds"][..], &["--seeds", "many"], &["--luck", "7"]] {
            assert!(parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn pictures_show_every_policy() {
        let lines = run();
        for svg in [pictures::offers(&lines), pictures::pool(&lines)] {
            assert!(
                svg.contains(">name of broadcast<") && svg.contains(">name of paced<") && !svg.contains("NaN"),
                "{svg}"
            );
        }
    }
}
