//! A gRPC status as a failure for people: decoded details, exit code, next command.

use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::exit::Exit;
use crate::failure::{Failure, ServerSaid};

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
    let mut failure = Failure::new(exit(status.code()), format!("cannot {what}")).because(why(status));
    failure.next = next(status.code(), said.reason.as_deref(), with_key).map(str::to_owned);
    failure.server = Some(Box::new(said));
    failure
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

fn next(code: Code, reason: Option<&str>, with_key: bool) -> Option<&'static str> {
    match (code, reason) {
        (Code::Unauthenticated, _) if with_key => Some("the server does not know this key: check --key-file"),
        (Code::Unauthenticated, _) => {
            Some("give a key: --key-file FILE, or KEIKKA_KEY_FILE (keikka dev prints its own)")
        }
        (Code::PermissionDenied, _) => Some("use a key whose role may do this"),
        (Code::Unavailable, _) => Some("keikka admin doctor"),
        (Code::DeadlineExceeded | Code::Cancelled, _) => Some("try again with a longer --timeout"),
        (_, Some("ETAG_MISMATCH")) => Some("somebody changed it meanwhile: read it again and repeat"),
        (_, Some("PLAN_STALE")) => Some("make a new plan: keikka rematch"),
        (_, Some("RESOURCE_NOT_FOUND")) => Some("list what is there: keikka NOUN list"),
        _ => None,
    }
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
}
