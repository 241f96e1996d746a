//! The quote over gRPC: a server of its own, many callers at once, beside the empty call of the same server and PostGIS under the same
//! number of callers, in the same run. The people are made, stored and asked about by the example `quote_load` of `tests`.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::document::table;
use super::options::{Options, Peer, thousands};
use super::{machine, quote, tools};
use crate::process;

/// Callers at once.
const CALLERS: u32 = 64;
/// Seconds for each sort of call.
const SECONDS: u32 = 10;

/// What a program printed: a name, then numbers.
#[derive(Debug, Default)]
struct Figures(HashMap<String, Vec<f64>>);

impl Figures {
    fn read(lines: &str) -> Self {
        let figure = |line: &str| {
            let mut words = line.split_whitespace();
            let name = words.next()?.to_owned();
            Some((name, words.filter_map(|word| word.parse().ok()).collect()))
        };
        Self(lines.lines().filter_map(figure).collect())
    }

    fn get(&self, name: &str, at: usize) -> f64 {
        self.0.get(name).and_then(|numbers| numbers.get(at)).copied().unwrap_or(f64::NAN)
    }
}

/// The block of the document.
pub(super) fn run(options: &Options, folder: &Path) -> Result<String> {
    let (load, keikka) = (tools::quote_load()?, tools::keikka()?);
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut parts = Vec::new();
    for &volunteers in &options.online {
        eprintln!("bench: {} volunteers are stored and asked for", thousands(volunteers));
        let file = folder.join(format!("{volunteers}.db"));
        let fill = process::capture(process::command(&load, &["fill"]).arg(&file).arg(volunteers.to_string()))?;
        let mut run = process::command(&load, &["run"]);
        run.arg(&keikka).arg(&file).args([CALLERS.to_string(), SECONDS.to_string()]);
        let figures = Figures::read(&format!("{fill}{}", process::capture(&mut run)?));
        let _ = fs::remove_file(&file);
        let postgis = if options.peers.contains(&Peer::PostGis) {
            postgis(&load, volunteers).map_err(|error| format!("{error:#}"))
        } else {
            Err("not asked for".to_owned())
        };
        parts.push(part(volunteers, &figures, &postgis));
    }
    Ok(format!(
        "## Quote over gRPC\n\n{}. `{}`\n\n`keikka serve` as a process of its own over a SQLite file, {CALLERS} callers with a connection each over loopback, one call after
another, {SECONDS} s for each sort of call, callers and server on the same cores. The people are those of the criterion bench
(`crates/matching/benches/nation`), written by the store in transactions of 10,000; 2,000 open gigs are asked about in turn, a fifth of them calls,
a few for two helpers. `empty` is the health check, which passes the same gate; `network` reads one row from the database. A quote looks into the
database for changes before it answers, and hands back ten ranked volunteers with their terms and every feasible start. PostGIS answers the nearest-neighbour
query of the block above, for gigs with a place, to as many clients at once.\n\n{}",
        machine::line(),
        options.words,
        parts.join("\n"),
    ))
}

fn postgis(load: &Path, volunteers: u32) -> Result<(f64, f64, f64)> {
    let rows = |what: &str| -> Result<String> {
        process::capture(&mut process::command(load, &[what, &volunteers.to_string()]))
    };
    quote::postgis_under_load(&rows("people")?, &rows("gigs")?, CALLERS, SECONDS)
}

fn part(volunteers: u32, figures: &Figures, postgis: &Result<(f64, f64, f64), String>) -> String {
    let (empty_rate, empty_p99) = (figures.get("empty", 0), figures.get("empty", 2));
    let row = |name: &str, (rate, p50, p99): (f64, f64, f64)| {
        vec![
            name.to_owned(),
            format!("{rate:.0}"),
            format!("{:.0} %", rate / empty_rate * 100.0),
            format!("{p50:.2}"),
            format!("{p99:.2}"),
            format!("{:.1}", p99 / empty_p99),
        ]
    };
    let of = |name: &str| (figures.get(name, 0), figures.get(name, 1), figures.get(name, 2));
    let mut rows: Vec<Vec<String>> = [
        ("empty", "empty"),
        ("network", "network"),
        ("quote, all gigs", "quote"),
        ("quote, one helper at a place", "quote_place"),
        ("quote, two helpers", "quote_two"),
        ("quote, a call", "quote_call"),
    ]
    .into_iter()
    .map(|(name, key)| row(name, of(key)))
    .collect();
    let mut verdicts = vec![
        judged("rate of the quote at least 50 % of the empty call's", figures.get("quote", 0) / empty_rate >= 0.5),
        judged("its p99 at most 3 times the empty call's", figures.get("quote", 2) / empty_p99 <= 3.0),
    ];
    match postgis {
        Ok(peer) => {
            rows.push(row("PostGIS: nearest 20 who fit", *peer));
            let slower = figures.get("quote_place", 0) / peer.0;
            verdicts.push(judged(&format!("PostGIS at least 20 times slower ({slower:.1})"), slower >= 20.0));
        }
        Err(why) => verdicts.push(format!("PostGIS is left out: {why}")),
    }
    let (rebuilt_s, change_ms) = (figures.get("rebuilt_s", 0), figures.get("change_ms", 1));
    verdicts
        .push(judged(&format!("the roster read from the database in <= 10 s ({rebuilt_s:.2} s)"), rebuilt_s <= 10.0));
    verdicts
        .push(judged(&format!("one change visible in <= 50 ms (worst of 20: {change_ms:.1} ms)"), change_ms <= 50.0));
    let explained = format!(
        "`ExplainGig`, one caller: p50 {:.1} ms, p99 {:.1} ms of {:.0}. Memory of the server: {:.0} MiB, before the first quote {:.0} MiB.",
        figures.get("explain_ms", 0),
        figures.get("explain_ms", 1),
        figures.get("explain_ms", 2),
        figures.get("resident_mib", 0),
        figures.get("resident_mib", 1),
    );
    let heads = ["", "calls a second", "of empty", "p50, ms", "p99, ms", "x p99 of empty"];
    format!(
        "### {} volunteers\n\n{}\n{}\n\n{explained}\n",
        thousands(volunteers),
        table(&heads, &rows),
        verdicts.join("; ") + "."
    )
}

fn judged(what: &str, met: bool) -> String {
    format!("{what}: {}", if met { "met" } else { "missed" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "filled_s 1.5\nrebuilt_s 9.5\nresident_mib 300 20\nchange_ms 1.5 60.0\nexplain_ms 3.0 9.0 60\n\
        empty 10000 5.0 10.0\nnetwork 8000 6 12\nquote 5000 9.0 29.0\nquote_place 6000 8.0 20.0\n";

    #[test]
    fn targets_are_judged_by_the_figures() {
        let text = part(5_000, &Figures::read(SAID), &Ok((200.0, 300.0, 900.0)));
        for told in [
            "### 5,000 volunteers",
            "| quote, all gigs | 5000 | 50 % | 9.00 | 29.00 | 2.9 |",
            "| PostGIS: nearest 20 who fit | 200 | 2 % | 300.00 | 900.00 | 90.0 |",
            "rate of the quote at least 50 % of the empty call's: met",
            "PostGIS at least 20 times slower (30.0): met",
            "one change visible in <= 50 ms (worst of 20: 60.0 ms): missed",
        ] {
            assert!(text.contains(told), "`{told}` is not in {text}");
        }
    }
}
