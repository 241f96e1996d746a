//! What is believed about a yes, learnt from every offer that ended: kept in memory, rebuilt from the offers themselves.
//!
//! The offers are the log; nothing else is stored. A process that starts reads those of the last months in the order of their last change
//! and arrives where the others are.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use domain::offer::{Expectation, OfferState};
use domain::{Channel, GigId, KindId, NetworkId, Offer, OfferId, Timestamp, VolunteerId, zone};
use jiff::SignedDuration;
use matching::offer_policy::{self, Acceptance, Fatigue, Features, Intercept, Lesson, Outcome, Prior};
use store::Database;

use crate::Error;
use crate::offers::limits::days_before;

/// How far back offers are read when nothing is known yet, in days.
const REMEMBERED_DAYS: i64 = 180;
/// Offers read at a time.
const PART: u32 = 5_000;
/// A millionth.
const PPM: f64 = 1e6;

/// The memories of all networks.
#[derive(Debug, Default)]
pub(crate) struct Memories {
    of_network: Mutex<HashMap<NetworkId, Arc<tokio::sync::Mutex<Option<Memory>>>>>,
}

/// What is known of one network's volunteers when they are asked.
#[derive(Debug, Clone)]
pub(crate) struct Memory {
    pub(crate) model: Acceptance,
    intercepts: BTreeMap<VolunteerId, Intercept>,
    fatigue: BTreeMap<VolunteerId, Fatigue>,
    /// How often somebody was asked about a kind, and said yes.
    kinds: BTreeMap<(VolunteerId, KindId), (u32, u32)>,
    /// Asks of the last 7 days, oldest first.
    week: VecDeque<(Timestamp, VolunteerId, GigId)>,
    /// Offers that were counted as asked, and those learnt from.
    asked: BTreeSet<OfferId>,
    ended: BTreeSet<OfferId>,
    /// Changes up to here are known.
    upto: Timestamp,
}

impl Memories {
    /// Brings the memory of a network up to date and lends it.
    pub(crate) async fn with<T>(
        &self,
        db: &Database,
        network: &NetworkId,
        now: Timestamp,
        look: impl FnOnce(&mut Memory) -> T,
    ) -> Result<T, Error> {
        let place = {
            let mut all = self.of_network.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(all.entry(network.clone()).or_default())
        };
        let mut place = place.lock().await;
        let memory = place.get_or_insert_with(|| Memory::new(now));
        memory.follow(db, network).await?;
        memory.forget(now);
        Ok(look(memory))
    }
}

impl Memory {
    fn new(now: Timestamp) -> Self {
        let since = days_before(now, REMEMBERED_DAYS);
        Self {
            model: Acceptance::new(Prior::default(), since.as_second()),
            intercepts: BTreeMap::new(),
            fatigue: BTreeMap::new(),
            kinds: BTreeMap::new(),
            week: VecDeque::new(),
            asked: BTreeSet::new(),
            ended: BTreeSet::new(),
            upto: since,
        }
    }

    /// Reads what has changed since.
    async fn follow(&mut self, db: &Database, network: &NetworkId) -> Result<(), Error> {
        loop {
            let part = {
                let mut tx = db.read().await?;
                tx.offers_changed_since(network, self.upto, PART).await?
            };
            let is_last = part.len() < PART as usize;
            let before = self.upto;
            for offer in &part {
                self.learn(offer);
                self.upto = self.upto.max(offer.meta.update_time);
            }
            // A part of one instant alone cannot be read further by time.
            if is_last || self.upto == before {
                return Ok(());
            }
        }
    }

    fn learn(&mut self, offer: &Offer) {
        let asked_s = offer.meta.create_time.as_second();
        if self.asked.insert(offer.id.clone()) {
            self.fatigue.entry(offer.volunteer.clone()).or_default().asked(asked_s);
            self.week.push_back((offer.meta.create_time, offer.volunteer.clone(), offer.gig.clone()));
            if let Some(kind) = &offer.kind {
                self.kinds.entry((offer.volunteer.clone(), kind.clone())).or_default().0 += 1;
            }
        }
        let outcome = match offer.state {
            OfferState::Accepted => Outcome::Yes,
            OfferState::Declined => Outcome::No,
            OfferState::Expired | OfferState::Withdrawn => Outcome::Silent,
            OfferState::Pending | OfferState::Sent | OfferState::Delivered => return,
        };
        if !self.ended.insert(offer.id.clone()) {
            return;
        }
        if outcome == Outcome::Yes
            && let Some(kind) = &offer.kind
        {
            self.kinds.entry((offer.volunteer.clone(), kind.clone())).or_default().1 += 1;
        }
        if offer.state == OfferState::Withdrawn && !offer.was_told() {
            return;
        }
        let Some(expectation) = &offer.expectation else { return };
        let ended = offer.answer_time.unwrap_or(offer.meta.update_time).as_second();
        let lesson = Lesson {
            features: features(offer, expectation),
            predicted: f64::from(expectation.yes_ppm) / PPM,
            asked_s,
            ended_s: ended.max(asked_s),
            outcome,
        };
        self.model.learn(self.intercepts.entry(offer.volunteer.clone()).or_default(), &lesson);
    }

    /// Lets go of asks that are over a week old.
    fn forget(&mut self, now: Timestamp) {
        let since = days_before(now, 7);
        self.week.retain(|(at, _, _)| *at >= since);
    }

    /// What is known of a volunteer who could be asked, and what to expect: the chance of a yes is still to be filled in.
    pub(crate) fn known(&self, volunteer: &VolunteerId, kind: &KindId) -> Expectation {
        let (kind_asked, kind_accepted) =
            self.kinds.get(&(volunteer.clone(), kind.clone())).copied().unwrap_or_default();
        let asked_in_week = self.week.iter().filter(|(_, who, _)| who == volunteer).count();
        Expectation {
            yes_ppm: 0,
            propensity_ppm: 1_000_000,
            kind_asked,
            kind_accepted,
            asked_in_week: u32::try_from(asked_in_week).unwrap_or(u32::MAX),
            days_since_gig: None,
            knows_seeker: false,
            channel: None,
        }
    }

    /// The chance of a yes to an offer that would be made now.
    pub(crate) fn chance(&self, offer: &Offer, expectation: &Expectation) -> f64 {
        let nothing = Intercept::default();
        let own = self.intercepts.get(&offer.volunteer).unwrap_or(&nothing);
        self.model.chance(own, &features(offer, expectation), offer.meta.create_time.as_second())
    }

    /// How tired somebody is of being asked.
    pub(crate) fn fatigue(&self, volunteer: &VolunteerId, now: Timestamp) -> f64 {
        self.fatigue.get(volunteer).map_or(0.0, |fatigue| fatigue.level_at(now.as_second()))
    }

    /// The gigs asked about in the last 7 days, once for each ask.
    pub(crate) fn asks_of_week(&self) -> impl Iterator<Item = &GigId> {
        self.week.iter().map(|(_, _, gig)| gig)
    }
}

/// The row that the model sees.
fn features(offer: &Offer, known: &Expectation) -> Features {
    let ahead: SignedDuration = offer.start.duration_since(offer.meta.create_time);
    Features {
        travel_min: f64::from(offer.travel_s) / 60.0,
        kind_asked: f64::from(known.kind_asked),
        kind_accepted: f64::from(known.kind_accepted),
        hours_ahead: ahead.as_secs_f64() / 3600.0,
        weekday: offer.start.to_zoned(zone()).weekday().to_monday_zero_offset().unsigned_abs(),
        asked_in_week: f64::from(known.asked_in_week),
        days_since_gig: known.days_since_gig.map(f64::from),
        knows_seeker: known.knows_seeker,
        channel: match known.channel {
            Some(Channel::Email) => offer_policy::Channel::Email,
            Some(Channel::Phone) => offer_policy::Channel::Phone,
            Some(Channel::Webhook) => offer_policy::Channel::Webhook,
            Some(Channel::Sms) | None => offer_policy::Channel::Sms,
        },
    }
}
