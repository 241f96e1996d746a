//! The id of a member in few bytes: a UUID in 16, anything else as text. Ordered as the texts are.

use std::cmp::Ordering;
use std::fmt;

/// Where a UUID's text has hyphens.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];
/// Length of a UUID's text.
const UUID_CHARS: usize = 36;
/// Characters of an id that fit into a key.
const KEY_CHARS: usize = 12;

/// An id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Id {
    /// One with the text of a UUID in lower case.
    Uuid([u8; 16]),
    /// Any other.
    Text(Box<str>),
}

impl Id {
    /// Of a text.
    pub(super) fn new(text: &str) -> Self {
        uuid(text).map_or_else(|| Self::Text(text.into()), Self::Uuid)
    }

    /// Bytes beside the value itself.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Uuid(_) => 0,
            Self::Text(text) => text.len(),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Uuid(bytes) => {
                for (at, byte) in bytes.iter().enumerate() {
                    let hyphen = if matches!(at, 4 | 6 | 8 | 10) { "-" } else { "" };
                    write!(out, "{hyphen}{byte:02x}")?;
                }
                Ok(())
            }
        }
    }
}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Uuid(a), Self::Uuid(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (a, b) => a.to_string().cmp(&b.to_string()),
        }
    }
}

fn uuid(text: &str) -> Option<[u8; 16]> {
    let text = text.as_bytes();
    if text.len() != UUID_CHARS {
        return None;
    }
    let mut bytes = [0u8; 16];
    let mut digits = 0;
    for (at, &char) in text.iter().enumerate() {
        if HYPHENS.contains(&at) {
            if char != b'-' {
                return None;
            }
            continue;
        }
        let digit = match char {
            b'0'..=b'9' => char - b'0',
            b'a'..=b'f' => char - b'a' + 10,
            _ => return None,
        };
        bytes[digits / 2] = bytes[digits / 2] << 4 | digit;
        digits += 1;
    }
    Some(bytes)
}

/// A number that orders ids of a-z, 0-9 and hyphens as far as their first characters do; none for another id.
pub(super) fn key(text: &str) -> Option<u64> {
    let mut key = 0_u64;
    let mut chars = text.bytes();
    for _ in 0..KEY_CHARS {
        let code = match chars.next() {
            None => 0,
            Some(b'-') => 1,
            Some(digit @ b'0'..=b'9') => 2 + u64::from(digit - b'0'),
            Some(letter @ b'a'..=b'z') => 12 + u64::from(letter - b'a'),
            Some(_) => return None,
        };
        key = key * 38 + code;
    }
    chars.all(|char| matches!(char, b'-' | b'0'..=b'9' | b'a'..=b'z')).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_back_and_are_ordered_as_texts() {
        let mut texts = vec![
            "018f0000-7c1a-7000-8000-0123456789ab",
            "018f0000-7c1a-7000-8000-0123456789ac",
            "018f0000-7c1a-7000-8000-0123456789aB",
            "018f0000-7c1b-7000-8000-000000000000",
            "018f",
            "v-1",
            "v1",
            "v",
            "zz",
        ];
        texts.sort_unstable();
        for (at, a) in texts.iter().enumerate() {
            assert_eq!(Id::new(a).to_string(), **a);
            for b in &texts[at + 1..] {
                assert_eq!(Id::new(a).cmp(&Id::new(b)), Ordering::Less, "{a} {b}");
                assert!(key(a).is_none() || key(b).is_none() || key(a) <= key(b), "{a} {b}");
            }
        }
        assert_eq!((key("V1"), size_of::<Id>()), (None, 24));
    }
}
