//! Field rules: the seam in front of the generated checks. All violations of a message at once, each with its path and a sentence.

use prost_protovalidate::ValidationError;

use crate::sentence::sentence;

/// One field that breaks its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldViolation {
    /// The path of the field in the message: `gig.windows[1].end_time`. Empty where the rule is on the message as a whole.
    pub field: String,
    /// The rule's id: `string.max_len`.
    pub rule: String,
    /// What must be true, a lower-case sentence without the value: "must be at most 200 characters".
    pub message: String,
}

/// A message that knows the field rules declared in its proto. Every message of the product is one.
///
/// What a proto cannot say without knowing more (a last day before the first, a field that only a new resource needs) is left to the
/// conversion into the domain.
pub trait Validate {
    /// Every field that breaks its rule; empty when all is well.
    fn violations(&self) -> Vec<FieldViolation>;
}

fn broken(checked: Result<(), ValidationError>) -> Vec<FieldViolation> {
    let mut found: Vec<FieldViolation> = checked.err().map_or_else(Vec::new, |error| {
        error
            .violations()
            .iter()
            .map(|violation| {
                let message = sentence(violation.rule_id(), violation.message());
                let field = match violation.rule_id() {
                    // The rule is the message's own; its first field stands for it.
                    "message.oneof" => below(&violation.field_path(), first_named(&message)),
                    _ => violation.field_path(),
                };
                FieldViolation { field, rule: violation.rule_id().to_owned(), message }
            })
            .collect()
    });
    // A number that is no number breaks its range as well: one sentence is enough.
    let not_numbers: Vec<String> =
        found.iter().filter(|v| v.rule == "double.finite").map(|v| v.field.clone()).collect();
    found.retain(|v| v.rule == "double.finite" || !not_numbers.contains(&v.field));
    found
}

/// The first field that "exactly one of name, gig must be given" names.
fn first_named(message: &str) -> &str {
    let fields = message.trim_start_matches("exactly one of ");
    fields.split([',', ' ']).next().unwrap_or_default()
}

fn below(path: &str, field: &str) -> String {
    if path.is_empty() { field.to_owned() } else { format!("{path}.{field}") }
}

/// The generated checks and the seam's implementations for every message.
#[allow(unused_imports, clippy::all, clippy::pedantic)]
mod generated {
    use super::broken;
    use crate as keikka;

    include!(concat!(env!("OUT_DIR"), "/validate_impl.rs"));
    include!(concat!(env!("OUT_DIR"), "/field_rules.rs"));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::v1::{AssignVolunteerRequest, CreateGigRequest, Gig, ListGigsRequest, QuoteGigRequest};
    use crate::registry::v1::{CreateVolunteerRequest, ImportVolunteersRequest, Volunteer};
    use crate::r#type::v1::{Coordinates, ImportHeader, Place, TimeWindow};

    fn shown(message: &impl Validate) -> Vec<String> {
        message.violations().into_iter().map(|v| format!("{}: {}", v.field, v.message)).collect()
    }

    fn volunteer() -> Volunteer {
        Volunteer {
            display_name: "Aino Testinen".to_owned(),
            languages: vec!["fi".to_owned(), "sv-FI".to_owned()],
            accepted_kinds: vec!["networks/kouvola/kinds/shopping".to_owned()],
            travel_mode: 1,
            travel_limit_minutes: 30,
            ..Volunteer::default()
        }
    }

    #[test]
    fn a_good_request_breaks_nothing() {
        let request = CreateVolunteerRequest {
            parent: "networks/kouvola".to_owned(),
            volunteer: Some(volunteer()),
            volunteer_id: "v-12".to_owned(),
            request_id: "5f0c9a52-2f0e-4b7e-9a55-0d8e5d5f7a01".to_owned(),
            validate_only: false,
        };
        assert_eq!(shown(&request), Vec::<String>::new());
    }

    #[test]
    fn all_wrong_fields_of_a_volunteer_are_named_at_once() {
        let request = CreateVolunteerRequest {
            parent: "networks/Kouvola".to_owned(),
            volunteer: Some(Volunteer {
                display_name: "ä".repeat(10_000),
                email: "aino".to_owned(),
                languages: vec!["fi".to_owned(), "suomen kieli".to_owned()],
                accepted_kinds: vec!["shopping".to_owned()],
                travel_mode: 9,
                travel_limit_minutes: 500,
                max_gigs_per_day: Some(51),
                ..volunteer()
            }),
            volunteer_id: "V 12".to_owned(),
            request_id: "once".to_owned(),
            validate_only: false,
        };
        let mut shown = shown(&request);
        shown.sort();
        assert_eq!(
            shown,
            [
                "parent: must be a name of the form networks/{network}",
                "request_id: must be a UUID, such as 5f0c9a52-2f0e-4b7e-9a55-0d8e5d5f7a01",
                "volunteer.accepted_kinds[0]: must be a name of the form networks/{network}/kinds/{kind}",
                "volunteer.display_name: must be at most 200 characters",
                "volunteer.email: must be an e-mail address",
                "volunteer.languages[1]: must be a BCP 47 language tag such as fi, sv, en, ru or ar",
                "volunteer.max_gigs_per_day: must be at least 0 and at most 50",
                "volunteer.travel_limit_minutes: must be at least 1 and at most 240",
                "volunteer.travel_mode: must be one of the defined values",
                "volunteer_id: must be 1 to 63 characters of a-z, 0-9 and hyphen, beginning and ending with a letter or digit",
            ],
        );
    }

    #[test]
    fn all_wrong_fields_of_a_gig_are_named_at_once() {
        let request = CreateGigRequest {
            parent: String::new(),
            gig: Some(Gig {
                place: Some(Place {
                    postal_code: "4510".to_owned(),
                    coordinates: Some(Coordinates { latitude: f64::NAN, longitude: 181.0 }),
                    ..Place::default()
                }),
                windows: vec![TimeWindow { start_time: Some(prost_types::Timestamp::default()), end_time: None }],
                duration: Some(prost_types::Duration { seconds: 40 * 86_400, nanos: 0 }),
                priority: 6,
                notes: "x".repeat(501),
                ..Gig::default()
            }),
            ..CreateGigRequest::default()
        };
        let mut shown = shown(&request);
        shown.sort();
        assert_eq!(
            shown,
            [
                "gig.duration: must be at least 5 minutes and at most 12 hours",
                "gig.notes: must be at most 500 characters",
                "gig.place.coordinates.latitude: must be a finite number",
                "gig.place.coordinates.longitude: must be at least -180 and at most 180",
                "gig.place.postal_code: must be five digits, such as 45100",
                "gig.priority: must be at least 1 and at most 5",
                "gig.windows[0].end_time: must be given",
                "parent: must be given",
            ],
        );
    }

    #[test]
    fn a_quote_is_for_a_stored_gig_or_for_one_that_is_told_but_not_both() {
        let quote = |name: &str, gig| QuoteGigRequest {
            parent: "networks/kouvola".to_owned(),
            name: name.to_owned(),
            gig,
            candidate_limit: 0,
        };
        assert_eq!(shown(&quote("", None)), ["name: exactly one of name, gig must be given"]);
        assert_eq!(
            shown(&quote("networks/kouvola/gigs/g-1", Some(Gig::default()))),
            ["name: exactly one of name, gig must be given"]
        );
        assert_eq!(shown(&quote("", Some(Gig::default()))), Vec::<String>::new());
    }

    #[test]
    fn a_piece_of_a_file_is_bounded_and_the_header_is_checked() {
        let header = ImportVolunteersRequest {
            header: Some(ImportHeader { parent: "networks/kouvola".to_owned(), ..ImportHeader::default() }),
            chunk: Vec::new(),
        };
        assert_eq!(shown(&header), ["header.file_name: must be given"]);
        let chunk = |bytes| ImportVolunteersRequest { header: None, chunk: vec![0; bytes] };
        assert_eq!(shown(&chunk(65_536)), Vec::<String>::new());
        assert_eq!(shown(&chunk(65_537)), ["chunk: must be at most 65536 bytes"]);
    }

    #[test]
    fn pages_and_lists_are_bounded() {
        let list =
            ListGigsRequest { parent: "networks/kouvola".to_owned(), page_size: -1, ..ListGigsRequest::default() };
        assert_eq!(shown(&list), ["page_size: must be at least 0"]);
        let assign = AssignVolunteerRequest {
            name: "networks/kouvola/gigs/g-1".to_owned(),
            ..AssignVolunteerRequest::default()
        };
        assert_eq!(shown(&assign), ["assignments: must have at least 1 entry"]);
        let polyglot = Volunteer { languages: vec!["fi".to_owned(); 21], ..volunteer() };
        assert_eq!(
            shown(&polyglot),
            ["languages: must have at most 20 entries", "languages: must not repeat an entry"]
        );
    }
}
