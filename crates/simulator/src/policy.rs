//! The policies that are compared: four that others use, and keikka's two.

use std::fmt;

use matching::offer_policy::{OfferPolicy, pace, waves};

/// A policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Policy {
    /// Everybody at once.
    Broadcast,
    /// The nearest third, and everybody else after 15 minutes.
    RingThenAll,
    /// The nearest, the next after a no or 20 minutes of silence.
    OneByOne,
    /// The nearest five, the next five every 15 minutes.
    NearestFive,
    /// [`OfferPolicy::Waves`] as shipped.
    WavesOfTwo,
    /// [`OfferPolicy::Paced`] as shipped.
    Paced,
}

impl Policy {
    /// All, in the order of the tables.
    pub const ALL: [Self; 6] =
        [Self::Broadcast, Self::RingThenAll, Self::OneByOne, Self::NearestFive, Self::WavesOfTwo, Self::Paced];

    /// The name on the command line.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Broadcast => "broadcast",
            Self::RingThenAll => "ring-then-all",
            Self::OneByOne => "one-by-one",
            Self::NearestFive => "nearest-five",
            Self::WavesOfTwo => "waves-of-two",
            Self::Paced => "paced",
        }
    }

    /// The policy of a name.
    #[must_use]
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.code() == code)
    }

    /// keikka's own, as shipped; none for the others.
    pub(crate) fn ours(self) -> Option<OfferPolicy> {
        match self {
            Self::WavesOfTwo => Some(OfferPolicy::Waves(waves::Settings::default())),
            Self::Paced => Some(OfferPolicy::Paced(pace::Settings::default())),
            _ => None,
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Broadcast => "broadcast",
            Self::RingThenAll => "ring, then all after 15 min",
            Self::OneByOne => "nearest one by one, 20 min",
            Self::NearestFive => "waves of five nearest, 15 min",
            Self::WavesOfTwo => "waves of two with fatigue",
            Self::Paced => "paced",
        })
    }
}

/// How a policy of others sees a gig.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) now_s: i64,
    pub(crate) opened_s: i64,
    pub(crate) able: usize,
    pub(crate) asked: usize,
    /// When somebody was last asked.
    pub(crate) last_asked_s: Option<i64>,
    /// Whether the one who was asked last has said no.
    pub(crate) last_declined: bool,
}

/// How many of the nearest to ask now, and when to look again.
pub(crate) fn nearest(policy: Policy, view: &View) -> (usize, Option<i64>) {
    let since_s = view.last_asked_s.map(|last_s| view.now_s - last_s);
    let (size, gap_s) = match policy {
        Policy::RingThenAll => {
            let after_s = view.opened_s + 15 * 60;
            return if view.asked == 0 && view.now_s < after_s {
                (view.able.div_ceil(3), Some(after_s))
            } else if view.now_s < after_s {
                (0, Some(after_s))
            } else {
                (usize::MAX, None)
            };
        }
        Policy::OneByOne => (1, 20 * 60),
        Policy::NearestFive => (5, 15 * 60),
        Policy::Broadcast | Policy::WavesOfTwo | Policy::Paced => return (usize::MAX, None),
    };
    match since_s {
        Some(since_s) if since_s < gap_s && !(size == 1 && view.last_declined) => {
            (0, Some(view.now_s - since_s + gap_s))
        }
        _ => (size, Some(view.now_s + gap_s)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENS: View =
        View { now_s: 1_000, opened_s: 1_000, able: 10, asked: 0, last_asked_s: None, last_declined: false };

    #[test]
    fn each_policy_of_others_keeps_its_rhythm() {
        assert_eq!(nearest(Policy::Broadcast, &OPENS), (usize::MAX, None));
        assert_eq!(nearest(Policy::RingThenAll, &OPENS), (4, Some(1_900)));
        assert_eq!(nearest(Policy::RingThenAll, &View { now_s: 1_900, asked: 4, ..OPENS }), (usize::MAX, None));
        assert_eq!(nearest(Policy::OneByOne, &OPENS), (1, Some(2_200)));
        let asked = View { now_s: 1_300, asked: 1, last_asked_s: Some(1_000), ..OPENS };
        assert_eq!(nearest(Policy::OneByOne, &asked), (0, Some(2_200)));
        assert_eq!(nearest(Policy::OneByOne, &View { last_declined: true, ..asked }), (1, Some(2_500)));
        assert_eq!(nearest(Policy::NearestFive, &View { last_declined: true, ..asked }), (0, Some(1_900)));
    }

    #[test]
    fn names_lead_back_to_their_policies() {
        assert!(Policy::ALL.into_iter().all(|policy| Policy::of(policy.code()) == Some(policy)));
        assert_eq!(Policy::of("sms-to-forty"), None);
    }
}
