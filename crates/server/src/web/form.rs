//! What a volunteer says with a button of a page.

use domain::offer::Decline;
use domain::{Date, Timestamp, zone};
use jiff::civil::Time;
use serde::Deserialize;

/// The fields of every form of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Form {
    answer: String,
    hour: String,
    back: String,
    drop: String,
}

/// What a form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Yes.
    Yes,
    /// No.
    No(Decline),
    /// The yes is taken back.
    Undo,
    /// They stand by.
    StandBy,
    /// They give their slot back.
    Release,
}

/// Why a form says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsaid {
    /// It is none of ours.
    Unreadable,
    /// An hour or a day is missing or none.
    Missing,
}

impl Form {
    /// What it says of a gig that is to start then.
    pub(super) fn read(&self, start: Option<Timestamp>) -> Result<Said, Unsaid> {
        let no = match self.answer.as_str() {
            "yes" => return Ok(Said::Yes),
            "undo" => return Ok(Said::Undo),
            "stand_by" => return Ok(Said::StandBy),
            "release" => return Ok(Said::Release),
            "not_this_time" => Decline::NotThisTime,
            "other_hour" => {
                let hour = start.and_then(|start| hour(&self.hour, start));
                Decline::OtherHour { start: Some(hour.ok_or(Unsaid::Missing)?) }
            }
            "too_far" => Decline::TooFar,
            "not_this_kind" => Decline::NotThisKind { drop: !self.drop.is_empty() },
            "away" => Decline::Away { back: day(&self.back).ok_or(Unsaid::Missing)? },
            "too_often" => Decline::TooOften,
            "not_this_person" => Decline::NotThisPerson,
            _ => return Err(Unsaid::Unreadable),
        };
        Ok(Said::No(no))
    }
}

/// An hour of the local day on which the gig would start: `16:30`, or `16.30` where the browser has no field for times.
fn hour(text: &str, start: Timestamp) -> Option<Timestamp> {
    let (hours, minutes) = text.trim().split_once([':', '.'])?;
    let number = |text: &str| -> Option<i8> {
        let is_short = (1..=2).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        is_short.then(|| text.parse().ok())?
    };
    // Some browsers add the seconds.
    let minutes = minutes.split(':').next()?;
    let time = Time::new(number(hours)?, number(minutes)?, 0, 0).ok()?;
    let day = start.to_zoned(zone()).date();
    Some(day.to_datetime(time).to_zoned(zone()).ok()?.timestamp())
}

/// A day: `2026-12-01`, or `1.12.2026`.
fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = text.parse::<Date>() {
        return (text.len() == 10).then_some(date);
    }
    let mut parts = text.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    Date::new(year.parse().ok()?, month.trim().parse().ok()?, day.trim().parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Option<Timestamp> {
        "2026-11-24T10:00:00Z".parse().ok()
    }

    fn said(answer: &str, hour: &str, back: &str, drop: &str) -> Result<Said, Unsaid> {
        let text = |text: &str| text.to_owned();
        Form { answer: text(answer), hour: text(hour), back: text(back), drop: text(drop) }.read(start())
    }

    #[test]
    fn each_button_says_one_thing() {
        assert_eq!(said("yes", "", "", ""), Ok(Said::Yes));
        assert_eq!(said("not_this_kind", "", "", "on"), Ok(Said::No(Decline::NotThisKind { drop: true })));
        assert_eq!(said("not_this_kind", "", "", ""), Ok(Said::No(Decline::NotThisKind { drop: false })));
        for wrong in ["", "YES", "accept", "yes ", "0", "\u{0}"] {
            assert_eq!(said(wrong, "16:30", "2026-12-01", ""), Err(Unsaid::Unreadable), "{wrong:?}");
        }
    }

    #[test]
    fn hours_are_local_and_of_the_gigs_day() {
        let half_past_four = Said::No(Decline::OtherHour { start: "2026-11-24T14:30:00Z".parse().ok() });
        for text in ["16:30", "16.30", " 16:30 ", "16:30:00"] {
            assert_eq!(said("other_hour", text, "", ""), Ok(half_past_four), "{text:?}");
        }
        for wrong in ["", "16", "24:00", "16:60", "-1:30", "16:+5", "ab:cd", "16:30 pm", "١٦:٣٠", "160:30"] {
            assert_eq!(said("other_hour", wrong, "", ""), Err(Unsaid::Missing), "{wrong:?}");
        }
    }

    #[test]
    fn days_are_read_as_browsers_and_as_finns_write_them() {
        let first = Said::No(Decline::Away { back: Date::constant(2026, 12, 1) });
        for text in ["2026-12-01", "1.12.2026", " 01.12.2026 "] {
            assert_eq!(said("away", "", text, ""), Ok(first), "{text:?}");
        }
        for wrong in ["", "2026", "2026-13-01", "31.2.2026", "1.12.26", "1.12.2026.1", "tomorrow", "2026-12-01T00:00"] {
            assert_eq!(said("away", "", wrong, ""), Err(Unsaid::Missing), "{wrong:?}");
        }
    }
}
