//! The people of the demo's evening: made up, and the same every time. Who somebody is decides when they answer, and what.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{text_of, time};
use crate::output::last_segment;
use crate::sample::Dice;

/// An answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Yes.
    Yes,
    /// No, for a reason of the API's.
    No(&'static str),
}

/// What somebody will do about an offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Planned {
    /// When.
    pub(super) at: Timestamp,
    /// What; none for somebody who does not read letters in the evening.
    pub(super) answer: Option<Answer>,
}

/// What the one who is asked will do.
pub(super) fn planned(offer: &Value) -> Planned {
    let who = format!("{} {}", last_segment(text_of(&offer["gig"])), last_segment(text_of(&offer["volunteer"])));
    let seed = who
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mut dice = Dice::new(seed);
    let answer = match dice.pick(&[("yes", 15), ("no", 45), ("", 40)]) {
        "yes" => Some(Answer::Yes),
        "no" => Some(Answer::No(dice.pick(&[
            ("NOT_THIS_TIME", 50),
            ("TOO_FAR", 20),
            ("NOT_THIS_KIND", 10),
            ("AWAY", 10),
            ("TOO_OFTEN", 10),
        ]))),
        _ => None,
    };
    let after = SignedDuration::from_mins(i64::from(dice.step(4, 50, 1)));
    let asked = time(offer, "createTime").unwrap_or(Timestamp::UNIX_EPOCH);
    Planned { at: asked + after, answer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_same_people_answer_alike_and_not_all_of_them() {
        let of = |volunteer: usize| {
            planned(&json!({
                "gig": "networks/k/gigs/g1", "volunteer": format!("networks/k/volunteers/v{volunteer}"),
                "createTime": "2026-11-22T15:00:00Z",
            }))
        };
        let all: Vec<Planned> = (0..100).map(of).collect();
        assert_eq!(all, (0..100).map(of).collect::<Vec<_>>());
        let yes = all.iter().filter(|one| one.answer == Some(Answer::Yes)).count();
        let silent = all.iter().filter(|one| one.answer.is_none()).count();
        assert!((5..30).contains(&yes) && (25..55).contains(&silent), "{yes} yes, {silent} silent");
    }
}
