//! The answer to a caller: keikka's quote and explanation in memory, and the nearest-neighbour query that a database with PostGIS
//! answers the same question with, on the same people, in the same run.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use super::document::table;
use super::options::{Options, Peer, thousands};
use super::{machine, tools};
use crate::postgres::{Programs, Throwaway};
use crate::{process, setup, workspace};

const VOLUNTEERS: u32 = 5_000;
const TIMES: u32 = 2_000;

/// Microseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Latency {
    p50: f64,
    p90: f64,
    p99: f64,
}

/// The block of the document.
pub(super) fn run(options: &Options) -> Result<String> {
    let program = tools::hot_paths()?;
    let quote = ours(&program, "quote", TIMES)?;
    let explain = ours(&program, "explain", TIMES / 10)?;
    let postgis = if options.peers.contains(&Peer::PostGis) {
        postgis(&program).map_err(|error| format!("{error:#}"))
    } else {
        Err("not asked for".to_owned())
    };
    Ok(text(options, quote, explain, &postgis))
}

fn text(options: &Options, quote: Latency, explain: Latency, postgis: &Result<Latency, String>) -> String {
    let row = |name: &str, target: &str, latency: Latency| {
        let ratio = format!("{:.1}", latency.p50 / quote.p50);
        vec![name.to_owned(), target.to_owned(), ms(latency.p50), ms(latency.p90), ms(latency.p99), ratio]
    };
    let mut rows = vec![row("keikka: quote, core", "p50 < 0.2 ms", quote)];
    let mut left_out = String::new();
    match postgis {
        Ok(latency) => rows.push(row("PostGIS: nearest 20 who fit", "at least 20 times slower", *latency)),
        Err(why) => left_out = format!("\nPostGIS is left out: {why}.\n"),
    }
    rows.push(row("keikka: explain an open gig, no re-solve", "<= 20 ms", explain));
    let heads = ["", "Target", "p50, ms", "p90, ms", "p99, ms", "x quote"];
    format!(
        "## Quote\n\n{}. `{}`\n\n{} volunteers, one caller, no network. PostGIS is asked less than keikka answers: who accepts the kind, has
the skills and a language, is near enough and available at one given time, the nearest 20 first; no start times, no way home, no caps. Its query is
prepared, its homes have a GiST index, and it is put the way that PostGIS answers fastest (see `crates/xtask/src/bench/quote.rs`).\n\n{}{left_out}",
        machine::line(),
        options.words,
        thousands(VOLUNTEERS),
        table(&heads, &rows)
    )
}

fn ms(us: f64) -> String {
    format!("{:.3}", us / 1e3)
}

fn ours(program: &Path, what: &str, times: u32) -> Result<Latency> {
    let (volunteers, times) = (VOLUNTEERS.to_string(), times.to_string());
    let said = process::capture(&mut process::command(program, &["latency", what, &volunteers, &times]))?;
    let numbers: Vec<f64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [p50, p90, p99] => Ok(Latency { p50: *p50, p90: *p90, p99: *p99 }),
        _ => bail!("no latency in `{said}`"),
    }
}

const TABLES: &str = "
create extension if not exists postgis;
create table person (id text primary key, lon float8, lat float8, reach_m float8, kinds text[], skills text[], languages text[], windows int8multirange);
create table gig (id int primary key, lon float8, lat float8, kind text, skills text[], languages text[], takes int8range);
\\copy person from 'PEOPLE'
\\copy gig from 'GIGS'
alter table person add home geography(point);
update person set home = st_makepoint(lon, lat)::geography;
alter table gig add place geography(point);
update gig set place = st_makepoint(lon, lat)::geography;
create index on person using gist (home);
vacuum analyze;
";

/// `\\set` is pgbench's; the rest is one query. `st_dwithin` with a reach of each person's own took twice as long, walking the
/// index with `enable_seqscan = off` as well, and compiling the query (`jit`) more still: PostGIS is asked the way it answers fastest.
const QUERY: &str = "\\set gig random(1, GIG_COUNT)
select p.id, st_distance(p.home, g.place)
from gig g cross join lateral (
  select id, home from person p
  where g.kind = any (p.kinds) and p.skills @> g.skills and p.languages && g.languages
    and p.windows @> g.takes and p.home <-> g.place <= p.reach_m
  order by p.home <-> g.place limit 20
) p
where g.id = :gig;
";

fn postgis(program: &Path) -> Result<Latency> {
    let rows = |what: &str| process::capture(&mut process::command(program, &[what, &VOLUNTEERS.to_string()]));
    let asked = Asked::put(&rows("people")?, &rows("gigs")?)?;
    // The first round warms the caches, the second is measured.
    asked.pgbench("warm", &["-c", "1", "-t", &TIMES.to_string()])?;
    asked.pgbench("measured", &["-c", "1", "-t", &TIMES.to_string()])?;
    percentiles(&asked.log("measured")?)
}

/// Answers a second, and the p50 and p99 of one in milliseconds, to so many clients at once for so many seconds.
pub(super) fn postgis_under_load(people: &str, gigs: &str, clients: u32, seconds: u32) -> Result<(f64, f64, f64)> {
    let asked = Asked::put(people, gigs)?;
    let (clients, time) = (clients.to_string(), seconds.to_string());
    asked.pgbench("warm", &["-c", "2", "-T", "3"])?;
    asked.pgbench("measured", &["-c", &clients, "-j", "2", "-T", &time])?;
    let log = asked.log("measured")?;
    let latency = percentiles(&log)?;
    Ok((log.lines().count() as f64 / f64::from(seconds), latency.p50 / 1e3, latency.p99 / 1e3))
}

/// A PostgreSQL with people and gigs in it, as long as this lives.
struct Asked {
    server: Throwaway,
    folder: PathBuf,
    query: PathBuf,
}

impl Asked {
    fn put(people: &str, gigs: &str) -> Result<Self> {
        let server = Throwaway::start()?;
        let folder = workspace::target().join("bench/postgis");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let write = |name: &str, text: &str| -> Result<PathBuf> {
            let file = folder.join(name);
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
            Ok(file)
        };
        let (people, rows) = (write("people", people)?, write("gigs", gigs)?);
        provide_extension(server.url())?;
        let tables =
            TABLES.replace("PEOPLE", &people.display().to_string()).replace("GIGS", &rows.display().to_string());
        psql(server.url(), &folder, "tables.sql", &tables)?;
        let query = write("quote.sql", &QUERY.replace("GIG_COUNT", &gigs.lines().count().to_string()))?;
        Ok(Self { server, folder, query })
    }

    /// One round; its latencies are logged under its name.
    fn pgbench(&self, round: &str, words: &[&str]) -> Result<()> {
        let mut command = process::command(client("pgbench")?, &["-n", "-M", "prepared", "-l"]);
        command.args(words).arg("-f").arg(&self.query).env("PGOPTIONS", "-c jit=off");
        command.arg(format!("--log-prefix={}", self.folder.join(round).display())).arg(self.server.url());
        process::capture(&mut command).map(drop)
    }

    /// What was logged of a round, by each thread of pgbench.
    fn log(&self, round: &str) -> Result<String> {
        let is_log = |file: &PathBuf| {
            file.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&format!("{round}.")))
        };
        let mut log = String::new();
        for file in workspace::entries(&self.folder).into_iter().filter(is_log) {
            log += &fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        }
        Ok(log)
    }
}

/// Installs PostGIS for the PostgreSQL that is here, unless it is there.
fn provide_extension(url: &str) -> Result<()> {
    let asked = [
        "-X",
        "-A",
        "-t",
        "-c",
        "select current_setting('server_version_num')::int / 10000, count(*) from pg_available_extensions where name = 'postgis'",
    ];
    let said = process::capture(process::command(client("psql")?, &asked).arg(url))?;
    let (version, found) = said.trim().split_once('|').context("psql told no version")?;
    if found == "1" {
        return Ok(());
    }
    eprintln!("bench: this PostgreSQL lacks PostGIS, which the quote is compared with");
    setup::install(&[&format!("postgresql-{version}-postgis-3")])
}

fn psql(url: &str, folder: &Path, name: &str, script: &str) -> Result<()> {
    let file = folder.join(name);
    fs::write(&file, script).with_context(|| format!("cannot write {}", file.display()))?;
    let input = File::open(&file).context("cannot read the script")?;
    let mut command = process::command(client("psql")?, &["-X", "-q", "-v", "ON_ERROR_STOP=1"]);
    process::capture(command.arg(url).stdin(input)).map(drop)
}

/// A client program of PostgreSQL: on PATH, else beside the server's.
fn client(name: &str) -> Result<PathBuf> {
    match workspace::on_path(name) {
        Some(program) => Ok(program),
        None => Ok(Programs::find()?.path(name)),
    }
}

/// Latencies in the third column of pgbench's log, in microseconds.
fn percentiles(log: &str) -> Result<Latency> {
    let mut all: Vec<f64> = log.lines().filter_map(|line| line.split(' ').nth(2)?.parse().ok()).collect();
    all.sort_by(f64::total_cmp);
    let at = |share: f64| all.get((all.len() as f64 * share) as usize).copied().context("pgbench logged nothing");
    Ok(Latency { p50: at(0.5)?, p90: at(0.9)?, p99: at(0.99)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_a_log_are_in_microseconds() {
        let log: String = (1..=100).map(|n| format!("0 {n} {} 0 1700000000 5\n", n * 10)).collect();
        assert_eq!(percentiles(&log).unwrap(), Latency { p50: 510.0, p90: 910.0, p99: 1_000.0 });
        assert!(percentiles("").is_err());
    }

    #[test]
    fn the_block_says_how_many_times_slower() {
        let options = super::super::options::parse(&[]).unwrap();
        let of = |p50: f64| Latency { p50, p90: p50 * 2.0, p99: p50 * 3.0 };
        let text = text(&options, of(100.0), of(5_000.0), &Ok(of(2_500.0)));
        assert!(
            text.contains("| PostGIS: nearest 20 who fit | at least 20 times slower | 2.500 | 5.000 | 7.500 | 25.0 |"),
            "{text}"
        );
        let text = super::text(&options, of(100.0), of(5_000.0), &Err("no apt".to_owned()));
        assert!(text.contains("PostGIS is left out: no apt."), "{text}");
    }
}
