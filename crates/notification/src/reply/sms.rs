//! What people write back: yes or no, and a short code, among greetings, smileys and capitals.

use domain::text::ServiceLanguage;

use super::token::{CODE_CHARS, CODE_LETTERS};

/// Yes, in any language.
const YES: [&str; 7] = ["K", "KYLLÄ", "KYLLA", "JOO", "Y", "YES", "OK"];
/// No, in any language.
const NO: [&str; 2] = ["E", "EI"];
/// Words that thank, and say nothing else.
const THANKS: [&str; 6] = ["KIITOS", "KIITTI", "TACK", "THANKS", "THANK", "YOU"];
/// Words that make a yes or no neither.
const DOUBTS: [&str; 5] = ["EHKÄ", "EHKA", "KANSKE", "MAYBE", "PERHAPS"];
/// Words that ask for an end.
const STOPS: [&str; 4] = ["STOP", "LOPETA", "SLUTA", "STOPP"];

/// Longest text that is read, in characters.
const CHARS_MAX: usize = 500;
/// Most words of an answer without a code.
const WORDS_MAX: usize = 3;

/// A reading of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Yes or no.
    pub yes: bool,
    /// The short code, if one was written.
    pub code: Option<String>,
}

/// Reads an answer of somebody who is spoken to in a language; none if it is neither yes nor no, or both, or asks something. With a short
/// code, yes or no may stand anywhere; without one it is the first of a few words. `J`, `JA`, `NEJ` are words of Swedish and `NO` of
/// English only: in Finnish a `J` is an initial and "no" means "well".
#[must_use]
pub fn read(text: &str, language: ServiceLanguage) -> Option<Reading> {
    if text.contains(['?', '\u{ff1f}', '\u{61f}']) {
        return None;
    }
    let upper = upper(text);
    let mut answer: Option<(bool, usize)> = None;
    let mut code: Option<String> = None;
    let mut count = 0;
    for word in words(&upper).filter(|word| !THANKS.contains(word)) {
        if DOUBTS.contains(&word) {
            return None;
        }
        let (says, rest) = match (says(word, language), glued(word, language)) {
            (Some(says), _) => (Some(says), None),
            (None, Some((says, rest))) => (Some(says), Some(rest)),
            (None, None) => (None, Some(word)),
        };
        if let Some(says) = says {
            if answer.is_some_and(|(before, _)| before != says) {
                return None;
            }
            answer = answer.or(Some((says, count)));
        }
        count += 1;
        if code.is_none()
            && let Some(rest) = rest.filter(|rest| looks_like_code(rest))
        {
            code = Some(rest.to_owned());
        }
    }
    let (yes, place) = answer?;
    // "Ok" before other words only begins a sentence.
    let opens_sentence = count > 1 && words(&upper).find(|word| !THANKS.contains(word)) == Some("OK");
    if code.is_none() && (place > 0 || count > WORDS_MAX || opens_sentence) {
        return None;
    }
    Some(Reading { yes, code })
}

/// Whether somebody asks not to be written to any more.
#[must_use]
pub fn asks_for_an_end(text: &str) -> bool {
    words(&upper(text)).next().is_some_and(|word| STOPS.contains(&word))
}

fn upper(text: &str) -> String {
    text.chars().take(CHARS_MAX).flat_map(char::to_uppercase).collect()
}

fn words(upper: &str) -> impl Iterator<Item = &str> {
    upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What a word says to somebody of a language.
fn says(word: &str, language: ServiceLanguage) -> Option<bool> {
    let (yes, no): (&[&str], &[&str]) = match language {
        ServiceLanguage::Sv => (&["J", "JA"], &["N", "NEJ"]),
        ServiceLanguage::En => (&[], &["N", "NO"]),
        ServiceLanguage::Fi => (&[], &[]),
    };
    if YES.contains(&word) || yes.contains(&word) {
        Some(true)
    } else if NO.contains(&word) || no.contains(&word) {
        Some(false)
    } else {
        None
    }
}

/// `KAB23`: the answer and the code without a space.
fn glued(word: &str, language: ServiceLanguage) -> Option<(bool, &str)> {
    let first = word.chars().next()?;
    let (letter, rest) = word.split_at(first.len_utf8());
    if !looks_like_code(rest) {
        return None;
    }
    Some((says(letter, language)?, rest))
}

/// Two letters and two digits: a code, or one that was mistyped. No word looks like it but the clock's: `klo9`, `kl12`.
fn looks_like_code(word: &str) -> bool {
    let (Some(letters), Some(digits)) = (word.as_bytes().get(..2), word.as_bytes().get(2..)) else { return false };
    if word.len() != CODE_CHARS || letters == b"KL" || !letters.iter().all(u8::is_ascii_alphabetic) {
        return false;
    }
    let count = digits.iter().filter(|c| c.is_ascii_digit()).count();
    // A letter for a digit (O for 0) only after letters that codes have.
    let mistyped = |c: &u8| c.is_ascii_digit() || b"OQILSBZ".contains(c);
    count == 2 || count == 1 && digits.iter().all(mistyped) && letters.iter().all(|c| CODE_LETTERS.contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_read_as_people_write_them() {
        let yes = |code: Option<&str>| Some(Reading { yes: true, code: code.map(str::to_owned) });
        let no = |code: Option<&str>| Some(Reading { yes: false, code: code.map(str::to_owned) });
        for (text, wanted) in [
            ("K AB23", yes(Some("AB23"))),
            ("k ab23", yes(Some("AB23"))),
            ("KAB23", yes(Some("AB23"))),
            ("  k   ab23 \n", yes(Some("AB23"))),
            ("Kyllä! 😀 AB23 👍", yes(Some("AB23"))),
            ("😀K😀AB23", yes(Some("AB23"))),
            ("😀 K! 👍👍", yes(None)),
            ("AB23 K", yes(Some("AB23"))),
            ("Y-AB23.", yes(Some("AB23"))),
            ("yes", yes(None)),
            ("OK", yes(None)),
            ("Ok, kiitos!", yes(None)),
            ("E AB23", no(Some("AB23"))),
            ("ei", no(None)),
            ("Ei, kiitos 😀", no(None)),
            ("Hei vaan, K AB23 terv. Aino", yes(Some("AB23"))),
            ("K PQRT", yes(None)),
            ("Joo, voin tulla", yes(None)),
            ("Kyllä sopii hyvin", yes(None)),
            ("Kyllä kiitos, sopii mainiosti", yes(None)),
            ("K klo9", yes(None)),
            ("Joo klo 1030", yes(None)),
            ("E, en pääsekään", no(None)),
            ("Yes, I will come at 12 with AB23", yes(Some("AB23"))),
            ("eab23", no(Some("AB23"))),
            ("K AB2O", yes(Some("AB2O"))),
        ] {
            for language in [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En] {
                assert_eq!(read(text, language), wanted, "{text:?} {language:?}");
            }
        }
        for (text, wanted) in [
            ("J AB23", yes(Some("AB23"))),
            ("jab23", yes(Some("AB23"))),
            ("Ja, gärna", yes(None)),
            ("Ja, kl12", yes(None)),
            ("N AB23", no(Some("AB23"))),
            ("nej tack ab23", no(Some("AB23"))),
            ("Nej tack!", no(None)),
        ] {
            assert_eq!(read(text, ServiceLanguage::Sv), wanted, "{text:?}");
        }
        for (text, wanted) in [("N AB23", no(Some("AB23"))), ("No, thank you", no(None)), ("n", no(None))] {
            assert_eq!(read(text, ServiceLanguage::En), wanted, "{text:?}");
        }
        let long = format!("K AB23 {}", "K ".repeat(100_000));
        assert_eq!(read(&long, ServiceLanguage::Fi), yes(Some("AB23")), "long texts are cut");
    }

    #[test]
    fn what_is_no_answer_is_not_taken_for_one() {
        for text in [
            "",
            "😀",
            "AB23",
            "K E AB23",
            "ehkä",
            "soita minulle",
            "?",
            "\u{202e}",
            "AB23 AB24",
            "Missä ja milloin?",
            "Ok, palaan asiaan illalla",
            "Ok, palaan asiaan",
            "Kiitos! Ok, soitan illalla",
            "Soitan illalla. T. Kaija J",
            "No sopii hyvin!",
            "No",
            "J",
            "Onko kello 12 ok",
            "K AB23?",
            "Kyllä, mutta vasta illalla kuuden jälkeen",
            "Kyllä ehkä",
            "Ei nyt, olen maalla 2020 asti",
            "Ei kun joo",
            "Terveisin K",
        ] {
            assert_eq!(read(text, ServiceLanguage::Fi), None, "{text:?}");
        }
        for text in ["Var och när, ja?", "Jag ringer ikväll. Kaija J", "Ja kanske"] {
            assert_eq!(read(text, ServiceLanguage::Sv), None, "{text:?}");
        }
    }

    #[test]
    fn an_end_is_asked_for_in_three_languages() {
        for text in ["STOP", "Lopeta!", "sluta", " stop, kiitos"] {
            assert!(asks_for_an_end(text) && read(text, ServiceLanguage::Sv).is_none(), "{text:?}");
        }
        assert!(!asks_for_an_end("K AB23") && !asks_for_an_end("Missä on stop-merkki"));
    }
}
