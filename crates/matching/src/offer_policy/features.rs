//! What a yes depends on, as the acceptance model sees it: a row of plain numbers, taken when somebody is asked.

use super::prior::Prior;

/// How many numbers a row has.
pub const COUNT: usize = 17;

/// One row.
pub type Row = [f64; COUNT];

/// How somebody is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Channel {
    /// A text message: what the others are compared with.
    #[default]
    Sms,
    /// An e-mail.
    Email,
    /// A call.
    Phone,
    /// Their association's own system.
    Webhook,
}

/// What is known when a volunteer is asked about a gig. Store it with the offer: the model learns from it when the answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Features {
    /// Travel from home, in minutes; 0 for a gig without a place.
    pub travel_min: f64,
    /// How often they were asked about this kind before.
    pub kind_asked: f64,
    /// How often they said yes to it.
    pub kind_accepted: f64,
    /// Hours until the gig starts.
    pub hours_ahead: f64,
    /// Day of the week of the gig in local time, 0 for Monday to 6.
    pub weekday: u8,
    /// Asks in the last 7 days.
    pub asked_in_week: f64,
    /// Days since their last gig; none if they have had none.
    pub days_since_gig: Option<f64>,
    /// Whether they have helped this seeker before.
    pub knows_seeker: bool,
    /// How they are asked.
    pub channel: Channel,
}

/// Travel that counts as ordinary, in minutes.
const TRAVEL_MIN: f64 = 15.0;
/// Travel beyond this is as bad, in minutes.
const TRAVEL_MAX_MIN: f64 = 120.0;
/// Hours ahead that count as ordinary.
const HOURS_AHEAD: f64 = 4.0;
/// Asks for which a kind's history is half trusted.
const KIND_WEIGHT: f64 = 4.0;
/// More asks in a week than this change nothing.
const WEEK_ASKS_MAX: f64 = 20.0;
/// Days since a gig that count as ordinary.
const DAYS_SINCE: f64 = 14.0;

/// Where the weekdays from Tuesday begin.
const TUESDAY: usize = 4;
/// Where the channels from e-mail begin.
const EMAIL: usize = 14;

impl Features {
    /// The row of numbers: 1, then each feature less what is ordinary, so that a row of zeros after the 1 is an average ask.
    #[must_use]
    pub fn row(&self, prior: &Prior) -> Row {
        let mut row = [0.0; COUNT];
        row[0] = 1.0;
        row[1] = (self.travel_min.clamp(0.0, TRAVEL_MAX_MIN) - TRAVEL_MIN) / 30.0;
        row[2] = (self.kind_accepted - prior.yes_share * self.kind_asked) / (self.kind_asked.max(0.0) + KIND_WEIGHT);
        row[3] = (1.0 + self.hours_ahead.max(0.0)).ln() - (1.0 + HOURS_AHEAD).ln();
        if let day @ 1..=6 = self.weekday {
            row[TUESDAY + usize::from(day) - 1] = 1.0;
        }
        row[10] = self.asked_in_week.clamp(0.0, WEEK_ASKS_MAX) / 5.0;
        row[11] = self.days_since_gig.map_or(0.0, |days| ((1.0 + days.max(0.0)) / (1.0 + DAYS_SINCE)).ln() / 2.0);
        row[12] = f64::from(u8::from(self.days_since_gig.is_none()));
        row[13] = f64::from(u8::from(self.knows_seeker));
        let channel = match self.channel {
            Channel::Sms => None,
            Channel::Email => Some(0),
            Channel::Phone => Some(1),
            Channel::Webhook => Some(2),
        };
        if let Some(channel) = channel {
            row[EMAIL + channel] = 1.0;
        }
        row
    }
}

/// What each number is believed to weigh before the first answer, and how unsure that is (standard deviation).
#[must_use]
pub fn starting_weights(prior: &Prior) -> (Row, Row) {
    let mut mean = [0.0; COUNT];
    mean[0] = (prior.yes_share / (1.0 - prior.yes_share)).ln();
    mean[1] = -prior.travel_log_odds;
    // In the order of `row`: all; travel, kind, hours; weekdays; asks, days since, newcomer, seeker; channels.
    let sd = [0.5, 0.5, 1.0, 0.3, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.3, 0.3, 0.3, 0.5, 0.5, 0.5, 0.5];
    (mean, sd)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_ask_is_a_one_and_zeros() {
        let average = Features {
            travel_min: TRAVEL_MIN,
            hours_ahead: HOURS_AHEAD,
            days_since_gig: Some(DAYS_SINCE),
            ..Features::default()
        };
        let row = average.row(&Prior::default());
        assert!((row[0] - 1.0).abs() < 1e-12 && row[1..].iter().all(|value| value.abs() < 1e-12), "{row:?}");
    }

    #[test]
    fn every_feature_moves_a_number_of_its_own() {
        let plain = Features { days_since_gig: Some(3.0), ..Features::default() };
        let changed = [
            Features { travel_min: 40.0, ..plain },
            Features { kind_asked: 4.0, kind_accepted: 3.0, ..plain },
            Features { hours_ahead: 30.0, ..plain },
            Features { weekday: 1, ..plain },
            Features { weekday: 6, ..plain },
            Features { asked_in_week: 3.0, ..plain },
            Features { days_since_gig: Some(60.0), ..plain },
            Features { knows_seeker: true, ..plain },
            Features { channel: Channel::Email, ..plain },
            Features { channel: Channel::Phone, ..plain },
            Features { channel: Channel::Webhook, ..plain },
        ];
        let prior = Prior::default();
        let moved: std::collections::BTreeSet<usize> = changed
            .iter()
            .map(|other| {
                let moved: Vec<usize> =
                    (0..COUNT).filter(|&at| (other.row(&prior)[at] - plain.row(&prior)[at]).abs() > 1e-9).collect();
                assert_eq!(moved.len(), 1, "{other:?} moves {moved:?}");
                moved[0]
            })
            .collect();
        assert_eq!(moved.len(), changed.len());
    }

    #[test]
    fn absurd_values_stay_numbers() {
        let absurd = Features {
            travel_min: 1e9,
            hours_ahead: -5.0,
            weekday: 250,
            days_since_gig: Some(-1.0),
            asked_in_week: 1e9,
            ..Features::default()
        };
        assert!(absurd.row(&Prior::default()).iter().all(|value| value.is_finite() && value.abs() < 10.0));
    }
}
