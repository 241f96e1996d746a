//! Calls: gigs without a place, which anybody could take wherever they live.

use std::collections::BTreeMap;

use super::tiling::Tiling;
use crate::{eligibility, problem::Problem};

/// Kind, skills, languages and least age that calls ask for.
pub(super) type Sort = (u32, Vec<u64>, Vec<u64>, Option<u32>);

/// What an open call asks for.
pub(super) fn sort(whole: &Problem, gig: usize) -> Sort {
    let gigs = &whole.gigs;
    let skills = whole.slot_skills(gig, usize::from(gigs.needs.row(gig)[0].slot)).to_vec();
    (gigs.kind[gig], skills, gigs.languages.row(gig).to_vec(), gigs.min_age[gig])
}

/// Calls handed out to tiles in proportion to those who could take them.
pub(super) struct Calls {
    tiles: usize,
    /// For each sort of call: who could take it, and how many have been handed out, by tile.
    sorts: BTreeMap<Sort, Vec<(u64, u64)>>,
}

impl Calls {
    pub(super) fn new(tiles: usize) -> Self {
        Self { tiles, sorts: BTreeMap::new() }
    }

    pub(super) fn tile(&mut self, whole: &Problem, tiling: &Tiling, gig: usize) -> usize {
        let shares = self.sorts.entry(sort(whole, gig)).or_insert_with(|| {
            let slot = usize::from(whole.gigs.needs.row(gig)[0].slot);
            let could = |&&volunteer: &&u32| eligibility::suits(whole, volunteer as usize, gig, slot);
            tiling.tiles.iter().map(|tile| (tile.iter().filter(could).count() as u64, 0)).collect()
        });
        // The tile with the most people for each call it would have then.
        let best = (0..self.tiles).max_by(|&a, &b| {
            let (a_share, b_share) = (shares[a], shares[b]);
            (a_share.0 * (b_share.1 + 1)).cmp(&(b_share.0 * (a_share.1 + 1))).then(b.cmp(&a))
        });
        let best = best.unwrap_or(0);
        shares[best].1 += 1;
        best
    }
}
