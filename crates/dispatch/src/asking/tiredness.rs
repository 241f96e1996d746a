//! How tired of being asked one volunteer is: what tires and what rests them, in the order of time however it was read.

use std::collections::BTreeMap;

use domain::{Offer, OfferId, Timestamp};
use matching::offer_policy::Fatigue;

use crate::offers::limits::days_before;

/// What happened so many days ago tires nobody any more: it has faded twelve times by half.
pub(super) const FADED_DAYS: i64 = 60;

/// What tires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tiring {
    /// They were asked.
    Asked,
    /// They came too late for a yes, and stand by. A yes that came too late and asked for nothing more leaves no trace.
    CameLate,
}

/// What tires one volunteer.
#[derive(Debug, Clone, Default)]
pub(super) struct Tiredness {
    when: BTreeMap<(OfferId, Tiring), Timestamp>,
}

impl Tiredness {
    /// Takes an offer in as it is now. Read twice, it changes nothing.
    pub(super) fn read(&mut self, offer: &Offer) {
        self.when.insert((offer.id.clone(), Tiring::Asked), offer.meta.create_time);
        if offer.stands_by {
            self.when.insert((offer.id.clone(), Tiring::CameLate), offer.meta.update_time);
        }
    }

    /// Lets go of what has faded; says whether anything is left.
    pub(super) fn forget(&mut self, now: Timestamp) -> bool {
        let since = days_before(now, FADED_DAYS);
        self.when.retain(|_, time| *time >= since);
        !self.when.is_empty()
    }

    /// How tired they are, having done gigs that ended at these instants.
    pub(super) fn level(&self, done: &[Timestamp], now: Timestamp) -> f64 {
        let tiring = self.when.iter().map(|((_, what), time)| (*time, Some(*what)));
        let mut all: Vec<(Timestamp, Option<Tiring>)> = tiring.chain(done.iter().map(|time| (*time, None))).collect();
        all.retain(|(time, _)| *time <= now);
        all.sort_unstable();
        let mut fatigue = Fatigue::default();
        for (time, what) in all {
            match what {
                Some(Tiring::Asked) => fatigue.asked(time.as_second()),
                Some(Tiring::CameLate) => fatigue.already_taken(time.as_second()),
                None => fatigue.done(time.as_second()),
            }
        }
        fatigue.level_at(now.as_second())
    }
}

#[cfg(test)]
mod tests {
    use domain::NetworkId;
    use domain::offer::OfferState;
    use jiff::SignedDuration;
    use store::conformance::sample;

    use super::*;

    fn offer(number: u32, day: i64) -> Offer {
        let network = NetworkId::new("kouvola").expect("id");
        let mut offer = sample::offer(&network, &format!("00000000-0000-7000-8000-{number:012}"));
        offer.stands_by = false;
        (offer.meta.create_time, offer.meta.update_time) = (at(day), at(day));
        offer
    }

    fn at(day: i64) -> Timestamp {
        sample::minute(0) + SignedDuration::from_hours(24 * day)
    }

    #[test]
    fn an_ask_tires_coming_late_tires_more_and_a_gig_done_rests() {
        let mut tired = Tiredness::default();
        tired.read(&offer(1, 0));
        let asked = tired.level(&[], at(0));
        let late = Offer { state: OfferState::Withdrawn, stands_by: true, ..offer(1, 0) };
        tired.read(&late);
        tired.read(&late);
        assert!((asked - 1.0).abs() < 1e-9 && (tired.level(&[], at(0)) - 1.5).abs() < 1e-9);
        assert!((tired.level(&[], at(5)) - 0.75).abs() < 1e-9, "half is gone after five days");
        let a_day_later = 1.5 * 0.5_f64.powf(0.2);
        assert!((tired.level(&[at(1)], at(1)) - (a_day_later - 1.0)).abs() < 1e-9);
        assert!(tired.level(&[at(1), at(1)], at(1)).abs() < 1e-9, "nobody is less than not tired");
        assert!((tired.level(&[at(9)], at(0)) - 1.5).abs() < 1e-9, "what lies ahead has rested nobody yet");
    }

    #[test]
    fn the_order_of_reading_changes_nothing_and_what_has_faded_is_forgotten() {
        let (mut one, mut other) = (Tiredness::default(), Tiredness::default());
        for number in 0..6 {
            one.read(&offer(number, i64::from(number)));
            other.read(&offer(5 - number, i64::from(5 - number)));
        }
        let done = [at(2), at(4)];
        assert!((one.level(&done, at(6)) - other.level(&done, at(6))).abs() < 1e-12);
        assert!(one.forget(at(FADED_DAYS + 2)) && one.when.len() == 4);
        assert!(!one.forget(at(FADED_DAYS + 9)));
    }
}
