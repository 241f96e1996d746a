//! `--set path=value`: a value for one field of a resource, read by the field's own type, so that a mistyped path or value is
//! refused here with what would be right.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::{fields, hours, local_time, names};

/// Longest sample that is shown where the parts can be named instead.
const SAMPLE_MAX: usize = 90;
/// The message of one window of the usual week.
const WEEKLY: &str = "keikka.registry.v1.WeeklyWindow";

/// Sets a field of a resource in proto3 JSON. Returns the name of the outermost field that changed.
pub(crate) fn set(
    resource: &mut Value,
    descriptor: &MessageDescriptor,
    network: &str,
    setting: &str,
) -> Result<String, Failure> {
    let (path, text) = setting
        .split_once('=')
        .ok_or_else(|| Failure::usage(format!("`--set {setting}` has no `=`")).next("--set home.postal_code=45100"))?;
    let whole = descriptor.clone();
    let mut descriptor = descriptor.clone();
    let mut place = resource;
    let mut outermost = None;
    let mut parts = path.split('.').peekable();
    while let Some(part) = parts.next() {
        let field = field(&descriptor, part).map_err(|failure| match part.split_once('[') {
            Some(_) => failure.because("a list is set as a whole").next(advised(&whole, path, network)),
            None => failure,
        })?;
        outermost.get_or_insert_with(|| field.name().to_owned());
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[field.json_name()];
        if parts.peek().is_none() {
            *place = value(&field, network, text).map_err(|failure| failure.next(advised(&whole, path, network)))?;
        } else {
            descriptor = match field.kind() {
                Kind::Message(inner) if !field.is_list() && !field.is_map() => inner,
                _ => {
                    return Err(Failure::usage(format!("`{part}` in `{path}` has no fields"))
                        .because("a list or a plain value is set as a whole, a list of messages as JSON")
                        .next(advised(&whole, path, network)));
                }
            };
        }
    }
    outermost.ok_or_else(|| Failure::usage(format!("`--set {setting}` names no field")))
}

/// A setting that would be taken for a path.
fn advised(message: &MessageDescriptor, path: &str, network: &str) -> String {
    let setting = fields::setting(message, path, network);
    setting.map_or_else(|| "--set FIELD=VALUE".to_owned(), |setting| format!("--set {setting}"))
}

/// The field of a message by its proto or JSON name.
fn field(message: &MessageDescriptor, name: &str) -> Result<FieldDescriptor, Failure> {
    message.get_field_by_name(name).or_else(|| message.get_field_by_json_name(name)).ok_or_else(|| {
        let known: Vec<String> = message.fields().map(|field| field.name().to_owned()).collect();
        Failure::usage(format!("{} has no field `{name}`", message.name()))
            .because(format!("its fields are {}", known.join(", ")))
    })
}

fn value(field: &FieldDescriptor, network: &str, text: &str) -> Result<Value, Failure> {
    if field.is_map() || text.starts_with('[') || (text.starts_with('{') && field.kind().as_message().is_some()) {
        return serde_json::from_str(text)
            .map_err(|error| Failure::usage(format!("the value of `{}` is no JSON", field.name())).because(error));
    }
    if field.is_list() && field.kind().as_message().is_some_and(|of| of.full_name() == WEEKLY) {
        return hours::windows(text).map(Value::Array).ok_or_else(|| misfit(field, text, &hint(field, network)));
    }
    if field.is_list() {
        let entries: Result<Vec<Value>, Failure> = text
            .split(',')
            .map(str::trim)
            .filter(|entry| !entry.is_empty())
            .map(|entry| single(field, network, entry))
            .collect();
        return entries.map(Value::Array);
    }
    single(field, network, text)
}

fn misfit(field: &FieldDescriptor, text: &str, must: &str) -> Failure {
    Failure::usage(format!("`{text}` does not fit `{}`", field.name())).because(format!("it takes {must}"))
}

fn single(field: &FieldDescriptor, network: &str, text: &str) -> Result<Value, Failure> {
    let wrong = |must: &str| misfit(field, text, must);
    match field.kind() {
        Kind::String => Ok(match names::collection_of(field.name()) {
            Some(collection) if !text.is_empty() => json!(names::resource(network, collection, text)),
            _ => json!(text),
        }),
        Kind::Bool => text.parse::<bool>().map(Value::from).map_err(|_| wrong("true or false")),
        Kind::Double | Kind::Float => {
            text.replace(',', ".").parse::<f64>().map(Value::from).map_err(|_| wrong("a number"))
        }
        Kind::Bytes => Ok(json!(text)),
        Kind::Enum(of) => {
            let wanted = text.to_uppercase().replace('-', "_");
            let choices = fields::choices(&of);
            let found = choices.iter().find(|(name, _)| *name == wanted || name.ends_with(&format!("_{wanted}")));
            let words: Vec<&str> = choices.iter().map(|(_, word)| word.as_str()).collect();
            found.map(|(name, _)| json!(name)).ok_or_else(|| wrong(&format!("one of {}", words.join(", "))))
        }
        Kind::Message(message) => message_value(&message, network, text).ok_or_else(|| wrong(&hint(field, network))),
        _ => text.parse::<i64>().map(Value::from).map_err(|_| wrong("a whole number")),
    }
}

/// Messages that people write as one word: days, times, durations, texts in Finnish, skills held.
fn message_value(message: &MessageDescriptor, network: &str, text: &str) -> Option<Value> {
    match message.full_name() {
        "google.protobuf.Timestamp" => local_time::read(text).ok().map(|instant| json!(instant.to_string())),
        "google.protobuf.Duration" => {
            let seconds = match text.strip_suffix("min").or_else(|| text.strip_suffix('m')) {
                Some(minutes) => u64::from(minutes.trim().parse::<u32>().ok()?) * 60,
                None => u64::from(text.strip_suffix('s').unwrap_or(text).parse::<u32>().ok()?),
            };
            Some(json!(format!("{seconds}s")))
        }
        "keikka.type.v1.LocalizedText" => Some(json!({ "fi": text })),
        "keikka.type.v1.Date" => {
            let day: jiff::civil::Date = text.parse().ok()?;
            Some(json!({ "year": day.year(), "month": day.month(), "day": day.day() }))
        }
        "keikka.type.v1.TimeOfDay" => text.contains(':').then(|| hours::time(text)).flatten(),
        "keikka.registry.v1.HeldSkill" => Some(json!({ "skill": names::resource(network, "skills", text) })),
        "keikka.type.v1.DateRange" => {
            let (from, to) = text.split_once("..")?;
            let day = |text: &str| text.trim().parse::<jiff::civil::Date>().ok();
            let told = |day: jiff::civil::Date| json!({ "year": day.year(), "month": day.month(), "day": day.day() });
            Some(json!({ "startDate": told(day(from)?), "endDate": told(day(to)?) }))
        }
        "keikka.type.v1.TimeWindow" => {
            let (from, to) = text.split_once("..")?;
            let (from, to) = (local_time::read(from).ok()?, local_time::read(to).ok()?);
            Some(json!({ "startTime": from.to_string(), "endTime": to.to_string() }))
        }
        _ => None,
    }
}

fn hint(field: &FieldDescriptor, network: &str) -> String {
    let kind = field.kind();
    let Some(message) = kind.as_message() else { return "another value".to_owned() };
    let sample = || {
        let one = fields::sample(message, network);
        if field.is_list() { json!([one]) } else { one }
    };
    match message.full_name() {
        WEEKLY => format!("days and hours: 'mon-fri 9-15, sat 10:30-12', or JSON: '{}'", sample()),
        "keikka.type.v1.DateRange" => "days from and to: 2026-12-20..2026-12-31".to_owned(),
        "google.protobuf.Timestamp" => "a time: 2026-11-23T10:00".to_owned(),
        "google.protobuf.Duration" => "a duration: 90min or 5400s".to_owned(),
        "keikka.type.v1.Date" => "a day: 2026-11-23".to_owned(),
        "keikka.type.v1.TimeOfDay" => "a time of day: 09:30".to_owned(),
        "keikka.type.v1.TimeWindow" => "a window: 2026-11-23T10:00..2026-11-23T14:00".to_owned(),
        _ if field.is_list() => format!("JSON: '{}'", sample()),
        _ => {
            let a = if message.name().starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" };
            let parts: Vec<String> = message.fields().map(|part| format!("{}.{}", field.name(), part.name())).collect();
            let sample = sample().to_string();
            let json = if sample.len() <= SAMPLE_MAX { format!("JSON: '{sample}'") } else { "JSON".to_owned() };
            format!("{a} {} as {json}, or one part of it by a longer path: {}", message.name(), parts.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::descriptors;

    fn gig_with(settings: &[&str]) -> Result<(Value, Vec<String>), Failure> {
        let descriptor = descriptors().get_message_by_name("keikka.dispatch.v1.Gig").expect("gigs");
        let mut gig = json!({});
        let fields: Result<Vec<String>, Failure> =
            settings.iter().map(|setting| set(&mut gig, &descriptor, "kouvola", setting)).collect();
        Ok((gig, fields?))
    }

    #[test]
    fn values_are_read_by_the_type_of_the_field() {
        let (gig, fields) = gig_with(&[
            "kind=shopping",
            "priority=4",
            "duration=90min",
            "languages=fi,sv",
            "place.postal_code=45100",
            "place.coordinates.latitude=60,87",
            "wishes.familiar_face=true",
            "wishes.preferred_sex=female",
            "windows=2026-11-23T10:00..2026-11-23T14:00",
        ])
        .expect("good settings");
        assert_eq!(gig["kind"], "networks/kouvola/kinds/shopping");
        assert_eq!(gig["priority"], 4);
        assert_eq!(gig["duration"], "5400s");
        assert_eq!(gig["languages"], json!(["fi", "sv"]));
        assert_eq!(gig["place"]["postalCode"], "45100");
        assert_eq!(gig["place"]["coordinates"]["latitude"], 60.87);
        assert_eq!(gig["wishes"], json!({ "familiarFace": true, "preferredSex": "SEX_FEMALE" }));
        assert_eq!(gig["windows"][0]["startTime"], "2026-11-23T08:00:00Z");
        assert_eq!(fields[4], "place");
    }

    #[test]
    fn wrong_paths_and_values_say_what_would_be_right() {
        for (setting, part) in [
            ("kind", "no `=`"),
            ("flavour=1", "its fields are name, kind"),
            ("priority=high", "a whole number"),
            ("kind.id=1", "has no fields"),
            ("wishes.preferred_sex=any", "female"),
            ("duration=soon", "90min"),
        ] {
            let text = gig_with(&[setting]).expect_err(setting).text();
            assert!(text.contains(part), "{setting}: {text}");
        }
    }

    fn volunteer_with(setting: &str) -> Result<Value, Failure> {
        let descriptor = descriptors().get_message_by_name("keikka.registry.v1.Volunteer").expect("volunteers");
        let mut volunteer = json!({});
        set(&mut volunteer, &descriptor, "kouvola", setting)?;
        crate::client::message_of(&descriptor, &volunteer)?;
        Ok(volunteer)
    }

    #[test]
    fn hours_and_skills_are_entered_in_words() {
        let weekly = &volunteer_with("availability.weekly=mon-fri 9-15").expect("hours")["availability"]["weekly"];
        assert_eq!((weekly.as_array().map(Vec::len), &weekly[4]["weekday"]), (Some(5), &json!("WEEKDAY_FRIDAY")));
        let skills = &volunteer_with("skills=first-aid,driving").expect("skills")["skills"];
        assert_eq!(skills[1]["skill"], "networks/kouvola/skills/driving");
        let pauses = volunteer_with("availability.pauses=2026-12-20..2026-12-31").expect("a pause");
        assert_eq!(pauses["availability"]["pauses"][0]["endDate"]["day"], 31);
    }

    #[test]
    fn what_does_not_fit_shows_what_would() {
        for (setting, part) in [
            ("availability.weekly=mon-fri", "mon-fri 9-15"),
            ("availability.weekly=mon-fri", "\"weekday\":\"WEEKDAY_MONDAY\""),
            ("availability=always", "an Availability as JSON"),
            ("availability=always", "availability.weekly"),
            ("travel_mode=plane", "one of walk, bike, car"),
            ("travel_mode=unspecified", "one of walk, bike, car"),
        ] {
            let text = volunteer_with(setting).expect_err(setting).json().to_string().replace("\\\"", "\"");
            assert!(text.contains(part), "{setting}: {text}");
        }
    }
}
