//! What the API's descriptors say of the fields of a resource: which are needed, which can be given, and what a value looks like.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::client::descriptors;
use crate::{clock, names};

/// `google.api.FieldBehavior`: must be given.
const REQUIRED: i32 = 2;
/// `google.api.FieldBehavior`: set by the server alone.
const OUTPUT_ONLY: i32 = 3;
/// `google.api.FieldBehavior`: the resource name.
const IDENTIFIER: i32 = 8;

fn behaviours(field: &FieldDescriptor) -> Vec<i32> {
    let Some(extension) = descriptors().get_extension_by_name("google.api.field_behavior") else { return Vec::new() };
    let options = field.options();
    let value = options.get_extension(&extension);
    value.as_list().map(|all| all.iter().filter_map(prost_reflect::Value::as_enum_number).collect()).unwrap_or_default()
}

/// The fields that a caller must give, and those that they may, by their proto names.
pub(crate) fn to_give(message: &MessageDescriptor) -> (Vec<String>, Vec<String>) {
    let (mut needed, mut others) = (Vec::new(), Vec::new());
    for field in message.fields() {
        let behaviours = behaviours(&field);
        if behaviours.contains(&REQUIRED) {
            needed.push(field.name().to_owned());
        } else if !behaviours.contains(&OUTPUT_ONLY) && !behaviours.contains(&IDENTIFIER) && field.name() != "etag" {
            others.push(field.name().to_owned());
        }
    }
    (needed, others)
}

/// The values of an enum as people write them: without the common prefix, small, and without the one that says nothing.
pub(crate) fn choices(of: &prost_reflect::EnumDescriptor) -> Vec<(String, String)> {
    let prefix = of.default_value().name().trim_end_matches("UNSPECIFIED").to_owned();
    of.values()
        .filter(|value| value.number() != 0)
        .map(|value| (value.name().to_owned(), value.name().trim_start_matches(&prefix).to_lowercase()))
        .collect()
}

/// A message as JSON with made-up values in the fields that it needs, or in all where it needs none.
pub(crate) fn sample(message: &MessageDescriptor, network: &str) -> Value {
    let fields: Vec<FieldDescriptor> = message.fields().collect();
    let has_needed = fields.iter().any(|field| behaviours(field).contains(&REQUIRED));
    let shown = fields.iter().filter(|field| !has_needed || behaviours(field).contains(&REQUIRED));
    let mut object = Map::new();
    for field in shown {
        let one = sample_of(field, network);
        object.insert(field.json_name().to_owned(), if field.is_list() { json!([one]) } else { one });
    }
    Value::Object(object)
}

fn sample_of(field: &FieldDescriptor, network: &str) -> Value {
    let is_end = field.name().starts_with("end") || field.name().ends_with("until");
    match field.kind() {
        Kind::String => match names::collection_of(field.name()) {
            Some(collection) => json!(names::resource(network, collection, "ID")),
            None => json!("TEXT"),
        },
        Kind::Bool => json!(true),
        Kind::Enum(of) => json!(choices(&of).first().map(|(name, _)| name.clone())),
        Kind::Message(inner) => match inner.full_name() {
            "google.protobuf.Timestamp" => json!(if is_end { "2026-11-23T10:00:00Z" } else { "2026-11-23T08:00:00Z" }),
            "google.protobuf.Duration" => json!("5400s"),
            "keikka.type.v1.Date" => json!({ "year": 2026, "month": 11, "day": if is_end { 30 } else { 23 } }),
            "keikka.type.v1.TimeOfDay" => json!({ "hours": if is_end { 15 } else { 9 } }),
            _ => sample(&inner, network),
        },
        _ => json!(1),
    }
}

/// A setting that `--set` takes for a field of a message, by the path at which it is wrong or missing: `windows[0].end_time` is a part of
/// `windows`, which is set as a whole. None where the message has no such field.
pub(crate) fn setting(message: &MessageDescriptor, path: &str, network: &str) -> Option<String> {
    let mut message = message.clone();
    let mut walked: Vec<String> = Vec::new();
    for part in path.split('.') {
        let (name, is_part_of_list) = part.split_once('[').map_or((part, false), |(name, _)| (name, true));
        let field = message.get_field_by_name(name)?;
        walked.push(name.to_owned());
        let inner = match field.kind() {
            Kind::Message(inner) if !field.is_list() && !is_in_a_word(&inner) => Some(inner),
            _ => None,
        };
        if is_part_of_list || inner.is_none() {
            return Some(format!("{}={}", walked.join("."), value(&field, network)));
        }
        message = inner?;
    }
    // A message that is not written as one word is set by a part of it.
    let fields: Vec<FieldDescriptor> = message.fields().collect();
    let first = fields.iter().find(|field| example(field.name()).is_some()).or_else(|| fields.first())?;
    Some(format!("{}.{}={}", walked.join("."), first.name(), value(first, network)))
}

/// Messages that people write as one word.
fn is_in_a_word(message: &MessageDescriptor) -> bool {
    const WORDS: [&str; 8] = [
        "google.protobuf.Timestamp",
        "google.protobuf.Duration",
        "keikka.type.v1.LocalizedText",
        "keikka.type.v1.Date",
        "keikka.type.v1.TimeOfDay",
        "keikka.type.v1.TimeWindow",
        "keikka.type.v1.DateRange",
        "keikka.registry.v1.HeldSkill",
    ];
    WORDS.contains(&message.full_name())
}

/// A value that `--set` takes for a field.
fn value(field: &FieldDescriptor, network: &str) -> String {
    if let Some(example) = example(field.name()) {
        return example;
    }
    match field.kind() {
        Kind::Bool => "true".to_owned(),
        Kind::Enum(of) => choices(&of).first().map_or_else(String::new, |(_, word)| word.clone()),
        Kind::Message(inner) => match inner.full_name() {
            "google.protobuf.Timestamp" => format!("{}T10:00", in_a_week()),
            "google.protobuf.Duration" => "90min".to_owned(),
            "keikka.type.v1.Date" => in_a_week().to_string(),
            "keikka.type.v1.TimeOfDay" => "09:30".to_owned(),
            "keikka.type.v1.TimeWindow" => window(),
            "keikka.type.v1.DateRange" => format!("{0}..{0}", in_a_week()),
            "keikka.type.v1.LocalizedText" => "TEXT".to_owned(),
            "keikka.registry.v1.HeldSkill" => "tools".to_owned(),
            "keikka.registry.v1.WeeklyWindow" => "'mon-fri 9-15'".to_owned(),
            _ if field.is_list() => format!("'[{}]'", sample(&inner, network)),
            _ => format!("'{}'", sample(&inner, network)),
        },
        Kind::String | Kind::Bytes => "TEXT".to_owned(),
        _ => "1".to_owned(),
    }
}

/// A day that is not over when the example is read.
fn in_a_week() -> jiff::civil::Date {
    clock::now().to_zoned(domain::zone()).date().saturating_add(jiff::Span::new().days(7))
}

fn window() -> String {
    format!("{0}T10:00..{0}T14:00", in_a_week())
}

/// A value for a field that an example can show: `seeker` is `s7`.
fn example(field: &str) -> Option<String> {
    let text = match field {
        "kind" | "accepted_kinds" | "liked_kinds" => "shopping",
        "seeker" => "s7",
        "windows" => return Some(window()),
        "display_name" => "'Aino Testinen'",
        "travel_mode" => "bike",
        "travel_limit_minutes" => "30",
        "languages" => "fi,sv",
        "postal_code" => "45100",
        "latitude" => "60.87",
        "longitude" => "26.7",
        "title" => "TEXT",
        "category" => "household",
        "city" => "Kouvola",
        "priority" => "3",
        "duration" => "90min",
        _ => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str) -> MessageDescriptor {
        descriptors().get_message_by_name(name).expect(name)
    }

    #[test]
    fn what_is_needed_is_read_from_the_api() {
        let (needed, others) = to_give(&message("keikka.dispatch.v1.Gig"));
        assert_eq!(needed, ["kind", "seeker", "windows"]);
        assert!(others.contains(&"priority".to_owned()), "{others:?}");
        for server_side in ["name", "state", "etag", "create_time"] {
            assert!(!others.contains(&server_side.to_owned()), "{others:?}");
        }
    }

    #[test]
    fn a_choice_is_never_the_one_that_says_nothing() {
        let volunteer = message("keikka.registry.v1.Volunteer");
        let Some(Kind::Enum(of)) = volunteer.get_field_by_name("travel_mode").map(|field| field.kind()) else {
            panic!("an enum")
        };
        let words: Vec<String> = choices(&of).into_iter().map(|(_, word)| word).collect();
        assert_eq!(words, ["walk", "bike", "car"]);
    }

    #[test]
    fn every_setting_that_is_advised_is_one_that_is_taken() {
        for noun in crate::nouns::NOUNS {
            let Some(method) = noun.has(crate::nouns::Standard::Create) else { continue };
            let field = method.input().get_field_by_json_name(noun.field()).expect("the resource").kind();
            let message = field.as_message().expect("a message");
            for field in message.fields() {
                let below: Vec<String> = match field.kind() {
                    Kind::Message(inner) => inner.fields().map(|part| part.name().to_owned()).collect(),
                    _ => Vec::new(),
                };
                let index = if field.is_list() { "[0]" } else { "" };
                let below = below.iter().map(|part| format!("{}{index}.{part}", field.name()));
                for path in [field.name().to_owned(), format!("{}[0]", field.name())].into_iter().chain(below) {
                    let advised = setting(message, &path, "kouvola").expect("a setting");
                    let typed = advised.replace('\'', "");
                    let mut resource = json!({});
                    let taken = crate::setting::set(&mut resource, message, "kouvola", &typed);
                    assert!(taken.is_ok(), "{} {path}: {advised}: {taken:?}", noun.word);
                    let is_message = crate::client::message_of(message, &resource);
                    assert!(is_message.is_ok(), "{} {path}: {advised}: {is_message:?}", noun.word);
                }
            }
        }
    }

    #[test]
    fn a_sample_is_a_message() {
        for name in ["keikka.registry.v1.WeeklyWindow", "keikka.registry.v1.HeldSkill", "keikka.type.v1.Place"] {
            let json = sample(&message(name), "kouvola");
            assert!(crate::client::message_of(&message(name), &json).is_ok(), "{name}: {json}");
        }
    }
}
