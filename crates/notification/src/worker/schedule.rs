//! When a try is repeated, and when a message is given up on a channel.

use std::time::Duration;

use domain::{Channel, Timestamp};
use jiff::SignedDuration;

/// Pauses after the first, second ... failed try, in seconds; then the next channel's turn.
const PAUSES_S: [i64; 5] = [10, 30, 120, 300, 600];
/// The same for webhooks: over a day, since a system that is down is mended by people.
const WEBHOOK_PAUSES_S: [i64; 7] = [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000];
/// Transient failures after which a message with no other channel is parked.
pub const TRIES_MAX: u32 = 8;

/// Whether a message has had its tries on a channel, when there is another to go to.
#[must_use]
pub fn had_its_tries(channel: Channel, attempts: u32, has_next: bool) -> bool {
    let before_next = u32::try_from(PAUSES_S.len() + 1).unwrap_or(u32::MAX);
    match channel {
        Channel::Webhook => attempts >= TRIES_MAX,
        _ if has_next => attempts >= before_next,
        _ => attempts >= TRIES_MAX,
    }
}

/// When a message is tried again after `attempts` tries: not before the provider asks for.
#[must_use]
pub fn next_time(channel: Channel, attempts: u32, retry_after: Option<Duration>, now: Timestamp) -> Timestamp {
    let pauses: &[i64] = if channel == Channel::Webhook { &WEBHOOK_PAUSES_S } else { &PAUSES_S };
    let at = usize::try_from(attempts.max(1) - 1).unwrap_or(usize::MAX).min(pauses.len() - 1);
    let asked = retry_after.map_or(0, |wait| i64::try_from(wait.as_secs()).unwrap_or(i64::MAX));
    now + SignedDuration::from_secs(pauses[at].max(asked))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_grow_apart_and_end() {
        let now = Timestamp::UNIX_EPOCH;
        let pauses = |channel, tries: std::ops::RangeInclusive<u32>| -> Vec<i64> {
            tries.map(|attempts| next_time(channel, attempts, None, now).as_second()).collect()
        };
        assert_eq!(pauses(Channel::Sms, 1..=7), [10, 30, 120, 300, 600, 600, 600]);
        assert_eq!(pauses(Channel::Webhook, 1..=8), [5, 300, 1_800, 7_200, 18_000, 36_000, 36_000, 36_000]);
        let busy = next_time(Channel::Sms, 1, Some(Duration::from_secs(90)), now);
        assert_eq!(busy.as_second(), 90, "the provider's word counts where it is longer");
        let brief = next_time(Channel::Sms, 3, Some(Duration::from_secs(1)), now);
        assert_eq!(brief.as_second(), 120);
        assert!(!had_its_tries(Channel::Sms, 5, true) && had_its_tries(Channel::Sms, 6, true));
        assert!(!had_its_tries(Channel::Sms, 7, false) && had_its_tries(Channel::Sms, 8, false));
    }
}
