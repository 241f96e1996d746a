//! Short ids for resource names, where the network is known and the field says which collection is meant.

/// The collection that a field of a message refers to, if it refers to one.
pub(crate) fn collection_of(field: &str) -> Option<&'static str> {
    Some(match field {
        "kind" | "accepted_kinds" | "liked_kinds" => "kinds",
        "seeker" | "blocked_seekers" => "seekers",
        "association" => "associations",
        "skill" | "required_skills" => "skills",
        "volunteer" | "familiar_volunteers" | "blocked_volunteers" => "volunteers",
        "gig" => "gigs",
        _ => return None,
    })
}

/// The JSON name of a field: `display_name` is `displayName`.
pub(crate) fn camel(field: &str) -> String {
    let mut parts = field.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let head: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        name + &head + letters.as_str()
    })
}

/// The resource name of an id in a collection of a network; a name given in full stays.
pub(crate) fn resource(network: &str, collection: &str, id: &str) -> String {
    if id.contains('/') { id.to_owned() } else { format!("networks/{network}/{collection}/{id}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_full_names_mean_the_same() {
        let full = "networks/kouvola/kinds/shopping";
        assert_eq!(resource("kouvola", "kinds", "shopping"), full);
        assert_eq!(resource("kouvola", "kinds", full), full);
        assert_eq!(collection_of("accepted_kinds"), Some("kinds"));
        assert_eq!(collection_of("display_name"), None);
        assert_eq!(camel("display_name"), "displayName");
    }
}
