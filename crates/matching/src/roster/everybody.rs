//! Everybody beside one gig, for the rules to be asked of each in turn: what an explanation is made from.

use super::bits::ROWS;
use super::look::somebody;
use super::{Ask, Roster};
use crate::problem::{CompileError, Problem};

impl Roster {
    /// Everybody of whom a question asks, and whoever holds a slot of its gig, beside what they have promised; with the gig, as a
    /// snapshot of all of them has them. None if the question looks beyond the horizon.
    ///
    /// # Errors
    /// As [`Problem::compile`] for a gig or promises that contradict themselves.
    pub fn everybody(&self, ask: &Ask) -> Result<Option<Problem>, CompileError> {
        if !self.horizon.holds(ask.within) {
            return Ok(None);
        }
        // Nobody came through an association that is not known.
        let association = ask.association.as_ref().map(|name| self.associations.get(name).copied());
        let held: Vec<u32> = ask.held.iter().filter_map(|held| self.find(held.cell?, &held.volunteer)).collect();
        let numbers = self.groups.iter().flat_map(|group| group.members());
        let members = numbers.filter_map(|number| {
            let (block, at) = (number as usize / ROWS, number as usize % ROWS);
            let is_own = association.is_none_or(|own| own == Some(self.blocks[block].associations[at]));
            (is_own || held.contains(&number)).then(|| somebody(self, block, at))
        });
        let members: Vec<_> = members.collect();
        Problem::compile_for_rules(&self.gathered(ask, &members)).map(Some)
    }
}
