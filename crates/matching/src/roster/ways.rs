//! Which ways an answer may hang on, asked before the answer: between the gig's place and those who may come, and around what these have
//! promised already.

use std::collections::{BTreeMap, BTreeSet};

use super::look::Look;
use super::row::{Kept, Row};
use super::{Ask, Roster};
use crate::{
    snapshot::Point,
    travel::{Block, Bounds, Spot},
};

/// Most cells on either side of a block of several people's own ways: they are asked for together.
const OWN_CELLS_MAX: usize = 64;

impl Roster {
    /// The ways that the answer to a question may hang on; none without [bounds](Self::with_bounds), or if the question cannot be
    /// answered here.
    #[must_use]
    pub fn ways(&self, ask: &Ask) -> Vec<Block> {
        let Some(bounds) = self.bounds.as_ref().filter(|_| self.horizon.holds(ask.within)) else { return Vec::new() };
        let Ok(alone) = self.alone(ask) else { return Vec::new() };
        let Some(look) = Look::new(self, ask, &alone) else { return Vec::new() };
        let mut gathered = Gathered { bounds, ask, by_speed: BTreeMap::new() };
        look.each_near(|row, promises| gathered.add(row, promises));
        gathered.blocks()
    }
}

/// The cells of one mode.
#[derive(Debug, Default)]
struct Mode {
    /// From which somebody may come to the gig.
    out: BTreeSet<u64>,
    /// To which somebody may go from it.
    back: BTreeSet<u64>,
    /// Whole blocks of people's own ways.
    own: Vec<(BTreeSet<u64>, BTreeSet<u64>)>,
}

struct Gathered<'a> {
    bounds: &'a Bounds,
    ask: &'a Ask,
    by_speed: BTreeMap<u32, Mode>,
}

impl Gathered<'_> {
    fn cell(&self, point: Option<Point>) -> Option<u64> {
        point.and_then(|point| self.bounds.cell(Spot::from(point)))
    }

    fn add(&mut self, row: &Row, promises: &[&Kept]) {
        let (home, speed_dkmh) = match row.whole() {
            Some(whole) => (whole.home, whole.speed_dkmh),
            None => (row.home(), u32::from(row.speed_dkmh)),
        };
        if self.bounds.speeds_dkmh().all(|known| known != speed_dkmh) {
            return;
        }
        let home = self.cell(home);
        let (mut from, mut to): (BTreeSet<u64>, BTreeSet<u64>) =
            (home.into_iter().collect(), home.into_iter().collect());
        for kept in promises {
            to.extend(self.cell(kept.gig.place));
            from.extend(self.cell(kept.gig.place.and(kept.gig.destination).or(kept.gig.place)));
        }
        let mode = self.by_speed.entry(speed_dkmh).or_default();
        if !promises.is_empty() {
            match mode.own.last_mut().filter(|(own, _)| own.len() < OWN_CELLS_MAX) {
                Some((own_from, own_to)) => {
                    own_from.extend(&from);
                    own_to.extend(&to);
                }
                None => mode.own.push((from.clone(), to.clone())),
            }
        }
        mode.out.append(&mut from);
        mode.back.append(&mut to);
    }

    fn blocks(self) -> Vec<Block> {
        let gig = &self.ask.gig;
        let (place, end) = (self.cell(gig.place), self.cell(gig.place.and(gig.destination).or(gig.place)));
        let of_mode = |(speed_dkmh, mode): (u32, Mode)| {
            let whole = [Block::new(speed_dkmh, mode.out, place), Block::new(speed_dkmh, end, mode.back)];
            whole.into_iter().chain(mode.own.into_iter().map(move |(from, to)| Block::new(speed_dkmh, from, to)))
        };
        self.by_speed.into_iter().flat_map(of_mode).filter(|block| block.pairs() > 0).collect()
    }
}
