//! Human text: names and notes, bounded and free of invisible characters, and texts in the three languages of the service.

use serde::{Deserialize, Deserializer, Serialize};
use smol_str::SmolStr;

use crate::checked::checked;

/// Longest name, in characters.
pub const NAME_CHARS_MAX: usize = 200;
/// Longest note, in characters.
pub const NOTE_CHARS_MAX: usize = 500;

/// Why a text is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A name of more than one line.
    #[error("must be one line")]
    Lines,
    /// A name without a letter or digit.
    #[error("must hold a letter or a digit")]
    NoLetter,
    /// Nothing but white space.
    #[error("must not be empty")]
    Empty,
    /// Longer than the limit.
    #[error("must be at most {max} characters, has {chars}")]
    TooLong {
        /// The limit, in characters.
        max: usize,
        /// The length found, in characters.
        chars: usize,
    },
    /// A control, zero-width or direction-changing character: it would let one name pass for another.
    #[error("must not hold invisible or direction-changing characters (found U+{code:04X})")]
    Invisible {
        /// The code point found.
        code: u32,
    },
    /// A Finnish personal identity code: keikka has no use for it and must not store it.
    #[error("must not hold a personal identity code (henkilötunnus); leave it out")]
    IdentityCode,
}

/// Characters that show nothing, command a terminal, turn the direction of writing, or that no writing has. Line feeds are not among them. The joiners
/// U+200C and U+200D are letters' business in Persian and in Indian scripts: between letters they may stand.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{2800}' | '\u{3164}' | '\u{ffa0}'
            | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{f0000}'..='\u{10ffff}')
        || u32::from(c) & 0xfffe == 0xfffe
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn clean(text: &str, max: usize) -> Result<&str, TextError> {
    let chars = text.chars().count();
    if chars > max {
        return Err(TextError::TooLong { max, chars });
    }
    if let Some(c) = text.chars().find(|c| is_invisible(*c) && !matches!(c, '\u{200c}' | '\u{200d}')) {
        return Err(TextError::Invisible { code: u32::from(c) });
    }
    if let Some(code) = stray_joiner(text) {
        return Err(TextError::Invisible { code });
    }
    let text = text.trim();
    if holds_identity_code(text) {
        return Err(TextError::IdentityCode);
    }
    Ok(text)
}

/// A joiner that joins nothing: not between two letters beyond Latin, Greek and Cyrillic, which never need one.
fn stray_joiner(text: &str) -> Option<u32> {
    if text.is_ascii() {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let joins = |c: Option<&char>| c.is_some_and(|c| u32::from(*c) >= 0x590 && (c.is_alphabetic() || !c.is_ascii()));
    let stray = |(at, c): (usize, &char)| {
        matches!(c, '\u{200c}' | '\u{200d}')
            && !(joins(at.checked_sub(1).and_then(|before| chars.get(before))) && joins(chars.get(at + 1)))
    };
    chars.iter().enumerate().find(|one| stray(*one)).map(|(_, c)| u32::from(*c))
}

/// Whether a text holds a Finnish personal identity code: DDMMYY, century sign, three digits and the modulo-31 check character
/// (signs `+ - Y X W V U A B C D E F`, as extended in 2023).
#[must_use]
pub fn holds_identity_code(text: &str) -> bool {
    const CHECK: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    // Most texts have no nine digits.
    if text.bytes().filter(u8::is_ascii_digit).count() < 9 {
        return false;
    }
    let upper = text.to_uppercase();
    let bytes = upper.as_bytes();
    let number = |range: &[u8]| -> Option<u32> {
        range.iter().try_fold(0u32, |sum, b| b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0')))
    };
    bytes.windows(11).enumerate().any(|(at, code)| {
        let alone = |i: Option<usize>| i.and_then(|i| bytes.get(i)).is_none_or(|b| !b.is_ascii_alphanumeric());
        let (Some(date), Some(individual)) = (number(&code[..6]), number(&code[7..10])) else { return false };
        let (day, month) = (date / 10_000, date / 100 % 100);
        b"+-YXWVUABCDEF".contains(&code[6])
            && (1..=31).contains(&day)
            && (1..=12).contains(&month)
            && CHECK[((date * 1000 + individual) % 31) as usize] == code[10]
            && alone(at.checked_sub(1))
            && alone(Some(at + 11))
    })
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $max:expr, $empty:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
        #[serde(transparent)]
        pub struct $name(SmolStr);

        impl $name {
            /// The text, trimmed, if it is within bounds and shows what it holds.
            ///
            /// # Errors
            /// [`TextError`] naming the rule that failed.
            pub fn new(text: impl AsRef<str>) -> Result<Self, TextError> {
                let text = clean(text.as_ref(), $max)?;
                if text.is_empty() && !$empty {
                    return Err(TextError::Empty);
                }
                // What must not be empty is a name.
                if !$empty && text.contains('\n') {
                    return Err(TextError::Lines);
                }
                if !$empty && !text.chars().any(char::is_alphanumeric) {
                    return Err(TextError::NoLetter);
                }
                Ok(Self(SmolStr::new(text)))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Whether there is no text.
            #[must_use]
            pub fn is_empty(&self) -> bool {
                self.0.is_empty()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> String {
                text.0.into()
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                checked(deserializer, |text| Self::new(text))
            }
        }
    )*};
}

texts! {
    /// A name of a person, place, kind or organisation: 1 to 200 visible characters.
    Name, NAME_CHARS_MAX, false;
    /// Free text in task words, at most 500 visible characters; may be empty.
    Note, NOTE_CHARS_MAX, true;
}

/// The languages in which the service speaks to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ServiceLanguage {
    /// Finnish.
    #[default]
    Fi,
    /// Swedish.
    Sv,
    /// English.
    En,
}

/// One text in Finnish, Swedish and English. Finnish is always there; a missing translation falls back to Finnish.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LocalizedText {
    /// Finnish text.
    pub fi: String,
    /// Swedish text; empty if there is none.
    #[serde(default)]
    pub sv: String,
    /// English text; empty if there is none.
    #[serde(default)]
    pub en: String,
}

impl LocalizedText {
    /// A text in all three languages.
    #[must_use]
    pub fn new(fi: impl Into<String>, sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { fi: fi.into(), sv: sv.into(), en: en.into() }
    }

    /// The text in one language, or in Finnish where that translation is missing.
    #[must_use]
    pub fn get(&self, language: ServiceLanguage) -> &str {
        let text = match language {
            ServiceLanguage::Fi => &self.fi,
            ServiceLanguage::Sv => &self.sv,
            ServiceLanguage::En => &self.en,
        };
        if text.is_empty() { &self.fi } else { text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_trimmed_and_bounded() {
        assert_eq!(Name::new("  Aino Testinen ").map(|n| n.to_string()), Ok("Aino Testinen".to_owned()));
        assert_eq!(Name::new("   "), Err(TextError::Empty));
        assert_eq!(Name::new("a".repeat(10_000)), Err(TextError::TooLong { max: 200, chars: 10_000 }));
        assert!(Note::new("").is_ok_and(|n| n.is_empty()));
    }

    #[test]
    fn invisible_characters_are_refused_and_arabic_letters_are_not() {
        for bad in ["a\u{202e}b", "a\u{200b}b", "a\0b", "\u{feff}a"] {
            assert!(matches!(Name::new(bad), Err(TextError::Invisible { .. })), "{bad:?}");
        }
        assert!(Name::new("ليلى").is_ok());
    }

    #[test]
    fn an_identity_code_is_refused_and_a_phone_number_is_not() {
        // 131052-308T is the specimen of the Digital and Population Data Services Agency.
        assert_eq!(Note::new("tunnus 131052-308T"), Err(TextError::IdentityCode));
        assert_eq!(Note::new("131052-308t"), Err(TextError::IdentityCode));
        assert!(Note::new("soita 040 123 4567, 13.10.2052 klo 10").is_ok());
        assert!(Note::new("131052-308U").is_ok());
    }
}
