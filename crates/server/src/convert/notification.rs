//! Notifications: events that wait to be told, and messages; previews of what templates say.

use domain::text::ServiceLanguage;
use notification::{Delivery, Part, Preview, Queued, Template, Words};
use proto::notification::v1 as wire;
use store::{Message, MessageState, OutboxState};

use super::choice::Choice as _;
use super::{Check, name, time};

/// The collection of notifications; the id is the message's, or the event's while it waits.
const COLLECTION: &str = "notifications";

pub(crate) fn of(queued: &Queued) -> wire::Notification {
    match queued {
        Queued::Event(delivery) => event(delivery),
        Queued::Message(message) => self::message(message),
    }
}

fn event(delivery: &Delivery) -> wire::Notification {
    let (row, event) = (&delivery.row, &delivery.event);
    let network = name::of_network(&row.network);
    let pending = row.state == OutboxState::Pending;
    wire::Notification {
        name: format!("{network}/{COLLECTION}/{}", row.event),
        event_kind: event.kind.code().to_owned(),
        subject: format!("{network}/{}", event.subject),
        recipient: recipient(delivery),
        state: match row.state {
            OutboxState::Pending => wire::notification::State::Pending,
            OutboxState::Delivered => wire::notification::State::Delivered,
            OutboxState::Failed => wire::notification::State::Failed,
        }
        .into(),
        attempt_count: i32::try_from(row.attempts).unwrap_or(i32::MAX),
        next_attempt_time: pending.then(|| time::of(row.next_time)),
        create_time: Some(time::of(row.create_time)),
        ..wire::Notification::default()
    }
}

fn message(message: &Message) -> wire::Notification {
    let network = name::of_network(&message.network);
    let waits = !message.state.is_terminal();
    wire::Notification {
        name: format!("{network}/{COLLECTION}/{}", message.id.hyphenated()),
        event_kind: message.event_kind.clone(),
        subject: format!("{network}/{}", message.subject),
        recipient: format!("{network}/{}", message.recipient),
        channel: message.channel.wire(),
        state: match message.state {
            MessageState::Pending | MessageState::Leased => wire::notification::State::Pending,
            MessageState::Sent => wire::notification::State::Sent,
            MessageState::Delivered => wire::notification::State::Delivered,
            MessageState::Failed => wire::notification::State::Failed,
            MessageState::Dropped => wire::notification::State::Dropped,
        }
        .into(),
        attempt_count: i32::try_from(message.attempts).unwrap_or(i32::MAX),
        next_attempt_time: waits.then(|| time::of(message.next_time)),
        failure_reason: message.failure.clone().unwrap_or_default(),
        create_time: Some(time::of(message.create_time)),
        ..wire::Notification::default()
    }
}

/// The volunteer whom the event is about, if it is about one.
fn recipient(delivery: &Delivery) -> String {
    let volunteer = delivery.event.data.get("volunteer").and_then(|id| id.parse::<domain::VolunteerId>().ok());
    name::of_optional(&delivery.row.network, volunteer.as_ref())
}

/// The stored states that a filter's code names.
pub(crate) const STATES: [(&str, &[&str]); 5] = [
    ("pending", &["pending", "leased"]),
    ("sent", &["sent"]),
    ("delivered", &["delivered"]),
    ("failed", &["failed"]),
    ("dropped", &["dropped"]),
];

/// The template of a code.
pub(crate) fn template(check: &mut Check, code: &str) -> Option<Template> {
    let known = || Template::ALL.iter().map(|template| template.code()).collect::<Vec<_>>().join(", ");
    check.take("template", Template::from_code(code).ok_or_else(|| format!("must be one of {}", known())))
}

/// Other words to try.
pub(crate) fn words(check: &mut Check, field: &str, texts: &[wire::TemplateText]) -> Option<Vec<Words>> {
    let mut words = Vec::with_capacity(texts.len());
    for (at, text) in texts.iter().enumerate() {
        let part = part(check, format!("{field}[{at}].part"), &text.part);
        let language = language(check, format!("{field}[{at}].language"), &text.language);
        words.push(Words { part: part?, language: language?, text: text.text.clone() });
    }
    Some(words)
}

/// The part of a code.
pub(crate) fn part(check: &mut Check, field: String, code: &str) -> Option<Part> {
    check.take(field, Part::from_code(code).ok_or("must be sms, subject, body or call"))
}

/// The language of a code.
pub(crate) fn language(check: &mut Check, field: String, code: &str) -> Option<ServiceLanguage> {
    let all = [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En];
    let known = all.into_iter().find(|language| store::language_code(*language) == code);
    check.take(field, known.ok_or("must be fi, sv or en"))
}

pub(crate) fn preview(preview: &Preview) -> wire::NotificationPreview {
    wire::NotificationPreview {
        channel: preview.channel.wire(),
        language: store::language_code(preview.language).to_owned(),
        subject: preview.subject.clone().unwrap_or_default(),
        text: preview.text.clone(),
        segment_count: count(preview.segments),
        septet_count: count(preview.septets),
    }
}

fn count(number: Option<usize>) -> i32 {
    number.map_or(0, |number| i32::try_from(number).unwrap_or(i32::MAX))
}
