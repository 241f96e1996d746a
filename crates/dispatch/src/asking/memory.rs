//! What is believed about a yes, learnt from every offer that ended: kept in memory, rebuilt from the offers themselves.
//!
//! The offers are the log; nothing else is stored. A process that starts reads those of the last months in the order of their last change
//! and arrives where the others are. A yes is learnt when it cannot be taken back any more. Whoever is gone is forgotten.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use domain::offer::{Expectation, OfferState};
use domain::{Channel, GigId, KindId, NetworkId, Offer, OfferId, Timestamp, VolunteerId, zone};
use jiff::SignedDuration;
use matching::offer_policy::{self, Acceptance, AnswerLaw, Features, Intercept, Lesson, Outcome, Prior};
use store::Database;

use super::tiredness::Tiredness;
use crate::Error;
use crate::offers::limits::days_before;

/// How far back offers are read when nothing is known yet, in days.
const REMEMBERED_DAYS: i64 = 180;
/// Offers read at a time.
const PART: u32 = 5_000;
/// A change may become readable so long after the time it bears: as long as a call may take.
const LATE: SignedDuration = SignedDuration::from_mins(1);
/// An average volunteer, as the model has it: minutes of travel, and days since their last gig.
const AVERAGE_TRAVEL_MIN: f64 = 15.0;
const AVERAGE_DAYS_SINCE_GIG: f64 = 14.0;
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
    tiredness: BTreeMap<VolunteerId, Tiredness>,
    /// How often somebody was asked about a kind, and said yes.
    kinds: BTreeMap<(VolunteerId, KindId), (u32, u32)>,
    /// Asks of the last 7 days, oldest first, and how many each volunteer had.
    week: VecDeque<(Timestamp, VolunteerId, GigId)>,
    asked_in_week: HashMap<VolunteerId, u32>,
    /// The offers that were read.
    seen: BTreeMap<OfferId, Seen>,
    /// Yeses that may still be taken back.
    fresh: BTreeMap<OfferId, Offer>,
    /// Changes up to here are known.
    upto: Timestamp,
    /// When offers of long ago were let go of.
    cleared: Timestamp,
}

/// An offer that was counted as an ask.
#[derive(Debug, Clone)]
struct Seen {
    volunteer: VolunteerId,
    made: Timestamp,
    is_learnt: bool,
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
        // Out of its place while it is worked on: should that break, it is built anew from the offers.
        let mut memory = place.take().unwrap_or_else(|| Memory::new(now));
        let followed = memory.follow(db, network).await;
        if followed.is_ok() {
            memory.settle(now);
            memory.forget(now);
        }
        let found = followed.map(|()| look(&mut memory));
        *place = Some(memory);
        found
    }

    /// What to expect of an average volunteer who is asked now about a gig that starts then: the chance of a yes, and the law of answers. As
    /// last brought up to date; where nothing is known yet, or somebody is at it, what is believed before any answer.
    pub(crate) fn glance(&self, network: &NetworkId, start: Timestamp, now: Timestamp) -> (f64, AnswerLaw) {
        let place = self.of_network.lock().unwrap_or_else(PoisonError::into_inner).get(network).cloned();
        let guard = place.as_ref().and_then(|place| place.try_lock().ok());
        let model = guard.as_deref().and_then(Option::as_ref).map(|memory| &memory.model);
        let prior = || Acceptance::new(Prior::default(), now.as_second());
        let average = Features {
            travel_min: AVERAGE_TRAVEL_MIN,
            hours_ahead: start.duration_since(now).as_secs_f64() / 3600.0,
            weekday: start.to_zoned(zone()).weekday().to_monday_zero_offset().unsigned_abs(),
            days_since_gig: Some(AVERAGE_DAYS_SINCE_GIG),
            ..Features::default()
        };
        let look =
            |model: &Acceptance| (model.chance(&Intercept::default(), &average, now.as_second()), model.answers());
        model.map_or_else(|| look(&prior()), look)
    }

    /// Whether anything is known of a network.
    pub(crate) fn has(&self, network: &NetworkId) -> bool {
        self.of_network.lock().unwrap_or_else(PoisonError::into_inner).contains_key(network)
    }
}

impl Memory {
    fn new(now: Timestamp) -> Self {
        let since = days_before(now, REMEMBERED_DAYS);
        Self {
            model: Acceptance::new(Prior::default(), since.as_second()),
            intercepts: BTreeMap::new(),
            tiredness: BTreeMap::new(),
            kinds: BTreeMap::new(),
            week: VecDeque::new(),
            asked_in_week: HashMap::new(),
            seen: BTreeMap::new(),
            fresh: BTreeMap::new(),
            upto: since,
            cleared: now,
        }
    }

    /// Reads what has changed since, part by part in the order of time and id: any number may have changed at one instant.
    async fn follow(&mut self, db: &Database, network: &NetworkId) -> Result<(), Error> {
        let mut time = self.upto.checked_sub(LATE).unwrap_or(Timestamp::MIN);
        let mut id = String::new();
        loop {
            let part = {
                let mut tx = db.read().await?;
                tx.offers_changed_after(network, (time, &id), PART).await?
            };
            for offer in &part {
                self.read(offer);
                (time, id) = (offer.meta.update_time, offer.id.to_string());
                self.upto = self.upto.max(time);
            }
            if part.len() < PART as usize {
                return Ok(());
            }
        }
    }

    /// Takes an offer in as it is now. Read twice, it changes nothing.
    fn read(&mut self, offer: &Offer) {
        self.settle(offer.meta.update_time);
        if offer.meta.create_time < days_before(offer.meta.update_time, REMEMBERED_DAYS) {
            return;
        }
        self.tiredness.entry(offer.volunteer.clone()).or_default().read(offer);
        if !self.seen.contains_key(&offer.id) {
            let (made, volunteer) = (offer.meta.create_time, offer.volunteer.clone());
            self.week.push_back((made, volunteer.clone(), offer.gig.clone()));
            *self.asked_in_week.entry(volunteer.clone()).or_default() += 1;
            if let Some(kind) = &offer.kind {
                self.kinds.entry((volunteer.clone(), kind.clone())).or_default().0 += 1;
            }
            self.seen.insert(offer.id.clone(), Seen { volunteer, made, is_learnt: false });
        }
        if self.seen.get(&offer.id).is_some_and(|seen| seen.is_learnt) {
            return;
        }
        self.fresh.remove(&offer.id);
        match offer.state {
            OfferState::Accepted => {
                self.fresh.insert(offer.id.clone(), offer.clone());
            }
            OfferState::Declined => self.learn(offer, Outcome::No),
            OfferState::Expired | OfferState::Withdrawn => self.learn(offer, Outcome::Silent),
            OfferState::Pending | OfferState::Sent | OfferState::Delivered => {}
        }
    }

    /// Learns from the yeses that cannot be taken back any more, in the order in which they were given.
    fn settle(&mut self, now: Timestamp) {
        let mut firm: Vec<Offer> = self.fresh.values().filter(|offer| !offer.may_undo(now)).cloned().collect();
        firm.sort_by(|a, b| (a.answer_time, &a.id).cmp(&(b.answer_time, &b.id)));
        for offer in firm {
            self.fresh.remove(&offer.id);
            self.learn(&offer, Outcome::Yes);
        }
    }

    fn learn(&mut self, offer: &Offer, outcome: Outcome) {
        if let Some(seen) = self.seen.get_mut(&offer.id) {
            seen.is_learnt = true;
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
        let asked_s = offer.meta.create_time.as_second();
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

    /// Lets go of asks that are over a week old, and of offers that are too old to change.
    fn forget(&mut self, now: Timestamp) {
        let since = days_before(now, 7);
        self.week.retain(|(at, volunteer, _)| {
            if *at < since
                && let Some(count) = self.asked_in_week.get_mut(volunteer)
            {
                *count -= 1;
            }
            *at >= since
        });
        if self.cleared < days_before(now, 1) {
            let since = days_before(now, REMEMBERED_DAYS);
            self.seen.retain(|_, seen| seen.made >= since);
            self.asked_in_week.retain(|_, count| *count > 0);
            self.tiredness.retain(|_, tiredness| tiredness.forget(now));
            self.cleared = now;
        }
    }

    /// Forgets all who are not there any more.
    pub(crate) fn keep(&mut self, is_there: impl Fn(&VolunteerId) -> bool) {
        let (intercepts, model) = (&mut self.intercepts, &mut self.model);
        intercepts.retain(|id, own| {
            let stays = is_there(id);
            if !stays {
                model.forget(own);
            }
            stays
        });
        self.tiredness.retain(|id, _| is_there(id));
        self.kinds.retain(|(id, _), _| is_there(id));
        self.week.retain(|(_, id, _)| is_there(id));
        self.asked_in_week.retain(|id, _| is_there(id));
        self.seen.retain(|_, seen| is_there(&seen.volunteer));
        self.fresh.retain(|_, offer| is_there(&offer.volunteer));
    }

    /// What is known of a volunteer who could be asked, and what to expect: the chance of a yes is still to be filled in.
    pub(crate) fn known(&self, volunteer: &VolunteerId, kind: &KindId) -> Expectation {
        let (kind_asked, kind_accepted) =
            self.kinds.get(&(volunteer.clone(), kind.clone())).copied().unwrap_or_default();
        let asked_in_week = self.asked_in_week.get(volunteer).copied().unwrap_or(0);
        Expectation {
            yes_ppm: 0,
            propensity_ppm: 1_000_000,
            kind_asked,
            kind_accepted,
            asked_in_week,
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

    /// How tired somebody is of being asked, having done gigs that ended at these instants.
    pub(crate) fn fatigue(&self, volunteer: &VolunteerId, done: &[Timestamp], now: Timestamp) -> f64 {
        self.tiredness.get(volunteer).map_or(0.0, |tiredness| tiredness.level(done, now))
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
