//! Documents that an older program stored are read as they were meant, and what is stored now says nothing of what is not there.

use domain::Volunteer;
use serde_json::Value;

/// As a volunteer was stored when every field was written, whatever it held.
const OLDER: &str = r#"{"network":"kouvola","id":"v1","association":null,"external_id":null,"name":"Ville Vapaaehtoinen",
    "phone":null,"email":null,"sex":null,"birth_year":1958,
    "home":{"coordinates":[60.868,26.704],"precision":"exact","postal_code":"45100","locality":null,"street":null},
    "travel_mode":"bike","travel_limit_min":40,"kinds":["call","shopping"],"likes":[],
    "skills":[{"skill":"garden","valid_from":null,"valid_until":"2027-12-31","checked_time":null,"checked_by":null}],
    "languages":["fi","sv-FI"],
    "availability":{"weekly":[{"weekday":1,"span":{"start":960,"end":1140},"every_n_weeks":1,"valid_from":null,
        "valid_until":null}],"exceptions":[{"day":"2026-12-24","spans":[]}],"pauses":[]},
    "caps":{"per_day":1,"per_week":1},"contact":{"channels":[],"language":"fi","weekly_budget":5,"hours":null},
    "blocked_seekers":[],"standing":"active","standing_reason":null,"joined":null,
    "meta":{"version":1,"create_time":"2026-11-23T10:00:00Z","update_time":"2026-11-23T10:00:00Z"}}"#;

/// Fields that are told even where they hold nothing: an empty list is not the same as none.
const ALWAYS: [&str; 2] = ["spans", "channels"];

/// Without other fields that hold nothing, wherever they stand.
fn without_nothing(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let kept = fields.into_iter().map(|(name, value)| (name, without_nothing(value)));
            Value::Object(
                kept.filter(|(name, value)| {
                    let holds = !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty());
                    holds || ALWAYS.contains(&name.as_str())
                })
                .collect(),
            )
        }
        Value::Array(list) => Value::Array(list.into_iter().map(without_nothing).collect()),
        other => other,
    }
}

#[test]
fn a_volunteer_of_an_older_program_is_stored_anew_without_what_is_not_there() {
    let read: Volunteer = serde_json::from_str(OLDER).expect("an older document");
    let stored = serde_json::to_string(&read).expect("text");
    let older: Value = serde_json::from_str(OLDER).expect("json");
    assert_eq!(serde_json::from_str::<Value>(&stored).expect("json"), without_nothing(older));
    assert_eq!(serde_json::from_str::<Volunteer>(&stored).expect("a document"), read);
}
