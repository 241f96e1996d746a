//! How a person may be reached, and how much.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::availability::DaySpan;
use crate::message_hours::MessageHours;
use crate::text::ServiceLanguage;

/// Why a text is not a phone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a phone number of 7 to 15 digits, such as +358401234567 or 040 123 4567")]
pub struct PhoneError;

/// A phone number in E.164 form. A national Finnish number (`040 ...`) gets +358. Its `Debug` and `Display` print `***`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PhoneNumber(Box<str>);

impl PhoneNumber {
    /// A number from text; spaces, hyphens and brackets are dropped.
    ///
    /// # Errors
    /// [`PhoneError`] unless 7 to 15 digits remain, with or without a leading `+` or `00`.
    pub fn new(text: &str) -> Result<Self, PhoneError> {
        let plain: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '/' | '\u{a0}')).collect();
        let digits = match (plain.strip_prefix('+'), plain.strip_prefix("00"), plain.strip_prefix('0')) {
            (Some(rest), _, _) | (None, Some(rest), _) => rest.to_owned(),
            (None, None, Some(rest)) => format!("358{rest}"),
            _ => return Err(PhoneError),
        };
        let good =
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0');
        if good { Ok(Self(format!("+{digits}").into())) } else { Err(PhoneError) }
    }

    /// The number in E.164 form, for the one place that must show or dial it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl TryFrom<String> for PhoneNumber {
    type Error = PhoneError;
    fn try_from(text: String) -> Result<Self, PhoneError> {
        Self::new(&text)
    }
}

impl From<PhoneNumber> for String {
    fn from(number: PhoneNumber) -> String {
        number.0.into()
    }
}

/// A way to reach a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A text message.
    Sms,
    /// An e-mail.
    Email,
    /// A call by a person of the call centre.
    Phone,
    /// The association's own system.
    Webhook,
}

/// What a volunteer agreed to about messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPreferences {
    /// Channels in the order of preference.
    pub channels: Box<[Channel]>,
    /// The language of messages.
    #[serde(default)]
    pub language: ServiceLanguage,
    /// Most messages asking for help in one week, 0 to 50.
    pub weekly_budget: u8,
    /// Local hours in which messages may come; outside is quiet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<DaySpan>,
}

impl Default for ContactPreferences {
    /// A text message, in Finnish, at most five asks a week, no hours of one's own.
    fn default() -> Self {
        Self { channels: [Channel::Sms].into(), language: ServiceLanguage::Fi, weekly_budget: 5, hours: None }
    }
}

impl ContactPreferences {
    /// The first instant at or after `from` at which a message may come.
    #[must_use]
    pub fn next_message_time(&self, from: Timestamp) -> Timestamp {
        MessageHours::of(self.hours).next(from)
    }
}

/// Whether a seeker's whereabouts may be handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactMode {
    /// Contact details open to the volunteer on acceptance.
    #[default]
    Direct,
    /// For any reason, a coordinator relays: no address, no cell, no automatic offers.
    Mediated,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_and_international_forms_are_one_number() {
        for text in ["040 123 4567", "+358 40 123 4567", "00358401234567", "(040) 123-4567"] {
            assert_eq!(PhoneNumber::new(text).map(|n| n.expose().to_owned()), Ok("+358401234567".to_owned()));
        }
    }

    #[test]
    fn words_and_short_numbers_are_refused() {
        for bad in ["", "12345", "040", "soita", "+358 40 12x 4567", "+00000000", "++358401234567"] {
            assert_eq!(PhoneNumber::new(bad), Err(PhoneError), "{bad:?}");
        }
    }

    #[test]
    fn quiet_hours_are_local_and_end_with_the_next_opening() {
        let at = |text: &str| text.parse::<Timestamp>().expect("instant");
        let next = |text: &str| ContactPreferences::default().next_message_time(at(text)).to_string();
        assert_eq!(next("2026-11-23T07:00:00Z"), "2026-11-23T07:00:00Z", "nine in Helsinki");
        assert_eq!(next("2026-11-23T06:59:59Z"), "2026-11-23T07:00:00Z");
        assert_eq!(next("2026-11-23T18:00:00Z"), "2026-11-24T07:00:00Z", "twenty is quiet");
        // The night of the spring change is an hour shorter.
        assert_eq!(next("2027-03-27T20:00:00Z"), "2027-03-28T06:00:00Z");
        assert_eq!(next("2027-10-30T20:00:00Z"), "2027-10-31T07:00:00Z");
    }

    #[test]
    fn a_number_prints_stars() {
        assert_eq!(format!("{:?}", PhoneNumber::new("0401234567").expect("number")), "***");
    }
}
