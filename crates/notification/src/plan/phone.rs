//! Which numbers may be sent a text message: Finnish mobile numbers, and nothing else.

use domain::PhoneNumber;
use phonenumber::metadata::DATABASE;
use phonenumber::{Type, country};

/// Fewest digits of a Finnish mobile number after +358: prefix of two, number of six. The parser would take shorter ones.
const MOBILE_DIGITS_MIN: usize = 8;

/// What a number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneClass {
    /// A Finnish mobile: texts reach it.
    Mobile,
    /// A Finnish line that stays in its place.
    Landline,
    /// Of another country.
    Foreign,
    /// Costs extra to reach, or is no person's: premium, shared cost, free, company numbers.
    Special,
    /// No number of any plan.
    Invalid,
}

impl PhoneClass {
    /// What a number is.
    #[must_use]
    pub fn of(number: &PhoneNumber) -> Self {
        let Ok(parsed) = phonenumber::parse(None, number.expose()) else { return Self::Invalid };
        if parsed.code().value() != 358 {
            return Self::Foreign;
        }
        let finnish = matches!(parsed.country().id(), None | Some(country::Id::FI | country::Id::AX));
        let digits = number.expose().trim_start_matches("+358").len();
        match parsed.number_type(&DATABASE) {
            _ if !finnish => Self::Foreign,
            Type::Mobile if digits < MOBILE_DIGITS_MIN || !parsed.is_valid() => Self::Invalid,
            Type::Mobile => Self::Mobile,
            Type::FixedLine | Type::FixedLineOrMobile => Self::Landline,
            Type::Unknown => Self::Invalid,
            _ => Self::Special,
        }
    }

    /// Why no text goes there; none for a mobile.
    #[must_use]
    pub fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Mobile => None,
            Self::Landline => Some("PHONE_LANDLINE"),
            Self::Foreign => Some("PHONE_FOREIGN"),
            Self::Special => Some("PHONE_SPECIAL"),
            Self::Invalid => Some("PHONE_INVALID"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_finnish_mobiles_get_text_messages() {
        for (text, wanted) in [
            ("040 123 4567", PhoneClass::Mobile),
            ("+358 50 1234567", PhoneClass::Mobile),
            ("0457 123 4567", PhoneClass::Mobile),
            ("05 741 1234", PhoneClass::Landline),
            ("09 310 1691", PhoneClass::Landline),
            ("018 25 000", PhoneClass::Landline),
            ("+46 70 123 45 67", PhoneClass::Foreign),
            ("+372 5123 4567", PhoneClass::Foreign),
            ("+1 202 555 0143", PhoneClass::Foreign),
            ("0700 12345", PhoneClass::Special),
            ("0600 12345", PhoneClass::Special),
            ("0800 12345", PhoneClass::Special),
            ("045 1234", PhoneClass::Invalid),
        ] {
            let number = PhoneNumber::new(text).expect("a number of the domain");
            assert_eq!(PhoneClass::of(&number), wanted, "{text}");
            assert_eq!(PhoneClass::of(&number).refusal().is_none(), wanted == PhoneClass::Mobile);
        }
    }
}
