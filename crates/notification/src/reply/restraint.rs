//! How often a number is written to by itself: an automat that answers ours must not be answered for ever.
//!
//! Kept in this process only, for so many numbers: a restart forgets it, and of two processes each counts for itself. That is enough to
//! end a talk of two automats.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use jiff::SignedDuration;

/// Longest time that is remembered.
const DAY: SignedDuration = SignedDuration::from_hours(24);
/// Time in which the same is said once to somebody whose text was no answer.
const SAME: SignedDuration = SignedDuration::from_hours(1);
/// Most texts to one number in a day that say no more than that nothing was done.
const DAILY_MAX: usize = 5;
/// Most numbers that are remembered.
const NUMBERS_MAX: usize = 10_000;

/// The name of a text, and when it was said.
type Said = (&'static str, Timestamp);

/// What was said to numbers of late, by their keyed hashes.
#[derive(Debug, Default)]
pub(crate) struct Restraint {
    said: Mutex<HashMap<Vec<u8>, Vec<Said>>>,
}

impl Restraint {
    /// Whether a number may be told now that nothing was done, which is noted then. `once` for what is not said again within the hour.
    pub(crate) fn admits(&self, contact: &[u8], name: &'static str, once: bool, now: Timestamp) -> bool {
        let since = |at: Timestamp| now.duration_since(at);
        let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        if !said.contains_key(contact) && said.len() >= NUMBERS_MAX {
            said.retain(|_, all| all.last().is_some_and(|(_, at)| since(*at) < DAY));
            if said.len() >= NUMBERS_MAX {
                let last = |all: &Vec<Said>| all.last().map(|(_, at)| *at);
                let oldest = said.iter().min_by_key(|(_, all)| last(all)).map(|(contact, _)| contact.clone());
                oldest.and_then(|oldest| said.remove(&oldest));
            }
        }
        let own = said.entry(contact.to_vec()).or_default();
        own.retain(|(_, at)| since(*at) < DAY);
        let is_repeat = once && own.iter().any(|(known, at)| *known == name && since(*at) < SAME);
        if is_repeat || own.len() >= DAILY_MAX {
            return false;
        }
        own.push((name, now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_once_an_hour_and_five_times_a_day() {
        let restraint = Restraint::default();
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes);
        assert!(restraint.admits(b"a", "unclear", true, at(0)));
        assert!(!restraint.admits(b"a", "unclear", true, at(59)));
        assert!(restraint.admits(b"b", "unclear", true, at(59)), "another number");
        assert!(restraint.admits(b"a", "ended", true, at(59)), "another text");
        assert!(restraint.admits(b"a", "unclear", true, at(60)));
        assert!(
            restraint.admits(b"a", "wrong_code", false, at(61)) && restraint.admits(b"a", "wrong_code", false, at(62))
        );
        assert!(!restraint.admits(b"a", "wrong_code", false, at(63)), "five");
        assert!(restraint.admits(b"a", "unclear", true, at(24 * 60)), "the next day");
    }

    #[test]
    fn no_more_numbers_are_remembered_than_fit() {
        let restraint = Restraint::default();
        let at = |seconds: usize| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds as i64);
        for number in 0..=NUMBERS_MAX {
            assert!(restraint.admits(&number.to_be_bytes(), "unclear", true, at(number / 10)));
        }
        assert_eq!(restraint.said.lock().expect("lock").len(), NUMBERS_MAX);
        assert!(
            !restraint.admits(&NUMBERS_MAX.to_be_bytes(), "unclear", true, at(NUMBERS_MAX / 10)),
            "the newest stays"
        );
    }
}
