//! The one mapping from what went wrong to what a caller is told: code, sentence, `ErrorInfo`, every wrong field, and a text for
//! people in Finnish, Swedish or English. No driver text and no personal data leaves here.

mod info;
mod texts;

use std::collections::BTreeMap;

use domain::text::ServiceLanguage;
use domain::{Reason, Refusal, RefusalKind};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

pub(crate) use texts::text;

/// `ErrorInfo.domain` of every status.
pub(crate) const DOMAIN: &str = "keikka";
/// Most wrong fields that one status lists; the metadata tells how many there are. More would not fit a header.
const VIOLATIONS_MAX: usize = 40;
/// Longest sentence or metadata value, in characters.
const CHARS_MAX: usize = 300;
/// When a caller may try again.
const RETRY_AFTER: std::time::Duration = std::time::Duration::from_secs(2);

/// Anything that ends a call.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The rules of the domain, or of the edge.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The storage.
    #[error("storage failed")]
    Store(#[from] store::Error),
    /// Our own fault: a panic or a broken promise between rooms.
    #[error("{0}")]
    Fault(&'static str),
}

impl From<registry::Error> for Failure {
    fn from(error: registry::Error) -> Self {
        match error {
            registry::Error::Refused(refusal) => Self::Refused(refusal),
            registry::Error::Store(error) => Self::Store(error),
        }
    }
}

impl From<notification::Error> for Failure {
    fn from(error: notification::Error) -> Self {
        match error {
            notification::Error::Refused(refusal) => Self::Refused(refusal),
            notification::Error::Store(error) => Self::Store(error),
            notification::Error::Render(error) => Self::Refused(domain::Refusal::field("template", error)),
            notification::Error::Port(error) => Self::Store(store::Error::unavailable(error)),
        }
    }
}

impl From<dispatch::Error> for Failure {
    fn from(error: dispatch::Error) -> Self {
        match error {
            dispatch::Error::Refused(refusal) => Self::Refused(refusal),
            dispatch::Error::Store(error) => Self::Store(error),
        }
    }
}

impl Failure {
    /// What the caller is told. What is our fault is logged here, once, with its causes, under the id of the incident.
    pub(crate) fn status(self, language: ServiceLanguage, incident: &str) -> Status {
        refused(&self.refusal(incident), language)
    }

    fn refusal(self, incident: &str) -> Refusal {
        match self {
            Self::Refused(refusal) if refusal.kind() == RefusalKind::Internal => {
                tracing::error!(incident, detail = refusal.detail, "call failed");
                internal(incident)
            }
            Self::Refused(refusal) => refusal,
            Self::Store(error) => stored(&error, incident),
            Self::Fault(what) => {
                tracing::error!(incident, what, "call failed");
                internal(incident)
            }
        }
    }
}

fn stored(error: &store::Error, incident: &str) -> Refusal {
    use store::Error;
    tracing::error!(incident, cause = chain(error), "storage failed");
    match error {
        Error::Unavailable(_) | Error::Busy(_) | Error::Conflict(_) => {
            Refusal::new(Reason::StorageUnavailable, "the storage does not answer, try again")
        }
        Error::Full(_) => Refusal::new(Reason::StorageFull, "the storage is full, nothing was changed"),
        Error::TooMany { max, .. } => {
            Refusal::new(Reason::LimitReached, "more rows than one call may hold").with("rows_max", max)
        }
        Error::Unstorable { column, .. } => {
            Refusal::field(*column, "must not hold a NUL character or more than 1000 bytes")
        }
        Error::Corrupt { .. } | Error::SchemaNewer { .. } | Error::Setup(_) | Error::Driver(_) => internal(incident),
    }
}

/// An error with its causes, for the log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

/// Our fault, as a caller sees it: an opaque id to give to the operator.
pub(crate) fn internal(incident: &str) -> Refusal {
    Refusal::new(Reason::Internal, format!("internal error, incident {incident}")).with("incident", incident)
}

/// The status of a refusal.
pub(crate) fn refused(refusal: &Refusal, language: ServiceLanguage) -> Status {
    let mut metadata: BTreeMap<String, String> =
        refusal.metadata.iter().map(|(key, value)| (key.clone(), shortened(value))).collect();
    let violations = refusal.violations.as_slice();
    if violations.len() > VIOLATIONS_MAX {
        metadata.insert("violations".to_owned(), violations.len().to_string());
    }
    let mut details = ErrorDetails::new();
    for violation in violations.iter().take(VIOLATIONS_MAX) {
        details.add_bad_request_violation(shortened(&violation.field), shortened(&violation.description));
    }
    details.set_localized_message(locale(language), text(refusal.reason).get(language));
    if refusal.kind() == RefusalKind::Unavailable {
        details.set_retry_info(Some(RETRY_AFTER));
    }
    let status = Status::with_error_details(code(refusal.kind()), shortened(&refusal.detail), details);
    info::with_info(&status, refusal.reason.code(), metadata)
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= CHARS_MAX {
        text.to_owned()
    } else {
        text.chars().take(CHARS_MAX - 3).chain("...".chars()).collect()
    }
}

/// The gRPC code of a class of refusals.
fn code(kind: RefusalKind) -> Code {
    match kind {
        RefusalKind::Invalid => Code::InvalidArgument,
        RefusalKind::NotFound => Code::NotFound,
        RefusalKind::AlreadyExists => Code::AlreadyExists,
        RefusalKind::Precondition => Code::FailedPrecondition,
        RefusalKind::Aborted => Code::Aborted,
        RefusalKind::Denied => Code::PermissionDenied,
        RefusalKind::Unauthenticated => Code::Unauthenticated,
        RefusalKind::Exhausted => Code::ResourceExhausted,
        RefusalKind::Unavailable => Code::Unavailable,
        RefusalKind::Internal => Code::Internal,
        RefusalKind::DeadlineExceeded => Code::DeadlineExceeded,
        RefusalKind::Unimplemented => Code::Unimplemented,
    }
}

/// The BCP 47 tag of a language of the service.
pub(crate) fn locale(language: ServiceLanguage) -> &'static str {
    match language {
        ServiceLanguage::Fi => "fi",
        ServiceLanguage::Sv => "sv",
        ServiceLanguage::En => "en",
    }
}

/// The language a caller prefers, from the `accept-language` header: the listed one with the highest weight that we speak.
pub(crate) fn preferred_language(header: Option<&http::HeaderValue>) -> ServiceLanguage {
    let Some(text) = header.and_then(|value| value.to_str().ok()) else { return ServiceLanguage::Fi };
    let mut best = (0.0, ServiceLanguage::Fi);
    for item in text.split(',').take(20) {
        let mut parts = item.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=").map(|q| q.parse::<f32>().unwrap_or(0.0)))
            .unwrap_or(1.0);
        let language = match tag.split('-').next() {
            Some("fi") => ServiceLanguage::Fi,
            Some("sv") => ServiceLanguage::Sv,
            Some("en") => ServiceLanguage::En,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Violations;

    #[test]
    fn every_reason_becomes_a_status_with_error_info_and_a_text_in_three_languages() {
        for reason in Reason::ALL {
            for language in [ServiceLanguage::Fi, ServiceLanguage::Sv, ServiceLanguage::En] {
                let status = refused(&Refusal::new(*reason, "x").with("a", 1), language);
                let details = status.get_error_details();
                let info = details.error_info().expect("ErrorInfo");
                assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason.code(), DOMAIN));
                assert_eq!(info.metadata.get("a").map(String::as_str), Some("1"));
                let message = details.localized_message().expect("LocalizedMessage");
                assert_eq!(message.locale, locale(language));
                assert!(!message.message.is_empty());
                assert_eq!(details.retry_info().is_some(), status.code() == Code::Unavailable);
            }
            let text = text(*reason);
            assert!(text.fi != text.sv && text.sv != text.en && !text.sv.is_empty() && !text.en.is_empty());
        }
    }

    #[test]
    fn the_page_of_errors_has_every_reason_and_every_rule_and_no_other() {
        let page = include_str!("../../../docs/errors.md");
        let headings = |part: &str| -> Vec<String> {
            part.lines().filter_map(|line| line.strip_prefix("### ")).map(str::to_owned).collect()
        };
        let (reasons, rest) = page.split_once("\n## Hard rules\n").expect("a part on the hard rules");
        let (rules, _) = rest.split_once("\n## ").expect("a part on the referee");
        let expected: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(headings(reasons), expected);
        let expected: Vec<&str> = matching::eligibility::Rule::ALL.iter().map(|rule| rule.code()).collect();
        assert_eq!(headings(rules), expected);
    }

    #[test]
    fn every_wrong_field_is_listed_and_many_still_fit_a_header() {
        let mut violations = Violations::new();
        for at in 0..500 {
            violations.add(format!("gig.windows[{at}].{}", "x".repeat(500)), "must be there");
        }
        let status = refused(&Refusal::fields(violations), ServiceLanguage::En);
        let details = status.get_error_details();
        assert_eq!(details.bad_request().map(|b| b.field_violations.len()), Some(VIOLATIONS_MAX));
        assert_eq!(details.error_info().and_then(|i| i.metadata.get("violations").cloned()), Some("500".to_owned()));
        assert!(status.message().len() < 1000);
    }

    #[test]
    fn our_faults_show_an_incident_and_no_cause() {
        let status = Failure::Fault("a secret cause").status(ServiceLanguage::En, "inc-1");
        assert_eq!(status.code(), Code::Internal);
        assert!(status.message().contains("inc-1") && !status.message().contains("secret"));
    }

    #[test]
    fn the_language_with_the_highest_weight_wins() {
        for (header, expected) in [
            ("sv", ServiceLanguage::Sv),
            ("de, en;q=0.5, sv;q=0.8", ServiceLanguage::Sv),
            ("en-GB,en;q=0.9", ServiceLanguage::En),
            ("de", ServiceLanguage::Fi),
            ("sv;q=0", ServiceLanguage::Fi),
            ("en;q=nonsense, fi;q=0.1", ServiceLanguage::Fi),
            ("", ServiceLanguage::Fi),
        ] {
            let value = http::HeaderValue::from_static(header);
            assert_eq!(preferred_language(Some(&value)), expected, "{header}");
        }
        assert_eq!(preferred_language(None), ServiceLanguage::Fi);
    }
}
