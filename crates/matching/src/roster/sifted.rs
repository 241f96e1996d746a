//! Those beside one gig of whom the rules must be asked, where columns already tell of the rest: what an explanation of a nation is made
//! from.

use std::collections::HashMap;

use super::bits::Some64;
use super::block::Block;
use super::look::{Look, Somebody, somebody};
use super::{Ask, Roster};
use crate::eligibility::Rule;
use crate::explain::Away;
use crate::problem::{CompileError, Problem};

/// Rows of a block by the rule that they surely break at any hour, in the order in which rules are told.
type Broken = [(Rule, Some64); 7];

/// Who is asked about, and whom columns leave out.
struct Sifting<'a> {
    look: Look<'a>,
    /// Those from whose neighbourhoods somebody might come, by block; none where there is no way.
    near: Option<HashMap<usize, Box<Some64>>>,
    away: Away,
    /// Those of whom the rules must be asked.
    asked: Vec<Somebody<'a>>,
    /// Those who break the rule of the way and may break no other, with the seconds that their way is too long.
    too_far: Vec<(i64, Somebody<'a>)>,
}

impl Roster {
    /// As [`everybody`](Self::everybody), without those of whom columns tell enough: who breaks two rules at any hour and so misses by
    /// more than one change, and who only lives too far away, but for the `far_max` nearest of these. They are counted.
    ///
    /// # Errors
    /// As [`Problem::compile`] for a gig or promises that contradict themselves.
    pub fn sifted(&self, ask: &Ask, far_max: usize) -> Result<Option<(Problem, Away)>, CompileError> {
        if !self.horizon.holds(ask.within) {
            return Ok(None);
        }
        let alone = self.alone(ask)?;
        let Some(look) = Look::new(self, ask, &alone).filter(|look| !look.sieve.needed.is_empty()) else {
            return Ok(self.everybody(ask)?.map(|problem| (problem, Away::default())));
        };
        // By a table of times nobody is known to be too far away before it is asked.
        let place = look.place.filter(|_| !look.ruler.is_rough());
        let near = place.map(|place| self.near(place).collect());
        let mut sifting = Sifting { look, near, away: Away::default(), asked: Vec::new(), too_far: Vec::new() };
        for (number, mut members) in self.members() {
            sifting.look.sieve.keep_own(&self.blocks[number], &mut members);
            sifting.sift(number, &members);
        }
        let Sifting { mut away, mut asked, mut too_far, .. } = sifting;
        if too_far.len() > far_max {
            too_far.select_nth_unstable_by_key(far_max, |(extra_s, who)| (*extra_s, who.number));
            too_far.drain(far_max..).for_each(|(extra_s, _)| away.add_too_far(extra_s));
        }
        asked.extend(too_far.into_iter().map(|(_, who)| who));
        Ok(Some((Problem::compile_for_rules(&self.gathered(ask, &asked))?, away)))
    }
}

impl<'a> Sifting<'a> {
    /// Sifts the members of a block.
    fn sift(&mut self, number: usize, members: &Some64) {
        let roster = self.look.roster;
        let block = roster.blocks[number].as_ref();
        let broken = self.broken(number, block, members);
        let (mut once, mut twice) = (Some64::NONE, Some64::NONE);
        for (_, rows) in &broken {
            let mut again = once;
            again.and_some(rows);
            twice.or_some(&again);
            once.or_some(rows);
        }
        let mut sure = *members;
        sure.drop(&block.whole);
        sure.drop_some(&self.look.named(number));
        sure.drop_some(&self.doubtful(block, members, &broken));
        let mut away = twice;
        away.and_some(&sure);
        let mut asked = *members;
        asked.drop_some(&away);
        for (rule, rows) in &broken {
            let mut here = away;
            here.and_some(rows);
            away.drop_some(rows);
            self.away.add(*rule, here.count());
            if *rule == Rule::TravelLimit {
                let mut only = *rows;
                only.and_some(&sure);
                only.drop_some(&twice);
                asked.drop_some(&only);
                only.rows().for_each(|at| self.add_too_far(somebody(roster, number, at)));
            }
        }
        self.asked.extend(asked.rows().map(|at| somebody(roster, number, at)));
    }

    /// Who surely breaks which rule at any hour and in every open slot.
    fn broken(&self, number: usize, block: &Block, members: &Some64) -> Broken {
        let sieve = &self.look.sieve;
        let those_not = |keep: &dyn Fn(&mut Some64)| {
            let (mut kept, mut rest) = (*members, *members);
            keep(&mut kept);
            rest.drop_some(&kept);
            rest
        };
        [
            (Rule::Standing, those_not(&|some| some.and(&block.active))),
            (Rule::Kind, those_not(&|some| sieve.keep_willing(block, some))),
            (Rule::Skill, those_not(&|some| *some = sieve.skilled(block, some, true))),
            (Rule::Language, those_not(&|some| sieve.keep_speaking(block, some))),
            (Rule::Age, those_not(&|some| sieve.keep_old_enough(block, some))),
            (Rule::TravelLimit, those_not(&|some| self.keep_near(number, block, some))),
            (Rule::Availability, those_not(&|some| some.and_some(&sieve.around(block)))),
        ]
    }

    /// Drops those who surely live too far away.
    fn keep_near(&self, number: usize, block: &Block, some: &mut Some64) {
        let Some(near) = &self.near else { return };
        match near.get(&number) {
            Some(near) => some.and_some(near),
            None => *some = Some64::NONE,
        }
        some.keep(|at| !self.look.is_beyond(&block.rows[at]));
    }

    /// Whose skills may tell on them or not: they are held for a time, and no rule that is told before them is broken.
    fn doubtful(&self, block: &Block, members: &Some64, broken: &Broken) -> Some64 {
        let mut doubtful = self.look.sieve.skilled(block, members, true);
        doubtful.drop_some(&self.look.sieve.skilled(block, members, false));
        let before = broken.iter().take_while(|(rule, _)| *rule != Rule::Skill);
        before.for_each(|(_, rows)| doubtful.drop_some(rows));
        doubtful
    }

    /// Takes in somebody who breaks the rule of the way, and no other that columns know of.
    fn add_too_far(&mut self, who: Somebody<'a>) {
        let extra_s = self.look.extra_s(who.row).filter(|_| !self.look.has_no_start_at_all(who));
        match extra_s {
            Some(extra_s) => self.too_far.push((extra_s, who)),
            // Without a home, or with no start however far they went, no one change is enough.
            None => self.away.add(Rule::TravelLimit, 1),
        }
    }
}
