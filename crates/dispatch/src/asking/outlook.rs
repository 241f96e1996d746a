//! How likely it is that those who were asked fill a gig, and by when: for who waits for the answer.

use domain::asking::{Asking, AskingState};
use domain::{Gig, GigId, NetworkId, Offer, Scope, Timestamp};
use jiff::SignedDuration;
use matching::offer_policy::AnswerLaw;
use matching::offer_policy::outlook::at_least;

use super::step::free_slots;
use crate::{Dispatch, Error, load};

/// A yes is likely when it is more likely than not.
const LIKELY: f64 = 0.5;
/// A millionth.
const PPM: f64 = 1e6;

/// What may be hoped for of those who were asked and have not answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlook {
    /// The chance of enough yeses by the deadline.
    pub chance: f64,
    /// By when enough yeses are likely; none where they are not.
    pub likely_time: Option<Timestamp>,
}

/// Somebody who was asked and has not answered.
#[derive(Debug, Clone, Copy)]
struct Silent {
    /// The chance of a yes when they were asked.
    yes: f64,
    /// Minutes since.
    silent_min: f64,
}

impl Dispatch {
    /// What may be hoped for of those who were asked about a gig and have not answered, by what is learnt from all answers of the network;
    /// none where it is not being asked for, or nobody's answer is awaited.
    ///
    /// # Errors
    /// As [`Dispatch::get_asking`].
    pub async fn asking_outlook(
        &self,
        scope: &Scope,
        network: &NetworkId,
        gig: &GigId,
        now: Timestamp,
    ) -> Result<Option<Outlook>, Error> {
        let asking = self.get_asking(scope, network, gig).await?;
        if asking.state != AskingState::Running {
            return Ok(None);
        }
        let (gig, open, stood): (Gig, Vec<Offer>, _) = {
            let mut tx = self.db.read().await?;
            let read = load::gig(&mut tx, scope, network, gig).await?;
            let open = tx.offers_of_gig(network, gig, true).await?;
            (read, open, tx.assignments_of_gig(network, gig).await?)
        };
        if open.is_empty() {
            return Ok(None);
        }
        let wanted = free_slots(&gig, &stood).len();
        let outlook = self
            .memories
            .with(&self.db, network, now, |memory| {
                let silent = |offer: &Offer| Silent {
                    yes: match &offer.expectation {
                        Some(known) => f64::from(known.yes_ppm) / PPM,
                        None => memory.chance(offer, &memory.known(&offer.volunteer, &gig.kind)),
                    },
                    silent_min: minutes(offer.meta.create_time, now).max(0.0),
                };
                let silent: Vec<Silent> = open.iter().map(silent).collect();
                outlook(&asking, wanted, &silent, &memory.model.answers(), now)
            })
            .await?;
        Ok(Some(outlook))
    }
}

fn outlook(asking: &Asking, wanted: usize, silent: &[Silent], answers: &AnswerLaw, now: Timestamp) -> Outlook {
    let within = |left_min: i64| {
        let chance = |one: &Silent| answers.yes_within(one.yes, one.silent_min, left_min as f64);
        at_least(wanted, &silent.iter().map(chance).collect::<Vec<f64>>())
    };
    let left = asking.deadline.duration_since(now).as_mins().max(0);
    let chance = within(left);
    if chance < LIKELY {
        return Outlook { chance, likely_time: None };
    }
    // The first minute by which it is likely: more time never makes it less so.
    let (mut early, mut late) = (0, left);
    while early < late {
        let middle = (early + late) / 2;
        if within(middle) < LIKELY { early = middle + 1 } else { late = middle }
    }
    Outlook { chance, likely_time: now.checked_add(SignedDuration::from_mins(late)).ok() }
}

fn minutes(from: Timestamp, to: Timestamp) -> f64 {
    to.duration_since(from).as_secs_f64() / 60.0
}
