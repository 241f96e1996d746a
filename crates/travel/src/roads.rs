//! The one that is asked: straight line, file or OSRM, with what is remembered and what happens when nobody answers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::stream::{self, StreamExt as _};
use jiff::Timestamp;
use matching::travel::{Block, Bounds, Entry, Table};

use crate::cache::{Cache, Way};
use crate::osrm::{Osrm, OsrmOptions};
use crate::{Error, Matrix, Mode};

/// A service that failed is left alone for so many seconds.
const REST_S: i64 = 5;
/// Most blocks of one call that are asked about at the same time.
const BLOCKS_AT_ONCE: usize = 6;
/// Cells are never made coarser than this (edges of 1.4 km).
const COARSEST: u8 = 7;

/// What happens when nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fallback {
    /// The straight line holds, and the answer says that it does.
    #[default]
    Straight,
    /// The call fails.
    Refuse,
}

/// How roads are asked and what is remembered.
#[derive(Debug, Clone, PartialEq)]
pub struct RoadsOptions {
    /// H3 resolution of the cells between which times are asked: 10 has edges of some 70 m.
    pub cell_resolution: u8,
    /// What happens when nobody answers.
    pub fallback: Fallback,
    /// Most pairs of one answer; a plan that needs more is measured between larger cells.
    pub pairs_max: usize,
    /// Most pairs that are remembered, some 50 bytes each.
    pub cache_pairs: usize,
    /// How long they are believed, in seconds.
    pub cache_s: i64,
    /// How the service is asked.
    pub osrm: OsrmOptions,
}

impl Default for RoadsOptions {
    fn default() -> Self {
        Self {
            cell_resolution: 10,
            fallback: Fallback::Straight,
            pairs_max: 2_000_000,
            cache_pairs: 4_000_000,
            cache_s: 24 * 3_600,
            osrm: OsrmOptions::default(),
        }
    }
}

/// What is known of the ways that were asked about.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The times; none where the straight line is the measure of all.
    pub table: Option<Arc<Table>>,
    /// How many ways are measured as straight lines because nobody answered: 0 if all is well.
    pub estimated: usize,
    /// How many ways lead off the map of the service, and are measured as straight lines: all of them where a file tells of none.
    pub off_map: usize,
}

/// Which ways a plan needs, between cells of which size.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanQuestion {
    bounds: Bounds,
    blocks: Vec<Block>,
}

/// Somebody who knows how long ways take. Cloned freely.
#[derive(Debug, Clone)]
pub struct Roads(Arc<Source>);

#[derive(Debug)]
enum Source {
    Straight,
    File(Arc<Table>),
    Service(Box<Service>),
}

#[derive(Debug)]
struct Service {
    bounds: Bounds,
    modes: Vec<Mode>,
    client: Osrm,
    options: RoadsOptions,
    cache: Mutex<Cache>,
    /// Until when a service is left alone, by its address; seconds.
    resting: Mutex<HashMap<String, i64>>,
}

impl Default for Roads {
    fn default() -> Self {
        Self::straight()
    }
}

impl Roads {
    /// Straight lines times a detour.
    #[must_use]
    pub fn straight() -> Self {
        Self(Arc::new(Source::Straight))
    }

    /// The times of a file; the straight line where it says nothing.
    #[must_use]
    pub fn file(matrix: Matrix) -> Self {
        Self(Arc::new(Source::File(Arc::new(matrix.into_table()))))
    }

    /// An OSRM service for each of these modes; others go in straight lines. Nothing is asked yet.
    ///
    /// # Errors
    /// [`Error::Address`] or [`Error::Options`] for what can never be asked.
    pub fn osrm(modes: Vec<Mode>, options: RoadsOptions) -> Result<Self, Error> {
        modes.iter().try_for_each(Osrm::check)?;
        let fastest: Vec<(u32, u32)> = modes.iter().map(|mode| (mode.speed_dkmh, mode.fastest_dkmh)).collect();
        let bounds = Bounds::new(options.cell_resolution, &fastest)
            .filter(|bounds| (COARSEST..=12).contains(&bounds.resolution()))
            .ok_or_else(|| Error::Options(format!("travel.cell_resolution must be {COARSEST} to 12")))?;
        if options.cache_pairs / 2 < options.pairs_max {
            return Err(Error::Options("travel.cache_pairs must be at least twice travel.pairs_max".to_owned()));
        }
        if options.pairs_max == 0 {
            return Err(Error::Options("travel.pairs_max must be at least 1".to_owned()));
        }
        if let Some(mode) = modes.iter().find(|mode| mode.fastest_dkmh < mode.speed_dkmh) {
            let (name, speed) = (&mode.name, f64::from(mode.speed_dkmh) / 10.0);
            return Err(Error::Options(format!(
                "travel.{name}_fastest_kmh must be at least {speed}: who is farther away than that is not looked for"
            )));
        }
        let client = Osrm::new(options.osrm.clone())?;
        let cache = Mutex::new(Cache::new(options.cache_pairs, options.cache_s));
        let resting = Mutex::default();
        Ok(Self(Arc::new(Source::Service(Box::new(Service { bounds, modes, client, options, cache, resting })))))
    }

    /// What tables are about; none where straight lines are the measure of all.
    #[must_use]
    pub fn bounds(&self) -> Option<&Bounds> {
        match &*self.0 {
            Source::Straight => None,
            Source::File(table) => Some(table.bounds()),
            Source::Service(service) => Some(&service.bounds),
        }
    }

    /// How many pairs are remembered.
    #[must_use]
    pub fn remembered(&self) -> usize {
        match &*self.0 {
            Source::Service(service) => service.cache().len(),
            Source::Straight | Source::File(_) => 0,
        }
    }

    /// The times of the ways of these blocks, which are of [`bounds`](Self::bounds).
    ///
    /// # Errors
    /// Why they are not to be had, if the operator wishes no straight lines instead ([`Fallback::Refuse`]).
    pub async fn ask(&self, blocks: &[Block], now: Timestamp) -> Result<Known, Error> {
        match &*self.0 {
            Source::Straight => Ok(Known::default()),
            Source::File(table) => {
                let off_map = if blocks.iter().any(|block| table.tells_of(block)) { 0 } else { pairs(blocks) };
                Ok(Known { table: Some(Arc::clone(table)), off_map, ..Known::default() })
            }
            // Boxed: whoever has no service does not carry its room about.
            Source::Service(service) => Box::pin(service.ask(&service.bounds, blocks, now)).await,
        }
    }

    /// The question for a whole plan: `blocks` says which ways it needs between cells of some size; the smallest cells are taken that
    /// need no more pairs than are allowed; a file is asked between its own. None where straight lines are the measure of all.
    #[must_use]
    pub fn plan_question(&self, blocks: impl Fn(&Bounds) -> Vec<Block>) -> Option<PlanQuestion> {
        let service = match &*self.0 {
            Source::Straight => return None,
            Source::File(table) => {
                return Some(PlanQuestion { blocks: blocks(table.bounds()), bounds: table.bounds().clone() });
            }
            Source::Service(service) => service,
        };
        let finest = service.bounds.resolution();
        let (mut bounds, mut asked) = (service.bounds.clone(), blocks(&service.bounds));
        for resolution in (COARSEST..finest).rev() {
            if pairs(&asked) <= service.options.pairs_max {
                break;
            }
            let Some(coarser) = bounds.at(resolution) else { break };
            (asked, bounds) = (blocks(&coarser), coarser);
        }
        if bounds.resolution() < finest {
            let (resolution, pairs) = (bounds.resolution(), pairs(&asked));
            tracing::info!(resolution, pairs, "a plan is measured between larger cells");
        }
        Some(PlanQuestion { bounds, blocks: asked })
    }

    /// The times for a whole plan.
    ///
    /// # Errors
    /// As [`ask`](Self::ask).
    pub async fn ask_plan(&self, question: Option<PlanQuestion>, now: Timestamp) -> Result<Known, Error> {
        match (&*self.0, question) {
            (Source::Service(service), Some(PlanQuestion { bounds, blocks })) => {
                service.ask(&bounds, &blocks, now).await
            }
            (_, question) => self.ask(&question.map(|asked| asked.blocks).unwrap_or_default(), now).await,
        }
    }

    /// What is remembered of some ways, without asking anybody: between the smallest cells for which all of them are, else for which most
    /// are. A plan may have been measured between larger cells than a quote.
    #[must_use]
    pub fn remember(&self, blocks: impl Fn(&Bounds) -> Vec<Block>, now: Timestamp) -> Option<Arc<Table>> {
        let service = match &*self.0 {
            Source::Straight => return None,
            Source::File(table) => return Some(Arc::clone(table)),
            Source::Service(service) => service,
        };
        let mut best: Option<(usize, Bounds, Vec<Entry>)> = None;
        for resolution in (COARSEST..=service.bounds.resolution()).rev() {
            let Some(bounds) = service.bounds.at(resolution) else { continue };
            let mut entries = Vec::new();
            let asked = blocks(&bounds);
            let missing = asked.iter().map(|block| service.look_up(block, now, &mut entries).0.pairs()).sum();
            if best.as_ref().is_none_or(|(fewest, ..)| missing < *fewest) {
                best = Some((missing, bounds, entries));
            }
            if missing == 0 {
                break;
            }
        }
        best.map(|(_, bounds, entries)| Arc::new(Table::new(bounds, entries)))
    }
}

fn pairs(blocks: &[Block]) -> usize {
    blocks.iter().map(Block::pairs).sum()
}

impl Service {
    async fn ask(&self, bounds: &Bounds, blocks: &[Block], now: Timestamp) -> Result<Known, Error> {
        let mut known = Known::default();
        let mut entries = Vec::new();
        let most = self.options.pairs_max;
        let is_too_much = pairs(blocks) > most;
        if is_too_much {
            let error = Error::TooMany { pairs: pairs(blocks), most };
            known.estimated = pairs(blocks);
            self.tell(error)?;
        }
        let mut asked = Vec::new();
        for block in blocks.iter().filter(|_| !is_too_much) {
            let (missing, off_map) = self.look_up(block, now, &mut entries);
            known.off_map += off_map;
            let mode = self.modes.iter().find(|mode| mode.speed_dkmh == block.speed_dkmh);
            if let Some(mode) = mode.filter(|_| missing.pairs() > 0) {
                asked.push((mode, missing));
            }
        }
        // Ways there and back, on foot and by car, are asked side by side: whoever waits, waits for the slowest, not for the sum.
        let fetched: Vec<_> = asked.iter().map(|(mode, missing)| self.fetch(mode, missing, now)).collect();
        let fetched: Vec<_> = stream::iter(fetched).buffered(BLOCKS_AT_ONCE).collect().await;
        for ((_, missing), result) in asked.iter().zip(fetched) {
            match result {
                Ok(off_map) => {
                    known.off_map += off_map;
                    // What many others asked for at the same moment may have taken its room.
                    let (still, _) = self.look_up(missing, now, &mut entries);
                    known.estimated += still.pairs();
                }
                Err(error) => {
                    known.estimated += missing.pairs();
                    self.tell(error)?;
                }
            }
        }
        if known.off_map > 0 {
            tracing::warn!(
                ways = known.off_map,
                "ways lead off the map of road times and are measured as straight lines"
            );
        }
        known.table = Some(Arc::new(Table::new(bounds.clone(), entries)));
        Ok(known)
    }

    /// Asks for a block and remembers it; answers how many of its ways lead off the map.
    async fn fetch(&self, mode: &Mode, block: &Block, now: Timestamp) -> Result<usize, Error> {
        let url = || mode.url.clone();
        if self.resting().get(&mode.url).is_some_and(|until| now.as_second() < *until) {
            return Err(Error::Resting { url: url() });
        }
        let told = self.client.ask(mode, block).await.inspect_err(|error| {
            if error.is_transient() {
                // Counted from the failure: the call may have waited for it as long as the rest takes.
                let waited_s =
                    if let Error::Late { limit, .. } = error { limit.as_secs_f64().ceil() as i64 } else { 0 };
                self.resting().insert(url(), now.as_second() + waited_s + REST_S);
            }
        })?;
        self.resting().remove(&mode.url);
        let mut cache = self.cache();
        let mut off_map = 0;
        for (from, to, way) in told {
            off_map += usize::from(way == Way::OffMap);
            cache.put((mode.speed_dkmh, from, to), way, now.as_second());
        }
        Ok(off_map)
    }

    /// Puts what is remembered of a block into `entries`; answers the smallest block that holds all the rest, and how many ways are known to
    /// lead off the map.
    fn look_up(&self, block: &Block, now: Timestamp, entries: &mut Vec<Entry>) -> (Block, usize) {
        let speed_dkmh = block.speed_dkmh;
        let mut cache = self.cache();
        let (mut from_missing, mut to_missing) = (Vec::new(), Vec::new());
        let mut off_map = 0;
        for &from in &block.from {
            for &to in block.to.iter().filter(|to| **to != from) {
                let seconds = match cache.get((speed_dkmh, from, to), now.as_second()) {
                    Some(Way::Seconds(seconds)) => Some(seconds),
                    Some(Way::None) => None,
                    Some(Way::OffMap) => {
                        off_map += 1;
                        continue;
                    }
                    None => {
                        from_missing.push(from);
                        to_missing.push(to);
                        continue;
                    }
                };
                entries.push(Entry { speed_dkmh, from, to, seconds });
            }
            from_missing.dedup();
        }
        (Block::new(speed_dkmh, from_missing, to_missing), off_map)
    }

    /// Tells what went wrong: as an error, or in the log where straight lines hold instead.
    fn tell(&self, error: Error) -> Result<(), Error> {
        if self.options.fallback == Fallback::Refuse {
            return Err(error);
        }
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        match error {
            // Has been told when it failed.
            Error::Resting { .. } => tracing::debug!(%error, "straight lines hold instead of road times"),
            error => tracing::warn!(%error, cause, "straight lines hold instead of road times"),
        }
        Ok(())
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn resting(&self) -> std::sync::MutexGuard<'_, HashMap<String, i64>> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};

    use domain::volunteer::TravelMode;

    use super::*;

    /// A port that nobody listens on.
    fn nobody() -> String {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        format!("http://{}", listener.local_addr().expect("an address"))
    }

    fn roads(fallback: Fallback, pairs_max: usize) -> Roads {
        let options = RoadsOptions { fallback, pairs_max, ..RoadsOptions::default() };
        Roads::osrm(vec![Mode::usual(TravelMode::Car, &nobody())], options).expect("options")
    }

    fn block(roads: &Roads) -> Block {
        let cell = |lon| {
            let at = matching::snapshot::Point { lat: 60.17, lon };
            roads.bounds().expect("cells").cell(at.into()).expect("a cell")
        };
        Block::new(350, [cell(24.93), cell(24.94)], [cell(24.95)])
    }

    #[tokio::test]
    async fn nobody_answering_is_told_and_never_silent() {
        let now = Timestamp::UNIX_EPOCH;
        let straight = roads(Fallback::Straight, 100);
        let known = straight.ask(&[block(&straight)], now).await.expect("straight lines");
        assert_eq!((known.estimated, known.table.map(|table| table.len())), (2, Some(0)));
        let refusing = roads(Fallback::Refuse, 100);
        let ask = [block(&refusing)];
        assert!(matches!(refusing.ask(&ask, now).await, Err(Error::Silent { .. })));
        assert!(matches!(refusing.ask(&ask, now).await, Err(Error::Resting { .. })), "left alone for a moment");
        let later = Timestamp::from_second(REST_S).expect("a time");
        assert!(matches!(refusing.ask(&ask, later).await, Err(Error::Silent { .. })), "and asked again");
    }

    /// A service that answers nobody before `callers` have asked, and then all of them: every way takes a minute.
    fn patient(callers: usize) -> (String, std::thread::JoinHandle<()>) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let answering = std::thread::spawn(move || {
            let asked = |_| {
                let (mut line, _) = listener.accept().expect("a caller");
                let (mut heard, mut piece) = (Vec::new(), [0; 1024]);
                while !heard.ends_with(b"\r\n\r\n") {
                    let more = line.read(&mut piece).expect("a question");
                    heard.extend_from_slice(&piece[..more]);
                }
                line
            };
            let waiting: Vec<_> = (0..callers).map(asked).collect();
            let body = r#"{"code":"Ok","durations":[[60]],"sources":[{"distance":0}],"destinations":[{"distance":0}]}"#;
            for mut line in waiting {
                let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                line.write_all((head + body).as_bytes()).expect("the caller listens");
            }
        });
        (url, answering)
    }

    #[tokio::test]
    async fn the_blocks_of_a_call_are_asked_side_by_side() {
        let (url, answering) = patient(2);
        let modes = [TravelMode::Walk, TravelMode::Car].map(|mode| Mode::usual(mode, &url));
        let roads = Roads::osrm(modes.to_vec(), RoadsOptions::default()).expect("options");
        let asked = block(&roads);
        let one_way = |speed_dkmh| Block::new(speed_dkmh, [asked.from[0]], [asked.to[0]]);
        let known = roads.ask(&[one_way(45), one_way(350)], Timestamp::UNIX_EPOCH).await.expect("times");
        answering.join().expect("it answered");
        assert_eq!((known.estimated, known.table.map(|table| table.len())), (0, Some(2)));
    }

    #[test]
    fn what_could_never_find_anybody_is_refused() {
        let car = Mode::usual(TravelMode::Car, &nobody());
        let usual = RoadsOptions::default;
        let no_time = OsrmOptions { timeout: std::time::Duration::ZERO, ..OsrmOptions::default() };
        for (mode, options, named) in [
            (Mode { fastest_dkmh: 0, ..car.clone() }, usual(), "travel.car_fastest_kmh"),
            (Mode { fastest_dkmh: 349, ..car.clone() }, usual(), "travel.car_fastest_kmh"),
            (car.clone(), RoadsOptions { pairs_max: 0, ..usual() }, "travel.pairs_max"),
            (car.clone(), RoadsOptions { osrm: no_time, ..usual() }, "travel.timeout_ms"),
        ] {
            let error = Roads::osrm(vec![mode], options).expect_err(named).to_string();
            assert!(error.contains(named), "{error}");
        }
        assert!(Roads::osrm(vec![Mode { fastest_dkmh: 350, ..car }], usual()).is_ok());
    }

    #[tokio::test]
    async fn who_hangs_is_waited_for_once_and_then_left_alone() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let timeout = std::time::Duration::from_millis(200);
        let options = RoadsOptions {
            fallback: Fallback::Refuse,
            osrm: OsrmOptions { timeout, ..OsrmOptions::default() },
            ..RoadsOptions::default()
        };
        let roads = Roads::osrm(vec![Mode::usual(TravelMode::Car, &url)], options).expect("options");
        let (ask, now) = ([block(&roads)], Timestamp::UNIX_EPOCH);
        assert!(matches!(roads.ask(&ask, now).await, Err(Error::Late { .. })));
        listener.set_nonblocking(true).expect("a listener");
        let callers = std::iter::from_fn(|| listener.accept().ok()).count();
        assert_eq!(callers, 1, "nobody is asked again when the time is over");
        let later = Timestamp::from_second(REST_S).expect("a time");
        assert!(matches!(roads.ask(&ask, later).await, Err(Error::Resting { .. })), "the rest begins with the failure");
    }

    #[tokio::test]
    async fn more_pairs_than_allowed_are_not_asked_for() {
        let refusing = roads(Fallback::Refuse, 1);
        let answer = refusing.ask(&[block(&refusing)], Timestamp::UNIX_EPOCH).await;
        assert!(matches!(answer, Err(Error::TooMany { pairs: 2, most: 1 })), "{answer:?}");
        let straight = roads(Fallback::Straight, 1);
        let known = straight.ask(&[block(&straight)], Timestamp::UNIX_EPOCH).await.expect("straight lines");
        assert_eq!(known.estimated, 2);
    }
}
