//! Sentences for people: what a broken field rule asks for, instead of the rule's own jargon and raw patterns.

/// The lower-case sentence for a broken rule, from its id and the text of the rule engine.
pub(crate) fn sentence(rule: &str, raw: &str) -> String {
    // A rule on the entries of a list is the rule of the entry.
    let rule = rule.strip_prefix("repeated.items.").unwrap_or(rule);
    match rule {
        "required" => "must be given".to_owned(),
        "string.pattern" => of_pattern(raw.split('`').nth(1).unwrap_or_default()),
        "string.uuid" | "string.uuid_empty" => {
            "must be a UUID, such as 5f0c9a52-2f0e-4b7e-9a55-0d8e5d5f7a01".to_owned()
        }
        "string.email" | "string.email_empty" => "must be an e-mail address".to_owned(),
        "string.uri" | "string.uri_empty" => "must be a web address, such as https://yhdistys.example".to_owned(),
        "repeated.unique" => "must not repeat an entry".to_owned(),
        "enum.defined_only" | "enum.not_in" => "must be one of the defined values".to_owned(),
        "double.finite" => "must be a finite number".to_owned(),
        "message.oneof" => {
            let fields = raw.trim_start_matches("only ").trim_start_matches("one of ");
            let fields = fields.split(" must be set").next().unwrap_or(fields);
            let fields = fields.split(" can be set").next().unwrap_or(fields);
            format!("exactly one of {fields} must be given")
        }
        _ => of_bound(rule, raw),
    }
}

/// What a text must look like, for each pattern that the protos use.
fn of_pattern(pattern: &str) -> String {
    match pattern {
        "^[0-9]{5}$" => "must be five digits, such as 45100".to_owned(),
        "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" => {
            "must be 1 to 63 characters of a-z, 0-9 and hyphen, beginning and ending with a letter or digit".to_owned()
        }
        "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$" => {
            "must be a BCP 47 language tag such as fi, sv, en, ru or ar".to_owned()
        }
        _ => of_resource_name(pattern).unwrap_or_else(|| "has another form than its field asks for".to_owned()),
    }
}

/// The pattern of a resource name, `^networks/[..]{1,63}/gigs/[..]{1,63}$`, said as `networks/{network}/gigs/{gig}`.
fn of_resource_name(pattern: &str) -> Option<String> {
    const ID: &str = "[a-z0-9-]{1,63}";
    let path = pattern.strip_prefix('^')?.strip_suffix('$')?;
    path.starts_with("networks/").then_some(())?;
    let mut collection = "";
    let parts: Vec<String> = path
        .split('/')
        .map(|part| {
            let shown = if part == ID { format!("{{{}}}", collection.trim_end_matches('s')) } else { part.to_owned() };
            collection = part;
            shown
        })
        .collect();
    Some(format!("must be a name of the form {}", parts.join("/")))
}

/// Bounds on lengths, numbers and times, in plain words.
fn of_bound(rule: &str, raw: &str) -> String {
    let plain = raw
        .trim_start_matches("value length ")
        .trim_start_matches("value ")
        .replace("greater than or equal to", "at least")
        .replace("less than or equal to", "at most");
    if rule.starts_with("repeated.") {
        return plain.replace(" 1 items", " 1 entry").replace("items", "entries");
    }
    if !rule.starts_with("duration.") {
        return plain;
    }
    let words: Vec<String> = plain.split(' ').map(of_duration).collect();
    words.join(" ")
}

/// `300s` as `5 minutes`; any other word as it is.
fn of_duration(word: &str) -> String {
    let number = word.strip_suffix('s').filter(|digits| digits.starts_with(|c: char| c.is_ascii_digit()));
    let Some(seconds) = number.and_then(|digits| digits.parse::<u64>().ok()) else {
        return number.map_or_else(|| word.to_owned(), |digits| format!("{} seconds", digits.trim_end_matches('0')));
    };
    let (count, unit) = match seconds {
        s if s >= 3600 && s % 3600 == 0 => (s / 3600, "hour"),
        s if s >= 60 && s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_pattern_of_the_protos_is_shown_raw() {
        let patterns = crate::descriptors::tests::string_patterns();
        assert!(patterns.len() > 10);
        for pattern in patterns {
            let said = of_pattern(&pattern);
            assert!(said.starts_with("must be ") && !said.contains('^'), "{pattern}: {said}");
        }
    }

    #[test]
    fn a_resource_name_is_said_by_its_form() {
        assert_eq!(
            of_pattern("^networks/[a-z0-9-]{1,63}/volunteers/[a-z0-9-]{1,63}$"),
            "must be a name of the form networks/{network}/volunteers/{volunteer}"
        );
    }

    #[test]
    fn bounds_are_said_in_units_of_people() {
        let raw = "value must be greater than or equal to 0.100000000s and less than or equal to 600s";
        assert_eq!(sentence("duration.gte_lte", raw), "must be at least 0.1 seconds and at most 10 minutes");
        assert_eq!(sentence("int32.gte", "value must be greater than or equal to 0"), "must be at least 0");
    }
}
