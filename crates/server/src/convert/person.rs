//! What volunteers and seekers share: phones, and how they may be reached.

use domain::contact::{ContactPreferences, PhoneNumber};
use proto::registry::v1 as wire;

use super::check::{at, nth};
use super::{Check, Choice as _, choice, time};

/// A phone that may be missing.
pub(crate) fn phone(check: &mut Check, field: impl Into<String>, text: &str) -> Option<PhoneNumber> {
    if text.trim().is_empty() { None } else { check.take(field, PhoneNumber::new(text)) }
}

/// Writes a phone where it may be shown.
pub(crate) fn of_phone(phone: Option<&PhoneNumber>, show: bool) -> String {
    phone.filter(|_| show).map(|phone| phone.expose().to_owned()).unwrap_or_default()
}

/// Contact preferences that may be missing, in whole or in part.
pub(crate) fn contact(
    check: &mut Check,
    field: &str,
    contact: Option<&wire::ContactPreferences>,
) -> ContactPreferences {
    let default = ContactPreferences::default();
    let Some(contact) = contact else { return default };
    let channels: Box<[_]> = contact
        .channels
        .iter()
        .enumerate()
        .filter_map(|(index, channel)| choice::required(check, nth(field, "channels", index), *channel))
        .collect();
    let budget = contact.weekly_budget.map_or(Ok(default.weekly_budget), u8::try_from);
    let hours = contact
        .hours
        .as_ref()
        .and_then(|hours| time::span(check, &at(field, "hours"), hours.start_time.as_ref(), hours.end_time.as_ref()));
    ContactPreferences {
        channels: if channels.is_empty() { default.channels } else { channels },
        language: choice::optional(check, at(field, "language"), contact.language).unwrap_or_default(),
        weekly_budget: check
            .take(at(field, "weekly_budget"), budget.map_err(|_| "must be 0 to 50"))
            .unwrap_or_default(),
        hours,
    }
}

pub(crate) fn of_contact(contact: &ContactPreferences) -> wire::ContactPreferences {
    wire::ContactPreferences {
        channels: contact.channels.iter().map(|channel| channel.wire()).collect(),
        language: contact.language.wire(),
        weekly_budget: Some(i32::from(contact.weekly_budget)),
        hours: contact.hours.as_ref().map(time::of_span),
    }
}
