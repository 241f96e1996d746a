//! Who may be asked now: able at that start, within what they agreed to, not on a gig, inside their hours.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::asking::Asking;
use domain::{
    Assignment, AssignmentState, Channel, ContactWeek, Gig, NetworkId, Offer, Reason, Scope, Timestamp, Volunteer,
    VolunteerId,
};
use matching::offer_policy::Beyond;

use super::tiredness::FADED_DAYS;
use crate::offers::limits::{self, Asked, days_before};
use crate::quote::{QuotedVolunteer, quick, ways, whole};
use crate::roster::live::Live;
use crate::ways::Times;
use crate::{Dispatch, Error};

/// Most people looked at for one gig: the best by score.
const LOOKED_AT: usize = 300;

/// Somebody who may be asked now.
#[derive(Debug, Clone)]
pub(super) struct Ready {
    pub(super) volunteer: VolunteerId,
    /// Slots they suit.
    pub(super) slots: Vec<u8>,
    pub(super) travel_s: u32,
    pub(super) days_since_gig: Option<u32>,
    /// When the gigs ended that they have done lately.
    pub(super) done: Vec<Timestamp>,
    pub(super) knows_seeker: bool,
    pub(super) channel: Option<Channel>,
}

/// Who may be asked now, and what else there is.
#[derive(Debug, Clone, Default)]
pub(super) struct Field {
    pub(super) ready: Vec<Ready>,
    /// When the next of those may be asked who may not be asked now.
    pub(super) more_from: Option<Timestamp>,
    pub(super) beyond: Beyond,
}

/// For what people are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    /// Whose volunteers may be asked.
    pub(super) scope: &'a Scope,
    pub(super) gig: &'a Gig,
    pub(super) asking: &'a Asking,
    /// The offers of the gig that were made so far.
    pub(super) made: &'a [Offer],
    /// Those who had a slot of the gig and are not asked for it again.
    pub(super) gone: &'a BTreeSet<VolunteerId>,
    pub(super) now: Timestamp,
}

impl Wanted<'_> {
    /// Whether somebody has been asked for this start, or has an open offer of the gig, or has given it back. An hour that somebody
    /// named for this gig is a new question.
    fn is_known(&self, id: &VolunteerId) -> bool {
        let is_named =
            self.gig.other_hours.iter().any(|other| other.volunteer == *id && other.start == self.asking.start);
        let is_asked = |offer: &Offer| offer.state.is_open() || (offer.start == self.asking.start && !is_named);
        self.gone.contains(id) || self.made.iter().any(|offer| offer.volunteer == *id && is_asked(offer))
    }
}

impl Dispatch {
    /// Looks for those who may be asked for a gig at the asking's start.
    pub(super) async fn field(&self, live: &Live, wanted: Wanted<'_>) -> Result<Field, Error> {
        let Wanted { scope, gig, asking, now, .. } = wanted;
        let windows = gig.span(asking.start).into_iter().collect();
        let fixed = Arc::new(Gig { start: Some(asking.start), windows, ..gig.clone() });
        let times = self.times(self.wanted(|_| ways(live, scope, gig, now)), now).await?;
        let able = look(live, scope, &fixed, now, times.clone())?;
        let mut people: BTreeMap<&VolunteerId, &QuotedVolunteer> =
            able.iter().map(|one| (&one.volunteer.id, one)).collect();
        let mut field = Field { beyond: beyond(live, scope, gig, people.len(), now, &times), ..Field::default() };
        people.retain(|id, one| !wanted.is_known(id) && reads(&one.volunteer));
        let past = self.past(&gig.network, &people.keys().copied().collect::<Vec<_>>(), now).await?;
        for (id, able) in people {
            let volunteer = &able.volunteer;
            let travel_s = u32::try_from(able.travel_s).unwrap_or(u32::MAX);
            let question = Asked { gig: &fixed, volunteer, start: asking.start, travel_s, is_invited: false };
            let past = past.get(id).map_or(&[][..], Vec::as_slice);
            if let Err(refusal) = limits::judge(&question, past, now) {
                if refusal.reason == Reason::ContactBudgetSpent {
                    let contact = &volunteer.contact;
                    let asks = past.iter().filter_map(|offer| offer.ask_time(contact));
                    let week = ContactWeek::before(contact.next_message_time(now));
                    if let Some(free) = week.free_from(contact.weekly_budget, asks) {
                        field.may_ask_from(contact.next_message_time(free));
                    }
                }
                continue;
            }
            let own = live.assignments_of(id);
            let free_from = busy_until(own, now).unwrap_or(now);
            let from = volunteer.contact.next_message_time(free_from);
            if from > now {
                field.may_ask_from(from);
                continue;
            }
            let completed = own.iter().filter(|one| one.state == AssignmentState::Completed);
            let ends = completed.map(|one| one.span.end());
            let last = ends.clone().max();
            let since = days_before(now, FADED_DAYS);
            field.ready.push(Ready {
                volunteer: id.clone(),
                slots: able.slots.clone(),
                travel_s,
                days_since_gig: last.map(|end| u32::try_from(now.duration_since(end).as_hours() / 24).unwrap_or(0)),
                done: ends.filter(|end| *end >= since).collect(),
                knows_seeker: able.terms.iter().any(|term| term.code == "FAMILIAR" && term.milli > 0),
                channel: volunteer.contact.channels.first().copied(),
            });
        }
        Ok(field)
    }

    /// The offers that volunteers have had lately, of all of them at once.
    async fn past(
        &self,
        network: &NetworkId,
        ids: &[&VolunteerId],
        now: Timestamp,
    ) -> Result<BTreeMap<VolunteerId, Vec<Offer>>, Error> {
        let mut past: BTreeMap<VolunteerId, Vec<Offer>> = BTreeMap::new();
        if ids.is_empty() {
            return Ok(past);
        }
        let since = days_before(now, limits::LOOK_BACK_DAYS);
        for offer in self.db.read().await?.offers_of_volunteers(network, ids, since).await? {
            past.entry(offer.volunteer.clone()).or_default().push(offer);
        }
        Ok(past)
    }
}

impl Field {
    /// Somebody may be asked from then on.
    fn may_ask_from(&mut self, from: Timestamp) {
        self.more_from = Some(self.more_from.map_or(from, |known| known.min(from)));
    }
}

/// Who could come, best first.
fn look(
    live: &Live,
    scope: &Scope,
    gig: &Arc<Gig>,
    now: Timestamp,
    times: Times,
) -> Result<Vec<QuotedVolunteer>, Error> {
    let is_short = !gig.has_own_hours();
    let quick = if is_short { quick(live, scope, gig, now, LOOKED_AT, &times) } else { None };
    let quote = quick.map_or_else(|| whole(live, scope, Arc::clone(gig), now, LOOKED_AT, times), Ok)?;
    Ok(quote.candidates)
}

/// What could be had if those at this start run out: people at other starts of the gig's windows, an association's coordinator.
fn beyond(live: &Live, scope: &Scope, gig: &Gig, at_start: usize, now: Timestamp, times: &Times) -> Beyond {
    let at_any = || quick(live, scope, &Arc::new(gig.clone()), now, 1, times).map_or(0, |quote| quote.able as usize);
    let any = if gig.start.is_none() { at_any() } else { 0 };
    Beyond { wider_radius: 0, other_time: any.saturating_sub(at_start), coordinator: gig.association.is_some() }
}

/// Whether somebody reads messages at all: who wants to be rung up is rung up by a person.
fn reads(volunteer: &Volunteer) -> bool {
    volunteer.contact.channels.iter().any(|channel| *channel != Channel::Phone)
}

/// The end of the gig that somebody is on now.
fn busy_until(own: &[Arc<Assignment>], now: Timestamp) -> Option<Timestamp> {
    let on = own.iter().filter(|one| one.state.is_active() && one.span.start() <= now && now < one.span.end());
    on.map(|one| one.span.end()).max()
}
