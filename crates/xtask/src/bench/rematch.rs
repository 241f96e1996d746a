//! A plan that has been promised, and a day later: one gig in a hundred has changed. keikka plans again beside its promises, and
//! once more as if nobody had been told anything, which shows what the promises cost and what keeping them saves.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use super::document::table;
use super::engine::Engine;
use super::fit::mean;
use super::machine;
use super::options::{Options, Size};
use super::run::{self, Outcome, gap};
use super::targets::{percent, seconds};
use super::tools::Tools;
use super::week::{self, Week};

/// Weeks below this are solved anew in no time; they are measured only if there are no larger ones.
const VOLUNTEERS_MIN: u32 = 1_000;
/// The week that has a target, and its milliseconds.
const TARGET: (u32, f64) = (10_000, 5_000.0);
/// Most promises that may be broken, as a share of what a blind plan breaks.
const BROKEN_MAX: f64 = 0.12;

/// One changed week, planned twice.
struct Changed {
    week: Week,
    promised: Outcome,
    blind: Outcome,
    /// Seats whose gig did not change.
    seats: u64,
    broken_promised: u64,
    broken_blind: u64,
}

/// The block of the document, and whether every plan passed both judges.
pub(super) fn run(options: &Options, tools: &Tools, folder: &Path) -> Result<(String, bool)> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let large: Vec<Size> = options.sizes.iter().copied().filter(|size| size.volunteers >= VOLUNTEERS_MIN).collect();
    let chosen = Options { sizes: if large.is_empty() { options.sizes.clone() } else { large }, ..options.clone() };
    let mut all = Vec::new();
    for week in week::all(&chosen, tools, folder)? {
        let changed = change(&chosen, tools, folder, week)?;
        eprintln!("bench: {}, changed: {}", changed.week.name(), row(&changed).join(", "));
        all.push(changed);
    }
    let sound = all.iter().all(|one| one.promised.broken.is_empty() && one.blind.broken.is_empty());
    Ok((text(options, &all, sound), sound))
}

fn change(options: &Options, tools: &Tools, folder: &Path, week: Week) -> Result<Changed> {
    let budget = options.budgets.last().copied().unwrap_or(Duration::from_secs(10));
    let solve = |week: &Path, plan: &Path| {
        let started = Engine::Keikka(budget).command(options, tools, week, plan);
        let (command, seconds) = started.map_err(|why| anyhow!("{why}"))?;
        let outcome = run::run(tools, week, plan, seconds, &command)?;
        if outcome.plan.is_none() {
            bail!("keikka made no plan for {}", week.display());
        }
        Ok(outcome)
    };
    let file = |name: &str| folder.join(name);
    let (first, promised, blind) = (file("first.json"), file("promised.json"), file("blind.json"));
    let (promised_plan, blind_plan) = (file("promised-plan.json"), file("blind-plan.json"));
    solve(&week.file, &first)?;
    let script = || {
        let mut command = tools.python();
        command.arg(Tools::script("change.py")).arg(&week.file).arg(&first);
        command
    };
    let seed = week.seed.unwrap_or(1).to_string();
    let mut make = script();
    make.args(["--seed", &seed, "--promised"]).arg(&promised).arg("--blind").arg(&blind);
    crate::process::capture(&mut make)?;
    let compare = |plan: &Path| -> Result<(u64, u64)> {
        let said = crate::process::capture(script().arg("--compare").arg(&blind).arg(plan))?;
        let (seats, broken) = said.trim().split_once(' ').with_context(|| format!("no counts in `{said}`"))?;
        Ok((seats.parse()?, broken.parse()?))
    };
    let (promised, blind) = (solve(&promised, &promised_plan)?, solve(&blind, &blind_plan)?);
    let ((seats, broken_promised), (_, broken_blind)) = (compare(&promised_plan)?, compare(&blind_plan)?);
    Ok(Changed { week, promised, blind, seats, broken_promised, broken_blind })
}

fn text(options: &Options, all: &[Changed], sound: bool) -> String {
    let large = || all.iter().filter(|one| one.week.volunteers >= TARGET.0);
    let within = |one: &Changed| {
        one.promised.wall_ms <= TARGET.1 && one.broken_promised as f64 <= one.broken_blind as f64 * BROKEN_MAX
    };
    let verdict = match mean(large().map(|one| one.promised.wall_ms)) {
        None => "No week of this run has it.".to_owned(),
        Some(ms) => format!("{}: {} mean.", if large().all(within) { "Met" } else { "Missed" }, seconds(ms)),
    };
    let heads = ["Week", "Seats", "Kept: wall", "gap", "broken", "Blind: wall", "gap", "broken"];
    format!(
        "## Planning again after a change\n\n{}. `{}`\n\nOne gig in a hundred is gone, new, or at other times. `Kept` plans beside every promise of the
first plan, `blind` as if there were none. Both gaps are to the bound of the blind week, so that of `kept` holds what the promises cost. Both start
cold, from the files. Target at 10,000 x 12,000: <= 5 s, at most 12 % of the promises broken that the blind plan breaks. {verdict} {}\n\n{}",
        machine::line(),
        options.words,
        if sound { "No plan breaks a rule." } else { "RULES ARE BROKEN." },
        table(&heads, &all.iter().map(row).collect::<Vec<_>>())
    )
}

fn row(one: &Changed) -> Vec<String> {
    let bound = one.blind.bound.unwrap_or(f64::NAN);
    let gap_of = |outcome: &Outcome| {
        outcome.plan.as_ref().map_or("-".to_owned(), |plan| format!("{} %", percent(gap(plan.objective, bound))))
    };
    vec![
        one.week.name(),
        one.seats.to_string(),
        seconds(one.promised.wall_ms),
        gap_of(&one.promised),
        one.broken_promised.to_string(),
        seconds(one.blind.wall_ms),
        gap_of(&one.blind),
        one.broken_blind.to_string(),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::plans::tests::results;
    use super::*;

    #[test]
    fn the_target_is_for_the_large_week() {
        let mut runs = results().runs.into_iter();
        let (kept, blind) = (runs.next().unwrap(), runs.next().unwrap());
        let mut one = Changed {
            week: kept.week,
            promised: kept.outcome.clone(),
            blind: Outcome { bound: kept.outcome.bound, ..blind.outcome },
            seats: 90,
            broken_promised: 0,
            broken_blind: 30,
        };
        let options = super::super::options::parse(&[]).unwrap();
        assert!(text(&options, std::slice::from_ref(&one), true).contains("No week of this run has it."));
        one.week.volunteers = 10_000;
        let block = text(&options, std::slice::from_ref(&one), true);
        assert!(block.contains("Met: 0.15 s mean.") && block.contains("| 90 | 0.15 s | 0 % | 0 |"), "{block}");
        one.broken_promised = 4;
        assert!(text(&options, &[one], false).contains("Missed: 0.15 s mean. RULES ARE BROKEN."));
    }
}
