//! A gRPC status as a failure for people: decoded details, exit code, next command.

use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::exit::Exit;
use crate::failure::{Failure, ServerSaid};
use crate::local_time;
use crate::nouns::Noun;

/// The failure that a status means. `what` was being done.
pub(super) fn failure(what: &str, status: &Status, with_key: bool) -> Failure {
    let details = status.get_error_details();
    let said = ServerSaid {
        status: proto::code_name(status.code()),
        reason: details.error_info().map(|info| info.reason.clone()),
        metadata: details.error_info().map(|info| info.metadata.clone().into_iter().collect()).unwrap_or_default(),
        violations: details
            .bad_request()
            .map(|bad| bad.field_violations.iter().map(|v| (v.field.clone(), v.description.clone())).collect())
            .unwrap_or_default(),
        localized: details.localized_message().map(|text| (text.locale.clone(), text.message.clone())),
    };
    if said.reason.is_none() && is_broken(status) {
        return Failure::new(Exit::Unreachable, format!("cannot {what}"))
            .because("the connection broke: the server stopped, or takes no more connections")
            .next("keikka admin doctor, then the same command again");
    }
    let mut failure = Failure::new(exit(status.code()), format!("cannot {what}")).because(why(status));
    failure.next = next(status.code(), &said, with_key);
    failure.server = Some(Box::new(said));
    failure
}

/// Whether the status was made on this side because the connection ended in the middle of a call: no server said it.
fn is_broken(status: &Status) -> bool {
    let is_transport = std::error::Error::source(status).is_some()
        || ["h2 protocol error", "transport error"].iter().any(|begin| status.message().starts_with(begin));
    match status.code() {
        Code::Unknown | Code::Internal | Code::Unavailable => is_transport,
        // So hyper says that the connection closed before the answer began; a time-out has other words.
        Code::Cancelled => status.message().starts_with("operation was canceled"),
        _ => false,
    }
}

fn why(status: &Status) -> String {
    match (status.code(), status.message()) {
        (Code::DeadlineExceeded | Code::Cancelled, "" | "Timeout expired") => "no answer in time".to_owned(),
        (_, "") => proto::code_name(status.code()).to_lowercase().replace('_', " "),
        (_, message) => message.to_owned(),
    }
}

fn exit(code: Code) -> Exit {
    match code {
        Code::Unauthenticated | Code::PermissionDenied => Exit::NotAllowed,
        Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled => Exit::Unreachable,
        _ => Exit::Failed,
    }
}

fn next(code: Code, said: &ServerSaid, with_key: bool) -> Option<String> {
    let next = match (code, said.reason.as_deref()) {
        (Code::Unauthenticated, _) if with_key => "the server does not know this key: check --key-file",
        (Code::Unauthenticated, _) => "give a key: --key-file FILE, or KEIKKA_KEY_FILE (keikka dev prints its own)",
        (Code::PermissionDenied, _) => "use a key whose role may do this",
        (Code::Unavailable, _) => "keikka admin doctor",
        (Code::DeadlineExceeded | Code::Cancelled, _) => "try again with a longer --timeout",
        (_, Some("ETAG_MISMATCH")) => "somebody changed it meanwhile: read it again and repeat",
        (_, Some("PLAN_STALE")) => "make a new plan: keikka rematch",
        (_, Some("RESUME_TOKEN_INVALID")) => {
            "watch the same kinds, gigs and volunteers as then, or begin anew: --since 1h"
        }
        (_, Some("RESUME_TOKEN_EXPIRED")) => "keikka gig list, then begin to watch anew: keikka watch",
        (_, Some("TOO_EARLY")) => return too_early(said),
        (_, Some("GIG_STATE_ILLEGAL")) => return other_state(said),
        (_, Some("RESOURCE_NOT_FOUND")) => return list_of(said.metadata.get("resource")?),
        _ if said.violations.iter().any(|(field, _)| field == "reason") => "say why: --reason TEXT",
        _ => return None,
    };
    Some(next.to_owned())
}

/// A gig that has begun can only be waited for; one that has not may be agreed for another time.
fn too_early(said: &ServerSaid) -> Option<String> {
    let from = local_time::show(said.metadata.get("from")?);
    let gig = said.metadata.get("gig").map_or("GIG", String::as_str);
    Some(match said.metadata.get("state").map(String::as_str) {
        Some("in_progress") => format!("wait until {from}; did nobody come: keikka gig cancel {gig}"),
        _ => format!("wait until {from}; was it done at another time: keikka gig release, then gig assign --at"),
    })
}

/// What can be done with a gig in the state that it is in.
fn other_state(said: &ServerSaid) -> Option<String> {
    let gig = said.metadata.get("gig")?;
    Some(match said.metadata.get("state")?.as_str() {
        "filled" => format!(
            "who helps: keikka gig get {gig}; did they begin: keikka gig start {gig}; is somebody else wanted: keikka gig release {gig}"
        ),
        "in_progress" => format!("when it is done: keikka gig complete {gig}"),
        "cancelled" | "unmet" => {
            format!("how it ended: keikka gig events {gig}; is it wanted again: keikka gig create")
        }
        _ => format!("how it stands: keikka gig get {gig}"),
    })
}

/// The command that lists what there is of the sort that is missing.
fn list_of(resource: &str) -> Option<String> {
    let noun = Noun::of(resource)?;
    Some(format!("keikka {} list", noun.word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::ErrorDetails;

    #[test]
    fn every_wrong_field_and_the_reason_come_through() {
        let mut details = ErrorDetails::with_error_info("FIELDS_INVALID", "keikka", [("n".to_owned(), "1".to_owned())]);
        details.add_bad_request_violation("gig.kind", "must be there");
        details.set_localized_message("fi", "yksi kenttä on väärin");
        let status = Status::with_error_details(Code::InvalidArgument, "1 field is invalid", details);
        let failure = failure("create gig", &status, true);
        let said = failure.server.expect("the server answered");
        assert_eq!((failure.exit, said.status), (Exit::Failed, "INVALID_ARGUMENT"));
        assert_eq!(said.reason.as_deref(), Some("FIELDS_INVALID"));
        assert_eq!(said.violations, [("gig.kind".to_owned(), "must be there".to_owned())]);
        assert_eq!(said.localized, Some(("fi".to_owned(), "yksi kenttä on väärin".to_owned())));
    }

    #[test]
    fn no_key_and_no_server_have_their_own_exits() {
        let exit_of = |code| failure("x", &Status::new(code, ""), false).exit;
        assert_eq!(exit_of(Code::Unauthenticated), Exit::NotAllowed);
        assert_eq!(exit_of(Code::PermissionDenied), Exit::NotAllowed);
        assert_eq!(exit_of(Code::Unavailable), Exit::Unreachable);
        assert_eq!(exit_of(Code::DeadlineExceeded), Exit::Unreachable);
        assert_eq!(exit_of(Code::NotFound), Exit::Failed);
    }

    #[test]
    fn a_broken_connection_is_no_answer_of_the_server() {
        for (code, message) in [
            (Code::Internal, "h2 protocol error: error reading a body from connection"),
            (Code::Unknown, "transport error"),
            (Code::Cancelled, "operation was canceled"),
        ] {
            let failure = failure("import volunteers", &Status::new(code, message), true);
            assert_eq!(failure.exit, Exit::Unreachable, "{message}");
            assert!(failure.text().contains("the connection broke") && failure.next.is_some(), "{}", failure.text());
        }
        let details = ErrorDetails::with_error_info("INTERNAL", "keikka", []);
        let said = Status::with_error_details(Code::Internal, "h2 protocol error", details);
        assert_eq!(failure("x", &said, true).exit, Exit::Failed, "what the server says is an answer");
    }

    #[test]
    fn what_is_missing_leads_to_the_list_of_its_own_sort() {
        let next = |resource: &str| {
            let metadata = [("resource".to_owned(), resource.to_owned())];
            let details = ErrorDetails::with_error_info("RESOURCE_NOT_FOUND", "keikka", metadata);
            failure("explain gig g1", &Status::with_error_details(Code::NotFound, "no such", details), true).next
        };
        assert_eq!(next("volunteer").as_deref(), Some("keikka volunteer list"));
        assert_eq!(next("network").as_deref(), Some("keikka network list"));
        assert_eq!(next("teapot"), None);
    }

    #[test]
    fn what_is_too_early_says_until_when() {
        let metadata = [("from".to_owned(), "2026-11-24T08:00:00Z".to_owned())];
        let details = ErrorDetails::with_error_info("TOO_EARLY", "keikka", metadata);
        let told =
            failure("start gig g1", &Status::with_error_details(Code::FailedPrecondition, "early", details), true);
        assert!(told.next.is_some_and(|next| next.starts_with("wait until Tue 24.11. 10:00")));
    }

    #[test]
    fn what_a_gig_is_not_ready_for_says_what_it_is_ready_for() {
        let next = |reason: &str, state: &str| {
            let of = |key: &str, value: &str| (key.to_owned(), value.to_owned());
            let metadata = [of("gig", "g1"), of("state", state), of("from", "2026-11-24T08:00:00Z")];
            let details = ErrorDetails::with_error_info(reason, "keikka", metadata);
            let status = Status::with_error_details(Code::FailedPrecondition, "no", details);
            failure("change gig g1", &status, true).next.unwrap_or_default()
        };
        assert!(next("GIG_STATE_ILLEGAL", "filled").ends_with("keikka gig release g1"));
        assert!(next("GIG_STATE_ILLEGAL", "in_progress").ends_with("keikka gig complete g1"));
        assert!(next("GIG_STATE_ILLEGAL", "cancelled").ends_with("keikka gig create"));
        assert!(next("GIG_STATE_ILLEGAL", "open").ends_with("keikka gig get g1"));
        assert!(!next("TOO_EARLY", "in_progress").contains("release"), "a gig that has begun cannot be released");
        assert!(next("TOO_EARLY", "filled").contains("gig release"));
    }

    #[test]
    fn a_missing_reason_names_its_flag() {
        let mut details = ErrorDetails::with_error_info("FIELDS_INVALID", "keikka", []);
        details.add_bad_request_violation("reason", "must say why");
        let status = Status::with_error_details(Code::InvalidArgument, "1 field is invalid", details);
        assert!(failure("cancel gig g1", &status, true).next.is_some_and(|next| next.contains("--reason")));
    }
}
