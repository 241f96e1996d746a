//! How one value of the API's JSON is shown in a table cell.

use serde_json::Value;

use crate::local_time;

/// A column of a table: heading, where the value is, how it is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    /// The heading, lower case; tables print it in capitals.
    pub(crate) heading: &'static str,
    /// The path in the API's JSON: `home.postalCode`.
    pub(crate) path: &'static str,
    /// How the value is shown.
    pub(crate) show: Show,
    /// Most characters in a table cell; other formats are never cut.
    pub(crate) width_max: usize,
}

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// As it is.
    Text,
    /// The last segment of a resource name.
    Id,
    /// The last segments of a list of resource names.
    Ids,
    /// An enum value without its prefix, in lower case.
    Enum(&'static str),
    /// Finnish text, else Swedish, else English.
    Title,
    /// An instant in local time.
    Time,
    /// The first of some windows in local time, and how many more there are.
    Windows,
    /// A duration in minutes.
    Minutes,
    /// "yes" or "-".
    Yes,
}

/// The value at a dotted path.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> &'a Value {
    path.split('.').filter(|part| !part.is_empty()).fold(value, |value, part| match part.parse::<usize>() {
        Ok(index) if value.is_array() => &value[index],
        _ => &value[part],
    })
}

impl Column {
    /// A column with the usual width.
    pub(crate) const fn new(heading: &'static str, path: &'static str, show: Show) -> Self {
        Self { heading, path, show, width_max: 32 }
    }

    /// The same, at most so wide.
    pub(crate) const fn within(mut self, width_max: usize) -> Self {
        self.width_max = width_max;
        self
    }

    /// Most characters of a table cell. Ids are never cut: a part of one names nothing.
    pub(crate) fn cut_at(&self) -> usize {
        if matches!(self.show, Show::Id | Show::Ids) { usize::MAX } else { self.width_max }
    }

    /// The cell for one entry.
    pub(crate) fn cell(&self, entry: &Value) -> String {
        self.show.text(at(entry, self.path))
    }
}

impl Show {
    /// The text of a value.
    pub(crate) fn text(self, value: &Value) -> String {
        match self {
            Show::Text => plain(value),
            Show::Id => last_segment(value.as_str().unwrap_or_default()).to_owned(),
            Show::Ids => {
                let ids: Vec<&str> = list(value).iter().filter_map(Value::as_str).map(last_segment).collect();
                ids.join(" ")
            }
            Show::Enum(prefix) => {
                let text = value.as_str().unwrap_or_default();
                text.strip_prefix(prefix).unwrap_or(text).to_lowercase()
            }
            Show::Title => title(value).to_owned(),
            Show::Time => value.as_str().map(local_time::show).unwrap_or_default(),
            Show::Windows => windows(list(value)),
            Show::Minutes => value.as_str().and_then(seconds).map(|s| format!("{} min", s / 60)).unwrap_or_default(),
            Show::Yes => if value.as_bool() == Some(true) { "yes" } else { "-" }.to_owned(),
        }
    }
}

/// The last segment of a resource name.
pub(crate) fn last_segment(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A localized text's Finnish, else what there is.
pub(crate) fn title(value: &Value) -> &str {
    ["fi", "sv", "en"].iter().find_map(|language| value[language].as_str()).or(value.as_str()).unwrap_or_default()
}

/// The whole seconds of a proto3 JSON duration (`"3600s"`).
pub(crate) fn seconds(text: &str) -> Option<i64> {
    text.strip_suffix('s')?.split('.').next()?.parse().ok()
}

/// A whole number, whether proto3 JSON wrote it as number or as text; 0 when left out.
pub(crate) fn number(value: &Value) -> i64 {
    value.as_i64().or_else(|| value.as_str()?.parse().ok()).unwrap_or(0)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(entries) => entries.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// What `+1` after a time means, for who reads a table in which it stands.
pub(crate) fn more_windows(columns: &[Column], entries: &[Value]) -> Option<&'static str> {
    let is_long =
        |column: &Column, entry: &Value| column.show == Show::Windows && list(at(entry, column.path)).len() > 1;
    let stands = columns.iter().any(|column| entries.iter().any(|entry| is_long(column, entry)));
    stands.then_some("+1 after a time: one more time at which it may be done; keikka gig get ID shows all")
}

fn windows(windows: &[Value]) -> String {
    let Some(first) = windows.first() else { return String::new() };
    let text = local_time::show_window(
        first["startTime"].as_str().unwrap_or_default(),
        first["endTime"].as_str().unwrap_or_default(),
    );
    if windows.len() == 1 { text } else { format!("{text} +{}", windows.len() - 1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_shown_for_people() {
        assert_eq!(Show::Id.text(&json!("networks/kouvola/gigs/g12")), "g12");
        assert_eq!(Show::Ids.text(&json!(["networks/k/kinds/a", "networks/k/kinds/b"])), "a b");
        assert_eq!(Show::Enum("STATE_").text(&json!("STATE_IN_PROGRESS")), "in_progress");
        assert_eq!(Show::Minutes.text(&json!("5400s")), "90 min");
        assert_eq!(Show::Title.text(&json!({"sv": "Skjuts"})), "Skjuts");
        assert_eq!(Show::Text.text(&Value::Null), "");
    }

    #[test]
    fn a_path_leads_into_lists_and_objects() {
        assert_eq!(at(&json!({"slots": [{"label": "driver"}]}), "slots.0.label"), "driver");
        assert!(at(&json!({}), "home.postalCode").is_null());
    }

    #[test]
    fn windows_are_local_and_counted() {
        let two = json!([{"startTime": "2026-11-23T08:00:00Z", "endTime": "2026-11-23T10:00:00Z"}, {}]);
        assert_eq!(Show::Windows.text(&two), "Mon 23.11. 10:00-12:00 +1");
        let columns = [Column::new("when", "windows", Show::Windows)];
        let one = json!({ "windows": [two[0]] });
        assert_eq!(more_windows(&columns, std::slice::from_ref(&one)), None);
        assert!(
            more_windows(&columns, &[one, json!({ "windows": two })]).is_some_and(|words| words.starts_with("+1 "))
        );
    }
}
