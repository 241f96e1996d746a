//! Who may be asked now: able at that start, within what they agreed to, not on a gig, inside their hours.

use std::collections::BTreeSet;

use domain::asking::Asking;
use domain::{
    Assignment, AssignmentState, Channel, Gig, GigState, NetworkId, Offer, Reason, Scope, Timestamp, Volunteer,
    VolunteerId,
};
use matching::offer_policy::Beyond;
use store::Filter;

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

impl Dispatch {
    /// Looks for those who may be asked for a gig at the asking's start.
    pub(super) async fn field(
        &self,
        live: &Live,
        scope: &Scope,
        gig: &Gig,
        asking: &Asking,
        made: &[Offer],
        now: Timestamp,
    ) -> Result<Field, Error> {
        let fixed =
            Gig { start: Some(asking.start), windows: gig.span(asking.start).into_iter().collect(), ..gig.clone() };
        let times = self.times(self.wanted(|_| ways(live, scope, gig, now)), now).await?;
        let able = look(live, scope, &fixed, now, times.clone())?;
        let people: BTreeSet<&VolunteerId> = able.iter().map(|one| &one.volunteer.id).collect();
        let asked: BTreeSet<&VolunteerId> = made.iter().map(|offer| &offer.volunteer).collect();
        let mut field = Field { beyond: beyond(live, scope, gig, people.len(), now, &times), ..Field::default() };
        for id in people {
            let ways: Vec<&QuotedVolunteer> = able.iter().filter(|one| one.volunteer.id == *id).collect();
            let volunteer = &ways[0].volunteer;
            // An hour that somebody named for this gig is a new question.
            let named = gig.other_hours.iter().any(|other| other.volunteer == *id && other.start == asking.start);
            if (asked.contains(id) && !named) || is_open(made, id) || !reads(volunteer) {
                continue;
            }
            let travel_s = u32::try_from(ways[0].travel_s).unwrap_or(u32::MAX);
            let question = Asked { gig: &fixed, volunteer, start: asking.start, travel_s, is_invited: false };
            let past = self.past(&gig.network, id, now).await?;
            if let Err(refusal) = limits::judge(&question, &past, now) {
                if refusal.reason == Reason::ContactBudgetSpent {
                    let from = volunteer.contact.next_message_time(limits::next_week(now));
                    field.more_from = Some(field.more_from.map_or(from, |known| known.min(from)));
                }
                continue;
            }
            let own = live.assignments_of(id);
            let free_from = busy_until(own, now).unwrap_or(now);
            let from = volunteer.contact.next_message_time(free_from);
            if from > now {
                field.more_from = Some(field.more_from.map_or(from, |known| known.min(from)));
                continue;
            }
            let completed = own.iter().filter(|one| one.state == AssignmentState::Completed);
            let last = completed.map(|one| one.span.end()).max();
            field.ready.push(Ready {
                volunteer: id.clone(),
                slots: ways.iter().map(|one| one.slot).collect(),
                travel_s,
                days_since_gig: last.map(|end| u32::try_from(now.duration_since(end).as_hours() / 24).unwrap_or(0)),
                knows_seeker: ways[0].terms.iter().any(|term| term.code == "FAMILIAR" && term.milli > 0),
                channel: volunteer.contact.channels.first().copied(),
            });
        }
        Ok(field)
    }

    /// The offers a volunteer has had lately.
    async fn past(&self, network: &NetworkId, id: &VolunteerId, now: Timestamp) -> Result<Vec<Offer>, Error> {
        let since = days_before(now, limits::FAR_REST_DAYS);
        Ok(self.db.read().await?.offers_of_volunteer(network, id, since).await?)
    }

    /// What the area of a gig may still be asked: its gigs and asks of the last week beside the network's.
    pub(super) async fn week_of_area(
        &self,
        gig: &Gig,
        asks: &[domain::GigId],
        now: Timestamp,
    ) -> Result<matching::offer_policy::area::Week, Error> {
        let lately = Filter::any().between(days_before(now, 7), now + jiff::SignedDuration::from_hours(24 * 7));
        let gigs = self.db.read().await?.all::<Gig>(&gig.network, &lately).await?;
        let area = |gig: &Gig| gig.place.as_ref().and_then(|place| place.locality.clone());
        let here: Vec<&Gig> = gigs.iter().filter(|other| area(other) == area(gig)).collect();
        let ids: BTreeSet<&domain::GigId> = here.iter().map(|gig| &gig.id).collect();
        Ok(matching::offer_policy::area::Week {
            gigs: here.len().max(1),
            asks: asks.iter().filter(|id| ids.contains(id)).count(),
            filled: filled(here.iter().copied()),
            filled_in_network: filled(gigs.iter()),
        })
    }
}

/// Share of the gigs that are over, or no longer looked for, that were filled; one where there is none.
fn filled<'g>(gigs: impl Iterator<Item = &'g Gig>) -> f64 {
    let (mut yes, mut all) = (0_u32, 0_u32);
    for gig in gigs {
        let is_filled = matches!(gig.state, GigState::Filled | GigState::InProgress | GigState::Completed);
        all += u32::from(is_filled || gig.state == GigState::Unmet);
        yes += u32::from(is_filled);
    }
    if all == 0 { 1.0 } else { f64::from(yes) / f64::from(all) }
}

/// Who could come, best first.
fn look(live: &Live, scope: &Scope, gig: &Gig, now: Timestamp, times: Times) -> Result<Vec<QuotedVolunteer>, Error> {
    let is_short = gig.other_hours.is_empty();
    let quick = if is_short { quick(live, scope, gig, now, LOOKED_AT, &times) } else { None };
    let quote = quick.map_or_else(|| whole(live, scope, gig.clone(), now, LOOKED_AT, times), Ok)?;
    Ok(quote.candidates)
}

/// What could be had if those at this start run out: people at other starts of the gig's windows, an association's coordinator.
fn beyond(live: &Live, scope: &Scope, gig: &Gig, at_start: usize, now: Timestamp, times: &Times) -> Beyond {
    let at_any = || quick(live, scope, gig, now, 1, times).map_or(0, |quote| quote.able as usize);
    let any = if gig.start.is_none() { at_any() } else { 0 };
    Beyond { wider_radius: 0, other_time: any.saturating_sub(at_start), coordinator: gig.association.is_some() }
}

fn is_open(made: &[Offer], id: &VolunteerId) -> bool {
    made.iter().any(|offer| offer.volunteer == *id && offer.state.is_open())
}

/// Whether somebody reads messages at all: who wants to be rung up is rung up by a person.
fn reads(volunteer: &Volunteer) -> bool {
    volunteer.contact.channels.iter().any(|channel| *channel != Channel::Phone)
}

/// The end of the gig that somebody is on now.
fn busy_until(own: &[std::sync::Arc<Assignment>], now: Timestamp) -> Option<Timestamp> {
    let on = own.iter().filter(|one| one.state.is_active() && one.span.start() <= now && now < one.span.end());
    on.map(|one| one.span.end()).max()
}
