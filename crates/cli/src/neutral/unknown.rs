//! Fields that the format does not know. They are passed over, so that a week may carry what other programs need, and named, as one of them may
//! be a known one with another spelling.

use std::collections::BTreeMap;

use serde_ignored::Path;

use super::MAX_LISTED;

/// What generated weeks say of themselves; of no use to a planner, and no news.
const EXPECTED: [&str; 4] = ["seed", "volunteers[].area", "gigs[].area", "gigs[].priority"];

/// Unknown fields of one file, without their places in lists, and how often each stands there.
#[derive(Debug, Default)]
pub(super) struct Unknown(BTreeMap<String, usize>);

impl Unknown {
    /// Notes one.
    pub(super) fn add(&mut self, field: &Path<'_>) {
        let field = name(field);
        if !EXPECTED.contains(&field.as_str()) {
            *self.0.entry(field).or_default() += 1;
        }
    }

    /// All of them, or as many as are worth reading; none if there are none.
    pub(super) fn listed(&self) -> Option<String> {
        let told = |(field, times): (&String, &usize)| match times {
            1 => field.clone(),
            times => format!("{field} ({times} times)"),
        };
        let mut listed = self.0.iter().take(MAX_LISTED).map(told).collect::<Vec<_>>().join(", ");
        if self.0.len() > MAX_LISTED {
            listed.push_str(&format!(" and {} more", self.0.len() - MAX_LISTED));
        }
        (!listed.is_empty()).then_some(listed)
    }
}

/// A field's name from the top: `gigs[].colour`.
fn name(field: &Path<'_>) -> String {
    match field {
        Path::Root => String::new(),
        Path::Seq { parent, .. } => format!("{}[]", name(parent)),
        Path::Map { parent, key } => match name(parent) {
            parent if parent.is_empty() => key.clone(),
            parent => format!("{parent}.{key}"),
        },
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => name(parent),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Week {
        #[serde(rename = "gigs")]
        _gigs: Option<Vec<Gig>>,
    }

    #[derive(Deserialize)]
    struct Gig {
        #[serde(rename = "id")]
        _id: u32,
    }

    fn listed(text: &str) -> Option<String> {
        let mut unknown = Unknown::default();
        let mut json = serde_json::Deserializer::from_str(text);
        serde_ignored::deserialize::<_, _, Week>(&mut json, |field| unknown.add(&field)).expect("a week");
        unknown.listed()
    }

    #[test]
    fn a_field_with_another_spelling_is_named_once() {
        let gigs = r#"{"seed": 3, "gig": [], "gigs": [{"id": 1, "windws": [], "area": "a"}, {"id": 2, "windws": []}]}"#;
        assert_eq!(listed(gigs).as_deref(), Some("gig, gigs[].windws (2 times)"));
        assert_eq!(listed(r#"{"gigs": [{"id": 1}]}"#), None);
        let fields: Vec<String> = (10..32).map(|n| format!(r#""f{n}": 0"#)).collect();
        let many = listed(&format!("{{{}}}", fields.join(","))).expect("fields");
        assert!(many.starts_with("f10, f11, ") && many.ends_with(", f29 and 2 more"), "{many}");
    }
}
