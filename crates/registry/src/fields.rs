//! Rules for single fields that several resources share.

use domain::{LocalizedText, Name, Place, Violations};

/// Longest external id, in characters.
const EXTERNAL_ID_CHARS_MAX: usize = 100;

/// A key of somebody's own list: short, visible, and never a personal identity code.
pub(crate) fn external_id(field: &str, text: Option<&str>, violations: &mut Violations) {
    let Some(text) = text else { return };
    if text.chars().count() > EXTERNAL_ID_CHARS_MAX {
        violations.add(field, format!("must be at most {EXTERNAL_ID_CHARS_MAX} characters"));
    } else if violations.take(field, Name::new(text)).is_some_and(|name| name.as_str() != text) {
        violations.add(field, "must not begin or end with white space");
    }
}

/// A text in three languages: Finnish must be there.
pub(crate) fn localized(field: &str, text: &LocalizedText, violations: &mut Violations) {
    let _ = violations.take(format!("{field}.fi"), Name::new(&text.fi));
    for (language, translation) in [("sv", &text.sv), ("en", &text.en)] {
        if !translation.is_empty() {
            let _ = violations.take(format!("{field}.{language}"), Name::new(translation));
        }
    }
}

/// A located place: its postal code has five digits.
pub(crate) fn place(field: &str, place: Option<&Place>, violations: &mut Violations) {
    let code = place.and_then(|place| place.postal_code.as_deref());
    if code.is_some_and(|code| code.len() != 5 || !code.bytes().all(|b| b.is_ascii_digit())) {
        violations.add(format!("{field}.postal_code"), "must be five digits");
    }
}

/// An e-mail address, as far as one can tell without sending.
pub(crate) fn email(field: &str, text: Option<&str>, violations: &mut Violations) {
    let Some(text) = text else { return };
    let good = text.len() <= 254
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && Name::new(text).is_ok()
        && text.split_once('@').is_some_and(|(user, host)| {
            !user.is_empty()
                && host.contains('.')
                && !host.contains('@')
                && !host.starts_with('.')
                && !host.ends_with('.')
        });
    if !good {
        violations.add(field, "must be an e-mail address such as aino@example.fi");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(check: impl FnOnce(&mut Violations)) -> Vec<String> {
        let mut violations = Violations::new();
        check(&mut violations);
        violations.as_slice().iter().map(|violation| violation.field.clone()).collect()
    }

    #[test]
    fn an_external_id_is_short_visible_and_no_identity_code() {
        assert!(wrong(|v| external_id("x", Some("V-17"), v)).is_empty());
        for bad in ["", " V1", "a\u{200b}", "131052-308T", &"x".repeat(101)] {
            assert_eq!(wrong(|v| external_id("x", Some(bad), v)), ["x"], "{bad:?}");
        }
    }

    #[test]
    fn a_text_needs_finnish_and_names_the_wrong_language() {
        assert!(wrong(|v| localized("t", &LocalizedText::new("Apu", "", "Help"), v)).is_empty());
        assert_eq!(wrong(|v| localized("t", &LocalizedText::new("", "\u{202e}", ""), v)), ["t.fi", "t.sv"]);
    }

    #[test]
    fn an_email_address_has_a_user_and_a_host() {
        assert!(wrong(|v| email("e", Some("aino@example.fi"), v)).is_empty());
        for bad in ["", "aino", "@example.fi", "a@b", "a b@example.fi", "a@@example.fi", "a@.fi"] {
            assert_eq!(wrong(|v| email("e", Some(bad), v)), ["e"], "{bad:?}");
        }
    }
}
