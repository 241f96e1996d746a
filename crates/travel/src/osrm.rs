//! Tables of an OSRM service: `GET /table/v1/{profile}/{coordinates}`, in blocks that it takes.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use h3o::{CellIndex, LatLng};
use hyper::Uri;
use matching::travel::Block;
use serde::Deserialize;

use crate::cache::Way;
use crate::http::{Answer, Http};
use crate::{Error, Mode};

/// Most coordinates of one question: OSRM closes the connection at addresses of some 40,000 characters.
const COORDINATES_MAX: usize = 800;
/// Questions on their way at once.
const AT_ONCE: usize = 4;

/// How a service is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct OsrmOptions {
    /// The service's `--max-table-size`: a question has at most its square of pairs.
    pub table_size: usize,
    /// How long an answer is waited for.
    pub timeout: Duration,
    /// A middle of a cell further than this many metres from any road lies off the service's map: the straight line holds there.
    pub off_map_m: f64,
}

impl Default for OsrmOptions {
    /// OSRM's own default of 100, one and a half seconds, two kilometres.
    fn default() -> Self {
        Self { table_size: 100, timeout: Duration::from_millis(1_500), off_map_m: 2_000.0 }
    }
}

/// A client of the services of all modes.
#[derive(Debug, Clone)]
pub(crate) struct Osrm {
    http: Http,
    options: OsrmOptions,
}

/// One way as it was told.
pub(crate) type Told = (u64, u64, Way);

impl Osrm {
    pub(crate) fn new(options: OsrmOptions) -> Result<Self, Error> {
        if options.table_size < 2 {
            return Err(Error::Options("travel.table_size must be at least 2".to_owned()));
        }
        if options.timeout.is_zero() {
            return Err(Error::Options("travel.timeout_ms must be at least 1".to_owned()));
        }
        Ok(Self { http: Http::new(options.timeout), options })
    }

    /// Refuses an address that cannot be asked.
    pub(crate) fn check(mode: &Mode) -> Result<(), Error> {
        let wrong = || Error::Address { url: mode.url.clone() };
        let uri: Uri = mode.url.parse().map_err(|_| wrong())?;
        let is_plain = uri.path_and_query().is_none_or(|path| path.as_str() == "/");
        if uri.scheme_str() != Some("http") || uri.host().is_none_or(str::is_empty) || !is_plain {
            return Err(wrong());
        }
        let is_word =
            !mode.profile.is_empty() && mode.profile.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
        if is_word { Ok(()) } else { Err(Error::Options(format!("{:?} is no name of a profile", mode.profile))) }
    }

    /// All ways of a block.
    pub(crate) async fn ask(&self, mode: &Mode, block: &Block) -> Result<Vec<Told>, Error> {
        let (rows, columns) = shape(block, self.options.table_size);
        let parts: Vec<(Vec<u64>, Vec<u64>)> = block
            .from
            .chunks(rows)
            .flat_map(|from| block.to.chunks(columns).map(move |to| (from.to_vec(), to.to_vec())))
            .collect();
        let answers =
            stream::iter(parts.into_iter().map(|(from, to)| self.table(mode, from, to))).buffer_unordered(AT_ONCE);
        let told: Vec<Vec<Told>> = answers.try_collect().await?;
        Ok(told.into_iter().flatten().collect())
    }

    async fn table(&self, mode: &Mode, from: Vec<u64>, to: Vec<u64>) -> Result<Vec<Told>, Error> {
        let uri = address(mode, &from, &to)?;
        let base = mode.url.as_str();
        self.http.ask(base, &uri, |answer| self.read(base, &answer, &from, &to)).await
    }

    /// What an answer says of each way.
    fn read(&self, base: &str, answer: &Answer, from: &[u64], to: &[u64]) -> Result<Vec<Told>, Error> {
        let malformed = |what: String| Error::Malformed { url: base.to_owned(), what };
        let table: Reply = match serde_json::from_slice(&answer.body) {
            Ok(reply) => reply,
            Err(_) if answer.status != 200 => Reply::default(),
            Err(error) => return Err(malformed(error.to_string())),
        };
        if table.code == "TooBig" {
            return Err(Error::TooBig { url: base.to_owned() });
        }
        if answer.status != 200 || table.code != "Ok" {
            let (url, message) = (base.to_owned(), table.message.chars().take(200).collect());
            return Err(Error::Refused { url, status: answer.status, code: table.code, message });
        }
        let fits = table.durations.len() == from.len() && table.durations.iter().all(|row| row.len() == to.len());
        if !fits || table.sources.len() != from.len() || table.destinations.len() != to.len() {
            return Err(malformed(format!("{} rows of durations for {} sources", table.durations.len(), from.len())));
        }
        let is_off = |end: &Snapped| end.distance > self.options.off_map_m;
        let mut told = Vec::with_capacity(from.len() * to.len());
        for ((&a, row), begins) in from.iter().zip(&table.durations).zip(&table.sources) {
            for ((&b, seconds), ends) in to.iter().zip(row).zip(&table.destinations) {
                let way = match seconds {
                    _ if is_off(begins) || is_off(ends) => Way::OffMap,
                    None => Way::None,
                    Some(seconds) if *seconds >= 0.0 && *seconds < 1e9 => Way::Seconds((seconds.ceil() as u32).max(1)),
                    Some(seconds) => return Err(malformed(format!("a way of {seconds} s"))),
                };
                told.push((a, b, way));
            }
        }
        Ok(told)
    }
}

/// Rows and columns of one question about a block.
fn shape(block: &Block, table_size: usize) -> (usize, usize) {
    let pairs = table_size * table_size;
    let (short, long) = (block.from.len().min(block.to.len()), block.from.len().max(block.to.len()));
    let short = short.min(table_size).clamp(1, COORDINATES_MAX / 2);
    let long = long.min(pairs / short).clamp(1, COORDINATES_MAX - short);
    if block.from.len() <= block.to.len() { (short, long) } else { (long, short) }
}

/// `/table/v1/driving/26.7,60.8;26.9,60.9?sources=0&destinations=1&..`: sources first, then destinations.
fn address(mode: &Mode, from: &[u64], to: &[u64]) -> Result<Uri, Error> {
    let middle = |&cell: &u64| match CellIndex::try_from(cell) {
        Ok(cell) => {
            let at = LatLng::from(cell);
            Ok(format!("{:.6},{:.6}", at.lng(), at.lat()))
        }
        Err(_) => Err(Error::Options(format!("{cell:x} is no H3 cell"))),
    };
    let coordinates: Vec<String> = from.iter().chain(to).map(middle).collect::<Result<_, _>>()?;
    let numbers = |range: std::ops::Range<usize>| range.map(|n| n.to_string()).collect::<Vec<_>>().join(";");
    let text = format!(
        "{}/table/v1/{}/{}?sources={}&destinations={}&annotations=duration&generate_hints=false",
        mode.url.trim_end_matches('/'),
        mode.profile,
        coordinates.join(";"),
        numbers(0..from.len()),
        numbers(from.len()..from.len() + to.len()),
    );
    text.parse().map_err(|_| Error::Address { url: mode.url.clone() })
}

/// What OSRM answers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reply {
    code: String,
    message: String,
    durations: Vec<Vec<Option<f64>>>,
    sources: Vec<Snapped>,
    destinations: Vec<Snapped>,
}

/// Where a coordinate was put on the road.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Snapped {
    /// Metres from the coordinate.
    distance: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::volunteer::TravelMode;

    fn block(from: u64, to: u64) -> Block {
        Block::new(350, 0..from, 0..to)
    }

    #[test]
    fn a_question_never_has_more_pairs_or_coordinates_than_are_taken() {
        for (from, to) in [(1, 1), (1, 5_000), (5_000, 1), (50, 3_000), (3_000, 3_000), (99, 101), (100, 100)] {
            for size in [2, 4, 100, 1_000] {
                let (rows, columns) = shape(&block(from, to), size);
                assert!(rows >= 1 && columns >= 1);
                assert!(rows * columns <= size * size, "{from} x {to} at {size}: {rows} x {columns}");
                assert!(rows + columns <= COORDINATES_MAX, "{from} x {to} at {size}: {rows} x {columns}");
            }
        }
        assert_eq!(shape(&block(1, 5_000), 100), (1, 799), "one to many goes far in one question");
    }

    #[test]
    fn only_plain_addresses_and_names_are_asked() {
        let mode = |url: &str, profile: &str| Mode { profile: profile.to_owned(), ..Mode::usual(TravelMode::Car, url) };
        assert!(Osrm::check(&mode("http://osrm.example:5000/", "driving")).is_ok());
        for (url, profile) in [
            ("https://osrm.example", "driving"),
            ("osrm.example:5000", "driving"),
            ("http://osrm.example/path", "driving"),
            ("http://osrm.example", "a/b"),
            ("http://osrm.example", ""),
        ] {
            assert!(Osrm::check(&mode(url, profile)).is_err(), "{url} {profile}");
        }
    }
}
