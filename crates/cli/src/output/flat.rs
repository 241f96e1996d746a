//! A JSON document as name and value pairs: the table form of one resource.

use serde_json::Value;

/// Every leaf with its dotted path, in the document's own order. Lists of plain values stay on one line.
pub(crate) fn flatten(value: &Value) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    walk(value, String::new(), &mut pairs);
    pairs
}

fn walk(value: &Value, path: String, pairs: &mut Vec<(String, String)>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(key, value)| walk(value, below(key), pairs)),
        Value::Array(entries) if entries.iter().all(|entry| !entry.is_object() && !entry.is_array()) => {
            let texts: Vec<String> = entries.iter().map(leaf).collect();
            pairs.push((path, texts.join(" ")));
        }
        Value::Array(entries) => {
            entries.iter().enumerate().for_each(|(index, entry)| walk(entry, below(&index.to_string()), pairs));
        }
        other => pairs.push((path, leaf(other))),
    }
}

fn leaf(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_fields_get_dotted_names() {
        let pairs = flatten(&json!({"home": {"postalCode": "45100"}, "languages": ["fi", "sv"], "slots": [{"n": 1}]}));
        let expected = [("home.postalCode", "45100"), ("languages", "fi sv"), ("slots.0.n", "1")];
        assert_eq!(pairs, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
