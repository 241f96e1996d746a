//! What `cargo xtask bench` is asked to measure: the words after it, with their defaults.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// What a run measures. The parts are independent; each rewrites its own block of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// Plans against peers: weight, time, memory, gap.
    Plans,
    /// Planning again after a change, beside what was promised.
    Rematch,
    /// The quote against PostGIS.
    Quote,
    /// The quote over gRPC under load, against the empty call and PostGIS.
    Online,
    /// Instructions of hot paths, counted by callgrind, against the committed ones.
    Instructions,
}

/// An engine that keikka is put beside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// VROOM, through its Python package.
    Vroom,
    /// The routing library of OR-Tools, through its Python package.
    OrTools,
    /// PostgreSQL with PostGIS, for the quote.
    PostGis,
}

/// What sort of week the generator makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    Usual,
    Busy,
    Nation,
    /// Odd in one way, by the generator's word for it.
    Odd(&'static str),
}

/// The generator's words for weeks that are odd in one way.
const ODD: [&str; 7] = ["escorts", "calls", "village", "cars", "hours", "ones", "languages"];

/// Shape and size of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Size {
    pub(crate) shape: Shape,
    pub(crate) volunteers: u32,
    pub(crate) gigs: u32,
}

/// One run of the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Options {
    pub(crate) parts: Vec<Part>,
    pub(crate) sizes: Vec<Size>,
    pub(crate) seeds: Vec<u32>,
    /// Weeks made elsewhere, in the neutral format, and the size whose target they are held against.
    pub(crate) weeks: Vec<(Option<Size>, PathBuf)>,
    /// Ascending.
    pub(crate) budgets: Vec<Duration>,
    /// Threads of keikka; peers have one.
    pub(crate) threads: u32,
    pub(crate) peers: Vec<Peer>,
    /// Volunteers of the servers that are asked over gRPC.
    pub(crate) online: Vec<u32>,
    /// Limit of a peer that does not end by itself.
    pub(crate) peer_seconds: u64,
    /// The folder of the document; nothing for the one of the repository.
    pub(crate) out: Option<PathBuf>,
    /// Accept the counted instructions as the ones to keep.
    pub(crate) accept: bool,
    /// What was typed, for the document.
    pub(crate) words: String,
}

/// Sizes of a usual run: the targets, and some between to see how time grows.
const SIZES: &str = "120x150,250x300,500x600,1000x1200,2000x2400,busy:40x150,busy:300x1200,10000x12000";

/// Reads the words after `cargo xtask bench`.
pub(crate) fn parse(words: &[&str]) -> Result<Options> {
    let mut options = Options {
        parts: vec![Part::Plans, Part::Rematch, Part::Quote, Part::Online, Part::Instructions],
        sizes: list(SIZES, size)?,
        seeds: vec![1, 2, 3],
        weeks: Vec::new(),
        budgets: list("1s,10s,60s", duration)?,
        threads: 1,
        peers: vec![Peer::Vroom, Peer::OrTools, Peer::PostGis],
        online: vec![5_000, 1_000_000],
        peer_seconds: 60,
        out: None,
        accept: false,
        words: format!("cargo xtask bench {}", words.join(" ")).trim_end().to_owned(),
    };
    if words.contains(&"--quick") {
        options.parts = vec![Part::Plans, Part::Rematch];
        options.sizes = list("24x30,48x60,busy:12x40", size)?;
        options.seeds = vec![1];
        options.budgets = list("0s,2s", duration)?;
        options.peers = Vec::new();
        options.out = Some(PathBuf::from("target/bench/quick"));
    }
    let mut rest = words;
    loop {
        rest = match rest {
            [] => break,
            ["--quick", tail @ ..] => tail,
            ["--accept", tail @ ..] => {
                options.accept = true;
                tail
            }
            [name, value, tail @ ..] if name.starts_with("--") => {
                set(&mut options, name, value)?;
                tail
            }
            [other, ..] => bail!("unknown bench option: {other}"),
        };
    }
    options.budgets.sort_unstable();
    Ok(options)
}

fn set(options: &mut Options, name: &str, value: &str) -> Result<()> {
    match name {
        "--size" => options.sizes = list(value, size)?,
        "--seeds" => options.seeds = list(value, |word| word.parse().context("a seed is a whole number"))?,
        "--week" => options.weeks.push(match value.split_once('=') {
            Some((shape, file)) => (Some(size(shape)?), PathBuf::from(file)),
            None => (None, PathBuf::from(value)),
        }),
        "--budgets" => options.budgets = list(value, duration)?,
        "--threads" => options.threads = value.parse().context("threads are a whole number")?,
        "--peers" => options.peers = list(value, peer)?,
        "--online" => options.online = list(value, |word| word.parse().context("volunteers are a whole number"))?,
        "--peer-seconds" => options.peer_seconds = value.parse().context("peer seconds are a whole number")?,
        "--only" => options.parts = list(value, part)?,
        "--out" => options.out = Some(PathBuf::from(value)),
        other => bail!("unknown bench option: {other}"),
    }
    Ok(())
}

/// Words between commas; `none` is no word.
fn list<T>(words: &str, read: impl Fn(&str) -> Result<T>) -> Result<Vec<T>> {
    words.split(',').filter(|word| !matches!(*word, "" | "none")).map(read).collect()
}

fn part(word: &str) -> Result<Part> {
    Ok(match word {
        "plans" => Part::Plans,
        "rematch" => Part::Rematch,
        "quote" => Part::Quote,
        "online" => Part::Online,
        "instructions" => Part::Instructions,
        other => bail!("unknown part `{other}`: plans, rematch, quote, online or instructions"),
    })
}

fn peer(word: &str) -> Result<Peer> {
    Ok(match word {
        "vroom" => Peer::Vroom,
        "ortools" => Peer::OrTools,
        "postgis" => Peer::PostGis,
        other => bail!("unknown peer `{other}`: vroom, ortools, postgis or none"),
    })
}

/// Reads `120x150` or `busy:300x1200`.
fn size(word: &str) -> Result<Size> {
    let (shape, counts) = word.split_once(':').unwrap_or(("usual", word));
    let shape = match shape {
        "usual" => Shape::Usual,
        "busy" => Shape::Busy,
        "nation" => Shape::Nation,
        other => match ODD.into_iter().find(|odd| *odd == other) {
            Some(odd) => Shape::Odd(odd),
            None => bail!("unknown shape `{other}`: usual, busy, nation, {}", ODD.join(", ")),
        },
    };
    let (volunteers, gigs) = counts.split_once('x').with_context(|| format!("`{word}` is no size like 120x150"))?;
    let count = |text: &str| text.parse().with_context(|| format!("`{word}` is no size like 120x150"));
    Ok(Size { shape, volunteers: count(volunteers)?, gigs: count(gigs)? })
}

/// Reads `150ms` or `10s`.
fn duration(word: &str) -> Result<Duration> {
    let whole = |text: &str| text.parse::<u64>().with_context(|| format!("`{word}` is no time like 150ms or 10s"));
    match word.strip_suffix("ms") {
        Some(number) => Ok(Duration::from_millis(whole(number)?)),
        None => Ok(Duration::from_secs(whole(word.strip_suffix('s').unwrap_or(word))?)),
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Shape::Usual => "usual",
            Shape::Busy => "busy",
            Shape::Nation => "nation",
            Shape::Odd(word) => word,
        })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.shape != Shape::Usual {
            write!(out, "{} ", self.shape)?;
        }
        write!(out, "{} x {}", thousands(self.volunteers), thousands(self.gigs))
    }
}

/// `12000` as `12,000`.
pub(crate) fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut words = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options> {
        parse(&line.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn words_change_what_they_name_and_nothing_else() {
        let usual = parsed("").unwrap();
        let asked = parsed("--size busy:40x150,120x150 --seeds 7,8 --budgets 10s,150ms --peers vroom").unwrap();
        assert_eq!(asked.sizes[0], Size { shape: Shape::Busy, volunteers: 40, gigs: 150 });
        assert_eq!(asked.seeds, [7, 8]);
        assert_eq!(asked.budgets, [Duration::from_millis(150), Duration::from_secs(10)]);
        assert_eq!(asked.peers, [Peer::Vroom]);
        assert_eq!(asked.parts, usual.parts);
        assert_eq!(parsed("--peers none --only quote").unwrap().peers, []);
        let brought = parsed("--week a.json --week busy:40x150=b.json").unwrap().weeks;
        assert_eq!(brought, [(None, "a.json".into()), (Some(asked.sizes[0]), "b.json".into())]);
    }

    #[test]
    fn quick_is_small_and_leaves_the_repository_alone() {
        let quick = parsed("--quick --seeds 2").unwrap();
        assert!(quick.out.is_some() && quick.peers.is_empty());
        assert_eq!((quick.seeds, quick.parts), (vec![2], vec![Part::Plans, Part::Rematch]));
    }

    #[test]
    fn wrong_words_are_named() {
        for line in ["--fast", "--size 120", "--size odd:1x1", "--peers gurobi", "--budgets soon", "--only fun", "week"]
        {
            assert!(parsed(line).is_err(), "{line}");
        }
    }

    #[test]
    fn sizes_read_like_the_targets() {
        assert_eq!(size("busy:300x1200").unwrap().to_string(), "busy 300 x 1,200");
        assert_eq!(size("100000x120000").unwrap().to_string(), "100,000 x 120,000");
        assert_eq!(size("languages:120x150").unwrap().to_string(), "languages 120 x 150");
    }
}
