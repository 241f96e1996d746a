//! Fields that the format does not know. They are passed over, so that a week may carry what other programs need, and named, as one of them may
//! be a known one with another spelling.

use std::collections::BTreeMap;

use serde_ignored::Path;

use super::MAX_LISTED;

/// What generated weeks say of themselves; of no use to a planner, and no news.
const EXPECTED: [&str; 4] = ["seed", "volunteers[].area", "gigs[].area", "gigs[].priority"];

/// Most characters of a name that are shown.
const NAME_SHOWN: usize = 60;

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

    /// All of them in quotes, or as many as are worth reading; none if there are none.
    pub(super) fn listed(&self) -> Option<String> {
        let told = |(field, times): (&String, &usize)| match times {
            1 => quoted(field),
            times => format!("{} ({times} times)", quoted(field)),
        };
        let mut listed = self.0.iter().take(MAX_LISTED).map(told).collect::<Vec<_>>().join(", ");
        if self.0.len() > MAX_LISTED {
            listed.push_str(&format!(" and {} more", self.0.len() - MAX_LISTED));
        }
        (!self.0.is_empty()).then_some(listed)
    }
}

/// A name in quotes, cut where it is longer than anybody reads.
fn quoted(field: &str) -> String {
    match field.char_indices().nth(NAME_SHOWN) {
        Some((end, _)) => format!("{:?}...", &field[..end]),
        None => format!("{field:?}"),
    }
}

/// A field's name from the top, `gigs[].colour`, without whose it is: `kinds{}.colour`.
fn name(field: &Path<'_>) -> String {
    match field {
        Path::Root => String::new(),
        Path::Seq { parent, .. } => format!("{}[]", name(parent)),
        Path::Map { parent, key } => match name(parent) {
            parent if parent.is_empty() => key.clone(),
            parent if parent == "kinds" => "kinds{}".to_owned(),
            parent => format!("{parent}.{key}"),
        },
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => name(parent),
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::InstanceFile;
    use super::*;

    /// What is listed of a week with these fields beside those that it must have.
    fn listed(more: &str, of_gig: &str, skill: &str) -> Option<String> {
        let text = format!(
            r#"{{"schema": "keikka-city/2", "name": "town", "horizon_s": 604800, "detour": 1.3, "earth_radius_m": 6371000, "modes": {{"car": 350}},
                "volunteers": [{{"id": "v", "lat": 60.9, "lon": 26.7, "mode": "car", "max_travel_s": 900, "skills": ["tools", {skill}],
                    "languages": [], "kinds": [], "windows": [], "max_gigs_day": 1, "max_gigs_week": 1, "area": "town1"}}],
                "gigs": [{{"id": "g", "kind": "home", "duration_s": 900, "windows": [], "languages_any": [], "weight": 1{of_gig}}},
                    {{"id": "h", "kind": "home", "duration_s": 900, "windows": [], "languages_any": [], "weight": 1{of_gig}}}]{more}}}"#
        );
        let mut unknown = Unknown::default();
        let mut json = serde_json::Deserializer::from_str(&text);
        serde_ignored::deserialize::<_, _, InstanceFile>(&mut json, |field| unknown.add(&field)).expect("a week");
        unknown.listed()
    }

    #[test]
    fn a_field_with_another_spelling_is_named_wherever_it_stands() {
        let more = r#", "seed": 3, "gig": [], "kinds": {"home": {"minage": 18}, "call": {"minage": 18}}"#;
        let told = listed(more, r#", "priority": 4, "wishs": []"#, r#"{"skill": "car", "valid_untill": 3}"#);
        let known =
            r#""gig", "gigs[].wishs" (2 times), "kinds{}.minage" (2 times), "volunteers[].skills[].valid_untill""#;
        assert_eq!(told.as_deref(), Some(known));
        assert_eq!(listed("", "", r#"{"skill": "car", "valid_until": 3}"#), None);
        let fields: Vec<String> = (10..32).map(|n| format!(r#", "f{n}": 0"#)).collect();
        let many = listed(&fields.concat(), "", r#""car""#).expect("fields");
        assert!(many.starts_with(r#""f10", "f11", "#) && many.ends_with(r#", "f29" and 2 more"#), "{many}");
    }

    #[test]
    fn a_name_cannot_write_on_the_terminal_nor_fill_it() {
        let told = listed(r#", "\u001b[31mred\n\u202e": 0, "": 0"#, "", r#""car""#);
        assert_eq!(told.as_deref(), Some(r#""", "\u{1b}[31mred\n\u{202e}""#));
        let long = listed(&format!(r#", "{}": 0"#, "ä".repeat(200_000)), "", r#""car""#).expect("a field");
        assert_eq!(long.chars().count(), NAME_SHOWN + 5, "{long}");
    }
}
